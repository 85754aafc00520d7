import Core
import Telemetry

extension LiveReport {
  /// `metrics`: Prometheus text format 0.0.4. Labels come from closed sets.
  func metrics() -> [UInt8] {
    var text = MetricText()
    let counters = frame.counters
    text.gauge(
      "build_info", "Version and environment of this daemon; always 1.", 1,
      labels: [("version", names.version), ("environment", names.environment)])
    text.gauge("up", "Whether the tick thread lives.", isLive ? 1 : 0)
    text.gauge("ready", "Whether it does its work on fresh, valid values.", isReady ? 1 : 0)
    text.gauge("armed", "Whether keys may be sent.", frame.stand == .armed ? 1 : 0)
    text.gauge("holding", "Whether it stands still with all keys up.", frame.decision.layer == .hold ? 1 : 0)
    text.gauge("tick_age_seconds", "Time since the newest tick that was published.", frameAge)
    text.histogram("tick_duration_seconds", "Reading, thinking and acting of a tick.", counters.busy)
    text.histogram("tick_lateness_seconds", "How much later than its slot a tick began.", counters.lateness)
    for (name, help, count) in Self.counts(counters) { text.counter(name, help, count) }
    text.counters(
      "pulls_total", "Pulls by result.", label: "result",
      [("succeeded", counters.pulls), ("failed", counters.pullsFailed)])
    text.counters(
      "routines_total", "Routines that ended by themselves, by result.", label: "result",
      [("succeeded", counters.routinesDone), ("failed", counters.routinesFailed)])
    text.counters(
      "plans_total", "Plans by what became of them.", label: "state",
      [
        ("made", counters.plansMade), ("completed", counters.plansCompleted),
        ("invalidated", counters.plansInvalidated),
      ])
    text.counters(
      "faults_total", "Faults around the agent.", label: "fault",
      Fault.allCases.map { ($0.name, $0.rawValue < 32 ? counters.faults[Int($0.rawValue)] : 0) })
    if let health = frame.vitals.health { text.gauge("player_health_ratio", "Health of the player.", health) }
    if let mana = frame.vitals.mana { text.gauge("player_mana_ratio", "Mana of the player.", mana) }
    if let level = frame.vitals.level { text.gauge("player_level", "Level of the player.", Double(level)) }
    text.gauge("spawns", "Entities in sight.", Double(frame.spawnCount))
    return text.bytes
  }

  /// Everything that is only counted: name, help, count.
  private static func counts(_ counters: LiveCounters) -> [(String, String, Int)] {
    [
      ("ticks_total", "Ticks that were carried out.", counters.ticks),
      ("ticks_skipped_total", "Slots that were left out because one before took too long.", counters.skipped),
      ("attachments_total", "How often a target was attached.", counters.attachments),
      ("defeats_total", "Fights won.", counters.defeats),
      ("deaths_total", "Deaths of the player.", counters.deaths),
      ("loots_total", "Corpses of enemies from which something was taken.", counters.loots),
      ("flees_total", "Flights begun.", counters.flees),
      ("rests_total", "Rests ended.", counters.rests),
      ("decision_changes_total", "Changes of the chosen rule.", counters.decisionChanges),
      ("level_ups_total", "Levels gained.", counters.levelUps),
      ("zone_changes_total", "Zones entered.", counters.zoneChanges),
      ("stuck_total", "Times that movement was stuck.", counters.stuck),
      ("anomalies_total", "What went wrong slowly, as the brain noticed it.", counters.anomalies),
      ("invariant_breaches_total", "Breaches of what must hold at every tick.", counters.breaches),
      ("motor_refusals_total", "Commands that the keyboard refused.", counters.refusals),
      ("log_dropped_total", "Records that the session could not keep whole.", counters.dropped),
    ]
  }
}

/// Writes Prometheus' text format; every name gets the prefix `compass_`.
struct MetricText {
  private(set) var bytes: [UInt8] = []

  mutating func gauge(_ name: String, _ help: String, _ value: Double, labels: [(String, String)] = []) {
    head(name, help, "gauge")
    sample(name, labels, number(value))
  }

  mutating func counter(_ name: String, _ help: String, _ value: Int) {
    head(name, help, "counter")
    sample(name, [], String(value))
  }

  mutating func counters(_ name: String, _ help: String, label: String, _ values: [(String, Int)]) {
    head(name, help, "counter")
    for (word, value) in values { sample(name, [(label, word)], String(value)) }
  }

  mutating func histogram(_ name: String, _ help: String, _ histogram: LiveHistogram) {
    head(name, help, "histogram")
    var sum = 0
    for bucket in 0..<8 {
      sum += histogram.counts[bucket]
      sample("\(name)_bucket", [("le", number(Double(LiveHistogram.bounds[bucket]) / 1e9))], String(sum))
    }
    sample("\(name)_bucket", [("le", "+Inf")], String(histogram.count))
    sample("\(name)_sum", [], number(Double(histogram.sum) / 1e9))
    sample("\(name)_count", [], String(histogram.count))
  }

  private mutating func head(_ name: String, _ help: String, _ type: String) {
    bytes.append(contentsOf: "# HELP compass_\(name) \(help)\n# TYPE compass_\(name) \(type)\n".utf8)
  }

  private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
    var line = "compass_\(name)"
    if !labels.isEmpty {
      line += "{" + labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}"
    }
    bytes.append(contentsOf: "\(line) \(value)\n".utf8)
  }

  private func number(_ value: Double) -> String {
    guard value.isFinite else { return "NaN" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
  }

  static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
