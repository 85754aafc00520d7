import Core

/// Does a tick end long before the next begins?
struct OverrunCheck: SessionCheck {
  let name = "overruns"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.ticks > 0 else { return CheckResult(.notApplicable, "no ticks") }
    let part = Double(session.overrunCount) / Double(session.ticks)
    let range = session.overruns.first.map { $0.tick...(session.overruns.last?.tick ?? $0.tick) }
    let worst = session.overruns.map(\.milliseconds).max() ?? 0
    return CheckResult(
      verdict(part, warn: 0, fail: 0.01),
      session.overrunCount == 0
        ? "no tick took longer than 50 ms"
        : "\(session.overrunCount) ticks took longer than 50 ms, the longest \(worst.tenths) ms",
      value: part, threshold: 0, ticks: range)
  }
}
