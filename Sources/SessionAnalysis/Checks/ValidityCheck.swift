/// Was what the agent saw worth deciding on?
struct ValidityCheck: SessionCheck {
  let name = "validity"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.ticks > 0 else { return CheckResult(.notApplicable, "no ticks") }
    let bad = session.invalidTicks.filter { $0.key != "loading" }.values.reduce(0, +)
    let part = Double(bad) / Double(session.ticks)
    let kinds = session.invalidTicks.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return CheckResult(
      verdict(part, warn: 0.01, fail: 0.1),
      kinds.isEmpty ? "every snapshot was valid" : "snapshots: " + kinds.joined(separator: ", "), value: part,
      threshold: 0.01, advice: part > 0.01 ? "look at torn reads and the layout's fields" : "")
  }
}
