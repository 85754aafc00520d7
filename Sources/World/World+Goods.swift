import Core

// Items, corpses, merchants, the bank.
extension World {
  // MARK: Bags

  /// Puts items into the bags; returns how many found no room.
  mutating func give(_ player: Int, _ item: ItemID, _ count: Int) -> Int {
    let stack = data.item(item)?.stack ?? 1
    let left = Self.add(item, count, stack: stack, to: &players[player].inventory)
    weigh(player)
    return left
  }

  private static func add(_ item: ItemID, _ count: Int, stack: Int, to slots: inout [ItemStack]) -> Int {
    var left = count
    for index in slots.indices where left > 0 && slots[index].count > 0 && slots[index].item == item {
      let moved = min(left, stack - slots[index].count)
      guard moved > 0 else { continue }
      slots[index].count += moved
      left -= moved
    }
    for index in slots.indices where left > 0 && slots[index].count == 0 {
      let moved = min(left, stack)
      slots[index] = ItemStack(item: item, count: moved)
      left -= moved
    }
    return left
  }

  func countItems(_ player: Int, _ item: ItemID) -> Int {
    players[player].inventory.reduce(0) { $0 + ($1.count > 0 && $1.item == item ? $1.count : 0) }
  }

  /// Takes items out of the bags; false, and nothing taken, when there are fewer.
  mutating func take(_ player: Int, _ item: ItemID, _ count: Int) -> Bool {
    guard countItems(player, item) >= count else { return false }
    var left = count
    for index in players[player].inventory.indices
    where left > 0 && players[player].inventory[index].count > 0 && players[player].inventory[index].item == item {
      let moved = min(left, players[player].inventory[index].count)
      players[player].inventory[index].count -= moved
      left -= moved
    }
    weigh(player)
    return true
  }

  mutating func weigh(_ player: Int) {
    var weight = 0
    for stack in players[player].inventory where stack.count > 0 {
      weight += stack.count * (data.item(stack.item)?.weight ?? 0)
    }
    for worn in [players[player].weapon, players[player].armor] where worn.count > 0 {
      weight += data.item(worn.item)?.weight ?? 0
    }
    let wasLight = players[player].weight <= players[player].weightMax
    players[player].weight = weight
    if wasLight, weight > players[player].weightMax, players[player].weightMax > 0 { say(player, .encumbered) }
  }

  // MARK: Corpses

  /// A corpse where the body lies; the oldest one of no player's makes room when there are too many.
  mutating func leaveCorpse(_ slot: Int, name: FixedName, seconds: Double) -> Int {
    var found: Int?
    var oldest: Int?
    for corpse in firstCorpseSlot..<firstNPCSlot {
      if !entities[corpse].isPresent {
        found = corpse
        break
      }
      let index = corpse - firstCorpseSlot
      let isOlder = oldest.map { corpses[index].decayStep < corpses[$0 - firstCorpseSlot].decayStep } ?? true
      if corpses[index].player < 0 && isOlder { oldest = corpse }
    }
    let corpse = found ?? oldest ?? firstCorpseSlot
    if entities[corpse].isPresent { removeCorpse(corpse) }
    let body = entities[slot]
    appear(corpse, kind: .corpse, name: name, zone: body.zone)
    entities[corpse].position = body.position
    entities[corpse].heading = body.heading
    entities[corpse].level = body.level
    entities[corpse].race = body.race
    entities[corpse].classID = body.classID
    entities[corpse].type = body.type
    entities[corpse].height = 2
    entities[corpse].posture = .dead
    entities[corpse].health = 0
    entities[corpse].healthMax = body.healthMax
    entities[corpse].owner = body.id
    corpses[corpse - firstCorpseSlot] = Corpse(decayStep: stepIndex + Self.steps(seconds))
    return corpse
  }

  mutating func put(_ stack: ItemStack, intoCorpse slot: Int) {
    let corpse = slot - firstCorpseSlot
    guard corpses[corpse].itemCount < Corpse.capacity, stack.count > 0 else { return }
    corpseItems[corpse * Corpse.capacity + corpses[corpse].itemCount] = stack
    corpses[corpse].itemCount += 1
  }

  func isEmpty(_ corpse: Int) -> Bool {
    if corpses[corpse].coins > 0 { return false }
    for item in 0..<corpses[corpse].itemCount where corpseItems[corpse * Corpse.capacity + item].count > 0 {
      return false
    }
    return true
  }

  private mutating func removeCorpse(_ slot: Int) {
    let id = entities[slot].id
    for player in players.indices {
      if players[player].loot == id { players[player].loot = nil }
      if players[player].target == id { players[player].target = nil }
    }
    vanish(slot)
  }

  mutating func decayCorpses() {
    for slot in firstCorpseSlot..<firstNPCSlot where entities[slot].isPresent {
      if stepIndex >= corpses[slot - firstCorpseSlot].decayStep { removeCorpse(slot) }
    }
  }

  // MARK: Windows

