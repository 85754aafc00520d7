import Core
import Lore
import WorldModel

extension RuleTable {
  /// A gem that is back so soon is waited for by the routine itself: after each cast all gems rest for a moment, and
  /// after one that failed the routine begins anew. Unit: seconds.
  static let gemPatience = 2.5

  static let maintenance: [Rule] = [
    Rule(
      .memorizeSpells, .ordinary, tier: 2, weight: 15, lock: 60, cooldown: 120,
      considerations: [Consideration(.one, .linear(from: 0, to: 1.25))], evaluate: memorizeSpells),
    Rule(
      .summonPet, .ordinary, tier: 2, weight: 40, lock: 30, cooldown: 5,
      considerations: [Consideration(.one, .linear(from: 0, to: 1))], evaluate: summonPet),
    Rule(
      .buff, .ordinary, tier: 2, weight: 36, lock: 20, cooldown: 5,
      considerations: [Consideration(.buffMissing, .linear(from: 0, to: 1.2))], evaluate: buff),
    Rule(
      .vendor, .ordinary, tier: 2, weight: 12, lock: 400, cooldown: 60,
      considerations: [Consideration(.bagsFull, .piecewise([.init(0, 0.5), .init(1, 1)]))],
      evaluate: vendor),
  ]

  @Sendable private static func memorizeSpells(_ situation: Situation, _ memory: BrainMemory)
    -> RuleVerdict
  {
    if let gate = quietGate(situation, situation.configuration.features.memorizes) { return gate }
    guard !situation.state.gems.isEmpty, !situation.loadout.gems.isEmpty else {
      return .no(.allMemorised)
    }
    for (index, wanted) in situation.loadout.gems.enumerated() {
      guard let wanted, index < situation.state.gems.count else { continue }
      if situation.gem(wanted) == nil { return .eligible(score: 0.8, order: .memorizeSpells) }
    }
    return .no(.allMemorised)
  }

  @Sendable private static func summonPet(_ situation: Situation, _ memory: BrainMemory)
    -> RuleVerdict
  {
    if let gate = quietGate(situation, situation.configuration.features.summons) { return gate }
    guard let spell = situation.loadout.pet else { return .no(.noPetSpell) }
    if situation.hasPet { return .no(.petAlive) }
    if let obstacle = situation.obstacle(casting: spell, patience: gemPatience) { return obstacle }
    return .eligible(score: 1, order: .summonPet(spell: spell))
  }

  @Sendable private static func buff(_ situation: Situation, _ memory: BrainMemory) -> RuleVerdict {
    if let gate = quietGate(situation, situation.configuration.features.buffs) { return gate }
    let meal = situation.meal
    guard !situation.loadout.buffs.isEmpty || meal != nil else { return .no(.spellUnknown) }
    // A hunt that has begun is not broken off for what keeps.
    if memory.rule == .pull || memory.rule == .acquire { return .no(.targetPresent) }
    var refusal = RuleVerdict.no(.buffPresent)
    for spell in situation.loadout.buffs {
      if situation.state.player.buffs.contains(where: {
        $0.spell == spell && ($0.remaining == 0 || $0.remaining > 20)
      }) {
        continue
      }
      // Cast, but not seen yet, or of a kind that cannot be seen.
      if let last = memory.lastBuff, last.spell == spell, situation.tick - last.tick < 300 {
        refusal = .no(.buffRecent, Double(situation.tick - last.tick) / 10, under: 30)
        continue
      }
      if let obstacle = situation.obstacle(casting: spell, patience: gemPatience) {
        refusal = obstacle
        continue
      }
      return .eligible(score: 0.7, order: .buff(spell: spell))
    }
    if let meal { return .eligible(score: 0.7, order: .buff(spell: meal)) }
    return refusal
  }

  @Sendable private static func vendor(_ situation: Situation, _ memory: BrainMemory) -> RuleVerdict {
    if let gate = quietGate(situation, situation.configuration.features.trades) { return gate }
    guard let errand = memory.errand else {
      return .no(.bagsNotFull, situation.bagsFullness ?? 0, under: 1)
    }
    guard errand.zone == situation.zone else { return .no(.noVendor) }
    return .eligible(score: 0.7, order: .vendor(merchant: errand.merchant, at: errand.at))
  }

  /// What must hold before anything is put in order.
  static func quietGate(_ situation: Situation, _ isOn: Bool) -> RuleVerdict? {
    if situation.isDead { return .no(.dead) }
    guard isOn else { return .no(.featureOff) }
    if situation.isAttacked {
      return .no(.attackerPresent, Double(situation.model.attackers.count))
    }
    if situation.isThreatened { return .no(.threatNear) }
    return nil
  }
}
