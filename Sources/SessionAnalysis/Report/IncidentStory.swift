import Core

/// A flight or a death as a chain of causes, one sentence a link.
public struct IncidentStory: Sendable {
  public let tick: Int
  public let time: Double
  public let kind: String
  public let links: [String]

  /// Every incident of a session, in order.
  public static func all(_ session: SessionDigest) -> [IncidentStory] {
    session.all("incident").map { IncidentStory($0, in: session) }
  }

  private init(_ event: SessionDigest.Event, in session: SessionDigest) {
    tick = event.tick
    time = event.time
    kind = event.field("kind") ?? "?"
    let trigger = event.time - (event.number("seconds") ?? 0)
    var links = Self.before(trigger, session)
    links += Self.fight(event)
    if let link = Self.health(event) { links.append(link) }
    links.append(Self.flight(event))
    if let link = Self.threat(event) { links.append(link) }
    links.append(kind == "escape" ? "it lived" : "it died")
    self.links = links
  }

  var text: String { "\(clock(time)) #\(tick) \(kind): " + links.joined(separator: " -> ") }

  /// What the agent had set out to do: the last pull before, and failures since.
  private static func before(_ trigger: Double, _ session: SessionDigest) -> [String] {
    let recent = session.events.filter { $0.time <= trigger && $0.time > trigger - 60 }
    var links: [String] = []
    if let pull = recent.last(where: { $0.key == "pull.result" }) {
      let how = pull.field("ok") == "true" ? "pulled" : "failed to pull (\(pull.field("failure") ?? "?"))"
      links.append("\((trigger - pull.time).tenths) s before, it \(how) \(pull.field("name") ?? "?")")
    }
    for event in recent {
      switch event.key {
      case "stuck": links.append("it was stuck")
      case "circuit.open": links.append("\(event.field("rule") ?? "?") had been switched off after failures")
      case "fault": links.append("fault \(event.field("fault") ?? "?")")
      case "routine.end" where event.field("ok") == "false":
        links.append("\(event.field("routine") ?? "?") failed (\(event.field("failure") ?? "?"))")
      default: continue
      }
    }
    // The nearest causes say most.
    let told = withRepeatsCounted(links)
    return Array(told.prefix(1) + told.dropFirst().suffix(3))
  }

  /// Equal neighbours as one, with their number.
  private static func withRepeatsCounted(_ links: [String]) -> [String] {
    var runs: [(link: String, count: Int)] = []
    for link in links {
      if runs.last?.link == link { runs[runs.count - 1].count += 1 } else { runs.append((link, 1)) }
    }
    return runs.map { $0.count == 1 ? $0.link : "\($0.link), \($0.count) times" }
  }

  private static func fight(_ event: SessionDigest.Event) -> [String] {
    var parts: [String] = []
    if let seconds = event.number("fight_seconds") { parts.append("\(seconds.tenths) s of fight") }
    if let attackers = event.number("attackers"), attackers > 1 { parts.append("\(Int(attackers)) attackers") }
    if event.field("had_pet") == "false" { parts.append("no pet") }
    return parts.isEmpty ? [] : [parts.joined(separator: ", ")]
  }

  private static func health(_ event: SessionDigest.Event) -> String? {
    guard let before = event.number("health_before"), let at = event.number("health_at_trigger") else { return nil }
    let drain = event.number("drain") ?? 0
    let mana = event.number("mana_at_trigger").map { ", mana \(percent($0))" } ?? ""
    return "health \(percent(before)) to \(percent(at)) in ten seconds (\((drain * 100).tenths) % a second)\(mana)"
  }

  private static func flight(_ event: SessionDigest.Event) -> String {
    let name = event.field("name").flatMap { $0.isEmpty ? nil : $0 } ?? "something unseen"
    guard let reason = event.field("reason"), reason != "null" else { return "no flight from \(name)" }
    let lowest = event.number("lowest_health").map { ", down to \(percent($0))" } ?? ""
    return "fled from \(name) (\(reason)): \(Int(event.number("distance") ?? 0)) units in "
      + "\((event.number("seconds") ?? 0).tenths) s\(lowest)"
  }

  /// What the opponent gained or lost meanwhile.
  private static func threat(_ event: SessionDigest.Event) -> String? {
    guard let before = event.number("threat_health"), let after = event.number("threat_health_at_end"),
      abs(after - before) >= 0.005
    else { return nil }
    return after > before
      ? "the opponent regained \(percent(after - before))" : "the opponent lost another \(percent(before - after))"
  }

  private static func percent(_ part: Double) -> String { "\(Int((part * 100).rounded())) %" }
}
