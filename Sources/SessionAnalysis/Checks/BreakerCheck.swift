/// Did a rule fail so often that it was switched off for a while?
struct BreakerCheck: SessionCheck {
  let name = "breakers"

  func check(_ session: SessionDigest) -> CheckResult {
    let trips = session.all("circuit.open")
    guard !trips.isEmpty else { return CheckResult(.good, "no circuit breaker opened", value: 0, threshold: 0) }
    let perHour = Double(trips.count) / max(session.hours, 1.0 / 60)
    let rules = Set(trips.compactMap { $0.field("rule") }).sorted().joined(separator: ", ")
    return CheckResult(
      verdict(perHour, warn: 0, fail: 30), "\(trips.count) circuit breakers opened: \(rules)",
      value: perHour, threshold: 30, ticks: span(trips))
  }
}
