import Agent
import Core
import Telemetry

/// Counts from the agent's own account how its life goes: cycles, pulls, trips, and the longest time without progress.
struct LifeCounters {
  private var cycles = 0
  private var pulls = 0
  private var pullsDone = 0
  private var adds = 0
  private var corpsesRecovered = 0
  private var corpsesLost = 0
  private var vendorTrips = 0
  private var bagsFullTicks = 0
  private var stuckEvents = 0
  private var stuckSince: Tick?
  private var stuckLongest = 0
  private var failures = [Int](repeating: 0, count: RoutineFailure.allCases.count)
  private var best = 0.0
  private var progressed = Tick.start
  private var longest = 0

  mutating func note(_ input: TickInput, _ output: TickOutput) {
    let tick = input.state.tick
    if input.state.inventory.slotsFree == 0 { bagsFullTicks += 1 }
    // Resting gets somewhere while health and mana rise.
    let vitals = (input.state.player.healthFraction ?? 0) + (input.state.player.manaFraction ?? 0)
    if vitals > best + 0.004 { progressed = tick }
    best = vitals
    for event in output.events { note(event, tick) }
    longest = max(longest, tick - progressed)
  }

  private mutating func note(_ event: SessionEvent, _ tick: Tick) {
    switch event {
    case .cycleComplete: cycles += 1
    case .pullResult(_, _, _, let failure, _):
      pulls += 1
      if failure == nil { pullsDone += 1 }
    case .encounterEnd(let end): adds += end.adds
    case .stuck:
      stuckEvents += 1
      stuckSince = stuckSince ?? tick
    case .routineEnd(let routine, _, let failure, let interrupted, _):
      if let since = stuckSince { stuckLongest = max(stuckLongest, tick - since) }
      stuckSince = nil
      if let failure { failures[Int(failure.rawValue)] += 1 }
      guard failure == nil, !interrupted else {
        if routine == .recoverCorpse, failure == .corpseGone { corpsesLost += 1 }
        return
      }
      progressed = tick
      if routine == .vendor { vendorTrips += 1 }
      if routine == .recoverCorpse { corpsesRecovered += 1 }
    default: break
    }
  }

  /// By name, as a run's JSON line gives them.
  var all: [(name: String, value: Double)] {
    var all: [(name: String, value: Double)] = [
      ("cycles", Double(cycles)), ("pulls", Double(pulls)), ("pulls_ok", Double(pullsDone)), ("adds", Double(adds)),
      ("corpses_recovered", Double(corpsesRecovered)), ("corpses_lost", Double(corpsesLost)),
      ("vendor_trips", Double(vendorTrips)), ("bags_full_s", Double(bagsFullTicks) / 10),
      ("no_progress_s_max", Double(longest) / 10), ("stuck_events", Double(stuckEvents)),
      ("stuck_s_max", Double(stuckLongest) / 10),
    ]
    for failure in RoutineFailure.allCases where failures[Int(failure.rawValue)] > 0 {
      all.append(("failed_\(failure.name)", Double(failures[Int(failure.rawValue)])))
    }
    return all
  }
}
