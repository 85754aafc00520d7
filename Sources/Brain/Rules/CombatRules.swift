import Core
import Lore
import WorldModel

extension RuleTable {
  static let combat: [Rule] = [
    Rule(
      .inCombat, .defence, tier: 1, weight: 40, lock: 120, cooldown: 1,
      considerations: [
        Consideration(.one, .linear(from: 0, to: 1)),
        Consideration(.attackers, .piecewise([.init(0, 0.8), .init(2, 1)]), weight: 0.5),
      ], evaluate: inCombat),
    Rule(
      .engageAdd, .defence, tier: 1, weight: 30, cooldown: 5,
      considerations: [Consideration(.attackers, .piecewise([.init(0, 0.7), .init(3, 0.9)]))],
      evaluate: engageAdd),
    // Rest, loot, pull and acquire follow in the table's order.
    Rule(
      .rest, .ordinary, tier: 0, weight: 50, lock: 10, cooldown: 3,
      considerations: [
        Consideration(
          .healthDeficit, .piecewise([.init(0, 0.2), .init(0.15, 0.6), .init(0.6, 1)]), weight: 1.5),
        Consideration(.manaDeficit, .piecewise([.init(0, 0.2), .init(0.6, 0.9), .init(1, 1)])),
      ], evaluate: rest),
    Rule(
      .loot, .ordinary, tier: 1, weight: 45, lock: 20, cooldown: 1,
      considerations: [
        Consideration(.corpseDistance, .inverse(from: 0, to: 250)),
        Consideration(.health, .linear(from: 0.1, to: 0.6)),
      ], evaluate: loot),
    Rule(
      .pull, .ordinary, tier: 1, weight: 35, lock: 90, cooldown: 3,
      considerations: [
        Consideration(.health, .linear(from: 0.3, to: 0.9)),
        Consideration(.petHealth, .linear(from: 0.2, to: 0.7)),
      ], evaluate: pull),
    Rule(
      .acquire, .ordinary, tier: 3, weight: 30, lock: 15, cooldown: 3,
      considerations: [
        Consideration(.health, .linear(from: 0.5, to: 0.9)),
        Consideration(.mana, .linear(from: 0.05, to: 0.6)),
        Consideration(.candidateScore, .linear(from: 0, to: 0.8)),
      ], evaluate: acquire),
  ]

  @Sendable private static func inCombat(_ situation: Situation, _ memory: BrainMemory)
    -> RuleVerdict
  {
    if situation.isDead { return .no(.dead) }
    guard let primary = memory.primary else { return .no(.noAttacker) }
    let score = situation.configuration.mutation == .combatScoreZero ? 0 : 1.0
    return .eligible(score: score, order: .combat(target: primary))
  }

  /// Something attacks the player while the pet is busy elsewhere and our fight is not about it.
  @Sendable private static func engageAdd(_ situation: Situation, _ memory: BrainMemory)
    -> RuleVerdict
  {
    if situation.isDead { return .no(.dead) }
    guard situation.isAttacked else { return .no(.noAttacker) }
    guard situation.hasPet else { return .no(.petMissing) }
    guard
      let row = situation.model.attackers.first(where: { situation.model.tracks[$0].isOnPlayer })
    else {
      return .no(.noAttacker)
    }
    let add = situation.model.tracks[row]
    guard add.id != memory.primary else { return .no(.targetPresent) }
    return .eligible(score: 0.9, order: .engageAdd(target: add.id))
  }

  @Sendable private static func rest(_ situation: Situation, _ memory: BrainMemory) -> RuleVerdict {
    if situation.isDead { return .no(.dead) }
    guard situation.configuration.features.rests else { return .no(.featureOff) }
    if situation.isThreatened { return .no(.threatNear, Double(situation.model.threats.count)) }
    guard let health = situation.health else { return .no(.healthUnknown) }
    let thresholds = situation.thresholds
    guard memory.isResting else {
      let isHealthLeast =
        health - thresholds.restHealthEnter < (situation.mana ?? 1) - thresholds.restManaEnter
      return isHealthLeast
        ? .no(.healthHigh, health, under: thresholds.restHealthEnter)
        : .no(.manaHigh, situation.mana ?? 1, under: thresholds.restManaEnter)
    }
    if let ended = memory.flight.ended, situation.tick - ended < 20 {
      return .no(.suppressedAfterFlee)
    }
    if situation.wantsPet, !situation.hasPet, let pet = situation.loadout.pet,
      situation.obstacle(casting: pet, patience: RuleTable.gemPatience) == nil,
      situation.configuration.features.summons
    {
      return .no(.petMissing)
    }
    if health > BrainMemory.corpseHealth, situation.configuration.features.loots {
      if let corpse = memory.corpse.flatMap(situation.model.track), memory.leader == nil,
        corpse.distance <= situation.lootReach, situation.state.inventory.slotsFree ?? 1 > 0
      {
        return .no(.corpseUnlooted, corpse.distance, under: BrainMemory.corpseBeforeRest)
      }
      // What has just fallen may be about to lie there as a corpse, unless it does already.
      if let fought = memory.lastEngaged, situation.tick - fought < BrainMemory.corpseTicks,
        memory.corpseLeft.map({ $0.since < fought }) ?? true
      {
        return .no(.engaged, Double(situation.tick - fought) / 10, under: Double(BrainMemory.corpseTicks) / 10)
      }
    }
    let deficit = max((1 - health) / 0.7, (1 - (situation.mana ?? 1)) / 0.9)
    return .eligible(
      score: min(1, 0.4 + 0.6 * deficit),
      order: .rest(untilHealth: thresholds.restHealthExit, untilMana: thresholds.restManaExit))
  }

