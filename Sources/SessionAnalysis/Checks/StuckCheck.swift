import Core

/// How often did it get stuck, and where?
struct StuckCheck: SessionCheck {
  let name = "stuck"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.seconds > 60 else { return CheckResult(.notApplicable, "shorter than a minute") }
    let stuck = session.all("stuck")
    let perHour = Double(session.count("stuck")) / session.hours
    var places: [String: Int] = [:]
    for event in stuck {
      guard let at = event.at else { continue }
      places["(\((at.x / 20).rounded() * 20), \((at.y / 20).rounded() * 20))", default: 0] += 1
    }
    let worst = places.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return CheckResult(
      verdict(perHour, warn: 12, fail: 60),
      stuck.isEmpty
        ? "never stuck"
        : "stuck \(session.count("stuck")) times, \(perHour.tenths) an hour"
          + (worst.map { ", most around \($0.key): \($0.value)" } ?? ""),
      value: perHour, threshold: 12, ticks: span(stuck),
      advice: perHour > 12 ? "look at the terrain around the worst place" : "")
  }
}
