import Core

// Casting: gems, mana, fizzles, interruption, resists, and what spells do.
extension World {
  /// A gem key went down.
  mutating func castGem(_ player: Int, _ gem: Int) {
    let slot = players[player].slot
    guard entities[slot].posture != .dead else { return }
    guard players[player].casting == nil else {
      say(player, .alreadyCasting)
      return
    }
    guard !minds[slot].status.isMesmerised, !isStunned(slot) else {
      say(player, .stunned)
      return
    }
    guard let spell = players[player].gems[gem].spell else {
      say(player, .emptyGem)
      return
    }
    guard stepIndex >= players[player].gems[gem].readyStep else {
      say(player, .notReady(data.spells[spell].name))
      return
    }
    players[player].memorising = nil
    stand(player)
    guard let target = spellTarget(player, spell) else { return }
    guard players[player].mana >= data.spells[spell].mana else {
      say(player, .noMana)
      return
    }
    if let reagent = data.spells[spell].reagent, countItems(player, reagent) == 0 {
      say(player, .missingReagent(data.item(reagent)?.name ?? .empty))
      return
    }
    say(player, .beginCasting(data.spells[spell].name))
    players[player].statistics.casts += 1
    let mastery =
      entities[slot].level - (data.spells[spell].level(forClass: data.classes[players[player].kit].id) ?? 1)
    let fizzle = data.rules.fizzleChance - Double(mastery) * data.rules.fizzlePerLevel
    if players[player].random.chance(max(0.01, fizzle) + castingLack(player)) {
      players[player].statistics.fizzles += 1
      players[player].mana -= Int(Double(data.spells[spell].mana) * data.rules.fizzleManaPart)
      refreshGems(player)
      say(player, .fizzle)
      return
    }
    players[player].casting = CastState(
      spell: spell, gem: gem, target: entities[target].id, startStep: stepIndex,
      endStep: stepIndex + Self.steps(data.spells[spell].cast), startPosition: entities[slot].position)
  }

  /// Whom a spell would reach; nil, and the player is told why, when nobody.
  private mutating func spellTarget(_ player: Int, _ spell: Int) -> Int? {
    let slot = players[player].slot
    switch data.spells[spell].target {
    case .selfOnly: return slot
    case .pet:
      guard let pet = players[player].pet.flatMap({ self.slot(of: $0) }) else {
        say(player, .noPet)
        return nil
      }
      return isReachable(player, pet, spell) ? pet : nil
    case .single:
      guard let target = players[player].target.flatMap({ self.slot(of: $0) }) else {
        say(player, .noTarget)
        return nil
      }
      guard isFoe(target) else {
        say(player, .invalidTarget)
        return nil
      }
      return isReachable(player, target, spell) ? target : nil
    }
  }

  private mutating func isReachable(_ player: Int, _ target: Int, _ spell: Int) -> Bool {
    let slot = players[player].slot
    guard entities[target].zone == entities[slot].zone,
      entities[target].position.distance(to: entities[slot].position) <= data.spells[spell].range
    else {
      say(player, .outOfRange)
      return false
    }
    guard canSee(slot, target) else {
      say(player, .cannotSee)
      return false
    }
    return true
  }

  /// All gems need a moment after a cast.
  private mutating func refreshGems(_ player: Int) {
    let ready = stepIndex + Self.steps(data.rules.gemRefreshSeconds)
    for gem in players[player].gems.indices {
      players[player].gems[gem].readyStep = max(players[player].gems[gem].readyStep, ready)
    }
  }

  mutating func interruptCast(_ player: Int) {
    guard players[player].casting != nil else { return }
    players[player].casting = nil
    players[player].statistics.interrupts += 1
    refreshGems(player)
    say(player, .interrupted)
  }

