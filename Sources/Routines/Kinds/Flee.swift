import Core
import Nav
import Perception
import Telemetry

/// Runs to a safe place; also steps out of the way of something dangerous (evade), which is a shorter run.
///
/// Nothing is waited for but standing up: the run begins in the tick of the decision.
struct Flee: Routine {
  enum State: Sendable {
    case running
    /// The way to the point is closed: away from the threat, over whatever ground.
    case anywhere(Position)
  }

  let point: Position
  let threat: EntityID?
  let isEvasion: Bool
  private var state: State = .running
  private var walk = Walk()
  private var started: Tick = .start
  private var detours = 0

  static let fleeSlots = 1200
  static let evadeSlots = 150
  static let detoursMax = 3

  init(to point: Position, from threat: EntityID?, isEvasion: Bool) {
    self.point = point
    self.threat = threat
    self.isEvasion = isEvasion
  }

  var phase: UInt8 {
    switch state {
    case .running: 0
    case .anywhere: 1
    }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
    if context.state.loot != nil || context.state.merchant != nil { hands.tap(.closeWindow) }
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    if context.state.player.stand == .dead { return .failed(.died) }
    guard context.tick - started < (isEvasion ? Self.evadeSlots : Self.fleeSlots) else { return .failed(.timedOut) }
    let goal: Position
    switch state {
    case .running: goal = point
    case .anywhere(let open): goal = open
    }
    switch walk.tick(to: goal, within: isEvasion ? 5 : 8, context, &hands) {
    case .running: return .running
    case .done:
      if case .running = state { return .succeeded }
      state = .running
      walk = Walk()
      return .running
    case .failed(let failure): return detour(failure, context, &hands)
    }
  }

  /// The way is closed: run anywhere away from the threat first, then try again.
  private mutating func detour(
    _ failure: RoutineFailure, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    guard detours < Self.detoursMax, let place = context.state.player.position else { return .failed(failure) }
    detours += 1
    let from = threat.flatMap(context.spawn)?.position ?? point
    let away = from.heading(to: place)
    for turn in [0.0, 64, -64, 128, -128] {
      let wish = place.moved(60, along: away + turn)
      guard let open = context.navigator.map({ $0.nearestWalkable(to: wish, within: 12) }) ?? wish else { continue }
      state = .anywhere(open)
      walk = Walk()
      return .running
    }
    return .failed(failure)
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    !context.model.isAttacked && context.state.player.stand != .dead
  }

  mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding) {
    guard !isEvasion else { return }
    hands.events.append(
      .fleeEnd(
        seconds: context.tick.seconds(since: started),
        failure: ending == .interrupted ? .interrupted : ending.failure))
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(detours)
    walk.combine(into: &hash)
  }
}
