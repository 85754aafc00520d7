/// Did everything hold that must hold?
struct InvariantCheck: SessionCheck {
  let name = "invariants"

  func check(_ session: SessionDigest) -> CheckResult {
    let breaches = session.all("invariant.breach")
    guard !breaches.isEmpty else { return CheckResult(.good, "no invariant was broken", value: 0, threshold: 0) }
    let kinds = Set(breaches.compactMap { $0.field("invariant") }).sorted().joined(separator: ", ")
    return CheckResult(
      .fail, "\(session.count("invariant.breach")) breaches: \(kinds)", value: Double(breaches.count), threshold: 0,
      ticks: span(breaches), advice: "read the forensics file of the first breach")
  }
}