  @Sendable private static func loot(_ situation: Situation, _ memory: BrainMemory) -> RuleVerdict {
    if situation.isDead { return .no(.dead) }
    guard situation.configuration.features.loots else { return .no(.featureOff) }
    if situation.isThreatened { return .no(.threatNear) }
    // The spoils are for the one whom we follow.
    if memory.leader != nil { return .no(.following) }
    guard let corpse = memory.corpse, let track = situation.model.track(corpse) else {
      guard let left = memory.corpseLeft else { return .no(.noCorpse) }
      // It lies there, but somebody stands over it; or we need a rest first.
      return left.reason == .threatNear
        ? .no(.threatNear, left.distance)
        : .no(.recovered, situation.health ?? 0, under: situation.thresholds.restHealthExit)
    }
    if let free = situation.state.inventory.slotsFree, free < 1 {
      return .no(.bagsFull, 0, under: 1)
    }
    guard track.distance <= situation.lootReach else {
      return .no(.corpseTooFar, track.distance, under: situation.lootReach)
    }
    return .eligible(score: 0.9 - 0.4 * min(1, track.distance / 250), order: .loot(corpse: corpse))
  }

  @Sendable private static func pull(_ situation: Situation, _ memory: BrainMemory) -> RuleVerdict {
    if let gate = huntingGate(situation, memory) { return gate }
    guard let choice = memory.choice else { return .no(.noCandidate) }
    // While it pulls the routine itself sees to the client's target.
    let isPulling = if case .pull(let target, _) = memory.order { target == choice.id } else { false }
    guard isPulling || situation.state.target == choice.id else { return .no(.noTarget) }
    let mode = situation.kit?.pullMode ?? .body
    let isPetWilling = situation.hasPet && !memory.pet.isLost && situation.tick >= memory.petRefusedUntil
    let usable: PullMode = mode == .pet && !isPetWilling ? .spell : mode
    return .eligible(score: 0.9, order: .pull(target: choice.id, mode: usable))
  }

  @Sendable private static func acquire(_ situation: Situation, _ memory: BrainMemory)
    -> RuleVerdict
  {
    if let gate = huntingGate(situation, memory) { return gate }
    guard let choice = memory.choice else {
      return .no(.noCandidate, Double(memory.rejected.count))
    }
    if situation.state.target == choice.id { return .no(.targetPresent) }
    if case .pull(let target, _) = memory.order, target == choice.id { return .no(.targetPresent) }
    let health = ResponseCurve.linear(from: 0.5, to: 0.9).desire(situation.health ?? 0)
    return .eligible(
      score: 0.3 + 0.4 * health + 0.3 * min(1, choice.score / 200),
      order: .acquire(target: choice.id))
  }

  /// What must hold before a fight of our own making is begun.
  private static func huntingGate(_ situation: Situation, _ memory: BrainMemory) -> RuleVerdict? {
    if situation.isDead { return .no(.dead) }
    guard situation.configuration.features.hunts else { return .no(.featureOff) }
    if situation.isThreatened { return .no(.threatNear, Double(situation.model.threats.count)) }
    guard let health = situation.health else { return .no(.healthUnknown) }
    let thresholds = situation.thresholds
    if health < thresholds.acquireHealth {
      return .no(.healthLow, health, under: thresholds.acquireHealth)
    }
    let manaFloor =
      min(thresholds.acquireMana, thresholds.restManaEnter) + 0.1 * Double(memory.experience.tuning.thrift)
    if let mana = situation.mana, mana < manaFloor { return .no(.manaLow, mana, under: manaFloor) }
    if situation.wantsPet {
      guard let pet = situation.model.petTrack else { return .no(.petMissing) }
      if let petHealth = pet.health, petHealth < thresholds.acquirePet {
        return .no(.petWeak, petHealth, under: thresholds.acquirePet)
      }
      if memory.pet.sought != nil {
        return .no(.petFar, pet.distance, under: PetSearch.backDistance)
      }
    }
    if memory.isAssisting { return nil }
    if memory.leader != nil { return .no(.following) }
    // Without our belongings there is neither pet nor coin: they come first.
    if memory.lostCorpse != nil, situation.configuration.features.recoversCorpses { return .no(.corpseUnlooted) }
    guard let camp = memory.camp else { return .no(.noCamp) }
    guard situation.lore.camps[camp].zone == situation.zone else { return .no(.farFromCamp) }
    if memory.isFarFromCamp, let distance = memory.campDistance {
      return .no(.farFromCamp, distance, under: situation.lore.policy.leash)
    }
    if memory.isResting { return .no(.recovered, health, under: thresholds.restHealthExit) }
    return nil
  }
}
