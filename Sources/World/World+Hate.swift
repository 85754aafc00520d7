import Core

// Who hates whom, how much.
extension World {
  mutating func clearHate(_ slot: Int) {
    for index in slot * Hate.capacity..<(slot + 1) * Hate.capacity { hate[index] = Hate() }
  }

  /// Adds to the hate of `slot` against `enemy`; the least hated makes room.
  mutating func addHate(_ slot: Int, _ enemy: EntityID, _ amount: Double) {
    let amount = Int32(min(1_000_000, max(0, amount)))
    let first = slot * Hate.capacity
    var weakest = first
    for index in first..<first + Hate.capacity {
      if hate[index].id == enemy.raw {
        hate[index].amount = min(1_000_000_000, hate[index].amount &+ amount)
        return
      }
      if hate[index].id == 0 {
        hate[index] = Hate(id: enemy.raw, amount: amount)
        return
      }
      if hate[index].amount < hate[weakest].amount { weakest = index }
    }
    hate[weakest] = Hate(id: enemy.raw, amount: amount)
  }

  /// The slot of the most hated that is still there; entries of the gone are dropped.
  mutating func mostHated(_ slot: Int) -> Int? {
    let first = slot * Hate.capacity
    var best: Int?
    var most: Int32 = -1
    for index in first..<first + Hate.capacity where hate[index].id != 0 {
      guard let enemy = self.slot(of: EntityID(hate[index].id)), entities[enemy].zone == entities[slot].zone,
        entities[enemy].posture != .dead, entities[enemy].kind != .corpse
      else {
        hate[index] = Hate()
        continue
      }
      if hate[index].amount > most { (best, most) = (enemy, hate[index].amount) }
    }
    return best
  }

  func hates(_ slot: Int, _ enemy: EntityID) -> Bool {
    for index in slot * Hate.capacity..<(slot + 1) * Hate.capacity where hate[index].id == enemy.raw { return true }
    return false
  }

  mutating func forget(_ enemy: EntityID, by slot: Int) {
    for index in slot * Hate.capacity..<(slot + 1) * Hate.capacity where hate[index].id == enemy.raw {
      hate[index] = Hate()
    }
  }

  /// Everybody in the zone forgets `enemy`.
  mutating func forget(_ enemy: EntityID, zone: Int) {
    for slot in npcSlots[zone] where entities[slot].isPresent { forget(enemy, by: slot) }
  }

  /// True when some NPC fights the player or its pet.
  func isHunted(_ player: Int) -> Bool {
    let slot = players[player].slot
    let pet = players.count + player
    for npc in npcSlots[entities[slot].zone] where entities[npc].isPresent && minds[npc].mood == .fighting {
      if hates(npc, entities[slot].id) || (entities[pet].isPresent && hates(npc, entities[pet].id)) { return true }
    }
    return false
  }
}
