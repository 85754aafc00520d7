/// Does every number stand for something?
struct NumbersCheck: SessionCheck {
  let name = "numbers"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.ticks > 0 else { return CheckResult(.notApplicable, "no ticks") }
    let outside = session.samples.count { !(-1...1.0001).contains($0.health) || !(-1...1.0001).contains($0.mana) }
    return outside == 0
      ? CheckResult(.good, "all vitals lie in their range", value: 0, threshold: 0)
      : CheckResult(
        .fail, "\(outside) samples hold vitals outside 0...1", value: Double(outside), threshold: 0,
        advice: "look at the layout's plausible ranges")
  }
}
