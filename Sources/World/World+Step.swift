import Core

// One step, in its order: players' keys, players' doings, pets, NPCs, the slow round of things.
extension World {
  mutating func advance(_ inputs: [PlayerInput]) {
    for player in players.indices { drive(player, inputs) }
    for player in players.indices where !players[player].isLoading { carryOn(player) }
    for player in players.indices {
      let pet = players.count + player
      if entities[pet].isPresent { updatePet(pet, of: player) }
    }
    for zone in data.zones.indices where hasPlayers(zone) {
      for slot in npcSlots[zone] where wake[slot] <= stepIndex { updateNPC(slot) }
    }
    if stepIndex % Self.stepsPerSecond == 0 {
      decayCorpses()
      for slot in firstNPCSlot..<entities.count
      where !entities[slot].isPresent && minds[slot].respawnStep <= stepIndex { spawnNPC(slot) }
    }
    if stepIndex % Self.stepsPerServerTick == 0 { serverTick() }
  }

  private func hasPlayers(_ zone: Int) -> Bool {
    for player in players where !player.isLoading && entities[player.slot].zone == zone { return true }
    return false
  }

  static func steps(_ seconds: Double) -> Int { Int((seconds * Double(stepsPerSecond)).rounded(.up)) }

  mutating func say(_ player: Int, _ message: ChatMessage) {
    chat.append(ChatLine(player: player, message))
  }

  /// The player whose body or whose pet `slot` is; nil for NPCs.
  func player(behind slot: Int) -> Int? { slot < firstCorpseSlot ? slot % max(1, players.count) : nil }

  /// Regeneration, damage over time and the wearing off of spells.
  private mutating func serverTick() {
    tickEffects()
    for player in players.indices where !players[player].isLoading { regenerate(player) }
    if stepIndex % (10 * Self.stepsPerServerTick) == 0 {
      for player in players.indices {
        for kin in players[player].standing.indices where players[player].standing[kin] < 0 {
          players[player].standing[kin] += 1
        }
      }
    }
    for player in players.indices {
      let pet = players.count + player
      guard entities[pet].isPresent else { continue }
      let part = minds[pet].mood == .fighting ? data.rules.petRegenerationPart * 0.3 : data.rules.petRegenerationPart
      heal(pet, max(1, Int(Double(entities[pet].healthMax) * part)))
    }
    for slot in firstNPCSlot..<entities.count
    where entities[slot].isPresent && entities[slot].health < entities[slot].healthMax {
      if minds[slot].mood == .idle || minds[slot].mood == .roaming || minds[slot].mood == .returning {
        heal(slot, max(1, Int(Double(entities[slot].healthMax) * data.rules.healIdlePart)))
      }
    }
  }

  private mutating func regenerate(_ player: Int) {
    let slot = players[player].slot
    guard entities[slot].posture != .dead else { return }
    let kit = players[player].kit
    let isResting = entities[slot].posture == .sitting
    let health = isResting ? data.classes[kit].regenerationSitting : data.classes[kit].regenerationStanding
    let mana = isResting ? data.classes[kit].manaSitting : data.classes[kit].manaStanding
    heal(
      slot,
      max(1, Int((Double(entities[slot].healthMax) * health).rounded())) + minds[slot].status.healthRegeneration)
    if players[player].manaMax > 0 {
      let gain = Int((Double(players[player].manaMax) * mana).rounded(.up)) + minds[slot].status.manaRegeneration
      players[player].mana = min(players[player].manaMax, players[player].mana + gain)
    }
  }

  mutating func heal(_ slot: Int, _ amount: Int) {
    entities[slot].health = min(entities[slot].healthMax, entities[slot].health + max(0, amount))
  }
}