  mutating func closeWindows(_ player: Int) {
    if let loot = players[player].loot.flatMap({ slot(of: $0) }), isEmpty(loot - firstCorpseSlot) {
      removeCorpse(loot)
    }
    players[player].loot = nil
    players[player].merchant = nil
    players[player].isBankOpen = false
  }

  /// Windows close when one walks away.
  mutating func keepWindows(_ player: Int) {
    if let loot = players[player].loot, !isNear(player, loot, data.rules.lootRange * 1.3) { closeWindows(player) }
    if let merchant = players[player].merchant, !isNear(player, merchant, data.rules.merchantRange * 1.3) {
      closeWindows(player)
    }
  }

  private func isNear(_ player: Int, _ id: EntityID, _ range: Double) -> Bool {
    guard let slot = slot(of: id) else { return false }
    let body = players[player].slot
    return entities[slot].zone == entities[body].zone
      && entities[slot].position.distance(to: entities[body].position) <= range
  }

  /// The loot/open key: the target's corpse, merchant or bank; else the nearest door; else the nearest corpse.
  mutating func open(_ player: Int) {
    if let target = players[player].target.flatMap({ slot(of: $0) }) {
      if entities[target].kind == .corpse {
        openLoot(player, target)
        return
      }
      if let type = entities[target].type, entities[target].kind == .npc {
        switch data.npcs[type].role {
        case .merchant, .banker:
          guard isNear(player, entities[target].id, data.rules.merchantRange) else {
            say(player, .tooFar)
            return
          }
          guard !isHostile(type, to: player) else {
            say(player, .refused(entities[target].name))
            return
          }
          closeWindows(player)
          if data.npcs[type].role == .merchant { players[player].merchant = entities[target].id }
          players[player].isBankOpen = data.npcs[type].role == .banker
          say(player, .greets(entities[target].name))
          return
        case .monster, .guardian, .citizen, .pet: break
        }
      }
    }
    if toggleDoor(player) { return }
    var nearest: (Double, Int)?
    let body = players[player].slot
    for slot in firstCorpseSlot..<firstNPCSlot
    where entities[slot].isPresent && entities[slot].zone == entities[body].zone {
      let candidate = (entities[slot].position.distance(to: entities[body].position), slot)
      if nearest.map({ candidate < $0 }) ?? true { nearest = candidate }
    }
    if let nearest, nearest.0 <= data.rules.lootRange {
      openLoot(player, nearest.1)
    } else {
      say(player, .nothingThere)
    }
  }

  private mutating func toggleDoor(_ player: Int) -> Bool {
    let body = players[player].slot
    let zone = entities[body].zone
    var nearest: (Double, Int)?
    for door in doorsOpen[zone].indices {
      let candidate = (data.zones[zone].doors[door].position.distance(to: entities[body].position), door)
      if nearest.map({ candidate < $0 }) ?? true { nearest = candidate }
    }
    guard let nearest, nearest.0 <= data.rules.lootRange else { return false }
    doorsOpen[zone][nearest.1].toggle()
    say(player, doorsOpen[zone][nearest.1] ? .doorOpens : .doorCloses)
    return true
  }

  private mutating func openLoot(_ player: Int, _ slot: Int) {
    guard isNear(player, entities[slot].id, data.rules.lootRange) else {
      say(player, .tooFar)
      return
    }
    let corpse = slot - firstCorpseSlot
    guard corpses[corpse].player < 0 || corpses[corpse].player == player else {
      say(player, .notYourCorpse)
      return
    }
    if players[player].loot == entities[slot].id { return }
    closeWindows(player)
    players[player].loot = entities[slot].id
    let coins = corpses[corpse].coins
    if coins > 0 {
      players[player].money += coins
      corpses[corpse].coins = 0
      if corpses[corpse].player < 0 {
        players[player].statistics.copperLooted += coins
        countLooted(player, corpse)
      }
      say(player, .coins(coins))
    }
  }

  private mutating func countLooted(_ player: Int, _ corpse: Int) {
    guard !corpses[corpse].wasLooted else { return }
    corpses[corpse].wasLooted = true
    players[player].statistics.corpsesLooted += 1
  }

  /// `/loot` opens, and takes everything when it is open; `/loot all` does both; `/loot N` takes slot N from 1.
  mutating func lootCommand(_ player: Int, _ words: [String]) {
    let wasOpen = players[player].loot != nil
    if !wasOpen { open(player) }
    guard let id = players[player].loot, let slot = slot(of: id) else { return }
    let corpse = slot - firstCorpseSlot
    if let number = words.first.flatMap({ Int($0) }) {
      guard number >= 1, number <= corpses[corpse].itemCount else {
        say(player, .nothingThere)
        return
      }
      _ = takeLoot(player, corpse, number - 1)
    } else if wasOpen || words.first == "all" {
      for item in 0..<corpses[corpse].itemCount {
        guard takeLoot(player, corpse, item) else { break }
      }
    } else {
      return
    }
    if isEmpty(corpse) { closeWindows(player) }
  }

