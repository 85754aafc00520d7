import Core
import Perception
import Telemetry

// A snapshot as its difference from the one before: a mask says which parts follow.

private struct StateParts: OptionSet {
  let rawValue: UInt64
  static let zone = StateParts(rawValue: 1 << 0)
  static let identity = StateParts(rawValue: 1 << 1)
  static let place = StateParts(rawValue: 1 << 2)
  static let vitals = StateParts(rawValue: 1 << 3)
  static let standing = StateParts(rawValue: 1 << 4)
  static let casting = StateParts(rawValue: 1 << 5)
  static let buffs = StateParts(rawValue: 1 << 6)
  static let goods = StateParts(rawValue: 1 << 7)
  static let target = StateParts(rawValue: 1 << 8)
  static let gems = StateParts(rawValue: 1 << 9)
  static let loot = StateParts(rawValue: 1 << 10)
  static let merchant = StateParts(rawValue: 1 << 11)
  static let inventory = StateParts(rawValue: 1 << 12)
  static let doors = StateParts(rawValue: 1 << 13)
  static let spawns = StateParts(rawValue: 1 << 14)

  init(rawValue: UInt64) { self.rawValue = rawValue }

  init(_ state: GameState, after last: GameState) {
    let (player, before) = (state.player, last.player)
    var parts: StateParts = []
    func add(_ part: StateParts, _ isSame: Bool) { if !isSame { parts.insert(part) } }
    add(.zone, state.zone == last.zone)
    add(
      .identity,
      player.id == before.id && player.name == before.name && player.level == before.level
        && player.classID == before.classID)
    add(
      .place,
      same(player.position, before.position) && same(player.heading?.units, before.heading?.units)
        && same(player.speed, before.speed))
    add(
      .vitals,
      player.health == before.health && player.healthMax == before.healthMax && player.mana == before.mana
        && player.manaMax == before.manaMax)
    add(
      .standing,
      player.stand == before.stand && player.isInCombat == before.isInCombat
        && state.isAutoAttacking == last.isAutoAttacking)
    add(
      .casting,
      player.casting?.spell == before.casting?.spell
        && same(player.casting?.remaining, before.casting?.remaining))
    add(.buffs, player.buffs.elementsEqual(before.buffs) { $0.spell == $1.spell && same($0.remaining, $1.remaining) })
    add(
      .goods,
      player.money == before.money && player.weight == before.weight && player.weightMax == before.weightMax
        && same(player.experience, before.experience))
    add(.target, state.target == last.target && state.pet == last.pet)
    add(.gems, state.gems.elementsEqual(last.gems) { $0.spell == $1.spell && same($0.recast, $1.recast) })
    add(.loot, state.loot == last.loot)
    add(.merchant, state.merchant == last.merchant)
    add(.inventory, state.inventory == last.inventory)
    add(
      .doors,
      state.doors.elementsEqual(last.doors) {
        $0.id == $1.id && $0.isOpen == $1.isOpen && same($0.position, $1.position)
      })
    add(.spawns, state.spawns.elementsEqual(last.spawns, by: isSame))
    self = parts
  }
}

/// Equal bit for bit: both zeros differ, and no value is unequal to itself.
func same(_ left: Double?, _ right: Double?) -> Bool { left?.bitPattern == right?.bitPattern }

func same(_ left: Position?, _ right: Position?) -> Bool {
  same(left?.x, right?.x) && same(left?.y, right?.y) && same(left?.z, right?.z)
}

