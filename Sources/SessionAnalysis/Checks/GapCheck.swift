/// Is every slot of time accounted for?
struct GapCheck: SessionCheck {
  let name = "gaps"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.ticks > 1 else { return CheckResult(.notApplicable, "too few ticks") }
    let unexplained = max(0, session.missingTicks - session.skippedSlots)
    let range = session.gaps.first.map { $0.from...max($0.to, session.gaps.last?.to ?? $0.to) }
    if unexplained > 0 {
      return CheckResult(
        .fail, "\(unexplained) ticks are missing without an account", value: Double(unexplained), threshold: 0,
        ticks: range)
    }
    let part = Double(session.missingTicks) / Double(session.ticks + session.missingTicks)
    return CheckResult(
      verdict(part, warn: 0.001, fail: 0.05),
      session.missingTicks == 0 ? "every tick is there" : "the loop skipped \(session.missingTicks) slots",
      value: part, threshold: 0.001, ticks: range)
  }
}
