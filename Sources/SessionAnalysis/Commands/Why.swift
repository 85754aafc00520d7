import Core
import Telemetry

/// Answers from receipts: why this, why not that.
public enum Why {
  /// The receipt of one tick.
  /// - Throws: `.noInput` when the session has no such tick.
  public static func tick(_ tick: Int, of directory: String) throws -> TickFrame {
    var found: TickFrame?
    try frames(of: directory) { frame in
      if frame.tick.slot == tick { found = frame }
      return frame.tick.slot < tick
    }
    guard let found else { throw SessionsFailure.noInput("\(directory): there is no tick \(tick) in the record") }
    return found
  }

  /// Calls `body` with every tick of the record until it returns false.
  static func frames(of directory: String, _ body: (TickFrame) throws -> Bool) throws {
    let reader: RecordReader
    do {
      _ = try SessionInfo.read(directory)
      reader = try RecordReader("\(directory)/\(SessionFileName.record)")
    } catch {
      throw SessionsFailure(error)
    }
    try reader.visit { try body($0.frame) }
  }

  /// For a reader: what was decided, why, and why nothing else was.
  /// - Parameter more: What a replay adds; nil without one.
  public static func text(_ frame: TickFrame, _ more: WhyTarget? = nil) -> String {
    let receipt = frame.receipt
    var lines = ["tick \(frame.tick.slot): \(receipt.sentence)"]
    var state: [String] = []
    let vitals = frame.vitals
    if let zone = vitals.zone { state.append("zone \(zone.raw)") }
    if let position = vitals.position { state.append("at \(position)") }
    if let health = vitals.health { state.append("health \((health * 100).tenths) %") }
    if let mana = vitals.mana { state.append("mana \((mana * 100).tenths) %") }
    if let target = vitals.target { state.append("target \(target.raw)") }
    if vitals.validity != 0 { state.append("snapshot \(TickVitals.validityNames[min(3, Int(vitals.validity))])") }
    lines.append("seen     " + state.joined(separator: ", "))
    if let routine = frame.routine {
      lines.append(
        "routine  \(routine.order.text), phase \(routine.phase)\(routine.isLocked ? ", locked" : ""), since tick "
          + "\(routine.started.slot), progress at \(routine.progressed.slot)")
    }
    lines.append(
      "keys     " + (frame.commands.isEmpty ? "none" : frame.commands.map(\.text).joined(separator: " ")))
    if !frame.events.isEmpty { lines.append("events   " + frame.events.map(\.key).joined(separator: ", ")) }
    if let runnerUp = receipt.runnerUp {
      lines.append("margin   \((receipt.margin ?? 0).hundredths) over \(runnerUp.name)")
    }
    lines.append("rules    (selection phase \(receipt.phase))")
    for verdict in receipt.verdicts {
      let isChosen = verdict.rule == receipt.decision.rule
      lines.append(
        "  \(isChosen ? ">" : verdict.isEligible ? "+" : " ") \(pad(verdict.ruleClass.name, 9)) \(verdict.text)")
    }
    if let more {
      lines += more.lines
    } else {
      if !receipt.candidates.isEmpty { lines.append("targets") }
      for candidate in receipt.candidates { lines.append("    \(candidate.text)") }
    }
    return lines.map(\.printable).joined(separator: "\n")
  }

  public static func json(_ frame: TickFrame, _ more: WhyTarget? = nil) -> String {
    var json = JSONText()
    json.object { json in
      frame.write(to: &json, seconds: Double(frame.timing.monotonic) / 1e9, kind: "full")
      more?.write(to: &json)
    }
    return json.text
  }
}

/// Why a rule was not chosen over a stretch of ticks.
public struct WhyNot: Sendable {
  /// A stretch of ticks with one answer.
  public struct Stretch: Sendable {
    public var first: Int
    public var last: Int
    public var answer: Answer
    /// Value and threshold of the first tick.
    public var value: Double
    public var threshold: Double
  }

  public enum Answer: Hashable, Sendable {
    case chosen
    /// It could have been; another was better.
    case outvoted(by: RuleID?)
    case declined(RuleReason)
    /// A layer above the rules held still.
    case onHold(HoldReason)
    /// The receipt does not speak of the rule.
    case notWeighed