  mutating func continueCasting(_ player: Int) {
    guard let cast = players[player].casting else { return }
    let slot = players[player].slot
    let moved = cast.startPosition.distance(to: entities[slot].position)
    guard entities[slot].posture != .sitting, moved <= data.rules.interruptMoveDistance else {
      interruptCast(player)
      return
    }
    guard stepIndex >= cast.endStep else { return }
    players[player].casting = nil
    guard let target = self.slot(of: cast.target), isReachableStill(slot, target, cast.spell),
      players[player].mana >= data.spells[cast.spell].mana
    else {
      players[player].statistics.interrupts += 1
      refreshGems(player)
      say(player, .interrupted)
      return
    }
    if let reagent = data.spells[cast.spell].reagent {
      guard take(player, reagent, 1) else {
        say(player, .missingReagent(data.item(reagent)?.name ?? .empty))
        return
      }
    }
    players[player].mana -= data.spells[cast.spell].mana
    refreshGems(player)
    players[player].gems[cast.gem].readyStep = max(
      players[player].gems[cast.gem].readyStep, stepIndex + Self.steps(data.spells[cast.spell].recast))
    land(cast.spell, from: slot, on: target)
  }

  private func isReachableStill(_ slot: Int, _ target: Int, _ spell: Int) -> Bool {
    if slot == target { return true }
    let range = data.spells[spell].range * 1.15
    return entities[target].zone == entities[slot].zone && entities[target].posture != .dead
      && entities[target].kind != .corpse
      && entities[target].position.distance(to: entities[slot].position) <= range && canSee(slot, target)
  }

  /// A spell's numbers at the caster's level.
  private func power(_ spell: Int, _ slot: Int) -> Double {
    var first = data.spells[spell].levels.first?.level ?? 1
    if slot < players.count {
      first = data.spells[spell].level(forClass: data.classes[players[slot].kit].id) ?? first
    }
    return data.spells[spell].perLevel * Double(max(0, entities[slot].level - first))
  }

  private mutating func amount(_ spell: Int, _ slot: Int) -> Int {
    let span = data.spells[spell].amount
    return minds[slot].random.integer(span) + Int(power(spell, slot))
  }

  /// A spell takes effect, or is resisted.
  mutating func land(_ spell: Int, from slot: Int, on target: Int) {
    let kind = data.spells[spell].kind
    let isHostile = kind.isHostile
    if isHostile, target != slot {
      let difference = Double(entities[target].level - entities[slot].level)
      let chance = data.rules.resistBase + difference * data.rules.resistPerLevel + data.spells[spell].resistBonus
      if minds[slot].random.chance(min(data.rules.resistMax, max(data.rules.resistMin, chance))) {
        if slot < players.count {
          players[slot].statistics.resists += 1
          say(slot, .resisted(data.spells[spell].name))
        }
        provoke(target, by: slot, hate: 10)
        return
      }
    }
    switch kind {
    case .nuke, .lifetap:
      let points = amount(spell, slot)
      if slot < players.count { say(slot, .spellHits(entities[target].name, damage: points)) }
      if target < players.count { say(target, .spellHitsYou(entities[slot].name, damage: points)) }
      if kind == .lifetap { heal(slot, points) }
      hurt(target, points, by: slot, hate: Double(points) * (data.rules.spellHateFactor - 1))
      if data.spells[spell].stun > 0 { stun(target, seconds: data.spells[spell].stun) }
    case .heal:
      let points = amount(spell, slot)
      heal(target, points)
      if slot < players.count {
        say(slot, .youHeal(entities[target].name, amount: points))
        hateHealer(slot, target, Double(points) * data.rules.healHateFactor)
      }
    case .dot, .fear, .snare, .root, .mez:
      addEffect(spell, from: slot, on: target)
      if slot < players.count { say(slot, .landed(spell: data.spells[spell].name, on: entities[target].name)) }
      if target < players.count { say(target, .landed(spell: data.spells[spell].name, on: entities[target].name)) }
      provoke(target, by: slot, hate: 10 + Double(data.spells[spell].amount.upperBound) * data.rules.spellHateFactor)
    case .buff:
      addEffect(spell, from: slot, on: target)
      if slot < players.count { say(slot, .landed(spell: data.spells[spell].name, on: entities[target].name)) }
    case .pet:
      if slot < players.count, let type = data.spells[spell].pet { summon(slot, type: type) }
    case .feign: if slot < players.count { feign(slot) }
    case .gate:
      if slot < players.count {
        enter(slot, zone: players[slot].bindZone, at: players[slot].bindPosition, heading: .north)
      }
    }
  }