  /// One stack from the corpse into the bags; false when they are full.
  private mutating func takeLoot(_ player: Int, _ corpse: Int, _ item: Int) -> Bool {
    let index = corpse * Corpse.capacity + item
    let stack = corpseItems[index]
    guard stack.count > 0 else { return true }
    if corpses[corpse].player == player, wearAgain(player, stack) {
      corpseItems[index].count = 0
      return true
    }
    let left = give(player, stack.item, stack.count)
    corpseItems[index].count = left
    if left < stack.count {
      if corpses[corpse].player < 0 { countLooted(player, corpse) }
      say(player, .looted(data.item(stack.item)?.name ?? .empty, count: stack.count - left))
    }
    if left > 0 { say(player, .bagsFull) }
    return left == 0
  }

  // MARK: Trade

  private mutating func merchantSlot(_ player: Int) -> Int? {
    guard let merchant = players[player].merchant.flatMap({ slot(of: $0) }) else {
      say(player, .noMerchant)
      return nil
    }
    return merchant
  }

  /// `/sell all` sells what is of no use to anybody but a merchant; `/sell N` sells bag slot N from 1.
  mutating func sell(_ player: Int, _ words: [String]) {
    guard merchantSlot(player) != nil else { return }
    if let number = words.first.flatMap({ Int($0) }) {
      guard number >= 1, number <= players[player].inventory.count else {
        say(player, .nothingThere)
        return
      }
      sellSlot(player, number - 1, isExplicit: true)
      return
    }
    guard words.first == "all" else {
      say(player, .unknownCommand)
      return
    }
    for index in players[player].inventory.indices { sellSlot(player, index, isExplicit: false) }
  }

  private mutating func sellSlot(_ player: Int, _ index: Int, isExplicit: Bool) {
    let stack = players[player].inventory[index]
    guard stack.count > 0, let item = data.item(stack.item) else { return }
    if item.isNoDrop || item.value == 0 {
      if isExplicit { say(player, .noDrop(item.name)) }
      return
    }
    if !isExplicit, item.kind == .food || item.kind == .reagent { return }
    let copper = item.value * stack.count
    players[player].inventory[index] = .none
    players[player].money += copper
    players[player].statistics.copperEarned += copper
    weigh(player)
    say(player, .sold(item.name, count: stack.count, copper: copper))
  }

  /// `/buy N [COUNT]`: ware N of the open window, from 1.
  mutating func buy(_ player: Int, _ words: [String]) {
    guard let merchant = merchantSlot(player), let type = entities[merchant].type else { return }
    guard let number = words.first.flatMap({ Int($0) }), number >= 1, number <= data.npcs[type].wares.count else {
      say(player, .nothingThere)
      return
    }
    let ware = data.npcs[type].wares[number - 1]
    let wanted = min(100, max(1, words.dropFirst().first.flatMap { Int($0) } ?? 1))
    let count = min(wanted, players[player].money / max(1, ware.price))
    guard count > 0 else {
      say(player, .cannotAfford)
      return
    }
    let bought = count - give(player, ware.item, count)
    guard bought > 0 else {
      say(player, .bagsFull)
      return
    }
    players[player].money -= bought * ware.price
    say(player, .bought(data.item(ware.item)?.name ?? .empty, count: bought, copper: bought * ware.price))
  }

  /// `/destroy N`: what lies in bag slot N from 1 is gone.
  mutating func destroy(_ player: Int, _ words: [String]) {
    guard let number = words.first.flatMap({ Int($0) }), number >= 1, number <= players[player].inventory.count else {
      say(player, .nothingThere)
      return
    }
    players[player].inventory[number - 1] = .none
    weigh(player)
  }

  // MARK: Bank

  /// `/deposit all` or `/deposit N`: from bag slot N into the bank.
  mutating func deposit(_ player: Int, _ words: [String]) {
    guard isBankNear(player) else { return }
    var count = 0
    let only = words.first.flatMap { Int($0) }.map { $0 - 1 }
    for index in players[player].inventory.indices where players[player].inventory[index].count > 0 {
      if let only, only != index { continue }
      let stack = players[player].inventory[index]
      let left = Self.add(
        stack.item, stack.count, stack: data.item(stack.item)?.stack ?? 1, to: &players[player].bank)
      players[player].inventory[index].count = left
      if left < stack.count { count += 1 }
    }
    weigh(player)
    say(player, .deposited(count))
  }

  mutating func withdraw(_ player: Int, _ words: [String]) {
    guard isBankNear(player) else { return }
    var count = 0
    let only = words.first.flatMap { Int($0) }.map { $0 - 1 }
    for index in players[player].bank.indices where players[player].bank[index].count > 0 {
      if let only, only != index { continue }
      let stack = players[player].bank[index]
      let left = give(player, stack.item, stack.count)
      players[player].bank[index].count = left
      if left < stack.count { count += 1 }
    }
    say(player, .withdrawn(count))
  }

  private mutating func isBankNear(_ player: Int) -> Bool {
    let body = players[player].slot
    for slot in npcSlots[entities[body].zone] where entities[slot].isPresent {
      if let type = entities[slot].type, data.npcs[type].role == .banker,
        isNear(player, entities[slot].id, data.rules.merchantRange)
      {
        return true
      }
    }
    say(player, .tooFar)
    return false
  }
}