    public var text: String {
      switch self {
      case .chosen: "chosen"
      case .outvoted(let rule): "eligible, but \(rule?.name ?? "nothing") was chosen"
      case .declined(let reason): reason.name
      case .onHold(let reason): "on hold: \(reason.name)"
      case .notWeighed: "the receipt is short here, and there is no record that says more"
      }
    }
  }

  public let rule: RuleID
  public private(set) var stretches: [Stretch] = []
  public private(set) var counts: [(answer: Answer, ticks: Int)] = []

  /// - Throws: `.usage` for an unknown rule; `.noInput` when no tick lies in `ticks`.
  public init(rule name: String, ticks: ClosedRange<Int>, of directory: String) throws {
    guard let rule = RuleID.allCases.first(where: { $0.name == name }) else {
      let near = RuleID.allCases.min { editDistance($0.name, name) < editDistance($1.name, name) }
      throw SessionsFailure.usage("there is no rule \"\(name)\"; did you mean \(near?.name ?? "-")?")
    }
    self.rule = rule
    var stretches: [Stretch] = []
    var totals: [Answer: Int] = [:]
    func take(_ tick: Int, _ answer: Answer, _ value: Double, _ threshold: Double) {
      totals[answer, default: 0] += 1
      if let last = stretches.last, last.answer == answer {
        stretches[stretches.count - 1].last = tick
      } else {
        stretches.append(Stretch(first: tick, last: tick, answer: answer, value: value, threshold: threshold))
      }
    }
    if wholeFile("\(directory)/\(SessionFileName.record)", limit: 1) != nil {
      // The record holds the full receipt of every tick, also where the log of decisions has a short one.
      try Why.frames(of: directory) { frame in
        let tick = frame.tick.slot
        guard ticks.contains(tick) else { return tick < ticks.upperBound }
        let (answer, value, threshold) = Self.answer(rule, frame.receipt)
        take(tick, answer, value, threshold)
        return true
      }
    } else {
      let known = try DecisionLog(directory, rule)
      try known.visit(ticks, take)
    }
    guard !stretches.isEmpty else { throw SessionsFailure.noInput("\(directory): no tick in \(ticks)") }
    self.stretches = stretches
    counts = totals.map { ($0.key, $0.value) }.sorted { ($0.1, $1.0.text) > ($1.1, $0.0.text) }
  }

  private static func answer(_ rule: RuleID, _ receipt: DecisionReceipt) -> (Answer, Double, Double) {
    let decision = receipt.decision
    if decision.rule == rule { return (.chosen, decision.score, 0) }
    if decision.layer == .hold { return (.onHold(decision.hold), 0, 0) }
    guard let verdict = receipt.verdicts.first(where: { $0.rule == rule }) else { return (.notWeighed, 0, 0) }
    return verdict.isEligible
      ? (.outvoted(by: decision.rule), verdict.score, decision.score)
      : (.declined(verdict.reason), verdict.value, verdict.threshold)
  }

  /// Sums first, then the stretches, at most `limit` of them.
  public func text(limit: Int = 40) -> String {
    let all = Double(counts.reduce(0) { $0 + $1.ticks })
    var lines = ["\(rule.name):"]
    for (answer, ticks) in counts {
      lines.append("  \(pad("\((Double(ticks) / all * 100).tenths) %", 8)) \(answer.text) (\(ticks) ticks)")
    }
    for stretch in stretches.prefix(limit) {
      let numbers =
        stretch.value != 0 || stretch.threshold != 0
        ? ", \(stretch.value.hundredths) against \(stretch.threshold.hundredths)" : ""
      lines.append("  ticks \(stretch.first) to \(stretch.last): \(stretch.answer.text)\(numbers)")
    }
    if stretches.count > limit { lines.append("  … and \(stretches.count - limit) more") }
    return lines.joined(separator: "\n")
  }

  public var json: String {
    var json = JSONText()
    json.object { json in
      json.member("rule", rule.name)
      json.key("stretches")
      json.array { json in
        for stretch in stretches {
          json.object { json in
            json.member("from", stretch.first)
            json.member("to", stretch.last)
            json.member("answer", stretch.answer.text)
            json.member("value", stretch.value)
            json.member("threshold", stretch.threshold)
          }
        }
      }
    }
    return json.text
  }
}
