import CSandboxMemory
import Core
import World

/// An item in a bag, and the node that shows it; the node is kept for the next item of the slot.
struct ItemNode {
  var block: MemoryBlock?
  var item: UInt32 = 0
  var count = 0
}

extension Mirror {
  func writeCharacter(_ world: World, _ state: PlayerState) {
    let body = world.entities[state.slot]
    character.store(body.id.raw, at: table.character_id)
    write(body.name, into: character.pointer + Int(table.character_name), size: sandbox_name_bytes)
    character.store(UInt8(clamping: body.level), at: table.character_level)
    character.store(body.classID, at: table.character_class_id)
    let stand = body.posture == .fleeing ? Posture.standing : body.posture
    character.store(stand.rawValue, at: table.character_stand)
    character.store(UInt8(state.isInCombat ? 1 : 0), at: table.character_in_combat)
    character.store(UInt8(state.isAutoAttacking ? 1 : 0), at: table.character_auto_attack)
    character.store(Int32(clamping: body.health), at: table.character_health)
    character.store(Int32(clamping: body.healthMax), at: table.character_health_max)
    character.store(Int32(clamping: state.mana), at: table.character_mana)
    character.store(Int32(clamping: state.manaMax), at: table.character_mana_max)
    character.store(Float(body.velocity.horizontalLength), at: table.character_speed)
    character.store(Float(state.experienceFraction), at: table.character_experience)
    let money = max(0, state.money)
    character.store(Int32(clamping: money / 1000), at: table.character_platinum)
    character.store(Int32(money / 100 % 10), at: table.character_gold)
    character.store(Int32(money / 10 % 10), at: table.character_silver)
    character.store(Int32(money % 10), at: table.character_copper)
    character.store(Int32(clamping: state.weight), at: table.character_weight)
    character.store(Int32(clamping: state.weightMax), at: table.character_weight_max)
    writeGems(world, state)
    writeBuffs(world, body.id)
  }

  private func writeGems(_ world: World, _ state: PlayerState) {
    let empty = UInt16(sandbox_no_spell)
    for index in 0..<sandbox_gem_slots {
      let gem = character.part(at: table.character_gems + UInt32(index) * table.size_gem)
      guard index < state.gems.count, let spell = state.gems[index].spell else {
        gem.store(empty, at: table.gem_spell)
        gem.store(UInt32(0), at: table.gem_recast)
        continue
      }
      let data = world.data.spells[spell]
      gem.store(data.id.raw, at: table.gem_spell)
      gem.store(milliseconds(until: state.gems[index].readyStep, world), at: table.gem_recast)
      gem.store(UInt32(clamping: Int(data.recast * 1000)), at: table.gem_recast_total)
    }
    if let cast = state.casting {
      character.store(world.data.spells[cast.spell].id.raw, at: table.character_casting_spell)
      let total = (cast.endStep - cast.startStep) * 1000 / World.stepsPerSecond
      character.store(UInt32(clamping: total), at: table.character_casting_total)
      character.store(milliseconds(until: cast.endStep, world), at: table.character_casting_remaining)
    } else {
      character.store(empty, at: table.character_casting_spell)
      character.store(UInt32(0), at: table.character_casting_total)
      character.store(UInt32(0), at: table.character_casting_remaining)
    }
  }

  private func writeBuffs(_ world: World, _ id: EntityID) {
    var next = 0
    let slots = sandbox_buff_slots
    func buff(_ index: Int) -> MemoryBlock {
      character.part(at: table.character_buffs + UInt32(index) * table.size_buff)
    }
    for effect in world.effects where effect.target == id && next < slots {
      let block = buff(next)
      block.store(world.data.spells[effect.spell].id.raw, at: table.buff_spell)
      block.store(UInt32(clamping: effect.ticks), at: table.buff_ticks)
      block.store(effect.caster.raw, at: table.buff_caster)
      next += 1
    }
    while next < slots {
      buff(next).store(UInt16(sandbox_no_spell), at: table.buff_spell)
      next += 1
    }
  }

  private func milliseconds(until step: Int, _ world: World) -> UInt32 {
    UInt32(clamping: max(0, step - world.stepIndex) * 1000 / World.stepsPerSecond)
  }

