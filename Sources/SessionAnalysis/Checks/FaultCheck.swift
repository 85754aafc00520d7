/// What went wrong around the agent, and did it recover?
struct FaultCheck: SessionCheck {
  let name = "faults"

  func check(_ session: SessionDigest) -> CheckResult {
    let faults = session.all("fault")
    guard !faults.isEmpty else { return CheckResult(.good, "no fault", value: 0, threshold: 0) }
    var open: [String: Int] = [:]
    for event in session.events {
      guard let fault = event.field("fault") else { continue }
      if event.key == "fault" { open[fault] = event.tick }
      if event.key == "recovery" { open[fault] = nil }
    }
    let kinds = Set(faults.compactMap { $0.field("fault") }).sorted().joined(separator: ", ")
    let unrecovered = open.keys.sorted().joined(separator: ", ")
    return CheckResult(
      .warn,
      "\(faults.count) \(faults.count == 1 ? "fault" : "faults") (\(kinds))"
        + (open.isEmpty ? ", all recovered" : "; still open: \(unrecovered)"),
      value: Double(faults.count), threshold: 0, ticks: span(faults))
  }
}
