import Core
import Telemetry

/// What a session's brain has to tell in numbers.
public struct BrainStatistics: Hashable, Sendable {
  public var plans = PlanCounts()
  /// The active selection went from one rule to another and back within five seconds; defence and emergency answer
  /// to the world and do not count.
  public var oscillations = 0
  /// Ticks at which nothing was undertaken although the agent might act.
  public var intentlessTicks = 0
  /// Longest run of such ticks.
  public var intentlessLongest = 0
  public var envelopeBreaches = 0
  public var decisionChanges = 0
  /// One entry per phase.
  public var shadows = [ShadowCounts](repeating: ShadowCounts(), count: 5)

  /// Swings by the rule left for and the rule come back to. Shape: `[away · rules + back]`.
  public var swings = [Int](repeating: 0, count: RuleID.allCases.count * RuleID.allCases.count)

  /// In the order of `Anomaly`.
  public var anomalies = [Int](repeating: 0, count: Anomaly.allCases.count)

  private var meter = OscillationMeter()
  private var intentlessRun = 0
  private var last: RuleID?

  public init() {}

  /// Seconds without an intent.
  public var intentlessSeconds: Double { Double(intentlessTicks) / 10 }

  mutating func note(_ rule: RuleID?, at tick: Tick, isDead: Bool) {
    if rule != last {
      decisionChanges += 1
      last = rule
    }
    if rule == nil {
      intentlessTicks += 1
      intentlessRun += 1
      intentlessLongest = max(intentlessLongest, intentlessRun)
      return
    }
    intentlessRun = 0
    guard let rule else { return }
    // What answers to the world is no wavering, and what comes after it begins anew.
    guard RuleTable.ruleClass[Int(rule.rawValue)] == .ordinary else { return meter.restart() }
    let away = meter.current
    guard meter.note(rule, at: tick) else { return }
    oscillations += 1
    if let away { swings[Int(away.rawValue) * RuleID.allCases.count + Int(rule.rawValue)] += 1 }
  }
}

extension Brain {
  /// Row in `lore.camps` of the camp that we hunt at; nil before one is chosen.
  public var camp: Int? { memory.camp }

  /// Counted since the start.
  public var statistics: BrainStatistics {
    var result = tally
    result.plans = plan.counts
    result.shadows = shadows.counts
    result.anomalies = memory.anomalies.counts
    return result
  }

  /// Adds all that later decisions depend on and that no receipt shows.
  public mutating func combine(into hash: inout StableHash) {
    plan.combine(into: &hash)
    hash.combine(digestOfLearned())
    hash.combine(memory.flight.isOn)
    hash.combine(memory.isResting)
    hash.combine(UInt64(memory.primary?.raw ?? 0))
    hash.combine(UInt64(memory.choice?.id.raw ?? 0))
  }
}

extension BrainStatistics {
  /// The figures of a run by name, as `compass-sim` prints them.
  public var figures: [(name: String, value: Double)] {
    var figures: [(name: String, value: Double)] = [
      ("plans_made", Double(plans.made)), ("plans_completed", Double(plans.completed)),
      ("plans_ended_external", Double(plans.endedExternal)), ("plans_failed", Double(plans.failed)),
      ("long_plans_made", Double(plans.madeLong)), ("long_plans_completed", Double(plans.completedLong)),
      ("long_plans_ended_external", Double(plans.endedExternalLong)), ("oscillations", Double(oscillations)),
      ("intentless_s", intentlessSeconds), ("intentless_s_max", Double(intentlessLongest) / 10),
      ("envelope_violations", Double(envelopeBreaches)),
    ]
    for reason in RuleReason.allCases {
      let row = Int(reason.rawValue)
      if plans.byReason[row] > 0 {
        figures.append(("plan_failures_by_reason.\(reason.name)", Double(plans.byReason[row])))
      }
      if plans.externalByReason[row] > 0 {
        figures.append(("plans_ended_external_by_reason.\(reason.name)", Double(plans.externalByReason[row])))
      }
    }
    for (row, count) in swings.enumerated() where count > 0 {
      let (away, back) = (row / RuleID.allCases.count, row % RuleID.allCases.count)
      figures.append(
        ("oscillations_by_rules.\(RuleID.allCases[back].name)/\(RuleID.allCases[away].name)", Double(count)))
    }
    for anomaly in Anomaly.allCases where anomalies[Int(anomaly.rawValue)] > 0 {
      figures.append(("anomalies.\(anomaly.name)", Double(anomalies[Int(anomaly.rawValue)])))
    }
    for (phase, shadow) in shadows.enumerated() where shadow.decisions > 0 {
      figures.append(("shadow\(phase)_decisions", Double(shadow.decisions)))
      figures.append(("shadow\(phase)_disagreements", Double(shadow.disagreements)))
      figures.append(("shadow\(phase)_oscillations", Double(shadow.oscillations)))
      figures.append(("shadow\(phase)_stale_s", Double(shadow.staleTicks) / 10))
    }
    return figures
  }
}
