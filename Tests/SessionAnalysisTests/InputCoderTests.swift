import Core
import Perception
import Telemetry
import Testing

@testable import Agent

@Suite struct InputCoderTests {
  /// Codes and decodes `inputs` as one stream; nil where the decoder had no base.
  private func roundTrip(_ inputs: [TickInput], lost: Set<Int> = [], keyframes: Set<Int> = []) throws -> [TickInput?]
  {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { memory.deallocate() }
    var encoder = InputEncoder()
    var decoder = InputDecoder()
    return try inputs.enumerated().map { index, input in
      var writer = ByteWriter(memory)
      if keyframes.contains(index) { encoder.reset() }
      encoder.encode(input, into: &writer)
      if lost.contains(index) { return nil }
      var reader = ByteReader(writer.bytes)
      let decoded = try decoder.decode(&reader)
      #expect(decoded == nil || reader.isAtEnd)
      return decoded
    }
  }

  @Test func `every input comes back as it was, over random walks`() throws {
    for seed in UInt64(1)...20 {
      var world = RandomInputs(seed: seed)
      let inputs = (0..<60).map { world.next($0) }
      let decoded = try roundTrip(inputs)
      for (input, output) in zip(inputs, decoded) {
        #expect(output.map { isEqual($0, input) } == true, "seed \(seed) tick \(input.state.tick)")
      }
    }
  }

  /// The bytes that the tick thread leaves of an input, which must be no more than it said.
  private func flat(_ input: TickInput) -> [UInt8] {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { memory.deallocate() }
    guard let base = memory.baseAddress else { return [] }
    let configuration = input.configuration?.text
    var writer = FlatWriter(base)
    writer.put(input, configuration: configuration)
    let count = writer.next - base
    let sizeMax = input.flatSizeMax(configuration: configuration)
    #expect(count <= sizeMax, "\(count) bytes of \(sizeMax)")
    return Array(memory[..<count])
  }

  @Test func `every input comes back from the queue as it was, and packed it is a difference like any other`() throws
  {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { memory.deallocate() }
    for seed in UInt64(1)...20 {
      var world = RandomInputs(seed: seed)
      let packer = InputPacker()
      var (encoder, decoder) = (InputEncoder(), InputDecoder())
      for slot in 0..<60 {
        let input = world.next(slot)
        try flat(input).withUnsafeBytes { bytes in
          var reader = ByteReader(bytes)
          let decoded = try decoder.decode(&reader)
          #expect(reader.isAtEnd && decoded.map { isEqual($0, input) } == true, "seed \(seed) tick \(slot)")
          var packed = ByteWriter(memory)
          packer.pack(bytes, into: &packed)
          let kept = Array(packed.bytes)
          var plain = ByteWriter(memory)
          encoder.encode(input, into: &plain)
          #expect(kept.elementsEqual(plain.bytes), "seed \(seed) tick \(slot)")
        }
      }
    }
  }

  @Test func `an input that is cut anywhere is refused`() {
    var world = RandomInputs(seed: 3)
    for slot in 0..<3 {
      let whole = flat(world.next(slot))
      for count in 0..<whole.count {
        whole.prefix(count).withUnsafeBytes { bytes in
          var (reader, decoder) = (ByteReader(bytes), InputDecoder())
          #expect(throws: ByteFault.self) { _ = try decoder.decode(&reader) }
        }
      }
    }
  }

  @Test func `after a loss nothing is decoded until the next keyframe`() throws {
    var world = RandomInputs(seed: 5)
    let inputs = (0..<20).map { world.next($0) }
    let decoded = try roundTrip(inputs, lost: [5], keyframes: [9])
    #expect(decoded[4] != nil && decoded[5...8].allSatisfy { $0 == nil })
    for index in 9..<20 { #expect(decoded[index].map { isEqual($0, inputs[index]) } == true) }
  }

  @Test func `garbage is refused and never trapped on`() {
    var generator = SeededGenerator(seed: 9)
    var decoder = InputDecoder()
    for _ in 0..<20_000 {
      var bytes = (0..<generator.integer(0...600)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      if generator.chance(0.5), bytes.count > 2 { (bytes[0], bytes[1]) = (0, InputForm.flat.rawValue) }
      bytes.withUnsafeBytes { bytes in
        var reader = ByteReader(bytes)
        _ = try? decoder.decode(&reader)
      }
    }
  }

  @Test func `the coding knows every field of what it codes`() {
    // A new field in one of these must be coded too; then its count here goes up.
    let counts: [(Any, Int)] = [
      (GameState(), 14), (Player(), 19), (Spawn(id: EntityID(1)), 13), (MotorReport(), 5),
      (TickInput(state: GameState()), 9), (Inventory(), 3), (Gem(spell: nil), 2),
      (Buff(spell: SpellID(1), remaining: 0), 2),
      (Casting(spell: SpellID(1), remaining: 0), 2), (LootWindow(corpse: EntityID(1)), 2),
      (MerchantWindow(merchant: EntityID(1)), 2), (ItemStack(item: ItemID(1), count: 1, slot: 0), 3),
      (Door(id: 1, position: .origin, isOpen: false), 3),
      (DecisionReceipt(decision: Decision(tick: .start, layer: .idle)), 6),
      (Decision(tick: .start, layer: .idle), 7),
    ]
    for (value, count) in counts {
      #expect(
        Mirror(reflecting: value).children.count == count, "\(type(of: value)) has other fields than its coding")
    }
  }

  private func isEqual(_ left: TickInput, _ right: TickInput) -> Bool {
    left.state == right.state && left.isArmed == right.isArmed && left.hold == right.hold && left.phase == right.phase
      && left.configuration == right.configuration
      && left.motor == right.motor && left.chat == right.chat && left.zoneReady == right.zoneReady
      && left.peers == right.peers
  }
}

/// Inputs in which everything changes now and then.
struct RandomInputs {
  private var generator: SeededGenerator
  private var state = GameState()
  private var nextID: UInt32 = 10

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    for _ in 0..<30 { state.spawns.append(newSpawn()) }
  }

