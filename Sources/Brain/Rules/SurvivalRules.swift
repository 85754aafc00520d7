import Core
import Lore
import WorldModel

extension RuleTable {
  static let survival: [Rule] = [
    Rule(.deathRecovery, .emergency, tier: 0, weight: 100, cooldown: 0, evaluate: deathRecovery),
    Rule(.feignDeath, .emergency, tier: 0, weight: 100, cooldown: 30, evaluate: feignDeath),
    Rule(.flee, .emergency, tier: 0, weight: 100, lock: 120, cooldown: 0, evaluate: flee),
    Rule(.evade, .emergency, tier: 0, weight: 100, cooldown: 4, evaluate: evade),
  ]

  @Sendable private static func deathRecovery(_ situation: Situation, _ memory: BrainMemory)
    -> RuleVerdict
  {
    situation.isDead ? .eligible(score: 1, order: .deathRecovery) : .no(.alive, situation.health ?? 0)
  }

  @Sendable private static func feignDeath(_ situation: Situation, _ memory: BrainMemory)
    -> RuleVerdict
  {
    if situation.isDead { return .no(.dead) }
    guard let spell = situation.loadout.feign else { return .no(.spellUnknown) }
    // Whoever lies stays down until the routine has seen that it is calm.
    if situation.state.player.stand == .feigned, memory.rule == .feignDeath {
      return .eligible(score: 1, order: .feignDeath(spell: spell))
    }
    guard situation.isThreatened else { return .no(.noThreat) }
    guard memory.flight.isOn, memory.flight.floor != nil else {
      return .no(.notUrgent, memory.flight.urgency, under: situation.thresholds.fleeUrgencyEnter)
    }
    // The gem rests while its own cast is under way: the routine knows better how that goes.
    if memory.rule != .feignDeath, let obstacle = situation.obstacle(casting: spell) {
      return obstacle
    }
    let health = situation.health ?? 0
    return .eligible(
      score: max(0.5, ResponseCurve.logistic(mid: 0.4, steepness: -12).desire(health)),
      order: .feignDeath(spell: spell))
  }

  @Sendable private static func flee(_ situation: Situation, _ memory: BrainMemory) -> RuleVerdict {
    if situation.isDead { return .no(.dead) }
    if situation.configuration.mutation == .fleeNever { return .no(.notUrgent) }
    guard memory.flight.isOn else {
      guard situation.isThreatened else { return .no(.noThreat) }
      return .no(.notUrgent, memory.flight.urgency, under: situation.thresholds.fleeUrgencyEnter)
    }
    let to = memory.flight.destination ?? situation.position ?? .origin
    return .eligible(
      score: max(0.5, memory.flight.urgency), order: .flee(to: to, from: memory.flight.threat))
  }

  @Sendable private static func evade(_ situation: Situation, _ memory: BrainMemory) -> RuleVerdict {
    if situation.isDead { return .no(.dead) }
    if situation.isAttacked {
      return .no(.attackerPresent, Double(situation.model.attackers.count))
    }
    guard let evasion = memory.evasion else {
      guard let threat = situation.deadlyThreat else { return .no(.noThreat) }
      return .no(.recentAttempt, threat.distance)
    }
    return .eligible(score: 1, order: .evade(to: evasion.to, from: evasion.from))
  }
}
