import Core
import Perception
import Telemetry

/// Carries out orders: enters routines, ticks them, leaves them exactly once, and reports how each ended.
///
/// A hold pauses the running routine: it is neither ticked nor left, and its wishes are dropped. A pause that lasts
/// too long, or one that the operator asked for, interrupts it.
public struct RoutineRunner: Sendable {
  /// A routine under way.
  private struct Active: Sendable {
    var routine: any Routine
    var status: RoutineStatus
  }

  public private(set) var hands: Hands
  private var active: Active?
  private var store = RoutineStore()
  private var pausedSince: Tick?
  /// Ended but not yet told, oldest first: at most one outcome goes up per tick.
  private var untold: [RoutineOutcome] = []

  /// Slots that a pause may last before the routine is interrupted.
  static let pauseSlots = 20
  /// The same for a loading screen.
  static let loadingSlots = 600

  public init(seed: UInt64) {
    hands = Hands(seed: seed)
  }

  /// The running routine as it stands after the last tick; nil when none runs.
  public var status: RoutineStatus? { active?.status }

  /// Runs one tick. Wishes and events are in `hands` afterwards.
  /// - Returns: The end of a routine, if one is to be told; the newest first, another one a tick later.
  public mutating func run(_ decision: Decision, _ context: RoutineContext) -> RoutineOutcome? {
    hands.begin(context.tick)
    if decision.layer == .hold {
      return pause(decision.hold, context)
    }
    pausedSince = nil
    var outcome = switchOver(to: decision, context)
    if active != nil, let ended = advance(context) {
      if let interrupted = outcome { untold.append(interrupted) }
      outcome = ended
    }
    hands.settle(context.state)
    return tell(outcome)
  }

  /// Interrupts whatever runs, with its exit; for an agent that stops.
  public mutating func stop(_ context: RoutineContext) -> RoutineOutcome? {
    hands.begin(context.tick)
    return tell(end(.interrupted, context))
  }

  /// Adds all that the next tick depends on.
  public func combine(into hash: inout StableHash) {
    hands.combine(into: &hash)
    hash.combine(pausedSince?.slot ?? -1)
    guard let active else {
      hash.combine(UInt64.max)
      return
    }
    hash.combine(UInt64(active.status.order.routine.rawValue))
    hash.combine(UInt64(active.status.phase))
    hash.combine(active.status.started.slot)
    hash.combine(active.status.progressed.slot)
    active.routine.combine(into: &hash)
  }

  private mutating func pause(_ reason: HoldReason, _ context: RoutineContext) -> RoutineOutcome? {
    let since = pausedSince ?? context.tick
    pausedSince = since
    let patience =
      switch reason {
      case .loading, .noZoneData: Self.loadingSlots
      case .stale, .noFocus, .motorNotReady: Self.pauseSlots
      case .none, .notArmed, .commanded: 0
      }
    guard context.tick - since >= patience else { return tell(nil) }
    return tell(end(.interrupted, context))
  }

  /// Leaves the running routine if the order is another one, and enters the new one.
  private mutating func switchOver(to decision: Decision, _ context: RoutineContext) -> RoutineOutcome? {
    if let active, let order = decision.order, active.status.order == order { return nil }
    let isAchieved = active?.routine.isAchieved(context) ?? false
    let outcome = end(isAchieved ? .succeeded : .interrupted, context)
    guard let order = decision.order else { return outcome }
    var routine = store.make(order)
    routine.enter(context, &hands)
    let status = RoutineStatus(
      order: order, credit: decision.credit, phase: routine.phase, isLocked: routine.isLocked,
      started: context.tick, progressed: context.tick)
    active = Active(routine: routine, status: status)
    return outcome
  }

  private mutating func advance(_ context: RoutineContext) -> RoutineOutcome? {
    // Taken out and put back, so that the routine's box stays its only owner and ticking it copies nothing.
    guard var running = active.take() else { return nil }
    let step = running.routine.tick(context, &hands)
    if step == .running {
      running.status.phase = running.routine.phase
      running.status.isLocked = running.routine.isLocked
      if hands.hasProgressed { running.status.progressed = context.tick }
    }
    active = consume running
    return switch step {
    case .running: nil
    case .succeeded: end(.succeeded, context)
    case .failed(let failure): end(.failed(failure), context)
    }
  }

  /// The one place where a routine is left.
  private mutating func end(_ ending: RoutineEnding, _ context: RoutineContext) -> RoutineOutcome? {
    guard var ended = active.take() else { return nil }
    hands.letGo()
    ended.routine.exit(context, &hands, ending: ending)
    hands.letGo()
    store.keep(ended.routine)
    let result: RoutineOutcome.Result =
      switch ending {
      case .succeeded: .succeeded
      case .failed(let failure): .failed(failure)
      case .interrupted: .interrupted
      }
    let status = ended.status
    let outcome = RoutineOutcome(
      order: status.order, credit: status.credit, result: result, started: status.started, ended: context.tick)
    hands.events.append(.routineEnd(outcome))
    return outcome
  }

  private mutating func tell(_ outcome: RoutineOutcome?) -> RoutineOutcome? {
    if let outcome { return outcome }
    return untold.isEmpty ? nil : untold.removeFirst()
  }
}

extension SessionEvent {
  static func routineEnd(_ outcome: RoutineOutcome) -> SessionEvent {
    var failure: RoutineFailure?
    if case .failed(let reason) = outcome.result { failure = reason }
    return .routineEnd(
      routine: outcome.order.routine, credit: outcome.credit, failure: failure,
      interrupted: outcome.result == .interrupted, seconds: outcome.ended.seconds(since: outcome.started))
  }
}
