/// Was the session closed, and could every line be read?
struct CompletenessCheck: SessionCheck {
  let name = "completeness"

  func check(_ session: SessionDigest) -> CheckResult {
    let reading = session.reading
    let lost = reading.skipped + reading.tooLong
    if session.ticks == 0 { return CheckResult(.fail, "there is no tick in the session", value: 0) }
    if lost > 0 {
      return CheckResult(
        Double(lost) > Double(reading.lines) / 100 ? .fail : .warn,
        "\(lost) of \(reading.lines) lines could not be read", value: Double(lost), threshold: 0)
    }
    if let fault = session.info.fault { return CheckResult(.warn, "the header cannot be read: \(fault)") }
    if reading.halfLines > 0 || !reading.missingFiles.isEmpty {
      let missing = reading.missingFiles.isEmpty ? "" : "; missing: \(reading.missingFiles.joined(separator: ", "))"
      return CheckResult(
        .warn, "truncated: \(reading.halfLines) files end in half a line\(missing)",
        value: Double(reading.halfLines), threshold: 0)
    }
    if session.info.isComplete { return CheckResult(.good, "closed, ended by \(session.info.reason)") }
    if session.info.isBeingWritten { return CheckResult(.warn, "is still being written") }
    return session.info.isRecovered
      ? CheckResult(.warn, "was killed, and recovered from its black box")
      : CheckResult(
        .warn, "was not closed", advice: "the next start of the program recovers it, or compass-sessions recover DIR")
  }
}
