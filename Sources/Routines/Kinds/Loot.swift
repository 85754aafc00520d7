import Core
import Perception
import Telemetry

/// Goes to a corpse and takes what lies in it.
struct Loot: Routine {
  enum State: Sendable {
    case approaching
    case targeting
    case taking
  }

  private var state: State = .approaching
  private var walk = Walk()
  private var take: TakeTarget
  private var window: TakeAll
  private var name = FixedName.empty
  /// In copper; nil when unknown.
  private var moneyBefore: Int?
  private var started: Tick = .start

  /// Units from which the loot window opens, with a margin.
  static let reach = 7.0
  static let limitSlots = 450

  init(_ corpse: EntityID) {
    take = TakeTarget(corpse)
    window = TakeAll(corpse)
  }

  var phase: UInt8 {
    switch state {
    case .approaching: 0
    case .targeting: 1
    case .taking: 2
    }
  }

  var isLocked: Bool {
    if case .taking = state { true } else { false }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
    name = context.spawn(take.wanted)?.name ?? .empty
    moneyBefore = context.state.player.money
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    guard context.tick - started < Self.limitSlots else { return .failed(.timedOut) }
    let corpse = context.spawn(take.wanted)
    if case .taking = state {} else if corpse == nil { return .failed(.corpseGone) }
    switch state {
    case .approaching:
      guard let corpse else { return .failed(.corpseGone) }
      switch walk.tick(to: corpse.position, within: Self.reach, clearOf: .all(except: nil), context, &hands) {
      case .running: break
      case .failed(let failure): return .failed(failure)
      case .done: state = .targeting
      }
    case .targeting:
      switch take.tick(context, &hands) {
      case .running: break
      case .failed(let failure): return .failed(failure)
      case .done:
        guard hands.take(posture: .standing, context.state) else { break }
        state = .taking
      }
    case .taking:
      switch window.tick(context, &hands) {
      case .running: break
      case .failed(let failure): return .failed(failure)
      case .done: return .succeeded
      }
    }
    return .running
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    guard case .taking = state else { return false }
    return window.hasOpened && (context.spawn(take.wanted) == nil || context.state.loot?.items.isEmpty ?? true)
  }

  mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding) {
    if context.state.loot != nil { hands.tap(.closeWindow) }
    hands.events.append(
      .loot(
        corpse: take.wanted, name: name, items: window.taken, coins: context.coins(since: moneyBefore), isOwn: false,
        failure: ending == .interrupted ? .interrupted : ending.failure))
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    walk.combine(into: &hash)
    take.combine(into: &hash)
    window.combine(into: &hash)
  }
}
