import Core
import Perception
import Telemetry

// An input as the tick thread leaves it in the queue: whole, every value in full width, nothing compared with anything.
// `InputPacker` makes the difference from the one before of it, on the writer thread.

private enum FlatSize {
  static let spawn = 120
  static let door = 27
  static let stack = 20
  static let gem = 11
  static let buff = 10
  static let chatLine = 64
  static let fixed = 512
  static let peer = 192
}

/// Which of a spawn's values are known.
private enum SpawnKnown {
  static let health: UInt8 = 1
  static let owner: UInt8 = 2
  static let target: UInt8 = 4
}

extension TickInput {
  /// Bytes that `FlatWriter.put(_: TickInput, …)` needs at most.
  func flatSizeMax(configuration: String?) -> Int {
    let stacks = state.inventory.items.count + (state.loot?.items.count ?? 0) + (state.merchant?.wares.count ?? 0)
    return FlatSize.fixed + state.spawns.count * FlatSize.spawn + state.doors.count * FlatSize.door
      + stacks * FlatSize.stack + state.gems.count * FlatSize.gem + state.player.buffs.count * FlatSize.buff
      + chat.count * FlatSize.chatLine + peers.count * FlatSize.peer + (configuration?.utf8.count ?? 0)
  }
}

extension FlatWriter {
  /// - Parameter configuration: The input's, as text.
  mutating func put(_ input: borrowing TickInput, configuration: String?) {
    put(UInt8(0))
    put(InputForm.flat.rawValue)
    put(
      UInt8(input.isArmed ? 1 : 0) | (input.phase != nil ? 2 : 0) | (input.zoneReady != nil ? 4 : 0)
        | (configuration != nil ? 8 : 0))
    put(input.hold.rawValue)
    put(input.phase ?? 0)
    put(input.zoneReady?.raw ?? 0)
    put(UInt8(input.motor.hasFocus ? 1 : 0) | (input.motor.isReady ? 2 : 0))
    put(input.motor.held.bits)
    put(input.motor.refusedCount)
    put(input.motor.refusal.map { $0.rawValue + 1 } ?? 0)
    put(UInt32(truncatingIfNeeded: input.chat.count))
    for line in input.chat { put(line) }
    if let configuration { _ = put(upTo: configuration.utf8.count + 10) { $0.put(long: configuration) } }
    _ = put(upTo: 10 + input.peers.count * FlatSize.peer) { $0.put(peers: input.peers) }
    put(input.state)
  }

  private mutating func put(_ state: borrowing GameState) {
    put(state.tick.slot)
    put(state.validity.rawValue)
    put(UInt8(state.frame != nil ? 1 : 0) | (state.zone != nil ? 2 : 0))
    put(state.frame ?? 0)
    put(state.zone?.raw ?? 0)
    put(flag: state.isAutoAttacking)
    put(optional: state.target)
    put(optional: state.pet)
    put(state.player)
    put(UInt32(truncatingIfNeeded: state.gems.count))
    for gem in state.gems {
      put(UInt8(gem.spell != nil ? 1 : 0))
      put(gem.spell?.raw ?? 0)
      put(gem.recast)
    }
    put(optional: state.loot?.corpse)
    if let loot = state.loot { put(loot.items) }
    put(optional: state.merchant?.merchant)
    if let merchant = state.merchant { put(merchant.wares) }
    put(state.inventory.items)
    put(optional: state.inventory.slotsFree)
    put(optional: state.inventory.slotsTotal)
    put(UInt32(truncatingIfNeeded: state.doors.count))
    for door in state.doors {
      put(door.id)
      put(door.position)
      put(UInt8(door.isOpen ? 1 : 0))
    }
    put(UInt32(truncatingIfNeeded: state.spawns.count))
    for spawn in state.spawns { put(spawn) }
  }

