import Core

/// Turns the bytes of a read into a `GameState`. What is implausible becomes unknown and is counted.
struct StateDecoder {
  let plan: LayoutPlan
  /// By mapped field.
  var faults: [UInt32]
  var faultCount = 0
  /// Something that decisions rest on is unknown in the read just decoded.
  var isPartial = false
  var spawnMemo: SpawnMemo

  private var playerName = NameMemo()
  // Last values of what is not read at every tick.
  private var inventory = Inventory()
  private var doors: [Door] = []
  /// Contents of windows that were handed out last: two windows a tick, held by as many snapshots as the reader pools.
  private var windowItems = [[ItemStack]](repeating: [], count: 8)
  private var windowTurn = 0

  init(plan: LayoutPlan) {
    self.plan = plan
    faults = Array(repeating: 0, count: plan.fieldNames.count)
    spawnMemo = SpawnMemo(plan.map.spawns)
    for index in windowItems.indices { windowItems[index].reserveCapacity(32) }
  }

  /// The state before is needed: the program keeps no velocities.
  var needsPrevious: Bool { plan.map.spawns?.velocityX == nil }

  mutating func forget() {
    inventory = Inventory()
    doors = []
  }

  // MARK: Numbers

  /// The value of a field; nil when there is none or it is implausible.
  @inline(__always)
  private mutating func value(_ number: LayoutPlan.Number, _ place: UnsafeRawPointer) -> Double? {
    withUnsafePointer(to: number) { value($0, place) }
  }

  /// The same of a number where it stands: it is too large to be handed about.
  mutating func value(_ pointer: UnsafePointer<LayoutPlan.Number>, _ place: UnsafeRawPointer) -> Double? {
    let number = pointer.pointee
    let raw = rawNumber(number, place)
    if number.noneCount > 0 {
      let none = number.none
      let count = number.noneCount
      if raw == none.0 || count > 1 && raw == none.1 || count > 2 && raw == none.2 || count > 3 && raw == none.3 {
        return nil
      }
    }
    let value = raw * number.scale + number.bias
    // False for NaN too.
    guard value >= number.low, value <= number.high else {
      faults[Int(number.field)] &+= 1
      faultCount &+= 1
      return nil
    }
    return value
  }

  private mutating func value(_ number: LayoutPlan.Number?, _ blocks: BlockReader) -> Double? {
    guard let number else { return nil }
    let base = blocks.blockBase[Int(number.base)]
    guard base >= 0, let start = blocks.bytes.baseAddress else { return nil }
    return value(number, UnsafeRawPointer(start + base + Int(number.offset)))
  }

  /// The sum of all parts; nil when one is unknown.
  private mutating func value(_ sum: StatePlan.Sum, _ blocks: BlockReader) -> Double? {
    guard let first = sum.first else { return nil }
    if sum.count == 1 { return value(first, blocks) }
    var total = 0.0
    for number in sum {
      guard let part = value(number, blocks) else { return nil }
      total += part
    }
    return total
  }

  private mutating func whole(_ sum: StatePlan.Sum, _ blocks: BlockReader) -> Int? {
    value(sum, blocks).flatMap { Int(exactly: $0.rounded()) }
  }

  /// Ordinal of the case that a raw number stands for.
  mutating func caseOrdinal(_ pointer: UnsafePointer<LayoutPlan.Number>, _ place: UnsafeRawPointer) -> UInt8? {
    let number = pointer.pointee
    let raw = rawNumber(number, place)
    if number.cases >= 0, raw >= 0, raw < 256 {
      let ordinal = plan.caseTable[Int(number.cases) * 256 + Int(raw)]
      if ordinal != 255 { return ordinal }
    }
    faults[Int(number.field)] &+= 1
    faultCount &+= 1
    return nil
  }

  /// True when the target says so, or when what says it cannot be read.
  func isLoading(_ blocks: BlockReader) -> Bool {
    guard let number = plan.loading else { return false }
    let base = blocks.blockBase[Int(number.base)]
    guard base >= 0, let raw = Int(exactly: blocks.number(number, at: base + Int(number.offset))) else { return true }
    let state = plan.layout.state
    return state.loadingWhen.isEmpty ? !state.playingWhen.contains(raw) : state.loadingWhen.contains(raw)
  }

  // MARK: The state

