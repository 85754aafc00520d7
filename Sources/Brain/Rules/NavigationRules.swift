import Core
import Lore
import WorldModel

extension RuleTable {
  static let navigation: [Rule] = [
    Rule(
      .recoverCorpse, .ordinary, tier: 2, weight: 42, lock: 300, cooldown: 30,
      considerations: [Consideration(.health, .linear(from: 0.4, to: 0.9))], evaluate: recoverCorpse
    ),
    Rule(
      .unstick, .ordinary, tier: 0, weight: 60, lock: 10, cooldown: 20,
      considerations: [Consideration(.one, .linear(from: 0, to: 1))], evaluate: unstick),
    Rule(
      .returnToCamp, .ordinary, tier: 4, weight: 8, lock: 60, cooldown: 5,
      considerations: [Consideration(.campDistance, .linear(from: 0, to: 600))],
      evaluate: returnToCamp),
    Rule(
      .travel, .ordinary, tier: 4, weight: 9, lock: 300, cooldown: 5,
      considerations: [Consideration(.one, .linear(from: 0, to: 1.4))], evaluate: travel),
    Rule(
      .wander, .ordinary, tier: 4, weight: 5, lock: 30, cooldown: 3,
      considerations: [Consideration(.health, .linear(from: 0, to: 1.5))], evaluate: wander),
  ]

  @Sendable private static func recoverCorpse(_ situation: Situation, _ memory: BrainMemory)
    -> RuleVerdict
  {
    if let gate = walkingGate(situation, situation.configuration.features.recoversCorpses) {
      return gate
    }
    guard let corpse = memory.lostCorpse else {
      // Where ours lies, death waits.
      guard let guarded = memory.lostCorpses.first else { return .no(.noCorpse) }
      return .no(.threatNear, situation.position?.horizontalDistance(to: guarded.at) ?? 0)
    }
    guard corpse.zone == situation.zone else { return .no(.corpseTooFar) }
    guard let health = situation.health else { return .no(.healthUnknown) }
    if health < 0.7 { return .no(.healthLow, health, under: 0.7) }
    if memory.isResting { return .no(.recovered, health, under: situation.thresholds.restHealthExit) }
    if situation.wantsPet, !situation.hasPet, let pet = situation.loadout.pet,
      situation.obstacle(casting: pet, patience: gemPatience) == nil
    {
      return .no(.petMissing)
    }
    return .eligible(score: 0.7, order: .recoverCorpse(at: corpse.at))
  }

  @Sendable private static func unstick(_ situation: Situation, _ memory: BrainMemory)
    -> RuleVerdict
  {
    if let gate = quietGate(situation, true) { return gate }
    guard memory.stuckCount >= 3 else { return .no(.notStuck, Double(memory.stuckCount), under: 3) }
    return .eligible(score: 1, order: .unstick)
  }

  @Sendable private static func returnToCamp(_ situation: Situation, _ memory: BrainMemory)
    -> RuleVerdict
  {
    if let gate = walkingGate(situation, situation.configuration.features.travels) { return gate }
    if let away = memory.businessElsewhere(situation) { return away }
    guard let home = memory.home(situation) else { return .no(.noCamp) }
    guard home.zone == situation.zone, let distance = memory.campDistance else {
      return .no(.noRoute)
    }
    guard memory.isFarFromCamp else {
      return .no(.atCamp, distance, under: situation.lore.policy.leash)
    }
    return .eligible(score: 0.8, order: .travel(to: home.at, zone: home.zone))
  }

  @Sendable private static func travel(_ situation: Situation, _ memory: BrainMemory) -> RuleVerdict {
    if let gate = walkingGate(situation, situation.configuration.features.travels) { return gate }
    guard let zone = situation.zone else { return .no(.noRoute) }
    guard let home = memory.home(situation) else { return .no(.noCamp) }
    let lost = situation.configuration.features.recoversCorpses ? memory.lostCorpse : nil
    let (goal, at) =
      lost.map { ($0.zone, $0.at) } ?? memory.errand.map { ($0.zone, $0.at) } ?? (home.zone, home.at)
    if goal == zone { return .no(.arrived) }
    guard situation.lore.line(from: zone, to: goal) != nil else { return .no(.noRoute) }
    // Whoever leaves town should be fit, and with a pet if there can be one.
    if let health = situation.health, health < situation.thresholds.acquireHealth {
      return .no(.healthLow, health, under: situation.thresholds.acquireHealth)
    }
    return .eligible(score: 0.7, order: .travel(to: at, zone: goal))
  }

  @Sendable private static func wander(_ situation: Situation, _ memory: BrainMemory) -> RuleVerdict {
    if let gate = walkingGate(situation, situation.configuration.features.wanders) { return gate }
    guard let home = memory.home(situation) else { return .no(.noCamp) }
    if let away = memory.businessElsewhere(situation) { return away }
    guard home.zone == situation.zone else { return .no(.farFromCamp) }
    if let pet = situation.petHealth, pet < situation.thresholds.acquirePet {
      return .no(.petWeak, pet, under: situation.thresholds.acquirePet)
    }
    if memory.isResting { return .no(.recovered) }
    // A pet that was left behind is fetched.
    if let sought = memory.pet.sought {
      return .eligible(score: 0.4, order: .wander(around: sought, radius: Self.searchRadius))
    }
    // Who cannot hunt for a while looks elsewhere.
    if memory.choice != nil, !memory.isHuntBarred { return .no(.targetPresent) }
    if memory.leader == nil, let expected = memory.expected {
      return .eligible(score: 0.4, order: .wander(around: expected.place, radius: Self.lookoutRadius))
    }
    let roam = memory.leader == nil ? memory.experience.tuning.roam : 1
    return .eligible(score: 0.4, order: .wander(around: home.at, radius: home.radius * roam))
  }

  /// How near we wait at a place where somebody is expected. Unit: world units.
  static let lookoutRadius = 40.0
  /// How far about the place where a lost pet was seen we look for it. Unit: world units.
  static let searchRadius = 80.0

  /// What must hold before we go somewhere. Standing still beside what might attack is no safer than walking on: only
  /// attackers and deadly threats keep us, and those have rules of their own.
  private static func walkingGate(_ situation: Situation, _ isOn: Bool) -> RuleVerdict? {
    if situation.isDead { return .no(.dead) }
    guard isOn else { return .no(.featureOff) }
    if situation.isAttacked {
      return .no(.attackerPresent, Double(situation.model.attackers.count))
    }
    if situation.deadlyThreat != nil { return .no(.threatNear) }
    return nil
  }
}

extension BrainMemory {
  /// Why we do not stay at home now: our corpse lies, or a merchant waits, somewhere else.
  fileprivate func businessElsewhere(_ situation: Situation) -> RuleVerdict? {
    if lostCorpse != nil, situation.configuration.features.recoversCorpses { return .no(.corpseUnlooted) }
    if let errand, errand.zone != situation.zone { return .no(.bagsFull) }
    return nil
  }
}
