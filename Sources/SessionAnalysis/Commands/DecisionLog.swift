import Core
import Telemetry

/// What the log of decisions says of one rule, for sessions without a record. Full receipts stand where a decision
/// changed; between them a tick only says what was chosen.
struct DecisionLog {
  private let reader: LineReader
  private let rule: RuleID

  /// - Throws: `.noInput` when there is no such log.
  init(_ directory: String, _ rule: RuleID) throws(SessionsFailure) {
    guard let reader = LineReader("\(directory)/\(SessionFileName.decisions)") else {
      throw .noInput("\(directory): there is neither a record nor a log of decisions")
    }
    self.reader = reader
    self.rule = rule
  }

  func visit(_ ticks: ClosedRange<Int>, _ body: (Int, WhyNot.Answer, Double, Double) -> Void) throws {
    var line = JSONLine()
    reader.visit { bytes in
      guard line.parse(bytes), let tick = line.integer("tick"), ticks.contains(tick) else { return }
      let (answer, value, threshold) = answer(&line)
      body(tick, answer, value, threshold)
    }
  }

  private func answer(_ line: inout JSONLine) -> (WhyNot.Answer, Double, Double) {
    let chosen = line.text("rule").flatMap { name in RuleID.allCases.first { $0.name == name } }
    if chosen == rule { return (.chosen, line.number("score") ?? 0, 0) }
    if line.text("layer") == DecisionLayer.hold.name {
      let name = line.text("hold")
      return (.onHold(HoldReason.allCases.first { $0.name == name } ?? .none), 0, 0)
    }
    var found: (WhyNot.Answer, Double, Double) = (.notWeighed, 0, 0)
    guard let verdicts = line.nested("verdicts") else { return found }
    let score = line.number("score") ?? 0
    JSONLine.elements(verdicts) { verdict in
      guard verdict.text("rule") == rule.name else { return }
      if verdict.flag("ok") == true {
        found = (.outvoted(by: chosen), verdict.number("score") ?? 0, score)
      } else if let name = verdict.text("reason"), let reason = RuleReason.allCases.first(where: { $0.name == name })
      {
        found = (.declined(reason), verdict.number("value") ?? 0, verdict.number("threshold") ?? 0)
      }
    }
    return found
  }
}
