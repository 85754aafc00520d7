import Agent
import Core
import Routines
import Telemetry

/// Counts from the agent's own account how its life goes: cycles, pulls, trips, and the longest times of this and that.
struct LifeCounters {
  private var cycles = 0
  private var pulls = 0
  private var pullsDone = 0
  private var pullsShared = 0
  private var adds = 0
  private var fights = 0
  private var fightsWithAdds = 0
  /// Deaths with something to lose: an empty corpse need not be fetched.
  private var deaths = 0
  private var deathsBare = 0
  private var carries = false
  private var corpsesRecovered = 0
  /// When the last one died whose corpse was not recovered yet.
  private var diedAt: Tick?
  private var vendorTrips = 0
  private var bagsFullTicks = 0
  private var bagsFullSince: Tick?
  private var bagsFullLongest = 0
  private var stuckEvents = 0
  private var stuckSince: Tick?
  private var stuckLongest = 0
  private var switches = 0
  private var failures = [Int](repeating: 0, count: RoutineFailure.allCases.count)
  private var best = 0.0
  private var progress = Span()
  private var errands = ErrandProgress()
  private var fruitful = Span()

  /// The longest time between two marks.
  private struct Span {
    private var last = Tick.start
    private(set) var longest = 0

    mutating func mark(_ tick: Tick) {
      longest = max(longest, tick - last)
      last = tick
    }
  }

  /// A corpse that lies for longer when the run ends counts as lost; before, the agent is still about it. Unit: slots.
  static let recoverySlots = 9000

  /// - Parameters:
  ///   - way: what is left of the way that was walked in this tick; nil when none was.
  ///   - isShared: a pull began against what another agent of the world already pulls or fights.
  mutating func note(_ input: TickInput, _ output: TickOutput, way: WayLeft? = nil, isShared: Bool = false) {
    let tick = input.state.tick
    if isShared { pullsShared += 1 }
    if input.state.validity == .valid, input.state.player.stand != .dead {
      carries = (input.state.player.money ?? 0) > 0 || !input.state.inventory.items.isEmpty
    }
    noteBags(input.state.inventory.slotsFree == 0, tick)
    // Resting gets somewhere while health and mana rise, and the pet's health.
    let pet = input.state.petSpawn?.healthFraction ?? 0
    let vitals = (input.state.player.healthFraction ?? 0) + (input.state.player.manaFraction ?? 0) + pet
    if vitals > best + 0.004 { advance(tick) }
    best = vitals
    if let way, output.receipt.decision.order?.routine.isErrand ?? false, errands.gains(way) { progress.mark(tick) }
    for event in output.events { note(event, tick) }
  }

  /// The end of the run, which ends all that lasts.
  mutating func finish(_ tick: Tick) {
    progress.mark(tick)
    fruitful.mark(tick)
    noteBags(false, tick)
  }

  private mutating func advance(_ tick: Tick) {
    errands.forget()
    progress.mark(tick)
    fruitful.mark(tick)
  }

  private mutating func noteBags(_ isFull: Bool, _ tick: Tick) {
    if isFull {
      bagsFullTicks += 1
      bagsFullSince = bagsFullSince ?? tick
    } else if let since = bagsFullSince {
      bagsFullLongest = max(bagsFullLongest, tick - since)
      bagsFullSince = nil
    }
  }

  private mutating func note(_ event: SessionEvent, _ tick: Tick) {
    switch event {
    case .cycleComplete: cycles += 1
    case .pullResult(_, _, _, let failure, _):
      pulls += 1
      if failure == nil { pullsDone += 1 }
    case .encounterEnd(let end):
      fights += 1
      adds += end.adds
      if end.adds > 0 { fightsWithAdds += 1 }
      if end.outcome == .defeated { advance(tick) }
    case .strategySwitch: switches += 1
    case .playerDeath:
      guard carries else {
        deathsBare += 1
        break
      }
      deaths += 1
      diedAt = tick
    case .stuck:
      stuckEvents += 1
      stuckSince = stuckSince ?? tick
    case .zoneChange: advance(tick)
    case .routineEnd(let routine, _, let failure, let interrupted, _):
      if let since = stuckSince { stuckLongest = max(stuckLongest, tick - since) }
      stuckSince = nil
      if let failure { failures[Int(failure.rawValue)] += 1 }
      if failure == nil, !interrupted { noteSuccess(of: routine, tick) }
    default: break
    }
  }

  private mutating func noteSuccess(of routine: RoutineID, _ tick: Tick) {
    progress.mark(tick)
    if routine.isErrand { errands.forget() }
    // To have looked around or to have marked a target is something, but nothing is gained by it.
    if routine != .wander, routine != .acquire { fruitful.mark(tick) }
    switch routine {
    case .vendor: vendorTrips += 1
    case .recoverCorpse:
      corpsesRecovered += 1
      diedAt = nil
    default: break
    }
  }

  /// Corpses that were given up or died over; one that the agent is still about does not count.
  private func corpsesLost(at end: Tick) -> Int {
    let isPending = diedAt.map { end - $0 < Self.recoverySlots } ?? false
    return max(0, deaths - corpsesRecovered - (isPending ? 1 : 0))
  }

  /// By name, as a run's JSON line gives them; a dot makes a member of an object.
  func all(at end: Tick) -> [(name: String, value: Double)] {
    var all: [(name: String, value: Double)] = [
      ("cycles", Double(cycles)), ("pulls", Double(pulls)), ("pulls_ok", Double(pullsDone)),
      ("pulls_shared", Double(pullsShared)), ("adds", Double(adds)), ("fights", Double(fights)),
      ("fights_with_adds", Double(fightsWithAdds)),
      ("strategy_switches", Double(switches)), ("deaths_bare", Double(deathsBare)),
      ("corpses_recovered", Double(corpsesRecovered)),
      ("corpses_lost", Double(corpsesLost(at: end))), ("vendor_trips", Double(vendorTrips)),
      ("bags_full_s", Double(bagsFullTicks) / 10), ("bags_full_s_max", Double(bagsFullLongest) / 10),
      ("no_progress_s_max", Double(progress.longest) / 10), ("no_gain_s_max", Double(fruitful.longest) / 10),
      ("stuck_events", Double(stuckEvents)), ("stuck_s_max", Double(stuckLongest) / 10),
    ]
    for failure in RoutineFailure.allCases where failures[Int(failure.rawValue)] > 0 {
      all.append(("failures_by_reason.\(failure.name)", Double(failures[Int(failure.rawValue)])))
    }
    return all
  }
}
