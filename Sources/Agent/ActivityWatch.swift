import Core
import Telemetry

/// Says when the agent turns to something else for good. An incident counts at once, all else after two seconds.
struct ActivityWatch: Sendable {
  private var phase = ActivityPhase.startup
  private var since: Tick?
  private var candidate: (phase: ActivityPhase, since: Tick)?

  /// Slots that a phase must last before it counts.
  static let patienceSlots = 20

  mutating func update(_ routine: RoutineID?, tick: Tick, events: inout [SessionEvent]) {
    let begun = since ?? tick
    since = begun
    let now = Self.phase(of: routine)
    // What is done before the first search is all preparation.
    if phase == .startup, now != .grinding, now != .incident { return }
    guard now != phase else {
      candidate = nil
      return
    }
    if candidate?.phase != now { candidate = (now, tick) }
    guard let first = candidate?.since, now == .incident || tick - first >= Self.patienceSlots else { return }
    events.append(.activityChange(to: now, from: phase, seconds: first.seconds(since: begun)))
    (phase, since, candidate) = (now, first, nil)
  }

  private static func phase(of routine: RoutineID?) -> ActivityPhase {
    switch routine {
    case .combat, .engageAdd, .loot, .acquire, .pull, .wander: .grinding
    case .rest, .memorizeSpells, .summonPet, .buff: .resting
    case .travel, .vendor: .travelling
    case .flee, .evade, .feignDeath, .deathRecovery, .recoverCorpse, .unstick: .incident
    case nil: .idle
    }
  }
}
