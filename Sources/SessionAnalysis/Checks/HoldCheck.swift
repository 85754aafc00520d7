import Core

/// How much of the time did the agent have to stand still?
struct HoldCheck: SessionCheck {
  let name = "hold"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.ticks > 0 else { return CheckResult(.notApplicable, "no ticks") }
    let held = session.layers["hold", default: 0]
    let part = Double(held) / Double(session.ticks)
    if held == session.ticks, session.holds["notArmed"] == held {
      return CheckResult(.notApplicable, "the agent only observed (not armed)")
    }
    let reasons = session.holds.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(3)
      .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return CheckResult(
      verdict(part, warn: 0.05, fail: 0.5),
      held == 0 ? "never on hold" : "on hold for \((part * 100).tenths) % of the time (\(reasons))", value: part,
      threshold: 0.05)
  }
}
