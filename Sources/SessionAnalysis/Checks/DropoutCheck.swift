/// Was anything of the log dropped?
struct DropoutCheck: SessionCheck {
  let name = "dropouts"

  func check(_ session: SessionDigest) -> CheckResult {
    let dropouts = session.all("log.dropout")
    let suppressed = session.count("log.suppressed")
    if dropouts.isEmpty {
      return CheckResult(
        .good, suppressed == 0 ? "nothing was dropped" : "nothing was dropped; \(suppressed) floods were thinned out",
        value: 0, threshold: 0)
    }
    let isDisk = dropouts.contains { $0.field("cause") == "disk" }
    let errors = Set(dropouts.compactMap { $0.field("error") }).sorted().joined(separator: ", ")
    let cause = errors.isEmpty ? "the disk was full" : "the disk refused (\(errors))"
    return CheckResult(
      .warn, "\(dropouts.count) dropouts, " + (isDisk ? cause : "the writer fell behind"),
      value: Double(dropouts.count), threshold: 0, ticks: span(dropouts),
      advice: isDisk ? "look at the disk of the session directory" : "a slower disk needs a longer queue")
  }
}
