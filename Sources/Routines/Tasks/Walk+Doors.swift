import Core
import Nav
import Perception

extension Walk {
  /// A closed door so near is opened. Unit: world units.
  static let doorReach = 13.0
  /// Slots that a door is given to open, and to be seen open, before it is tried again.
  static let doorSlots = 15

  /// Opens the closed door that we walk towards, or stand stuck at.
  mutating func open(
    at position: Position, _ steering: Steering, _ context: RoutineContext, _ hands: inout Hands
  ) {
    if let last = lastDoor, context.tick - last < Self.doorSlots { return }
    guard let heading = context.state.player.heading else { return }
    for door in context.state.doors
    where !door.isOpen && abs(door.position.z - position.z) < 12
      && door.position.horizontalDistance(to: position) < Self.doorReach
    {
      let turn = heading.turn(to: position.heading(to: door.position))
      guard abs(turn) < 100 || steering.stuck != .none else { continue }
      hands.tap(.openLoot)
      lastDoor = context.tick
      return
    }
  }
}
