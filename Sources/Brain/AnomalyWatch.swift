import Core
import Telemetry

/// Notices anomalies; each kind at most once in a while.
struct AnomalyWatch: Sendable {
  /// How often each kind was noticed, in the order of `Anomaly`.
  private(set) var counts = [Int](repeating: 0, count: Anomaly.allCases.count)
  private var lastSaid = [Tick?](repeating: nil, count: Anomaly.allCases.count)
  private var acquireFailures = 0
  private var fizzles = 0
  private var stuck = 0
  private var stuckSince = Tick.start
  private var lastDefeat = Tick.start
  private var lockedSince: Tick?
  private var formerHeading: Heading?

  static let quietTicks = 900
  static let driftDistance = 600.0
  static let acquireMax = 5
  static let droughtTicks = 3000
  static let fizzleMax = 4
  static let stuckMax = 3
  static let stuckTicks = 600
  /// Running so long on one heading without getting anywhere is no walk.
  static let lockTicks = 30

  mutating func note(_ outcome: RoutineOutcome) {
    let failure: RoutineFailure? = if case .failed(let failure) = outcome.result { failure } else { nil }
    switch outcome.order {
    case .acquire: acquireFailures = failure == nil ? 0 : acquireFailures + 1
    case .loot where failure == nil: acquireFailures = 0
    default: break
    }
    fizzles = failure == .fizzled ? fizzles + 1 : failure == nil ? 0 : fizzles
    if failure == .stuck { stuck += 1 }
  }

  mutating func noteDefeat(at tick: Tick) { lastDefeat = tick }

  /// Looks at one tick. Returns what was noticed now; nil when nothing is new.
  mutating func check(_ situation: Situation, _ memory: BrainMemory) -> Anomaly? {
    let tick = situation.tick
    if tick - stuckSince > Self.stuckTicks {
      stuckSince = tick
      stuck = 0
    }
    if situation.isDead || !situation.configuration.features.hunts { lastDefeat = tick }
    var found: Anomaly?
    func see(_ anomaly: Anomaly, _ isSeen: Bool) {
      guard isSeen, found == nil else { return }
      if let last = lastSaid[Int(anomaly.rawValue)], tick - last < Self.quietTicks { return }
      found = anomaly
    }
    see(.campDrift, (memory.campDistance ?? 0) > Self.driftDistance)
    see(.acquireLoop, acquireFailures >= Self.acquireMax)
    see(.headingLock, isLocked(situation))
    see(.manaDepletion, (situation.mana ?? 1) < 0.15 && !situation.isAttacked)
    see(.defeatDrought, tick - lastDefeat > Self.droughtTicks)
    see(.fizzleStreak, fizzles >= Self.fizzleMax)
    see(.stuckOften, stuck >= Self.stuckMax)
    guard let found else { return nil }
    lastSaid[Int(found.rawValue)] = tick
    counts[Int(found.rawValue)] += 1
    return found
  }

  private mutating func isLocked(_ situation: Situation) -> Bool {
    let player = situation.state.player
    defer { formerHeading = player.heading }
    guard let heading = player.heading, let former = formerHeading, abs(former.turn(to: heading)) < 0.5,
      (player.speed ?? 0) > 5, situation.model.isStandingStill
    else {
      lockedSince = nil
      return false
    }
    let since = lockedSince ?? situation.tick
    lockedSince = since
    return situation.tick - since >= Self.lockTicks
  }
}