  /// Bags hold pointers to item nodes; an empty slot holds null. Only slots that changed are written.
  mutating func writeInventory(_ world: World, _ state: PlayerState) {
    let capacity = sandbox_bag_count * sandbox_bag_slots
    let total = min(state.inventory.count, capacity)
    if items.count != total { layOutBags(total) }
    var free = 0
    for slot in 0..<total {
      let stack = state.inventory[slot]
      if stack.count <= 0 { free += 1 }
      let item = stack.count > 0 ? stack.item.raw : 0
      guard items[slot].item != item || items[slot].count != stack.count else { continue }
      items[slot].item = item
      items[slot].count = stack.count
      show(slot, world)
    }
    inventory.store(UInt16(total), at: table.inventory_slots_total)
    inventory.store(UInt16(free), at: table.inventory_slots_free)
  }

  private mutating func layOutBags(_ total: Int) {
    let perBag = sandbox_bag_slots
    items = Array(repeating: ItemNode(), count: total)
    for (index, bag) in bags.enumerated() {
      let first = index * perBag
      let count = max(0, min(perBag, total - first))
      bag.store(UInt16(count), at: table.bag_slot_count)
      bag.store(UInt16(first), at: table.bag_first_slot)
      for slot in 0..<perBag { bag.store(UInt64(0), at: table.bag_items + UInt32(slot * 8)) }
      inventory.store(count > 0 ? bag.address : 0, at: table.inventory_bags + UInt32(index * 8))
    }
  }

  private mutating func show(_ slot: Int, _ world: World) {
    let perBag = sandbox_bag_slots
    let place = table.bag_items + UInt32(slot % perBag * 8)
    let bag = bags[slot / perBag]
    guard items[slot].item != 0 else {
      bag.store(UInt64(0), at: place)
      return
    }
    let block = items[slot].block ?? memory.allocate(Int(table.size_item))
    items[slot].block = block
    block.store(root.address &+ 0xA0, at: table.item_type)
    block.store(items[slot].item, at: table.item_id)
    block.store(UInt16(clamping: items[slot].count), at: table.item_count)
    block.store(UInt16(slot), at: table.item_slot)
    let name = world.data.item(ItemID(items[slot].item))?.name ?? .empty
    write(name, into: block.pointer + Int(table.item_name), size: sandbox_name_bytes)
    bag.store(block.address, at: place)
  }

  func writeWindows(_ world: World, _ state: PlayerState) {
    let capacity = sandbox_window_slots
    windows.store(UInt8(state.isInventoryOpen ? 1 : 0), at: table.windows_inventory_open)
    var count = 0
    func stack(_ first: UInt32, _ item: ItemID, _ amount: Int, slot: Int, price: Int) {
      guard count < capacity else { return }
      let block = windows.part(at: first + UInt32(count) * table.size_stack)
      block.store(item.raw, at: table.stack_item)
      block.store(UInt16(clamping: amount), at: table.stack_count)
      block.store(UInt16(clamping: slot), at: table.stack_slot)
      block.store(UInt32(clamping: price), at: table.stack_price)
      count += 1
    }
    if let corpse = state.loot {
      for (slot, item) in world.contents(ofCorpse: corpse).enumerated() where item.count > 0 {
        stack(table.windows_loot_items, item.item, item.count, slot: slot, price: 0)
      }
    }
    windows.store(UInt8(state.loot == nil ? 0 : 1), at: table.windows_loot_open)
    windows.store(state.loot?.raw ?? 0, at: table.windows_loot_corpse)
    windows.store(UInt32(count), at: table.windows_loot_count)
    count = 0
    if let merchant = state.merchant {
      for (slot, ware) in world.wares(ofMerchant: merchant).enumerated() {
        stack(table.windows_merchant_items, ware.item, 1, slot: slot, price: ware.price)
      }
    }
    windows.store(UInt8(state.merchant == nil ? 0 : 1), at: table.windows_merchant_open)
    windows.store(state.merchant?.raw ?? 0, at: table.windows_merchant_id)
    windows.store(UInt32(count), at: table.windows_merchant_count)
  }

  func writeDoors(_ world: World, _ zone: Int) {
    let data = world.data.zones[zone].doors
    let count = min(data.count, sandbox_door_capacity)
    for index in 0..<count {
      let door = doors.part(at: table.doors_entries + UInt32(index) * table.size_door)
      let isOpen = zone < world.doorsOpen.count && index < world.doorsOpen[zone].count && world.doorsOpen[zone][index]
      door.store(data[index].id, at: table.door_id)
      door.store(UInt8(isOpen ? 1 : 0), at: table.door_open)
      door.store(Float(data[index].position.x), at: table.door_x)
      door.store(Float(data[index].position.y), at: table.door_y)
      door.store(Float(data[index].position.z), at: table.door_z)
      door.store(Float(data[index].heading.units), at: table.door_heading)
    }
    doors.store(UInt32(count), at: table.doors_count)
  }
}