  mutating func decode(
    _ blocks: BlockReader, tick: Tick, isLoading: Bool, previous: GameState?,
    into state: inout GameState
  ) {
    isPartial = false
    let map = plan.map
    state.tick = tick
    state.frame = value(plan.frame, blocks).flatMap { UInt32(exactly: $0) }
    state.spawns.removeAll(keepingCapacity: true)
    state.player.buffs.removeAll(keepingCapacity: true)
    state.gems.removeAll(keepingCapacity: true)
    state.loot = nil
    state.merchant = nil
    guard !isLoading else {
      state.zone = nil
      state.player = Player(buffs: state.player.buffs)
      state.target = nil
      state.pet = nil
      state.isAutoAttacking = nil
      state.inventory.items.removeAll(keepingCapacity: true)
      state.inventory.slotsFree = nil
      state.inventory.slotsTotal = nil
      state.doors.removeAll(keepingCapacity: true)
      return
    }
    state.zone = value(map.zone, blocks).flatMap { UInt16(exactly: $0) }.map { ZoneID($0) }
    state.target = entity(map.target, blocks)
    state.pet = entity(map.pet, blocks)
    state.isAutoAttacking = value(map.isAutoAttacking, blocks).map { $0 != 0 }
    decodePlayer(map, blocks, &state.player)
    if let plan = map.buffs {
      pairs(plan, blocks) { spell, seconds in
        if let spell { state.player.buffs.append(Buff(spell: spell, remaining: seconds)) }
      }
    }
    if let plan = map.gems {
      pairs(plan, blocks) { spell, seconds in state.gems.append(Gem(spell: spell, recast: seconds)) }
    }
    if let plan = map.loot, let items = window(plan, blocks) {
      if let corpse = value(plan.whose, blocks).flatMap({ UInt32(exactly: $0) }) {
        state.loot = LootWindow(corpse: EntityID(corpse), items: items)
      } else {
        isPartial = true
      }
    }
    if let plan = map.merchant, let items = window(plan, blocks) {
      if let merchant = value(plan.whose, blocks).flatMap({ UInt32(exactly: $0) }) {
        state.merchant = MerchantWindow(merchant: EntityID(merchant), wares: items)
      } else {
        isPartial = true
      }
    }
    if let plan = map.items, blocks.isDue(plan.every) {
      inventory.items.removeAll(keepingCapacity: true)
      var items = inventory.items
      inventory.items = []
      stacks(plan, blocks, into: &items)
      inventory.items = items
      inventory.slotsFree = whole(map.slotsFree, blocks)
      inventory.slotsTotal = whole(map.slotsTotal, blocks)
    }
    state.inventory.slotsFree = inventory.slotsFree
    state.inventory.slotsTotal = inventory.slotsTotal
    state.inventory.items.removeAll(keepingCapacity: true)
    state.inventory.items.append(contentsOf: inventory.items)
    if let plan = map.doors, blocks.isDue(plan.every) { decodeDoors(plan, blocks) }
    state.doors.removeAll(keepingCapacity: true)
    state.doors.append(contentsOf: doors)
    if let plan = map.spawns {
      let hasVelocity = plan.velocityX != nil && plan.velocityY != nil
      decodeSpawns(plan, blocks, player: state.player.id, into: &state.spawns)
      if !hasVelocity, let before = previous { addVelocity(&state.spawns, before: before, tick: tick) }
    }
  }

  private mutating func entity(_ sum: StatePlan.Sum, _ blocks: BlockReader) -> EntityID? {
    value(sum, blocks).flatMap { UInt32(exactly: $0) }.map { EntityID($0) }
  }

