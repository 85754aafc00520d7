import Core

/// Does the loop wake up in time?
struct LatenessCheck: SessionCheck {
  let name = "lateness"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.info.mode != "simulated" else {
      return CheckResult(.notApplicable, "a simulation's clock is never late")
    }
    guard let late = session.lateP99 else { return CheckResult(.unknown, "no lateness in the log") }
    let milliseconds = late / 1000
    return CheckResult(
      verdict(milliseconds, warn: 5, fail: 50), "ticks begin at most \(milliseconds.tenths) ms late (p99)",
      value: milliseconds, threshold: 5,
      advice: milliseconds > 5 ? "the machine is busy; give the daemon priority" : "")
  }
}
