import Core

// What is eaten, and what is worn.
extension World {
  func weaponDamage(_ player: Int) -> Double {
    players[player].weapon.count > 0 ? data.item(players[player].weapon.item)?.damage ?? 0 : 0
  }

  func wornArmor(_ player: Int) -> Double {
    players[player].armor.count > 0 ? Double(data.item(players[player].armor.item)?.armor ?? 0) : 0
  }

  /// `/use N`: eats or drinks one of what lies in bag slot N from 1.
  mutating func use(_ player: Int, _ words: [String]) {
    guard let index = bagSlot(player, words), let item = data.item(players[player].inventory[index].item) else {
      return
    }
    guard let effect = item.effect else {
      say(player, .cannotUse(item.name))
      return
    }
    players[player].inventory[index].count -= 1
    if players[player].inventory[index].count == 0 { players[player].inventory[index] = .none }
    weigh(player)
    say(player, .consumed(item.name))
    addEffect(effect, from: players[player].slot, on: players[player].slot)
  }

  /// `/equip N`: puts on what lies in bag slot N from 1; what was worn before takes its place.
  mutating func equip(_ player: Int, _ words: [String]) {
    guard let index = bagSlot(player, words), let item = data.item(players[player].inventory[index].item) else {
      return
    }
    guard item.isEquipment, players[player].inventory[index].count == 1 else {
      say(player, .cannotUse(item.name))
      return
    }
    let stack = players[player].inventory[index]
    if item.kind == .weapon {
      players[player].inventory[index] = players[player].weapon
      players[player].weapon = stack
    } else {
      players[player].inventory[index] = players[player].armor
      players[player].armor = stack
    }
    weigh(player)
    say(player, .wears(item.name))
  }

  /// `/unequip weapon` or `/unequip armor`: back into the bags.
  mutating func unequip(_ player: Int, _ words: [String]) {
    let isWeapon = words.first == "weapon"
    let worn = isWeapon ? players[player].weapon : players[player].armor
    guard isWeapon || words.first == "armor", worn.count > 0, let item = data.item(worn.item) else {
      say(player, .nothingThere)
      return
    }
    guard let free = players[player].inventory.firstIndex(where: { $0.count == 0 }) else {
      say(player, .bagsFull)
      return
    }
    players[player].inventory[free] = worn
    if isWeapon { players[player].weapon = .none } else { players[player].armor = .none }
    say(player, .takesOff(item.name))
  }

  /// From the own corpse straight onto the body, where nothing else is worn; false when it goes into the bags.
  mutating func wearAgain(_ player: Int, _ stack: ItemStack) -> Bool {
    guard stack.count == 1, let item = data.item(stack.item), item.damage > 0 || item.armor > 0 else { return false }
    if item.kind == .weapon, players[player].weapon.count == 0 {
      players[player].weapon = stack
    } else if item.kind == .armor, players[player].armor.count == 0 {
      players[player].armor = stack
    } else {
      return false
    }
    weigh(player)
    say(player, .wears(item.name))
    return true
  }

  /// The slot that a command names, from 0; nil, and the player is told, when nothing lies there.
  private mutating func bagSlot(_ player: Int, _ words: [String]) -> Int? {
    guard let number = words.first.flatMap({ Int($0) }), number >= 1, number <= players[player].inventory.count,
      players[player].inventory[number - 1].count > 0
    else {
      say(player, .nothingThere)
      return nil
    }
    return number - 1
  }
}
