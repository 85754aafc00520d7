import Core

/// Does the agent always find something to do?
struct IdleCheck: SessionCheck {
  let name = "idle"

  func check(_ session: SessionDigest) -> CheckResult {
    let idle = session.layers["idle", default: 0]
    let active = session.ticks - session.layers["hold", default: 0]
    guard active > 0 else { return CheckResult(.notApplicable, "it was on hold all the time") }
    let part = Double(idle) / Double(active)
    return CheckResult(
      verdict(part, warn: 0.05, fail: 0.3),
      idle == 0 ? "never without a rule" : "no rule was eligible for \((part * 100).tenths) % of the time",
      value: part, threshold: 0.05, advice: part > 0.05 ? "compass-sessions whynot DIR wander says why" : "")
  }
}
