import Core

// Blows, damage, death of NPCs and pets, experience.
extension World {
  /// A blow: hit or miss, then damage.
  mutating func strike(
    _ slot: Int, _ enemy: Int, hit: Double, damage: ClosedRange<Double>,
    stun: (chance: Double, seconds: Double) = (0, 0)
  ) {
    let difference = Double(entities[slot].level - entities[enemy].level)
    let chance = min(data.rules.hitMax, max(data.rules.hitMin, hit + difference * data.rules.hitPerLevel))
    let isHit = minds[slot].random.chance(chance)
    guard isHit else {
      if slot < players.count { say(slot, .youMiss(entities[enemy].name)) }
      if enemy < players.count { say(enemy, .missesYou(entities[slot].name)) }
      if enemy >= firstNPCSlot { provoke(enemy, by: slot, hate: 1) }
      return
    }
    var amount = minds[slot].random.uniform(damage)
    amount *= 1 - min(data.rules.armorMax, armor(enemy) * data.rules.armorFactor)
    if entities[enemy].posture == .sitting { amount *= data.rules.sittingHitFactor }
    let points = max(1, Int(amount.rounded()))
    if slot < players.count {
      say(slot, .youHit(entities[enemy].name, damage: points))
    } else if let player = player(behind: slot) {
      say(player, .petHits(entities[enemy].name, damage: points))
    }
    if enemy < players.count { say(enemy, .hitsYou(entities[slot].name, damage: points)) }
    hurt(enemy, points, by: slot, hate: slot >= players.count && slot < firstCorpseSlot ? data.rules.petTauntHate : 0)
    if enemy < players.count, players[enemy].casting != nil, minds[slot].random.chance(data.rules.interruptChance) {
      interruptCast(enemy)
    }
    if enemy >= firstNPCSlot, minds[enemy].castEnd > 0, minds[slot].random.chance(data.rules.interruptChance) {
      minds[enemy].castEnd = 0
    }
    if stun.chance > 0, minds[slot].random.chance(stun.chance) { self.stun(enemy, seconds: stun.seconds) }
  }

  private func armor(_ slot: Int) -> Double {
    var armor = Double(minds[slot].status.armor)
    if slot < players.count {
      let kit = players[slot].kit
      armor += wornArmor(slot)
      armor += data.classes[kit].armor + data.classes[kit].armorPerLevel * Double(entities[slot].level)
    } else if let type = entities[slot].type {
      armor += data.npcs[type].armor
    }
    return armor
  }

  /// Takes health; who is hurt turns against who did it. `by` nil: the world itself.
  mutating func hurt(_ slot: Int, _ points: Int, by attacker: Int?, hate extra: Double = 0) {
    guard entities[slot].isPresent, entities[slot].kind != .corpse, entities[slot].posture != .dead else { return }
    entities[slot].health = max(0, entities[slot].health - points)
    if slot < players.count { players[slot].statistics.damageTaken += points }
    if let attacker {
      if let player = player(behind: attacker) { players[player].statistics.damageDealt += points }
      provoke(slot, by: attacker, hate: Double(points) + extra)
      if slot >= firstNPCSlot {
        if let player = player(behind: attacker) {
          if minds[slot].claimant < 0 { minds[slot].claimant = player }
          if minds[slot].claimant == player {
            minds[slot].claimedDamage += points
          } else {
            minds[slot].otherDamage += points
          }
        } else {
          minds[slot].otherDamage += points
        }
      }
    }
    if minds[slot].status.isMesmerised { removeEffects(on: entities[slot].id, kind: .mez) }
    if minds[slot].status.isRooted, minds[slot].random.chance(data.rules.rootBreak) {
      removeEffects(on: entities[slot].id, kind: .root)
    }
    if entities[slot].health == 0 { die(slot, by: attacker) }
  }

