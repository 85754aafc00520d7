import Core
import Telemetry

/// Follows rounds of the agent's work: a round begins with the first search of an opponent, and ends when, after a
/// defeat, the next is looked for.
struct CycleWatch: Sendable {
  private var report: CycleReport?
  private var started = Tick.start
  private var lastTick: Tick?
  private var wasSeeking = false

  mutating func update(_ status: RoutineStatus?, tick: Tick, events: inout [SessionEvent]) {
    let isSeeking = status?.order.routine == .acquire || status?.order.routine == .pull
    if isSeeking, !wasSeeking, let credit = status?.credit { begin(credit, tick, &events) }
    wasSeeking = isSeeking
    // After a gap in the ticks the time counts for what is done now.
    let seconds = lastTick.map { min(1, max(0, tick.seconds(since: $0))) } ?? 0
    lastTick = tick
    guard report != nil else { return }
    add(seconds, to: status?.order.routine)
    for event in events { take(event) }
  }

  private mutating func begin(_ credit: CreditID, _ tick: Tick, _ events: inout [SessionEvent]) {
    if var whole = report {
      // Nothing came of the search before: the round goes on.
      guard whole.defeats > 0 else { return }
      whole.seconds = tick.seconds(since: started)
      let parts = whole.acquire + whole.pull + whole.fight + whole.loot + whole.rest
      whole.other = max(0, whole.seconds - parts)
      events.append(.cycleComplete(whole))
    }
    report = CycleReport(credit: credit)
    started = tick
  }

  private mutating func add(_ seconds: Double, to routine: RoutineID?) {
    switch routine {
    case .acquire: report?.acquire += seconds
    case .pull: report?.pull += seconds
    case .combat, .engageAdd: report?.fight += seconds
    case .loot: report?.loot += seconds
    case .rest: report?.rest += seconds
    default: break
    }
  }

  private mutating func take(_ event: SessionEvent) {
    switch event {
    case .encounterEnd(let end):
      if report?.name.isEmpty == true { report?.name = end.name }
      report?.manaSpent += end.manaSpent
      report?.healthLost += end.healthLost
      report?.casts += end.casts
      report?.adds += end.adds
      if end.outcome == .defeated { report?.defeats += 1 }
    case .pullResult(_, _, _, let failure, _) where failure != nil:
      report?.pullsFailed += 1
    default: break
    }
  }
}
