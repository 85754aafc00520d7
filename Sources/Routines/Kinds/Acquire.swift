import Core
import Perception
import Telemetry

/// Takes an entity as the client's target.
struct Acquire: Routine {
  private var take: TakeTarget
  private var turner = Turner()
  private var name = FixedName.empty
  private var started: Tick = .start

  /// Slots for the whole undertaking.
  static let limitSlots = 100

  init(_ target: EntityID) {
    take = TakeTarget(target)
  }

  var phase: UInt8 { 0 }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
    name = context.spawn(take.wanted)?.name ?? .empty
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    guard context.tick - started < Self.limitSlots else { return .failed(.timedOut) }
    if context.spawn(take.wanted)?.isDown ?? false { return .failed(.targetGone) }
    face(context, &hands)
    return switch take.tick(context, &hands) {
    case .running: .running
    case .done: .succeeded
    case .failed(let failure): .failed(failure)
    }
  }

  /// Turns to whom we are about to go to, while the client answers.
  private mutating func face(_ context: RoutineContext, _ hands: inout Hands) {
    guard let place = context.state.player.position, let heading = context.state.player.heading,
      context.state.player.stand == .standing, let spawn = context.spawn(take.wanted)
    else { return }
    turner.turn(heading.turn(to: place.heading(to: spawn.position)), rate: context.body.turnRate, &hands)
  }

  func isAchieved(_ context: RoutineContext) -> Bool { context.state.target == take.wanted }

  mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding) {
    hands.events.append(
      .acquireResult(target: take.wanted, name: name, taps: take.taps, failure: ending.failure))
  }

  func combine(into hash: inout StableHash) {
    take.combine(into: &hash)
    turner.combine(into: &hash)
  }
}
