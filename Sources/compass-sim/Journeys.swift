import Command
import Core
import Simulation

/// `compass-sim journeys`: does whoever travels arrive?
func journeys(_ arguments: inout Arguments) throws -> ExitCode {
  let count = try arguments.integer("--count", in: 1...100_000) ?? 200
  let seed = try arguments.integer("--seed", in: 0...Int.max) ?? 1
  let level = try arguments.integer("--level", in: 1...60)
  let environment = try arguments.value("--environment") ?? "sandbox"
  let zoneName = try arguments.value("--zone")
  let isWary = !arguments.flag("--unwary")
  let asJSON = arguments.flag("--json")
  try arguments.finish()
  let data = try SimulationData(environment: environment)
  let goals = try zoneName.map { name in
    guard let zone = data.lore.zones.first(where: { $0.name == name }) else {
      throw CommandError(.usage, "no zone is named \"\(name)\"")
    }
    return [zone.id]
  }
  var run = JourneyRun(data: data, seed: UInt64(seed), goals: goals ?? [], isWary: isWary)
  let journeys = try run.run(count: count, level: level) { journey in
    emit(asJSON ? json(journey) : line(journey))
  }
  let arrived = journeys.count { $0.failure == nil }
  let died = journeys.count { $0.failure == .died }
  let stuck = journeys.map(\.stuckLongest).max() ?? 0
  var text = JSONText()
  text.object {
    $0.member("journeys", journeys.count)
    $0.member("arrived", arrived)
    $0.member("died", died)
    $0.member("arrived_share", Double(arrived) / Double(journeys.count))
    $0.member("close_calls", journeys.reduce(0) { $0 + $1.closeCount })
    $0.member("attacks", journeys.reduce(0) { $0 + $1.attackCount })
    $0.member("stuck_events", journeys.reduce(0) { $0 + $1.stuckCount })
    $0.member("stuck_longest_s", stuck)
    $0.member("hours", journeys.reduce(0) { $0 + $1.seconds } / 3600)
    $0.member("units", journeys.reduce(0) { $0 + $1.walked }.rounded())
  }
  emit(
    asJSON
      ? text.text
      : "\(arrived) of \(journeys.count) arrived, \(died) were killed on the way; "
        + "\(journeys.reduce(0) { $0 + $1.closeCount }) times within sight of somebody who attacks, "
        + "\(journeys.reduce(0) { $0 + $1.attackCount }) times attacked; longest stuck \(stuck.tenths) s")
  return .success
}

private func line(_ journey: Journey) -> String {
  "\(journey.number): zone \(journey.from.raw) \(journey.start) to zone \(journey.to.raw) \(journey.goal): "
    + (journey.failure.map { "failed, \($0)" } ?? "arrived")
    + ", \(journey.seconds.tenths) s, \(Int(journey.walked)) units, stuck \(journey.stuckCount) times, "
    + "\(journey.stuckLongest.tenths) s at most"
    + (journey.stuckAt.map { ", last in zone \($0.zone.raw) at \($0.place)" } ?? "")
}

private func json(_ journey: Journey) -> String {
  var json = JSONText()
  json.object {
    $0.member("journey", journey.number)
    $0.member("from", Int(journey.from.raw))
    $0.member("to", Int(journey.to.raw))
    $0.member("arrived", journey.failure == nil)
    if let failure = journey.failure { $0.member("reason", "\(failure)") }
    $0.member("seconds", journey.seconds)
    $0.member("units", journey.walked.rounded())
    $0.member("stuck", journey.stuckCount)
    $0.member("stuck_longest_s", journey.stuckLongest)
    $0.member("close_calls", journey.closeCount)
    $0.member("attacks", journey.attackCount)
    $0.member("goal", "\(journey.goal)")
    if let stuck = journey.stuckAt { $0.member("stuck_at", "zone \(stuck.zone.raw) \(stuck.place)") }
  }
  return json.text
}
