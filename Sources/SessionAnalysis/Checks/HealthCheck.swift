import Core

/// How close did it get?
struct HealthCheck: SessionCheck {
  let name = "health"

  func check(_ session: SessionDigest) -> CheckResult {
    guard let lowest = session.lowestHealth else { return CheckResult(.unknown, "health was never known") }
    let part = Double(session.lowHealthTicks) / Double(max(1, session.ticks))
    return CheckResult(
      verdict(part, warn: 0.02, fail: 0.1),
      "lowest health \((lowest.health * 100).tenths) %, below a quarter for \((part * 100).tenths) % of the time",
      value: part, threshold: 0.02, ticks: lowest.tick...lowest.tick,
      advice: part > 0.02 ? "flee or rest earlier" : "")
  }
}
