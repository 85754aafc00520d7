import Core

/// Turns the bytes of a read into a `GameState`. What is implausible becomes unknown and is counted.
struct StateDecoder {
  private let plan: LayoutPlan
  /// By mapped field.
  private(set) var faults: [UInt32]
  private(set) var faultCount = 0
  /// Something that decisions rest on is unknown in the read just decoded.
  private(set) var isPartial = false

  /// First 32 bytes of each spawn's name at the last read, with what became of them.
  private var names: [(raw: (UInt64, UInt64, UInt64, UInt64), name: FixedName)] = []
  private var playerName: (raw: (UInt64, UInt64, UInt64, UInt64), name: FixedName) = ((0, 0, 0, 0), .empty)
  /// Ids seen in this read: a hash table of id + 1, emptied by its stamp.
  private var seen: [(id: UInt32, stamp: UInt32)] = []
  private var stamp: UInt32 = 0
  // Last values of what is not read at every tick.
  private var inventory = Inventory()
  private var doors: [Door] = []

  init(plan: LayoutPlan) {
    self.plan = plan
    faults = Array(repeating: 0, count: plan.fieldNames.count)
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
  @inline(__always)
  private mutating func caseOrdinal(_ number: LayoutPlan.Number, _ place: UnsafeRawPointer) -> UInt8? {
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
    if let name = map.playerName, blocks.blockBase[Int(name.base)] >= 0 {
      player.name = Self.text(name, at: blocks.blockBase[Int(name.base)], blocks, &playerName)
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
      let place = start + blocks.blockBase[Int(number.base)] + Int(number.offset)
      player.stand = caseOrdinal(number, UnsafeRawPointer(place)).flatMap { StandState(rawValue: $0) }
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
    var items: [ItemStack] = []
    stacks(plan, blocks, into: &items)
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

  // MARK: Spawns

  private mutating func decodeSpawns(
    _ plan: StatePlan.SpawnPlan, _ blocks: BlockReader, player: EntityID?, into spawns: inout [Spawn]
  ) {
    guard let start = blocks.bytes.baseAddress.map({ UnsafeRawPointer($0) }) else { return }
    let elements = blocks.elements[plan.sequence]
    beginIDs(count: elements.count)
    while names.count < elements.count { names.append(((0, 0, 0, 0), .empty)) }
    for index in elements.indices {
      guard elements[index] >= 0 else { continue }
      /// Where the struct lies that `number` is in: the element itself, or one that it points to.
      func place(_ number: LayoutPlan.Number) -> UnsafeRawPointer? {
        let base =
          number.isInSequence
          ? (Int(number.base) == plan.sequence ? elements[index] : blocks.elements[Int(number.base)][index])
          : Int32(blocks.blockBase[Int(number.base)])
        return base < 0 ? nil : start + Int(base) + Int(number.offset)
      }
      func optional(_ number: LayoutPlan.Number?) -> Double? {
        guard let number, let place = place(number) else { return nil }
        return value(number, place)
      }
      guard let id = optional(plan.id).flatMap({ UInt32(exactly: $0) }), let x = optional(plan.x),
        let y = optional(plan.y), let z = optional(plan.z)
      else {
        isPartial = true
        continue
      }
      guard insertID(id) else {
        isPartial = true
        continue
      }
      if player?.raw == id { continue }
      var spawn = Spawn(id: EntityID(id), position: Position(x, y, z), level: 0, healthFraction: nil)
      if let number = plan.kind, let place = place(number) {
        guard let kind = caseOrdinal(number, place).flatMap({ SpawnKind(rawValue: $0) }) else {
          isPartial = true
          continue
        }
        spawn.kind = kind
      }
      if let number = plan.body, let place = place(number), let body = caseOrdinal(number, place) {
        spawn.body = BodyState(rawValue: body) ?? .standing
      }
      if let text = plan.name {
        spawn.name = Self.text(text, at: Int(elements[index]), blocks, &names[index])
      }
      if let vx = optional(plan.velocityX), let vy = optional(plan.velocityY) {
        spawn.velocity = Position(vx, vy, optional(plan.velocityZ) ?? 0)
      }
      if let heading = optional(plan.heading) { spawn.heading = Heading(heading) }
      if let level = optional(plan.level) { spawn.level = UInt8(exactly: level.rounded()) ?? 0 }
      if let race = optional(plan.race) { spawn.race = UInt16(exactly: race) ?? 0 }
      if let classID = optional(plan.classID) { spawn.classID = UInt8(exactly: classID) ?? 0 }
      if let fraction = optional(plan.healthFraction) {
        spawn.healthFraction = min(1, max(0, fraction))
      } else if let health = optional(plan.health), let most = optional(plan.healthMax), most > 0 {
        spawn.healthFraction = min(1, max(0, health / most))
      }
      spawn.owner = optional(plan.owner).flatMap { UInt32(exactly: $0) }.map { EntityID($0) }
      spawn.target = optional(plan.target).flatMap { UInt32(exactly: $0) }.map { EntityID($0) }
      spawns.append(spawn)
    }
  }

  /// The name at `place`; made anew only when its first 32 bytes are others than at the last read.
  private static func text(
    _ text: LayoutPlan.Text, at base: Int, _ blocks: BlockReader,
    _ last: inout (raw: (UInt64, UInt64, UInt64, UInt64), name: FixedName)
  ) -> FixedName {
    guard let start = blocks.bytes.baseAddress else { return .empty }
    var place = UnsafeRawPointer(start + base + Int(text.offset))
    var count = Int(text.bytes)
    if text.isString {
      // libstdc++: pointer, length, 16 bytes in place. A longer text lies elsewhere and is not followed.
      let length = place.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      guard length <= 15 else { return .empty }
      place += 16
      count = Int(length)
    }
    guard count >= 32 else {
      return FixedName(sanitising: UnsafeRawBufferPointer(start: place, count: count))
    }
    let raw = place.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
    if raw != last.raw || last.name.isEmpty {
      last = (raw, FixedName(sanitising: UnsafeRawBufferPointer(start: place, count: 32)))
    }
    return last.name
  }

  private mutating func beginIDs(count: Int) {
    var size = max(64, seen.count)
    while size < 2 * count + 2 { size *= 2 }
    if size != seen.count {
      seen = Array(repeating: (0, 0), count: size)
      stamp = 0
    }
    stamp &+= 1
    if stamp == 0 {
      for index in seen.indices { seen[index].stamp = 0 }
      stamp = 1
    }
  }

  /// False when the id was seen in this read.
  private mutating func insertID(_ id: UInt32) -> Bool {
    var slot = Int(truncatingIfNeeded: mixed(UInt64(id))) & (seen.count - 1)
    while seen[slot].stamp == stamp {
      if seen[slot].id == id { return false }
      slot = (slot + 1) & (seen.count - 1)
    }
    seen[slot] = (id, stamp)
    return true
  }

  /// Units per second from the step since the state before; what jumped is left at zero.
  private func addVelocity(_ spawns: inout [Spawn], before: GameState, tick: Tick) {
    let seconds = tick.seconds(since: before.tick)
    guard seconds > 0, seconds <= 1 else { return }
    for index in spawns.indices {
      let near = max(0, index - 16)..<max(0, min(before.spawns.count, index + 17))
      guard
        let old = near.clamped(to: 0..<before.spawns.count).first(where: { before.spawns[$0].id == spawns[index].id })
      else { continue }
      let step = spawns[index].position - before.spawns[old].position
      let velocity = Position(step.x / seconds, step.y / seconds, step.z / seconds)
      if abs(velocity.x) + abs(velocity.y) < 400 { spawns[index].velocity = velocity }
    }
  }
}
