import Core

// What players do between keys: casts that end, swings that are due, death and what follows.
extension World {
  mutating func carryOn(_ player: Int) {
    let slot = players[player].slot
    if entities[slot].posture == .dead {
      if stepIndex >= players[player].releaseStep { release(player) }
      return
    }
    players[player].isInCombat = stepIndex < players[player].combatUntil
    continueCasting(player)
    if let work = players[player].memorising {
      if entities[slot].posture != .sitting {
        players[player].memorising = nil
      } else if stepIndex >= work.endStep {
        players[player].memorising = nil
        players[player].gems[work.gem] = GemState(spell: work.spell, readyStep: stepIndex)
        say(player, .memorised(data.spells[work.spell].name, gem: work.gem + 1))
      }
    }
    if players[player].isAutoAttacking { autoAttack(player) }
    if stepIndex % 10 == 0 { keepWindows(player) }
    if let target = players[player].target, self.slot(of: target) == nil { players[player].target = nil }
    entities[slot].target = players[player].target
  }

  private mutating func autoAttack(_ player: Int) {
    let slot = players[player].slot
    guard stepIndex >= players[player].nextSwing, let target = players[player].target.flatMap({ self.slot(of: $0) }),
      isFoe(target), entities[slot].posture == .standing || entities[slot].posture == .swimming,
      players[player].casting == nil, !minds[slot].status.isMesmerised, !isStunned(slot)
    else { return }
    let way = entities[target].position - entities[slot].position
    guard way.horizontalLength <= data.rules.meleeRange, abs(way.z) < data.rules.meleeRange else { return }
    let facing = entities[slot].heading.turn(to: entities[slot].position.heading(to: entities[target].position))
    guard abs(facing) <= data.rules.meleeArc else { return }
    let kit = players[player].kit
    players[player].nextSwing = stepIndex + Self.steps(data.classes[kit].meleeDelay)
    players[player].combatUntil = stepIndex + 60
    let most =
      data.classes[kit].damageBase + data.classes[kit].damagePerLevel * Double(entities[slot].level)
      + weaponDamage(player)
    strike(slot, target, hit: data.classes[kit].hitChance - meleeLack(player), damage: 1...max(1, most))
  }

  /// An NPC that may be fought.
  func isFoe(_ slot: Int) -> Bool {
    entities[slot].kind == .npc && entities[slot].isPresent
      && entities[slot].type.map {
        switch data.npcs[$0].role {
        case .monster, .citizen, .guardian: true
        case .merchant, .banker, .pet: false
        }
      } ?? false
  }

  mutating func stand(_ player: Int) {
    let slot = players[player].slot
    guard entities[slot].posture == .sitting || entities[slot].posture == .feigned else { return }
    entities[slot].posture = .standing
  }

  mutating func sit(_ player: Int) {
    let slot = players[player].slot
    guard entities[slot].posture == .standing, !players[player].isAirborne else { return }
    interruptCast(player)
    entities[slot].posture = .sitting
    players[player].isAutorunning = false
    players[player].isAutoAttacking = false
  }

  mutating func diePlayer(_ player: Int, by killer: Int?) {
    let slot = players[player].slot
    players[player].statistics.deaths += 1
    say(player, .youDied(killer.map { entities[$0].name } ?? "the world"))
    players[player].casting = nil
    players[player].memorising = nil
    players[player].isAutoAttacking = false
    players[player].isAutorunning = false
    closeWindows(player)
    removeEffects(on: entities[slot].id)
    forget(entities[slot].id, zone: entities[slot].zone)
    dismissPet(player)
    entities[slot].posture = .dead
    entities[slot].velocity = .origin
    players[player].target = nil
    players[player].releaseStep = stepIndex + Self.steps(data.rules.releaseSeconds)
    loseExperience(player)

    let name = FixedName("\(entities[slot].name)'s corpse")
    let corpse = leaveCorpse(slot, name: name, seconds: data.rules.playerCorpseSeconds)
    corpses[corpse - firstCorpseSlot].player = player
    corpses[corpse - firstCorpseSlot].coins = players[player].money
    players[player].money = 0
    for index in players[player].inventory.indices where players[player].inventory[index].count > 0 {
      put(players[player].inventory[index], intoCorpse: corpse)
      players[player].inventory[index] = .none
    }
    for worn in [players[player].weapon, players[player].armor] { put(worn, intoCorpse: corpse) }
    players[player].weapon = .none
    players[player].armor = .none
    weigh(player)
  }

  private mutating func loseExperience(_ player: Int) {
    let slot = players[player].slot
    guard entities[slot].level >= data.rules.experienceLossFromLevel else { return }
    let loss = Int(Double(players[player].experienceNext) * data.rules.experienceLossPart)
    guard loss > 0 else { return }
    players[player].statistics.experienceLost += loss
    players[player].experience -= loss
    say(player, .experienceLost)
    if players[player].experience < 0 {
      guard entities[slot].level > 1 else {
        players[player].experience = 0
        return
      }
      entities[slot].level -= 1
      players[player].experienceNext = experienceNeeded(entities[slot].level)
      players[player].experience = max(0, players[player].experience + players[player].experienceNext)
      refreshMaxima(player)
    }
  }

  /// The dead wake up at their bind point.
  mutating func release(_ player: Int) {
    let slot = players[player].slot
    guard entities[slot].posture == .dead else { return }
    entities[slot].posture = .standing
    refreshMaxima(player)
    entities[slot].health = max(1, entities[slot].healthMax / 2)
    players[player].mana = players[player].manaMax / 2
    players[player].isInCombat = false
    enter(player, zone: players[player].bindZone, at: players[player].bindPosition, heading: .north)
  }

  mutating func dismissPet(_ player: Int) {
    let pet = players.count + player
    guard entities[pet].isPresent else { return }
    forget(entities[pet].id, zone: entities[pet].zone)
    players[player].pet = nil
    vanish(pet)
  }
}
