import Core

/// How often did the agent die?
struct DeathCheck: SessionCheck {
  let name = "deaths"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.seconds > 60 else { return CheckResult(.notApplicable, "shorter than a minute") }
    let deaths = session.all("player.death")
    let perHour = Double(session.deaths) / session.hours
    let killers = Set(deaths.compactMap { $0.field("attacker") }).sorted().prefix(4).joined(separator: ", ")
    return CheckResult(
      session.deaths == 0 ? .good : verdict(perHour, warn: 0, fail: 2),
      session.deaths == 0 ? "nobody died" : "\(session.deaths) deaths, \(perHour.tenths) an hour, by \(killers)",
      value: perHour, threshold: 2, ticks: span(deaths),
      advice: session.deaths == 0
        ? "" : "read why the fight was taken: compass-sessions why DIR \(deaths.first?.tick ?? 0)")
  }
}
