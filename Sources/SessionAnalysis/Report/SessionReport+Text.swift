import Core
import Telemetry

extension SessionReport {
  /// One screen of text.
  public var text: String {
    let info = session.info
    var lines: [String] = []
    lines.append(
      "session  \(info.directory)  \(info.environment) \(info.layout)  \(info.mode)  started \(info.started)")
    lines.append(
      "length   \(clock(session.seconds)), \(session.ticks) ticks  version \(info.version)  seed \(info.seed)"
        + "  " + info.state)
    lines.append("")
    lines.append(
      "defeats \(session.defeats)  deaths \(session.deaths)  flees \(session.flees)  loots \(session.loots)"
        + "  rests \(session.rests)  stuck \(session.count("stuck"))"
        + "  defeats/h \(figure("defeats_per_hour"))  deaths/h \(figure("deaths_per_hour"))")
    lines.append("pulls \(success("pull.result"))  acquires \(success("acquire.result"))" + fights + levels)
    let times =
      session.busy.max == 0
      ? "tick times were not measured"
      : "tick p50 \(milliseconds(session.tickP50)) ms  p99 \(milliseconds(session.tickP99)) ms  max "
        + "\(milliseconds(session.busy.max)) ms  lateness p99 \(milliseconds(session.lateP99)) ms"
        + "  overruns \(session.overrunCount)"
    lines.append("\(times)  missing \(session.missingTicks)")
    lines.append("")
    lines.append("score    " + scorecard.text)
    if let cycles = cycles.text { lines.append("cycles   " + cycles) }
    if !phases.isEmpty {
      let all = max(1, phases.reduce(0) { $0 + $1.seconds })
      lines.append("phases   " + split(phases.map { ($0.name, $0.seconds / all) }))
    }
    for incident in incidents.suffix(3) { lines.append("incident " + incident.text) }
    if incidents.count > 3 { lines.append("         and \(incidents.count - 3) before (compass-sessions timeline)") }
    lines.append("time     " + split(timeByRoutine))
    lines.append("layers   " + split(byPart(session.layers)))
    if !session.holds.isEmpty { lines.append("holds    " + split(byPart(session.holds))) }
    lines.append(
      "changes  \(session.changes) decisions changed, \(session.returns) back and forth, distance "
        + "\(Int(session.distance)) units")
    lines.append("")
    lines += checkLines
    return lines.map(\.printable).joined(separator: "\n")
  }

  /// The checks alone.
  public var checkText: String { checkLines.map(\.printable).joined(separator: "\n") }

  private var checkLines: [String] {
    var lines: [String] = []
    for (name, result) in checks where result.verdict != .notApplicable {
      lines.append("\(pad(result.verdict.rawValue, 8)) \(pad(name, 13)) \(result.sentence)")
    }
    let silent = checks.filter { $0.result.verdict == .notApplicable }.map(\.name)
    if !silent.isEmpty { lines.append("\(pad("n/a", 8)) \(silent.joined(separator: ", "))") }
    return lines
  }

  private var fights: String {
    guard let seconds = figures.first(where: { $0.name == "fight_seconds" })?.value else { return "" }
    let mana = figures.first { $0.name == "mana_per_fight" }?.value ?? 0
    return "  fight \(seconds.tenths) s, \((mana * 100).tenths) % mana"
  }

  private var levels: String {
    guard let levels = session.levels else { return "" }
    return levels.first == levels.last ? "  level \(levels.first)" : "  level \(levels.first) to \(levels.last)"
  }

  private func figure(_ name: String) -> String {
    figures.first { $0.name == name }?.value.map { $0.tenths } ?? "-"
  }

  private func success(_ key: String) -> String {
    session.success(key).map { "\($0.ok)/\($0.of)" } ?? "-"
  }

  private func milliseconds(_ microseconds: Double?) -> String {
    microseconds.map { ($0 / 1000).hundredths } ?? "-"
  }

  private func byPart(_ counts: [String: Int]) -> [(name: String, part: Double)] {
    counts.map { ($0.key, Double($0.value) / Double(max(1, session.ticks))) }
      .sorted { ($0.1, $1.0) > ($1.1, $0.0) }
  }

  private func split(_ parts: [(name: String, part: Double)]) -> String {
    parts.prefix(8).map { "\($0.name) \(($0.part * 100).tenths) %" }.joined(separator: ", ")
  }
}

/// Hours, minutes and seconds.
func clock(_ seconds: Double) -> String {
  let whole = Int(max(0, min(seconds, 1e9)))
  let (hours, minutes) = (whole / 3600, whole / 60 % 60)
  return (hours > 0 ? "\(hours) h " : "") + "\(minutes) min \(whole % 60) s"
}

func pad(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
