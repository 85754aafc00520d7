import Core
import Perception
import Telemetry
import WorldModel

/// Checks what must hold at every tick, and says so when it does not; each kind at most once in a while.
struct InvariantWatch: Sendable {
  private var lastSaid = [Tick?](repeating: nil, count: Invariant.allCases.count)
  private var strangeSince: Tick?
  private var targetlessSince: Tick?

  /// Slots between two reports of the same breach.
  static let quietSlots = 300
  /// Slots that the motor is given to carry out a release.
  static let keySlots = 8
  /// Slots that a fight may go on without the client's target being set.
  static let targetlessSlots = 150

  mutating func check(
    _ state: GameState, status: RoutineStatus?, intended: KeySet, motor: MotorReport, decision: Decision,
    events: inout [SessionEvent]
  ) {
    let player = state.player
    if let health = player.health, let most = player.healthMax, health > most || most < 0 {
      say(.vitalsBounded, state.tick, &events)
    }
    if let place = player.position, !place.isFinite { say(.positionFinite, state.tick, &events) }
    let isFighting = status?.order.routine == .combat || status?.order.routine == .engageAdd
    if isFighting, state.target == nil {
      let since = targetlessSince ?? state.tick
      targetlessSince = since
      if state.tick - since > Self.targetlessSlots { say(.engagedHasTarget, state.tick, &events) }
    } else {
      targetlessSince = nil
    }
    if motor.held.bits & ~intended.bits != 0, decision.layer == .hold {
      let since = strangeSince ?? state.tick
      strangeSince = since
      if state.tick - since > Self.keySlots { say(.heldKeysIntended, state.tick, &events) }
    } else {
      strangeSince = nil
    }
  }

  private mutating func say(_ invariant: Invariant, _ tick: Tick, _ events: inout [SessionEvent]) {
    let index = Int(invariant.rawValue)
    if let last = lastSaid[index], tick - last < Self.quietSlots { return }
    lastSaid[index] = tick
    events.append(.invariantBreach(invariant))
  }
}