extension ByteWriter {
  mutating func put(state: GameState, after last: GameState) {
    let parts = StateParts(state, after: last)
    put(state.tick.slot - last.tick.slot)
    put(state.validity)
    put(state.frame != nil)
    if let frame = state.frame { put(Int(frame) - Int(last.frame ?? 0)) }
    put(parts.rawValue)
    let (player, before) = (state.player, last.player)
    if parts.contains(.zone) { put(state.zone) }
    if parts.contains(.identity) {
      put(player.id)
      put(player.name)
      put(player.level)
      put(player.classID)
    }
    if parts.contains(.place) {
      put(player.position != nil)
      if let position = player.position { put(position, after: before.position ?? .origin) }
      put(player.heading?.units, after: before.heading?.units)
      put(player.speed, after: before.speed)
    }
    if parts.contains(.vitals) {
      put(player.health)
      put(player.healthMax)
      put(player.mana)
      put(player.manaMax)
    }
    if parts.contains(.standing) {
      put(player.stand)
      put(flag: player.isInCombat)
      put(flag: state.isAutoAttacking)
    }
    if parts.contains(.casting) {
      put(player.casting != nil)
      if let casting = player.casting {
        put(UInt64(casting.spell.raw))
        put(casting.remaining, after: before.casting?.remaining ?? 0)
      }
    }
    if parts.contains(.buffs) {
      put(UInt64(player.buffs.count))
      for (index, buff) in player.buffs.enumerated() {
        put(UInt64(buff.spell.raw))
        put(buff.remaining, after: index < before.buffs.count ? before.buffs[index].remaining : 0)
      }
    }
    if parts.contains(.goods) {
      put(player.money)
      put(player.weight)
      put(player.weightMax)
      put(player.experience, after: before.experience)
    }
    putRest(state, parts, after: last)
  }

  private mutating func putRest(_ state: GameState, _ parts: StateParts, after last: GameState) {
    if parts.contains(.target) {
      put(state.target)
      put(state.pet)
    }
    if parts.contains(.gems) {
      put(UInt64(state.gems.count))
      for (index, gem) in state.gems.enumerated() {
        put(gem.spell.map { UInt64($0.raw) + 1 } ?? 0)
        put(gem.recast, after: index < last.gems.count ? last.gems[index].recast : 0)
      }
    }
    if parts.contains(.loot) {
      put(state.loot?.corpse)
      if let loot = state.loot { put(stacks: loot.items) }
    }
    if parts.contains(.merchant) {
      put(state.merchant?.merchant)
      if let merchant = state.merchant { put(stacks: merchant.wares) }
    }
    if parts.contains(.inventory) {
      put(stacks: state.inventory.items)
      put(state.inventory.slotsFree)
      put(state.inventory.slotsTotal)
    }
    if parts.contains(.doors) {
      put(UInt64(state.doors.count))
      for door in state.doors {
        put(UInt64(door.id))
        put(door.position, after: .origin)
        put(door.isOpen)
      }
    }
    if parts.contains(.spawns) { put(spawns: state.spawns, after: last.spawns) }
  }

  private mutating func put(flag: Bool?) {
    put(UInt8(flag.map { $0 ? 2 : 1 } ?? 0))
  }

  private mutating func put(stacks: [ItemStack]) {
    put(UInt64(stacks.count))
    for stack in stacks {
      put(UInt64(stack.item.raw))
      put(stack.count)
      put(stack.slot)
    }
  }
}

extension ByteReader {
  mutating func state(after last: GameState) throws(ByteFault) -> GameState {
    var state = last
    let (slot, overflow) = last.tick.slot.addingReportingOverflow(try integer())
    guard !overflow else { throw .invalid }
    state.tick = Tick(slot)
    state.validity = try value(SnapshotValidity.self)
    state.frame = nil
    if try flag() {
      let (number, overflow) = Int(last.frame ?? 0).addingReportingOverflow(try integer())
      guard !overflow, let frame = UInt32(exactly: number) else { throw .invalid }
      state.frame = frame
    }
    let parts = StateParts(rawValue: try word())
    if parts.contains(.zone) { state.zone = try zoneIfAny() }
    var player = state.player
    try readPlayer(&player, parts, &state)
    state.player = player
    try readRest(&state, parts)
    return state
  }