  private mutating func put(_ player: borrowing Player) {
    put(optional: player.id)
    put(player.name)
    put(UInt8(player.position != nil ? 1 : 0))
    put(player.position ?? .origin)
    put(optional: player.heading?.units)
    put(optional: player.speed)
    put(optional: player.health)
    put(optional: player.healthMax)
    put(optional: player.mana)
    put(optional: player.manaMax)
    put(optional: player.level)
    put(optional: player.classID)
    put(optional: player.money)
    put(optional: player.weight)
    put(optional: player.weightMax)
    put(optional: player.experience)
    put(player.stand.map { $0.rawValue + 1 } ?? 0)
    put(flag: player.isInCombat)
    put(UInt8(player.casting != nil ? 1 : 0))
    put(player.casting?.spell.raw ?? 0)
    put(player.casting?.remaining ?? 0)
    put(UInt32(truncatingIfNeeded: player.buffs.count))
    for buff in player.buffs {
      put(buff.spell.raw)
      put(buff.remaining)
    }
  }

  @inline(__always) private mutating func put(_ spawn: Spawn) {
    put(spawn.name)
    put(spawn.position)
    put(spawn.velocity)
    put(spawn.heading.units)
    put(spawn.healthFraction ?? 0)
    put(spawn.id.raw)
    put(spawn.owner?.raw ?? 0)
    put(spawn.target?.raw ?? 0)
    put(spawn.race)
    put(spawn.level)
    put(spawn.classID)
    put(spawn.body.rawValue)
    put(spawn.kind.rawValue)
    put(
      (spawn.healthFraction != nil ? SpawnKnown.health : 0) | (spawn.owner != nil ? SpawnKnown.owner : 0)
        | (spawn.target != nil ? SpawnKnown.target : 0))
    put(UInt8(0))
    put(UInt32(0))
  }

  private mutating func put(_ stacks: [ItemStack]) {
    put(UInt32(truncatingIfNeeded: stacks.count))
    for stack in stacks {
      put(stack.item.raw)
      put(stack.count)
      put(stack.slot)
    }
  }

  @inline(__always) private mutating func put(optional id: EntityID?) {
    put(UInt8(id != nil ? 1 : 0))
    put(id?.raw ?? 0)
  }

  @inline(__always) private mutating func put(optional number: Int?) {
    put(UInt8(number != nil ? 1 : 0))
    put(number ?? 0)
  }

  @inline(__always) private mutating func put(optional number: Double?) {
    put(UInt8(number != nil ? 1 : 0))
    put(number ?? 0)
  }

  @inline(__always) private mutating func put(flag: Bool?) {
    put(UInt8(flag.map { $0 ? 2 : 1 } ?? 0))
  }
}

extension ByteReader {
  /// What follows the form of a flat input.
  mutating func flatInput() throws(ByteFault) -> TickInput {
    let flags = try byte()
    var input = TickInput(state: GameState(), isArmed: flags & 1 != 0, hold: try value(HoldReason.self))
    let (phase, zone) = (try byte(), ZoneID(try flat16()))
    if flags & 2 != 0 { input.phase = phase }
    if flags & 4 != 0 { input.zoneReady = zone }
    let motor = try byte()
    input.motor = MotorReport(
      hasFocus: motor & 1 != 0, isReady: motor & 2 != 0, held: KeySet(bits: try fixed64()),
      refusedCount: try flatInteger(), refusal: try caseIfAny(MotorRefusal.self))
    for _ in 0..<(try flatCount(ofSize: FlatSize.chatLine)) { input.chat.append(try flatText()) }
    if flags & 8 != 0 { input.configuration = try configuration() }
    input.peers = try peers()
    input.state = try flatState()
    return input
  }

  private mutating func flatState() throws(ByteFault) -> GameState {
    var state = GameState(tick: Tick(try flatInteger()), validity: try value(SnapshotValidity.self))
    let known = try byte()
    let (frame, zone) = (try flat32(), ZoneID(try flat16()))
    if known & 1 != 0 { state.frame = frame }
    if known & 2 != 0 { state.zone = zone }
    state.isAutoAttacking = try flatFlag()
    state.target = try flatEntity()
    state.pet = try flatEntity()
    state.player = try flatPlayer()
    for _ in 0..<(try flatCount(ofSize: FlatSize.gem)) {
      let (hasSpell, spell) = (try flag(), SpellID(try flat16()))
      state.gems.append(Gem(spell: hasSpell ? spell : nil, recast: try double()))
    }
    if let corpse = try flatEntity() { state.loot = LootWindow(corpse: corpse, items: try flatStacks()) }
    if let merchant = try flatEntity() {
      state.merchant = MerchantWindow(merchant: merchant, wares: try flatStacks())
    }
    state.inventory = Inventory(
      items: try flatStacks(), slotsFree: try flatNumber(), slotsTotal: try flatNumber())
    for _ in 0..<(try flatCount(ofSize: FlatSize.door)) {
      state.doors.append(Door(id: try flat16(), position: try position(), isOpen: try flag()))
    }
    let spawns = try flatCount(ofSize: FlatSize.spawn)
    state.spawns.reserveCapacity(spawns)
    for _ in 0..<spawns { state.spawns.append(try flatSpawn()) }
    return state
  }

