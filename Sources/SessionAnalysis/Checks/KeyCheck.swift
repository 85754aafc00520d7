/// Did keys do what they were told?
struct KeyCheck: SessionCheck {
  let name = "keys"

  func check(_ session: SessionDigest) -> CheckResult {
    let stuck = session.all("fault").filter { $0.field("fault") == "keyStuck" }
    let breaches = session.all("invariant.breach").filter { $0.field("invariant") == "heldKeysIntended" }
    guard !(stuck + breaches).isEmpty else { return CheckResult(.good, "no key was stuck", value: 0, threshold: 0) }
    return CheckResult(
      .fail, "\(stuck.count + breaches.count) times a key was down that nobody held",
      value: Double(stuck.count + breaches.count), threshold: 0, ticks: span(stuck + breaches))
  }
}
