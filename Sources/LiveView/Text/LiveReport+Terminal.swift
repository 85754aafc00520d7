import Core
import Perception
import Telemetry

extension LiveReport {
  /// `status.txt`: a screenful for a terminal, without colour.
  func terminal() -> [UInt8] {
    var lines: [String] = []
    let vitals = frame.vitals
    lines.append(
      "compassd \(names.process) on \(names.environment): \(stand), tick \(frame.tick)"
        + (isLive ? "" : ", NOT ALIVE for \(beatAge.tenths) s"))
    lines.append(sentence)
    if !session.isEmpty { lines.append("session \(session)") }
    lines.append("")
    lines.append(
      "health \(Self.bar(vitals.health)) \(Self.points(vitals.healthPoints, vitals.healthMax))   mana "
        + "\(Self.bar(vitals.mana)) \(Self.points(vitals.manaPoints, vitals.manaMax))")
    var words = [names.zone(vitals.zone) ?? "no zone"]
    if let place = vitals.position { words.append("at \(place)") }
    if let level = vitals.level { words.append("level \(level)") }
    if let experience = vitals.experience { words.append("experience \((experience * 100).tenths) %") }
    if let casting = vitals.casting { words.append("casts \(names.spell(casting.spell))") }
    if let free = vitals.slotsFree, let all = vitals.slotsTotal { words.append("bags \(all - free)/\(all)") }
    if !frame.motor.held.isEmpty { words.append("holds " + frame.motor.held.map(\.name).joined(separator: "+")) }
    lines.append(words.joined(separator: ", "))
    appendPlan(&lines)
    appendRules(&lines)
    appendSpawns(&lines)
    let counters = frame.counters
    lines.append("")
    lines.append(
      "defeats \(counters.defeats)  deaths \(counters.deaths)  loots \(counters.loots)  flees \(counters.flees)  "
        + "pulls \(counters.pulls)/\(counters.pulls + counters.pullsFailed)  plans "
        + "\(counters.plansCompleted)/\(counters.plansMade)")
    lines.append(
      "tick \(frame.timing.busy / 1000) us (read \(frame.timing.reading / 1000), think "
        + "\(frame.timing.thinking / 1000), act \(frame.timing.acting / 1000)), late \(frame.timing.lateness / 1000) us, "
        + "skipped \(counters.skipped) of \(counters.ticks + counters.skipped)")
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private func appendPlan(_ lines: inout [String]) {
    guard let plan = frame.plan else { return }
    lines.append("")
    lines.append("plan for \(names.goal(plan.goal)), \(plan.cost.tenths) s:")
    for index in 0..<plan.stepCount {
      let step = plan[index]
      let source = step.observations > 0 ? "learned from \(step.observations)" : "default"
      lines.append(
        "  \(state(ofStep: index, in: plan))  \(names.action(step.action).name), \(Double(step.seconds).tenths) s "
          + "(\(source))")
    }
  }

  private func appendRules(_ lines: inout [String]) {
    guard !frame.verdicts.isEmpty else { return }
    lines.append("")
    for verdict in frame.verdicts {
      let mark = verdict.rule == frame.decision.rule ? ">" : verdict.isEligible ? "+" : " "
      let name = "\(verdict.rule.name)".padded(17)
      let verdictText =
        verdict.isEligible
        ? "willing, score \(verdict.score.hundredths)" : "no: \(verdict.reason.name)"
      lines.append("\(mark) \(name)\(verdictText.padded(30))\(Self.measure(verdict))")
    }
  }

  private func appendSpawns(_ lines: inout [String]) {
    let near = nearest.prefix(6)
    guard !near.isEmpty else { return }
    lines.append("")
    for (spawn, distance) in near {
      let mark = spawn.id == frame.vitals.target ? ">" : " "
      let health = spawn.healthFraction.map { "\(($0 * 100).whole) %" } ?? "?"
      lines.append(
        "\(mark) \(spawn.name.shown.padded(26))\(String(describing: spawn.kind).padded(8))"
          + "level \(String(spawn.level).padded(4))\(health.padded(7))\(distance.map { "\($0.whole) away" } ?? "")")
    }
    if frame.spawnCount > near.count { lines.append("  and \(frame.spawnCount - near.count) more") }
  }

  private static func bar(_ fraction: Double?) -> String {
    guard let fraction, fraction.isFinite else { return "[    ?     ]" }
    let full = Int((min(1, max(0, fraction)) * 10).rounded())
    return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: 10 - full) + "]"
  }

  private static func points(_ part: Int?, _ whole: Int?) -> String {
    "\(part.map(String.init) ?? "?")/\(whole.map(String.init) ?? "?")"
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
