import Core

/// Does the agent get anything done?
struct ProgressCheck: SessionCheck {
  let name = "progress"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.seconds >= 300 else { return CheckResult(.notApplicable, "shorter than five minutes") }
    guard session.layers["hold", default: 0] < session.ticks else {
      return CheckResult(.notApplicable, "it was on hold all the time")
    }
    let perHour = Double(session.defeats) / session.hours
    return CheckResult(
      perHour >= 6 ? .good : session.defeats > 0 ? .warn : .fail,
      "\(session.defeats) defeats, \(perHour.tenths) an hour", value: perHour, threshold: 6,
      advice: perHour < 6 ? "look at the time by routine, and at pulls" : "")
  }
}
