import Core
import Telemetry

/// A session in one screen, as JSON, or as one page.
public struct SessionReport: Sendable {
  public let session: SessionDigest
  public let checks: [(name: String, result: CheckResult)]
  public let scorecard: Scorecard
  public let cycles: CycleSummary
  public let incidents: [IncidentStory]

  public init(_ session: SessionDigest) {
    self.session = session
    checks = SessionChecks.run(session)
    scorecard = Scorecard(session)
    cycles = CycleSummary(session)
    incidents = IncidentStory.all(session)
  }

  /// Hard facts by name, for comparisons and the JSON form. Nil is unknown.
  public var figures: [(name: String, value: Double?)] {
    let hours = session.hours
    func rate(_ count: Int) -> Double? { hours > 0 ? Double(count) / hours : nil }
    func part(_ success: (ok: Int, of: Int)?) -> Double? { success.map { Double($0.ok) / Double($0.of) } }
    func milliseconds(_ microseconds: Double?) -> Double? { microseconds.map { $0 / 1000 } }
    return [
      ("seconds", session.seconds), ("ticks", Double(session.ticks)),
      ("defeats", Double(session.defeats)), ("deaths", Double(session.deaths)), ("flees", Double(session.flees)),
      ("loots", Double(session.loots)), ("rests", Double(session.rests)),
      ("defeats_per_hour", rate(session.defeats)), ("deaths_per_hour", rate(session.deaths)),
      ("pull_success", part(session.success("pull.result"))),
      ("acquire_success", part(session.success("acquire.result"))),
      ("score", scorecard.mark), ("cycle_seconds", cycles.median), ("incidents", Double(incidents.count)),
      ("stuck", Double(session.count("stuck"))), ("circuit_open", Double(session.count("circuit.open"))),
      ("anomalies", Double(session.count("anomaly"))),
      ("fight_seconds", meanFightSeconds), ("mana_per_fight", meanManaSpent),
      ("distance", session.distance), ("decision_changes", Double(session.changes)),
      ("returns", Double(session.returns)), ("lowest_health", session.lowestHealth?.health),
      ("tick_ms_p50", milliseconds(session.tickP50)), ("tick_ms_p99", milliseconds(session.tickP99)),
      ("tick_ms_max", session.busy.count > 0 ? session.busy.max / 1000 : nil),
      ("late_ms_p99", milliseconds(session.lateP99)), ("missing_ticks", Double(session.missingTicks)),
    ]
  }

  private var won: [SessionDigest.Event] {
    session.all("encounter.end").filter { $0.field("outcome") == "defeated" }
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private var meanFightSeconds: Double? { mean(won.compactMap { $0.number("seconds") }) }
  private var meanManaSpent: Double? { mean(won.compactMap { $0.number("mana_spent") }) }

  /// Part of the time by routine, most first.
  public var timeByRoutine: [(name: String, part: Double)] {
    let all = Double(max(1, session.ticks))
    return zip(session.routines, session.routineTicks)
      .map { ($0, Double($1) / all) }.filter { $0.1 > 0 }.sorted { ($0.1, $1.0) > ($1.1, $0.0) }
  }

  /// Seconds in every activity phase, in the order of their first appearance.
  public var phases: [(name: String, seconds: Double)] {
    var found: [(name: String, seconds: Double)] = []
    func add(_ name: String, _ seconds: Double) {
      if let index = found.firstIndex(where: { $0.name == name }) {
        found[index].seconds += seconds
      } else if found.count < 16 {
        found.append((name, seconds))
      }
    }
    let changes = session.all("activity.change")
    for change in changes { add(change.field("from") ?? "?", change.number("seconds") ?? 0) }
    // The last one is still under way.
    let known = found.reduce(0) { $0 + $1.seconds }
    if let last = changes.last { add(last.field("to") ?? "?", max(0, session.seconds - known)) }
    return found
  }

  /// The worst verdict of all.
  public var verdict: CheckResult.Verdict {
    if checks.contains(where: { $0.result.verdict == .fail }) { return .fail }
    return checks.contains { $0.result.verdict == .warn } ? .warn : .good
  }

  /// What to look at, most pressing first, each with its evidence.
  public var recommendations: [String] {
    let pressing = checks.filter { $0.result.verdict == .fail } + checks.filter { $0.result.verdict == .warn }
    return pressing.filter { !$0.result.advice.isEmpty }.map { check in
      let place = check.result.ticks.map { " (ticks \($0.lowerBound) to \($0.upperBound))" } ?? ""
      return "\(check.name): \(check.result.sentence)\(place): \(check.result.advice)"
    }
  }
}
