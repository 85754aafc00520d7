import Core
import Perception
import Telemetry

/// Says every half minute how things stand.
struct StateWatch: Sendable {
  private var lastSnapshot: Tick?

  /// Slots between two records.
  static let snapshotSlots = 300

  mutating func update(_ state: GameState, defeats: Int, routine: RoutineID?, events: inout [SessionEvent]) {
    guard state.validity == .valid || state.validity == .partial else { return }
    if let lastSnapshot, state.tick - lastSnapshot < Self.snapshotSlots { return }
    lastSnapshot = state.tick
    events.append(
      .snapshot(
        health: state.player.healthFraction, mana: state.player.manaFraction, at: state.player.position,
        defeats: defeats, routine: routine))
  }
}
