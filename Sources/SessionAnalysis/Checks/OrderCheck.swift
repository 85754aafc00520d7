/// Do ticks and times only go forward?
struct OrderCheck: SessionCheck {
  let name = "order"

  func check(_ session: SessionDigest) -> CheckResult {
    let wrong = session.repeatedTicks + session.backwardTimes
    return wrong == 0
      ? CheckResult(.good, "ticks and times only go forward", value: 0, threshold: 0)
      : CheckResult(
        .fail, "\(session.repeatedTicks) ticks stand twice, time went back \(session.backwardTimes) times",
        value: Double(wrong), threshold: 0)
  }
}
