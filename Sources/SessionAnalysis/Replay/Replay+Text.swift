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
      for divergence in divergences.prefix(20) {
        let (then, now) = (divergence.recorded.decision, divergence.replayed.decision)
        lines.append(
          "  tick \(divergence.tick): \(divergence.recorded.sentence) -> \(divergence.replayed.sentence)"
            + " (score \(then.score.hundredths) -> \(now.score.hundredths))")
      }
      if divergences.count > 20 { lines.append("  … \(divergences.count - 20) more ticks with another decision") }
    }
    lines += explain(first)
    return lines.map(\.printable).joined(separator: "\n")
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
    if difference.recorded == difference.replayed, difference.recordedCommands == difference.replayedCommands {
      lines.append("  both receipts and all keys are equal: the difference is in the agent's inner state")
    }
    return lines
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
    }
    return json.text
  }
}
