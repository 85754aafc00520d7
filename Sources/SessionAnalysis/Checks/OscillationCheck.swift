import Core

/// Does the agent change its mind and back?
struct OscillationCheck: SessionCheck {
  let name = "oscillation"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.seconds > 60 else { return CheckResult(.notApplicable, "shorter than a minute") }
    let perMinute = Double(session.returns) / (session.seconds / 60)
    let worst = session.returnPairs.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return CheckResult(
      verdict(perMinute, warn: 1, fail: 6),
      session.returns == 0
        ? "no going back and forth"
        : "\(perMinute.tenths) returns a minute" + (worst.map { ", most between \($0.key): \($0.value)" } ?? ""),
      value: perMinute, threshold: 1, advice: perMinute > 1 ? "these rules want hysteresis" : "")
  }
}
