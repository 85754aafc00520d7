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
    return CheckResult(
      .warn, "\(dropouts.count) dropouts" + (isDisk ? ", the disk was full" : ", the writer fell behind"),
      value: Double(dropouts.count), threshold: 0, ticks: span(dropouts),
      advice: isDisk ? "make room on the disk of the session directory" : "a slower disk needs a longer queue")
  }
}