  private mutating func flatPlayer() throws(ByteFault) -> Player {
    var player = Player(id: try flatEntity(), name: try flatName())
    let (hasPosition, position) = (try flag(), try position())
    if hasPosition { player.position = position }
    player.heading = try flatDouble().map { Heading($0) }
    player.speed = try flatDouble()
    player.health = try flatNumber()
    player.healthMax = try flatNumber()
    player.mana = try flatNumber()
    player.manaMax = try flatNumber()
    player.level = try flatNumber()
    player.classID = try flatNumber()
    player.money = try flatNumber()
    player.weight = try flatNumber()
    player.weightMax = try flatNumber()
    player.experience = try flatDouble()
    player.stand = try caseIfAny(StandState.self)
    player.isInCombat = try flatFlag()
    let (isCasting, casting) = (try flag(), Casting(spell: SpellID(try flat16()), remaining: try double()))
    if isCasting { player.casting = casting }
    for _ in 0..<(try flatCount(ofSize: FlatSize.buff)) {
      player.buffs.append(Buff(spell: SpellID(try flat16()), remaining: try double()))
    }
    return player
  }

  private mutating func flatSpawn() throws(ByteFault) -> Spawn {
    var spawn = Spawn(id: EntityID(0), name: try flatName())
    spawn.position = try position()
    spawn.velocity = try position()
    spawn.heading = Heading(try double())
    let health = try double()
    spawn.id = EntityID(try flat32())
    let (owner, target) = (EntityID(try flat32()), EntityID(try flat32()))
    spawn.race = try flat16()
    spawn.level = try byte()
    spawn.classID = try byte()
    spawn.body = try value(BodyState.self)
    spawn.kind = try value(SpawnKind.self)
    let known = try byte()
    spawn.healthFraction = known & SpawnKnown.health != 0 ? health : nil
    spawn.owner = known & SpawnKnown.owner != 0 ? owner : nil
    spawn.target = known & SpawnKnown.target != 0 ? target : nil
    _ = try raw(5)
    return spawn
  }

  private mutating func flatStacks() throws(ByteFault) -> [ItemStack] {
    var stacks: [ItemStack] = []
    for _ in 0..<(try flatCount(ofSize: FlatSize.stack)) {
      stacks.append(ItemStack(item: ItemID(try flat32()), count: try flatInteger(), slot: try flatInteger()))
    }
    return stacks
  }

  private mutating func flatEntity() throws(ByteFault) -> EntityID? {
    let (isKnown, id) = (try flag(), EntityID(try flat32()))
    return isKnown ? id : nil
  }

  private mutating func flatNumber() throws(ByteFault) -> Int? {
    let (isKnown, number) = (try flag(), try flatInteger())
    return isKnown ? number : nil
  }

  private mutating func flatDouble() throws(ByteFault) -> Double? {
    let (isKnown, number) = (try flag(), try double())
    return isKnown ? number : nil
  }

  private mutating func flatFlag() throws(ByteFault) -> Bool? {
    switch try byte() {
    case 0: return nil
    case 1: return false
    case 2: return true
    default: throw .invalid
    }
  }

  private mutating func caseIfAny<Case: RawRepresentable<UInt8>>(_: Case.Type) throws(ByteFault) -> Case? {
    let raw = try byte()
    guard raw > 0 else { return nil }
    guard let value = Case(rawValue: raw - 1) else { throw .invalid }
    return value
  }
}
