import Core

/// Marks for a session in seven dimensions, and one for all of it. Marks: `0...100`.
///
/// A mark rises in a straight line between two figures. The weights are those of the agent whose promises Compass keeps.
public struct Scorecard: Sendable {
  public struct Dimension: Sendable {
    public var name: String
    public var weight: Double
    /// Nil when the session does not say.
    public var mark: Double?
    /// What it was made of, for a reader.
    public var evidence: String
  }

  public private(set) var dimensions: [Dimension] = []

  public init(_ session: SessionDigest) {
    let hours = session.hours
    func rate(_ count: Int) -> Double? { hours >= 1.0 / 60 ? Double(count) / hours : nil }
    func add(_ name: String, _ weight: Double, _ mark: Double?, _ evidence: String) {
      dimensions.append(Dimension(name: name, weight: weight, mark: mark, evidence: evidence))
    }
    let defeats = rate(session.defeats)
    add("defeats", 25, defeats.map { Self.mark($0, from: 5, to: 20) }, "\(defeats?.tenths ?? "?") an hour, 5 to 20")
    let deaths = rate(session.deaths)
    let flees = rate(session.flees)
    let survival = deaths.flatMap { deaths in flees.map { max(0, min(100, 100 - 70 * deaths - 5 * $0)) } }
    add(
      "survival", 20, survival, "\(deaths?.tenths ?? "?") deaths and \(flees?.tenths ?? "?") flights an hour")
    let pulls = session.success("pull.result")
    add(
      "pulls", 15, pulls.map { 100 * Double($0.ok) / Double($0.of) },
      pulls.map { "\($0.ok) of \($0.of) succeeded" } ?? "no pull")
    let active = session.share(of: ["combat", "engageAdd", "pull", "acquire", "loot"])
    add(
      "uptime", 15, active.map { Self.mark($0 * 100, from: 20, to: 60) },
      "\(active.map { ($0 * 100).tenths } ?? "?") % of the time at work, 20 to 60")
    let stuck = rate(session.count("stuck"))
    add("pathing", 10, stuck.map { Self.mark($0, from: 10, to: 0) }, "stuck \(stuck?.tenths ?? "?") times an hour")
    let casts = session.all("encounter.end").compactMap { $0.number("casts") }.reduce(0, +)
    let perDefeat = session.defeats > 0 ? casts / Double(session.defeats) : nil
    add(
      "mana", 10, perDefeat.map { Self.mark($0, from: 6, to: 1.5) },
      "\(perDefeat?.tenths ?? "?") casts for a defeat, 6 to 1.5")
    let taps = session.all("acquire.result").compactMap { $0.number("taps") }
    let perTarget = taps.isEmpty ? nil : taps.reduce(0, +) / Double(taps.count)
    add(
      "targeting", 5, perTarget.map { Self.mark($0, from: 5, to: 1) },
      "\(perTarget?.tenths ?? "?") keys for a target, 5 to 1")
  }

  /// 0 at `low`, 100 at `high`, whichever is greater.
  static func mark(_ value: Double, from low: Double, to high: Double) -> Double {
    max(0, min(100, (value - low) / (high - low) * 100))
  }

  /// Over the dimensions that are known, by weight; nil when none is.
  public var mark: Double? {
    let known = dimensions.filter { $0.mark != nil }
    let weight = known.reduce(0) { $0 + $1.weight }
    return weight > 0 ? known.reduce(0) { $0 + $1.weight * ($1.mark ?? 0) } / weight : nil
  }

  /// A from 90, B from 80, C from 70, D from 60, else F.
  public var grade: String {
    guard let mark else { return "-" }
    return mark >= 90 ? "A" : mark >= 80 ? "B" : mark >= 70 ? "C" : mark >= 60 ? "D" : "F"
  }

  /// One line for a reader.
  public var text: String {
    let parts = dimensions.map { "\($0.name) \($0.mark.map { String(Int($0.rounded())) } ?? "?")" }
    return "\(grade) \(mark?.tenths ?? "-")  (" + parts.joined(separator: ", ") + ")"
  }
}

extension SessionDigest {
  /// Part of the ticks spent in routines of these names, of those in which it could act; nil without any.
  func share(of names: Set<String>) -> Double? {
    let held = layers["hold", default: 0]
    guard ticks > held else { return nil }
    let count = zip(routines, routineTicks).reduce(0) { names.contains($1.0) ? $0 + $1.1 : $0 }
    return Double(count) / Double(ticks - held)
  }
}