  private mutating func float() -> Double { Double(Float(generator.uniform(-2000...2000))) }
  private mutating func position() -> Position { Position(float(), float(), generator.uniform(-10...10)) }
  private mutating func maybe<Value>(_ value: Value) -> Value? { generator.chance(0.8) ? value : nil }

  private mutating func newSpawn() -> Spawn {
    nextID += 1
    return Spawn(
      id: EntityID(nextID), name: FixedName("npc \(nextID)"), kind: SpawnKind.allCases[generator.integer(0...3)],
      position: position(), velocity: position(), heading: Heading(generator.uniform(0...511)),
      level: UInt8(generator.integer(0...60)), race: UInt16(generator.integer(0...500)), classID: 3,
      healthFraction: maybe(generator.unit()), owner: maybe(EntityID(3)), target: maybe(EntityID(4)))
  }

  private mutating func moveSpawns() {
    for index in state.spawns.indices where generator.chance(0.3) {
      state.spawns[index].position.x += Double(Float(generator.uniform(-3...3)))
      if generator.chance(0.1) { state.spawns[index].position = position() }
      if generator.chance(0.1) { state.spawns[index].target = maybe(EntityID(9)) }
      if generator.chance(0.1) { state.spawns[index].healthFraction = maybe(generator.unit()) }
      if generator.chance(0.05) { state.spawns[index].name = "renamed" }
    }
    if generator.chance(0.2), !state.spawns.isEmpty {
      state.spawns.remove(at: generator.integer(0...state.spawns.count - 1))
    }
    if generator.chance(0.2) { state.spawns.insert(newSpawn(), at: generator.integer(0...state.spawns.count)) }
    if generator.chance(0.03) { state.spawns.shuffle(using: &generator) }
    if generator.chance(0.02) { state.spawns = [] }
  }

  private mutating func configuration() -> AgentConfiguration {
    var configuration = AgentConfiguration(phase: UInt8(generator.integer(0...4)))
    configuration.brain.features.hunts = generator.chance(0.5)
    configuration.requiresTerrain = generator.chance(0.5)
    return configuration
  }

  mutating func next(_ slot: Int) -> TickInput {
    state.tick = Tick(slot + generator.integer(0...2))
    moveSpawns()
    let stack = ItemStack(item: ItemID(5), count: generator.integer(1...20), slot: 2)
    state.validity = SnapshotValidity.allCases[generator.integer(0...3)]
    state.frame = maybe(UInt32(truncatingIfNeeded: generator.next()))
    if generator.chance(0.5) {
      state.player.position = maybe(position())
      state.player.heading = maybe(Heading(generator.uniform(0...511)))
      state.player.health = maybe(generator.integer(0...900))
      state.player.stand = maybe(.sitting)
      state.player.experience = maybe(generator.unit())
      state.player.casting = maybe(Casting(spell: SpellID(4), remaining: generator.unit()))
      state.player.buffs = (0..<generator.integer(0...3)).map {
        Buff(spell: SpellID(UInt16($0)), remaining: generator.unit())
      }
    }
    if generator.chance(0.3) {
      state.zone = maybe(ZoneID(2))
      state.target = maybe(EntityID(0))
      state.pet = maybe(EntityID(.max))
      state.gems = (0..<generator.integer(0...8)).map { _ in
        Gem(spell: maybe(SpellID(.max)), recast: generator.unit())
      }
      state.loot = maybe(LootWindow(corpse: EntityID(8), items: [stack]))
      state.merchant = maybe(MerchantWindow(merchant: EntityID(8), wares: [stack, stack]))
      state.inventory = Inventory(items: [stack], slotsFree: maybe(4), slotsTotal: maybe(-8))
      state.doors = [Door(id: 3, position: position(), isOpen: generator.chance(0.5))]
      state.isAutoAttacking = maybe(generator.chance(0.5))
      state.player.isInCombat = maybe(generator.chance(0.5))
      state.player.name = generator.chance(0.5) ? "Ada" : .empty
      state.player.level = maybe(12)
      state.player.money = maybe(Int.max)
      state.player.weight = maybe(Int.min)
    }
    return TickInput(
      state: state, isArmed: generator.chance(0.5), hold: generator.chance(0.2) ? .stale : .none,
      configuration: generator.chance(0.1) ? configuration() : nil, phase: generator.chance(0.1) ? 3 : nil,
      motor: MotorReport(
        hasFocus: generator.chance(0.5), isReady: true, held: KeySet([.forward, .gem3]), refusedCount: 2,
        refusal: maybe(.noFocus)),
      chat: generator.chance(0.2) ? ["You have slain a rat!", ""] : [],
      zoneReady: generator.chance(0.1) ? ZoneID(7) : nil,
      peers: generator.chance(0.3)
        ? [
          PeerNote(
            id: EntityID(3), name: "Bea", zone: ZoneID(2), position: position(), pet: maybe(EntityID(9)),
            target: maybe(EntityID(.max)), claim: .pulling, needsHelp: generator.chance(0.5)),
          PeerNote(id: EntityID(4), zone: ZoneID(.max), position: position()),
        ] : [])
  }
}
