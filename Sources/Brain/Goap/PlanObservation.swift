import Core
import Lore
import WorldModel

extension PlanState {
  /// What the agent sees, as atoms.
  init(_ situation: Situation, _ memory: BrainMemory) {
    self.init()
    let thresholds = situation.thresholds
    let health = situation.health ?? 0
    let mana = situation.mana ?? 1
    self[.healthSafe] = health >= thresholds.fleeHealth
    self[.healthReady] = health >= thresholds.restHealthEnter && !(memory.isResting && !situation.isThreatened)
    self[.healthFull] = health >= thresholds.restHealthExit
    self[.manaReady] = mana >= thresholds.restManaEnter && !situation.lacksMeans(memory)
    self[.manaFull] = mana >= thresholds.restManaExit
    self[.petAlive] = !situation.wantsPet || situation.hasPet
    self[.buffed] = isBuffed(situation, memory)
    self[.memorised] = isMemorised(situation)
    self[.quiet] = !situation.isThreatened
    self[.engaged] = memory.primary != nil
    self[.candidateKnown] = memory.choice != nil || memory.primary != nil
    self[.targetTaken] = situation.state.target != nil && situation.state.target == memory.choice?.id
    self[.corpseNear] = memory.corpse != nil && situation.configuration.features.loots
    // An errand is all that a merchant can help with; without one there is nothing to sell, or nobody to sell to.
    self[.bagsFree] = memory.errand == nil
    self[.stocked] = memory.errand == nil || isStocked(situation)
    let camp = memory.camp.map { situation.lore.camps[$0] }
    self[.inCampZone] = camp != nil && camp?.zone == situation.zone
    self[.atCamp] = self[.inCampZone] && !memory.isFarFromCamp
    self[.inMarketZone] = memory.errand.map { $0.zone == situation.zone } ?? hasVendor(situation)
    // What lies in another zone than the camp's is for the rules, not for plans.
    self[.corpseRecovered] = memory.lostCorpse.map { $0.zone != camp?.zone } ?? true
  }

  private func isBuffed(_ situation: Situation, _ memory: BrainMemory) -> Bool {
    guard situation.configuration.features.buffs else { return true }
    if situation.meal != nil { return false }
    return situation.loadout.buffs.allSatisfy { spell in
      situation.state.player.buffs.contains { $0.spell == spell && ($0.remaining == 0 || $0.remaining > 20) }
        || (memory.lastBuff.map { $0.spell == spell && situation.tick - $0.tick < 300 } ?? false)
        // What cannot be cast for good is no part of readiness.
        || situation.gem(spell) == nil
    }
  }

  private func isMemorised(_ situation: Situation) -> Bool {
    guard situation.configuration.features.memorizes, !situation.state.gems.isEmpty else { return true }
    return situation.loadout.gems.indices.allSatisfy { index in
      guard index < situation.state.gems.count, let wanted = situation.loadout.gems[index] else { return true }
      return situation.gem(wanted) != nil
    }
  }

  private func isStocked(_ situation: Situation) -> Bool {
    guard let pet = situation.loadout.pet, let reagent = situation.lore.spell(pet)?.reagent,
      let count = situation.count(reagent), let item = situation.lore.item(reagent)
    else { return true }
    // What cannot be bought is no aim.
    return count > 0 || (situation.state.player.money ?? 0) < item.value * 3
  }

  private func hasVendor(_ situation: Situation) -> Bool {
    situation.zone.flatMap(situation.lore.zone).map { !$0.vendors.isEmpty } ?? false
  }
}

extension PlanGoalID {
  /// How much the goal matters now. Range: `0...1`; 0 leaves it out.
  func insistence(_ state: PlanState, _ situation: Situation) -> Double {
    let health = situation.health ?? 0
    let mana = situation.mana ?? 1
    switch self {
    case .survive:
      if health < 0.3 { return 1 }
      return state[.healthSafe] ? 0 : 0.9
    case .maintainReadiness:
      let satisfied = 1 - (state[.petAlive] ? 0 : 0.4) - (state[.buffed] ? 0 : 0.3) - (state[.memorised] ? 0 : 0.3)
      return (1 - satisfied) / 2
    case .manageResources:
      let satisfied = 0.7 * min(1, mana / 0.7) + 0.3 * min(1, health / 0.9)
      return (1 - satisfied) / 3
    case .gainExperience:
      guard situation.configuration.features.hunts else { return 0 }
      return 0.35
    case .manageInventory:
      if !state[.bagsFree] { return 0.8 }
      if !state[.corpseRecovered] { return 0.7 }
      return state[.stocked] ? 0 : 0.3
    case .progress:
      return state[.atCamp] ? 0 : 0.33
    }
  }
}