  /// Those who fight the healed hate the healer.
  private mutating func hateHealer(_ slot: Int, _ target: Int, _ amount: Double) {
    for npc in npcSlots[entities[slot].zone]
    where entities[npc].isPresent && minds[npc].mood == .fighting && hates(npc, entities[target].id) {
      addHate(npc, entities[slot].id, amount)
    }
  }

  private mutating func feign(_ player: Int) {
    let slot = players[player].slot
    guard !players[player].random.chance(data.rules.feignFailChance) else {
      say(player, .feignFailed)
      return
    }
    entities[slot].posture = .feigned
    players[player].isAutoAttacking = false
    say(player, .feigned)
    for npc in npcSlots[entities[slot].zone] where entities[npc].isPresent && hates(npc, entities[slot].id) {
      guard let type = entities[npc].type else { continue }
      if minds[npc].random.chance(data.npcs[type].seesThroughFeign) { continue }
      forget(entities[slot].id, by: npc)
    }
  }

  // MARK: Casters among the NPCs

  /// Begins an NPC's spell when it would help; true when it casts now.
  mutating func beginCast(_ slot: Int, _ spell: Int, _ enemy: Int) -> Bool {
    guard let type = entities[slot].type else { return false }
    minds[slot].nextSpell = stepIndex + Self.steps(data.spells[spell].recast)
    guard minds[slot].random.chance(data.npcs[type].spellChance) else { return false }
    if data.spells[spell].kind == .heal {
      guard let patient = mostHurtKin(slot, type, range: data.spells[spell].range) else { return false }
      minds[slot].castTarget = entities[patient].id.raw
    } else {
      guard entities[enemy].position.distance(to: entities[slot].position) <= data.spells[spell].range,
        canSee(slot, enemy)
      else { return false }
      minds[slot].castTarget = entities[enemy].id.raw
    }
    entities[slot].velocity = .origin
    minds[slot].castEnd = stepIndex + Self.steps(data.spells[spell].cast)
    return true
  }

  /// Itself or one of its kin near by, whoever has the smallest part of its health left, below 0.6; nil for nobody.
  private func mostHurtKin(_ slot: Int, _ type: Int, range: Double) -> Int? {
    var worst = (part: 0.6, slot: -1)
    for other in npcSlots[entities[slot].zone] where entities[other].isPresent {
      let part = entities[other].healthFraction
      guard part < worst.part, let kind = entities[other].type,
        other == slot || (data.npcs[kind].kin == data.npcs[type].kin && data.npcs[type].kin >= 0),
        other == slot || entities[other].position.distance(to: entities[slot].position) <= range,
        other == slot || canSee(slot, other)
      else { continue }
      worst = (part, other)
    }
    return worst.slot >= 0 ? worst.slot : nil
  }

  mutating func continueCast(_ slot: Int) {
    guard stepIndex >= minds[slot].castEnd else { return }
    minds[slot].castEnd = 0
    guard let type = entities[slot].type, let spell = data.npcs[type].spell,
      let target = self.slot(of: EntityID(minds[slot].castTarget)), isReachableStill(slot, target, spell)
    else { return }
    land(spell, from: slot, on: target)
  }
}

extension SpellKind {
  /// True for spells that are done to enemies.
  public var isHostile: Bool {
    switch self {
    case .nuke, .dot, .lifetap, .fear, .snare, .root, .mez: true
    case .heal, .buff, .pet, .feign, .gate: false
    }
  }
}
