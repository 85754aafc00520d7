import Core
import Telemetry

extension Replay.Outcome {
  /// For a reader: equal or not, and the first difference with both receipts.
  public func text(isWhatIf: Bool) -> String {
    var lines = remarks.map { "note: \($0)" }
    if lost > 0 { lines.append("note: \(lost) ticks have no usable input and were left out") }
    if damaged > 0 { lines.append("note: \(damaged) pieces of the record are damaged") }
    if isCut { lines.append("note: the record ends in the middle of a piece (the session was cut short)") }
    guard let first else {
      lines.append("equal: \(ticks) ticks, every decision hash is the recorded one")
      return lines.joined(separator: "\n")
    }
    lines.append("different: \(different) of \(ticks) ticks; the first is \(first.tick)")
    if isWhatIf {
      lines += stretches
      lines.append(
        "note: the world of the record does not answer to other keys; what follows the first is a hint only")
    }
    lines += explain(first)
    // Scores and inner state may part ticks before a decision does.
    if let decision = divergences.first, decision.tick != first.tick {
      lines.append("the first other decision is at tick \(decision.tick)")
      lines += explain(decision)
    }
    return lines.map(\.printable).joined(separator: "\n")
  }

  /// Ticks in a row at which one rule stood where another had stood, each run as one line.
  private var stretches: [String] {
    var lines: [String] = []
    var runs = 0
    var index = 0
    while index < divergences.count {
      let first = divergences[index]
      var last = index
      while last + 1 < divergences.count, divergences[last + 1].tick == divergences[last].tick + 1,
        divergences[last + 1].recorded.decision.rule == first.recorded.decision.rule,
        divergences[last + 1].replayed.decision.rule == first.replayed.decision.rule
      {
        last += 1
      }
      runs += 1
      if runs <= 20 {
        let (then, now) = (first.recorded.decision, first.replayed.decision)
        lines.append(
          "  ticks \(first.tick) to \(divergences[last].tick): \(first.recorded.sentence) -> \(first.replayed.sentence)"
            + " (score \(then.score.hundredths) -> \(now.score.hundredths))")
      }
      index = last + 1
    }
    if runs > 20 { lines.append("  … \(runs - 20) more stretches with another decision") }
    return lines
  }

  private func explain(_ difference: Replay.Difference) -> [String] {
    var lines = ["recorded  \(difference.recorded.sentence)", "replayed  \(difference.replayed.sentence)"]
    if difference.recordedCommands != difference.replayedCommands {
      lines.append("  keys recorded  " + difference.recordedCommands.map(\.text).joined(separator: " "))
      lines.append("  keys replayed  " + difference.replayedCommands.map(\.text).joined(separator: " "))
    }
    for (then, now) in zip(difference.recorded.verdicts, difference.replayed.verdicts) where then != now {
      lines.append("  recorded  \(then.text)")
      lines.append("  replayed  \(now.text)")
    }
    lines += candidates(difference)
    if difference.recorded == difference.replayed, difference.recordedCommands == difference.replayedCommands {
      lines.append("  both receipts and all keys are equal: the difference is in the agent's inner state")
    }
    return lines
  }

  /// Targets that were scored otherwise.
  private func candidates(_ difference: Replay.Difference) -> [String] {
    var lines: [String] = []
    let (then, now) = (difference.recorded.candidates, difference.replayed.candidates)
    for candidate in then {
      let other = now.first { $0.id == candidate.id }
      guard other != candidate else { continue }
      lines.append("  target recorded  \(candidate.text)")
      lines.append("  target replayed  \(other?.text ?? "\(candidate.id.raw) not weighed")")
    }
    for candidate in now where !then.contains(where: { $0.id == candidate.id }) {
      lines.append("  target replayed  \(candidate.text), not weighed then")
    }
    return Array(lines.prefix(12))
  }

  public var json: String {
    var json = JSONText()
    json.object { json in
      json.member("equal", isEqual)
      json.member("ticks", ticks)
      json.member("different", different)
      json.member("decisions_different", divergences.count)
      json.member("lost", lost)
      json.member("damaged", damaged)
      json.member("cut", isCut)
      json.member("remarks", array: { for remark in remarks { $0.value(remark) } })
      if let first {
        json.member("first_tick", first.tick)
        json.member("recorded", first.recorded.sentence)
        json.member("replayed", first.replayed.sentence)
      }
      if let decision = divergences.first {
        json.member("first_decision_tick", decision.tick)
        json.member("score_recorded", decision.recorded.decision.score)
        json.member("score_replayed", decision.replayed.decision.score)
        json.member("because", array: { for line in explain(decision) { $0.value(line) } })
      }
    }
    return json.text
  }
}
