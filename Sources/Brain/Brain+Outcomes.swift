import Core
import Telemetry

extension Brain {
  /// Takes in how a routine ended, once: gates, and what must be remembered of it.
  mutating func digest(_ outcome: RoutineOutcome, at tick: Tick, events: inout [SessionEvent]) {
    if let rule = outcome.order.rule(started: memory.rule) {
      gates.note(rule, outcome, at: tick, events: &events)
      if let done = plan.digest(outcome, rule: rule, at: tick, events: &events) {
        learned.costs.observe(done.row, seconds: done.seconds)
      }
    }
    memory.digest(outcome, at: tick)
    memory.anomalies.note(outcome)
    // The undertaking is over; the same order again is a new one.
    if outcome.credit == memory.credit, outcome.order == memory.order {
      memory.rule = nil
      memory.order = nil
    }
  }
}

extension RoutineOrder {
  /// The rule that gives such orders; `travel` is given by two.
  func rule(started current: RuleID?) -> RuleID? {
    switch self {
    case .deathRecovery: .deathRecovery
    case .feignDeath: .feignDeath
    case .flee: .flee
    case .evade: .evade
    case .combat: .inCombat
    case .engageAdd: .engageAdd
    case .rest: .rest
    case .loot: .loot
    case .acquire: .acquire
    case .pull: .pull
    case .memorizeSpells: .memorizeSpells
    case .summonPet: .summonPet
    case .buff: .buff
    case .vendor: .vendor
    case .recoverCorpse: .recoverCorpse
    case .unstick: .unstick
    case .travel: current == .returnToCamp ? .returnToCamp : .travel
    case .wander: .wander
    }
  }
}

extension BrainMemory {
  /// A pet that would not go is not sent again for so long: we open the fight ourselves.
  static let petRefusalTicks = 1200

  mutating func digest(_ outcome: RoutineOutcome, at tick: Tick) {
    let failure: RoutineFailure? = if case .failed(let failure) = outcome.result { failure } else { nil }
    if failure == .stuck {
      stuckCount += 1
      lastStuck = tick
    }
    switch outcome.order {
    case .loot(let corpse):
      // Looted, empty or out of reach: once is enough, unless something else came between.
      if outcome.result != .interrupted { attempts.bar(corpse, until: tick + 6000) }
    case .acquire(let target), .pull(let target, _):
      guard let failure else { break }
      if failure == .petRefused { petRefusedUntil = tick + Self.petRefusalTicks }
      attempts.bar(target, until: tick + AttemptList.penaltyTicks(failure))
    case .combat, .engageAdd:
      // Who attacks and cannot be reached is not fought: away from there.
      if failure == .unreachable || failure == .noRoute, !defence.isStalled {
        defence.isStalled = true
        defence.stalledSince = tick
        if case .combat(let target) = outcome.order { vain.note(target, at: tick) }
      }
    case .flee, .evade:
      // Another way that took its place is the way to go; to look for one more would end in never going any.
      guard outcome.result != .interrupted else { break }
      flight.destination = nil
      evasion = nil
    case .buff(let spell):
      if outcome.result == .succeeded { lastBuff = (spell, tick) }
    case .vendor:
      if outcome.result != .interrupted { errand = nil }
      if outcome.result == .succeeded { errandsGivenUp = 0 }
      if failure != nil { tradeBarred = tick + Errand.barTicks }
    case .recoverCorpse(let place):
      guard let row = lostCorpses.firstIndex(where: { $0.at == place }) else { break }
      // Gone is gone; what could not be reached may be another time.
      if outcome.result == .succeeded || failure == .corpseGone {
        lostCorpses.remove(at: row)
      } else if failure != nil {
        lostCorpses[row].tries += 1
        lostCorpses.append(lostCorpses.remove(at: row))
      }
    case .wander:
      // To have set out for somewhere else is no reason to forget where to.
      if outcome.result != .interrupted { expected = nil }
    case .unstick:
      if outcome.result != .interrupted { stuckCount = 0 }
    default:
      break
    }
  }
}

extension AttemptList {
  /// How long an entity is left alone after a failure with it.
  static func penaltyTicks(_ failure: RoutineFailure) -> Int {
    switch failure {
    case .noRoute, .unreachable, .stuck, .notVisible: 1800
    case .targetGone: 50
    case .targetLost, .targetNotTaken, .resisted, .fizzled, .interrupted: 150
    default: 300
    }
  }
}