  /// Somebody was attacked: NPCs fight back, pets defend themselves and their masters.
  mutating func provoke(_ slot: Int, by attacker: Int, hate amount: Double) {
    guard attacker != slot, entities[attacker].isPresent else { return }
    if slot >= firstNPCSlot {
      addHate(slot, entities[attacker].id, amount)
      if minds[slot].mood != .fighting, minds[slot].mood != .fleeing { startFight(slot, with: attacker) }
      if let player = player(behind: attacker) { players[player].combatUntil = stepIndex + 60 }
      return
    }
    guard let player = player(behind: slot), attacker >= firstNPCSlot else { return }
    players[player].combatUntil = stepIndex + 60
    let pet = players.count + player
    if entities[pet].isPresent, minds[pet].mood != .fighting { petFights(pet, attacker) }
  }

  private mutating func die(_ slot: Int, by killer: Int?) {
    if slot < players.count {
      diePlayer(slot, by: killer)
      return
    }
    if slot < firstCorpseSlot {
      diePet(slot)
      return
    }
    guard let type = entities[slot].type else { return }
    let id = entities[slot].id
    let zone = entities[slot].zone
    for player in players.indices
    where !players[player].isLoading && entities[players[player].slot].zone == zone {
      let isMine = killer.map { self.player(behind: $0) == player } ?? false
      if isMine {
        say(player, .youSlew(entities[slot].name))
      } else if players[player].target == id {
        say(player, .slain(entities[slot].name))
      }
    }
    let claimant = minds[slot].claimant
    if claimant >= 0, minds[slot].claimedDamage >= minds[slot].otherDamage {
      players[claimant].statistics.defeats += 1
      gainExperience(claimant, forLevel: entities[slot].level, factor: data.npcs[type].experience)
      if data.npcs[type].kin >= 0 {
        let standing = players[claimant].standing[data.npcs[type].kin]
        players[claimant].standing[data.npcs[type].kin] = max(-1_000, standing - data.rules.standingPerKill)
      }
    }
    let corpse = leaveCorpse(slot, name: data.npcs[type].corpseName, seconds: data.rules.corpseSeconds)
    corpses[corpse - firstCorpseSlot].coins = minds[slot].random.integer(data.npcs[type].coins)
    for index in data.npcs[type].loot.indices {
      let entry = data.npcs[type].loot[index]
      if minds[slot].random.chance(entry.chance) {
        put(ItemStack(item: entry.item, count: minds[slot].random.integer(entry.count)), intoCorpse: corpse)
      }
    }
    if isEmpty(corpse - firstCorpseSlot) {
      corpses[corpse - firstCorpseSlot].decayStep = stepIndex + Self.steps(data.rules.emptyCorpseSeconds)
    }
    for player in players.indices where players[player].target == id { players[player].target = entities[corpse].id }
    removeEffects(on: id)
    entities[slot].isPresent = false
    wake[slot] = .max
    let spawn = minds[slot].spawn
    let spread = data.zones[zone].spawns[spawn].respawnSpread
    let seconds = data.zones[zone].spawns[spawn].respawnMean + minds[slot].random.uniform(-spread...spread)
    minds[slot].respawnStep = stepIndex + Self.steps(seconds)
  }

  private mutating func diePet(_ slot: Int) {
    let player = slot - players.count
    say(player, .petDied)
    players[player].statistics.petDeaths += 1
    players[player].pet = nil
    forget(entities[slot].id, zone: entities[slot].zone)
    vanish(slot)
  }

  mutating func gainExperience(_ player: Int, forLevel level: Int, factor: Double) {
    let slot = players[player].slot
    let con = Con(level: level, own: entities[slot].level)
    let part = data.rules.experienceByCon[Con.allCases.firstIndex(of: con) ?? 0]
    let points = Int((Double(level) * 10 * factor * part).rounded())
    guard points > 0 else { return }
    players[player].statistics.experienceGained += points
    players[player].experience += points
    say(player, .experience)
    while players[player].experience >= players[player].experienceNext {
      guard entities[slot].level < data.rules.levelMax else {
        players[player].experience = players[player].experienceNext
        return
      }
      players[player].experience -= players[player].experienceNext
      entities[slot].level += 1
      players[player].statistics.levelsGained += 1
      players[player].experienceNext = experienceNeeded(entities[slot].level)
      refreshMaxima(player)
      entities[slot].health = entities[slot].healthMax
      players[player].mana = players[player].manaMax
      say(player, .levelUp(entities[slot].level))
    }
  }
}