  private mutating func decodePlayer(_ map: StatePlan, _ blocks: BlockReader, _ player: inout Player) {
    player.id = entity(map.id, blocks)
    if let name = map.playerName, blocks.blockBase[Int(name.base)] >= 0, let start = blocks.bytes.baseAddress {
      player.name = playerName.name(name, at: UnsafeRawPointer(start + blocks.blockBase[Int(name.base)]))
    } else {
      player.name = .empty
    }
    if let x = value(map.x, blocks), let y = value(map.y, blocks), let z = value(map.z, blocks) {
      player.position = Position(x, y, z)
    } else {
      player.position = nil
    }
    player.heading = value(map.heading, blocks).map { Heading($0) }
    player.speed = value(map.speed, blocks)
    player.health = whole(map.health, blocks).map { max(0, $0) }
    player.healthMax = whole(map.healthMax, blocks)
    player.mana = whole(map.mana, blocks).map { max(0, $0) }
    player.manaMax = whole(map.manaMax, blocks)
    player.level = whole(map.level, blocks)
    player.classID = whole(map.classID, blocks)
    player.stand = nil
    if let number = map.stand.first, let start = blocks.bytes.baseAddress, blocks.blockBase[Int(number.base)] >= 0 {
      let place = UnsafeRawPointer(start + blocks.blockBase[Int(number.base)] + Int(number.offset))
      player.stand = withUnsafePointer(to: number) { caseOrdinal($0, place) }.flatMap { StandState(rawValue: $0) }
    }
    player.casting = nil
    if let spell = value(map.castingSpell, blocks).flatMap({ UInt16(exactly: $0) }) {
      let remaining = value(map.castingRemaining, blocks) ?? 0
      player.casting = Casting(spell: SpellID(spell), remaining: max(0, remaining))
    }
    player.money = whole(map.money, blocks)
    player.weight = whole(map.weight, blocks)
    player.weightMax = whole(map.weightMax, blocks)
    player.experience = value(map.experience, blocks)
    player.isInCombat = value(map.isInCombat, blocks).map { $0 != 0 }
    if player.id == nil || player.position == nil || player.health == nil || player.healthMax == nil {
      isPartial = true
    }
  }

  private mutating func pairs(
    _ plan: StatePlan.PairPlan, _ blocks: BlockReader, _ body: (SpellID?, Double) -> Void
  ) {
    guard let start = blocks.bytes.baseAddress.map({ UnsafeRawPointer($0) }) else { return }
    for element in blocks.elements[plan.sequence] where element >= 0 {
      let base = start + Int(element)
      let spell = value(plan.spell, base + Int(plan.spell.offset)).flatMap { UInt16(exactly: $0) }.map { SpellID($0) }
      var seconds = 0.0
      if let number = plan.seconds { seconds = value(number, base + Int(number.offset)) ?? 0 }
      body(spell, max(0, seconds))
    }
  }

  /// Contents of an open window; nil when it is closed.
  private mutating func window(_ plan: StatePlan.StackPlan, _ blocks: BlockReader) -> [ItemStack]? {
    guard let open = value(plan.open, blocks), open != 0 else { return nil }
    windowTurn = (windowTurn + 1) % windowItems.count
    var items: [ItemStack] = []
    swap(&items, &windowItems[windowTurn])
    items.removeAll(keepingCapacity: true)
    stacks(plan, blocks, into: &items)
    windowItems[windowTurn] = items
    return items
  }

  private mutating func stacks(_ plan: StatePlan.StackPlan, _ blocks: BlockReader, into items: inout [ItemStack]) {
    guard let start = blocks.bytes.baseAddress.map({ UnsafeRawPointer($0) }) else { return }
    for (index, element) in blocks.elements[plan.sequence].enumerated() where element >= 0 {
      let base = start + Int(element)
      guard let item = value(plan.item, base + Int(plan.item.offset)).flatMap({ UInt32(exactly: $0) }) else {
        continue
      }
      var (count, slot) = (1, index)
      if let number = plan.count {
        guard let stated = value(number, base + Int(number.offset)).flatMap({ Int(exactly: $0) }) else { continue }
        count = stated
      }
      if let number = plan.slot {
        guard let stated = value(number, base + Int(number.offset)).flatMap({ Int(exactly: $0) }) else { continue }
        slot = stated
      }
      if count > 0 { items.append(ItemStack(item: ItemID(item), count: count, slot: slot)) }
    }
  }

  private mutating func decodeDoors(_ plan: StatePlan.DoorPlan, _ blocks: BlockReader) {
    doors.removeAll(keepingCapacity: true)
    guard let start = blocks.bytes.baseAddress.map({ UnsafeRawPointer($0) }) else { return }
    for element in blocks.elements[plan.sequence] where element >= 0 {
      let base = start + Int(element)
      guard let id = value(plan.id, base + Int(plan.id.offset)).flatMap({ UInt16(exactly: $0) }),
        let x = value(plan.x, base + Int(plan.x.offset)), let y = value(plan.y, base + Int(plan.y.offset))
      else { continue }
      let z = plan.z.flatMap { value($0, base + Int($0.offset)) } ?? 0
      let isOpen = plan.isOpen.flatMap { value($0, base + Int($0.offset)) } ?? 0
      doors.append(Door(id: id, position: Position(x, y, z), isOpen: isOpen != 0))
    }
  }
}