  private mutating func readPlayer(
    _ player: inout Player, _ parts: StateParts, _ state: inout GameState
  ) throws(ByteFault) {
    if parts.contains(.identity) {
      player.id = try entityIfAny()
      player.name = try name()
      player.level = try flag() ? try integer() : nil
      player.classID = try flag() ? try integer() : nil
    }
    if parts.contains(.place) {
      player.position = try flag() ? try position(after: player.position ?? .origin) : nil
      player.heading = try doubleIfAny(after: player.heading?.units).map { Heading($0) }
      player.speed = try doubleIfAny(after: player.speed)
    }
    if parts.contains(.vitals) {
      player.health = try flag() ? try integer() : nil
      player.healthMax = try flag() ? try integer() : nil
      player.mana = try flag() ? try integer() : nil
      player.manaMax = try flag() ? try integer() : nil
    }
    if parts.contains(.standing) {
      player.stand = try optionalCase(StandState.self)
      player.isInCombat = try flagIfAny()
      state.isAutoAttacking = try flagIfAny()
    }
    if parts.contains(.casting) {
      let before = player.casting?.remaining ?? 0
      player.casting = try flag() ? Casting(spell: try spell(), remaining: try double(after: before)) : nil
    }
    if parts.contains(.buffs) {
      var buffs: [Buff] = []
      for index in 0..<(try count(ofSize: 2)) {
        let before = index < player.buffs.count ? player.buffs[index].remaining : 0
        buffs.append(Buff(spell: try spell(), remaining: try double(after: before)))
      }
      player.buffs = buffs
    }
    if parts.contains(.goods) {
      player.money = try flag() ? try integer() : nil
      player.weight = try flag() ? try integer() : nil
      player.weightMax = try flag() ? try integer() : nil
      player.experience = try doubleIfAny(after: player.experience)
    }
  }

  private mutating func readRest(_ state: inout GameState, _ parts: StateParts) throws(ByteFault) {
    if parts.contains(.target) {
      state.target = try entityIfAny()
      state.pet = try entityIfAny()
    }
    if parts.contains(.gems) {
      var gems: [Gem] = []
      for index in 0..<(try count(ofSize: 2)) {
        let raw = try word()
        guard raw <= UInt64(UInt16.max) + 1 else { throw .invalid }
        let before = index < state.gems.count ? state.gems[index].recast : 0
        gems.append(
          Gem(spell: raw > 0 ? SpellID(UInt16(raw - 1)) : nil, recast: try double(after: before)))
      }
      state.gems = gems
    }
    if parts.contains(.loot) {
      state.loot = nil
      if let corpse = try entityIfAny() { state.loot = LootWindow(corpse: corpse, items: try stacks()) }
    }
    if parts.contains(.merchant) {
      state.merchant = nil
      if let merchant = try entityIfAny() { state.merchant = MerchantWindow(merchant: merchant, wares: try stacks()) }
    }
    if parts.contains(.inventory) {
      state.inventory.items = try stacks()
      state.inventory.slotsFree = try flag() ? try integer() : nil
      state.inventory.slotsTotal = try flag() ? try integer() : nil
    }
    if parts.contains(.doors) {
      state.doors = []
      for _ in 0..<(try count(ofSize: 5)) {
        guard let id = UInt16(exactly: try word()) else { throw .invalid }
        state.doors.append(Door(id: id, position: try position(after: .origin), isOpen: try flag()))
      }
    }
    if parts.contains(.spawns) { state.spawns = try spawns(after: state.spawns) }
  }

  private mutating func flagIfAny() throws(ByteFault) -> Bool? {
    switch try byte() {
    case 0: return nil
    case 1: return false
    case 2: return true
    default: throw .invalid
    }
  }

  private mutating func stacks() throws(ByteFault) -> [ItemStack] {
    var stacks: [ItemStack] = []
    for _ in 0..<(try count(ofSize: 3)) {
      guard let item = UInt32(exactly: try word()) else { throw .invalid }
      stacks.append(ItemStack(item: ItemID(item), count: try integer(), slot: try integer()))
    }
    return stacks
  }
}
