import Core

/// How often did the agent die?
struct DeathCheck: SessionCheck {
  let name = "deaths"

  func check(_ session: SessionDigest) -> CheckResult {
    guard session.seconds > 60 else { return CheckResult(.notApplicable, "shorter than a minute") }
    let deaths = session.all("player.death")
    let perHour = Double(session.deaths) / session.hours
    let killers = Set(deaths.compactMap { Self.killer($0, session) }).sorted().prefix(4).joined(separator: ", ")
    let count = session.deaths == 1 ? "1 death" : "\(session.deaths) deaths"
    return CheckResult(
      session.deaths == 0 ? .good : verdict(perHour, warn: 0, fail: 2),
      session.deaths == 0
        ? "nobody died" : "\(count), \(perHour.tenths) an hour" + (killers.isEmpty ? "" : ", by \(killers)"),
      value: perHour, threshold: 2, ticks: span(deaths),
      advice: session.deaths == 0
        ? "" : "read why the fight was taken: compass-sessions why DIR \(deaths.first?.tick ?? 0)")
  }
  /// Who struck last, or else whom the agent was fleeing from.
  private static func killer(_ death: SessionDigest.Event, _ session: SessionDigest) -> String? {
    let incident = session.all("incident").last { $0.tick == death.tick }
    return [death.field("attacker"), incident?.field("name")].compactMap { $0 }.first { !$0.isEmpty }
  }
}
