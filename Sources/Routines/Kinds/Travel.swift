import Core
import Lore
import Perception

/// Goes to a point, over zone lines where it lies in another zone, and keeps out of others' sight on the way. Loading
/// screens are pauses of the runner.
struct Travel: Routine {
  enum State: Sendable {
    case walking
    /// On the line; the client has not begun to load.
    case crossing(since: Tick)
  }

  let goal: Position
  let zone: ZoneID
  private var state: State = .walking
  private var walk = CarefulWalk()
  private var here: ZoneID?
  private var enteredZone: Tick = .start
  private var crossings = 0

  /// Slots for one zone.
  static let zoneSlots = 3000
  /// Slots that a line is given to take us over.
  static let crossSlots = 50

  init(to goal: Position, zone: ZoneID) {
    self.goal = goal
    self.zone = zone
  }

  var phase: UInt8 {
    switch state {
    case .walking: walk.phase
    case .crossing: 4
    }
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    if context.state.player.stand == .dead { return .failed(.died) }
    guard let now = context.state.zone else { return .failed(.stateUnknown) }
    if now != here {
      if here != nil { hands.progress() }
      here = now
      enteredZone = context.tick
      state = .walking
      walk = CarefulWalk()
      crossings = 0
    }
    guard context.tick - enteredZone < Self.zoneSlots else { return .failed(.timedOut) }
    if now == zone {
      return switch walk.tick(to: goal, within: 8, context, &hands) {
      case .running: .running
      case .done: .succeeded
      case .failed(let failure): .failed(failure)
      }
    }
    guard let line = context.lore.line(from: now, to: zone) else { return .failed(.noRoute) }
    return cross(line, context, &hands)
  }

  private mutating func cross(
    _ line: ZoneLine, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    switch state {
    case .walking:
      switch walk.tick(to: line.at, within: max(3, line.radius * 0.5), context, &hands) {
      case .running: break
      case .failed(let failure): return .failed(failure)
      case .done: state = .crossing(since: context.tick)
      }
    case .crossing(let since):
      // Right on the line and still here: a step to its very middle, then on through.
      _ = walk.tick(to: line.at, within: 1.5, context, &hands)
      if context.tick - since > Self.crossSlots {
        crossings += 1
        guard crossings < 3 else { return .failed(.unreachable) }
        walk = CarefulWalk()
        state = .walking
      }
    }
    return .running
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    context.state.zone == zone && context.state.player.position.map { $0.horizontalDistance(to: goal) < 12 } ?? false
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(UInt64(here?.raw ?? 0))
    hash.combine(crossings)
    walk.combine(into: &hash)
  }
}
