import Core
import Testing

@testable import Perception

@Suite struct SnapshotTests {
  @Test func `reads everything that the layout maps`() throws {
    let arena = ExampleArena(spawns: 200)
    let reader = try arena.reader()
    let state = try reader.read(tick: Tick(1)).state
    #expect(state.validity == .valid && state.tick == Tick(1) && state.frame == 2 && state.zone == ZoneID(7))
    #expect(state.player.position == Position(10, -5, 3) && state.player.heading == Heading(128))
    #expect(state.player.health == 90 && state.player.healthMax == 100 && state.player.money == 325)
    #expect(state.player.stand == .standing && state.target == nil && state.player.mana == nil)
    #expect(state.gems.count == 8 && state.gems[0] == Gem(spell: SpellID(100), recast: 1.5))
    #expect(state.gems[7].spell == nil)
    #expect(state.inventory.items.map(\.item.raw) == [1, 2, 11, 12])
    #expect(state.spawns.count == 200)
    let last = try #require(state.spawns.last)
    #expect(last.name == "a gnoll pup 201" && last.id.raw == 201 && last.healthFraction == 0.8)
    #expect(last.kind == .npc && last.owner == nil && last.level == 5)
  }

  @Test func `one call when nothing moved, and it follows what did`() throws {
    let arena = ExampleArena(spawns: 50)
    let reader = try arena.reader()
    for tick in 0..<20 {
      arena.nextFrame()
      arena.put(Float(tick), arena.nodes[3] + 84)
      let snapshot = try reader.read(tick: Tick(tick))
      #expect(snapshot.state.validity == .valid)
      #expect(snapshot.state.spawns[2].position.x == Double(tick))
      if tick > 0 { #expect(snapshot.callCount == 1) }
    }
    #expect(try reader.read(tick: Tick(20)).state.spawns.count == 50)
    arena.remove(at: 10)
    arena.append(id: 900)
    arena.link()
    arena.point(arena.client + 8, arena.nodes[5])
    arena.nextFrame()
    let snapshot = try reader.read(tick: Tick(21))
    #expect(snapshot.state.spawns.count == 50 && snapshot.state.spawns.last?.id.raw == 900)
    #expect(snapshot.state.target?.raw == 6)
    #expect(snapshot.callCount <= 3)
    arena.nextFrame()
    #expect(try reader.read(tick: Tick(22)).callCount == 1)
    #expect(snapshot.state.spawns.contains { $0.velocity == .origin })
  }

  @Test func `velocity comes from positions when the program keeps none`() throws {
    let arena = ExampleArena(spawns: 3)
    let reader = try arena.reader()
    for tick in 0..<3 {
      arena.put(Float(tick) * 3, arena.nodes[2] + 84)
      arena.nextFrame()
      let state = try reader.read(tick: Tick(tick)).state
      if tick > 0 { #expect(abs(state.spawns[1].velocity.x - 30) < 1e-9) }
    }
  }

  @Test func `an odd frame counter is a torn read: the last good state stands in, then it is stale`() throws {
    let arena = ExampleArena(spawns: 5)
    let reader = try arena.reader()
    arena.nextFrame()
    _ = try reader.read(tick: Tick(0))
    arena.put(UInt32(5), ExampleArena.root + 40)
    for tick in 1...5 {
      let snapshot = try reader.read(tick: Tick(tick))
      #expect(snapshot.isTorn && snapshot.state.tick == Tick(tick) && snapshot.state.spawns.count == 5)
      #expect(snapshot.state.validity == (tick < 3 ? .partial : .stale))
    }
    arena.put(UInt32(6), ExampleArena.root + 40)
    #expect(try reader.read(tick: Tick(6)).state.validity == .valid)
  }

  @Test func `ten reads without a new frame are stale, and the next frame ends it`() throws {
    let arena = ExampleArena(spawns: 2)
    let reader = try arena.reader()
    var validities: [SnapshotValidity] = []
    for tick in 0..<14 { validities.append(try reader.read(tick: Tick(tick)).state.validity) }
    #expect(validities.firstIndex(of: .stale) == 10)
    arena.nextFrame()
    #expect(try reader.read(tick: Tick(14)).state.validity == .valid)
  }

  @Test func `loading hides everything, and what comes after is read anew`() throws {
    let arena = ExampleArena(spawns: 2)
    let reader = try arena.reader()
    _ = try reader.read(tick: Tick(0))
    arena.put(UInt16(3), arena.client + 34)
    for node in arena.nodes { arena.put(UInt64.max, node) }
    arena.nextFrame()
    let loading = try reader.read(tick: Tick(1)).state
    #expect(loading.validity == .loading && loading.spawns.isEmpty && loading.player.health == nil)
    arena.put(UInt16(5), arena.client + 34)
    arena.link()
    arena.nextFrame()
    #expect(try reader.read(tick: Tick(2)).state.validity == .valid)
  }

  @Test func `another program at the same place is not read`() throws {
    let arena = ExampleArena(spawns: 2)
    let reader = try arena.reader()
    _ = try reader.read(tick: Tick(0))
    arena.put(UInt8(99), ExampleArena.root + 16)
    #expect(throws: SnapshotError.notTheProgram) { try reader.read(tick: Tick(1)) }
  }

  @Test func `broken chains end the list and make the state partial`() throws {
    let spoils: [(String, (ExampleArena) -> Void, ClosedRange<Int>)] = [
      ("cycle", { $0.point($0.nodes[9], $0.nodes[4]) }, 8...9),
      ("self loop", { $0.point($0.nodes[9], $0.nodes[9]) }, 8...9),
      ("kernel address", { $0.put(UInt64.max - 7, $0.nodes[9]) }, 9...9),
      ("unmapped", { $0.put(UInt64(0x7FFF_0000_0000), $0.nodes[9]) }, 9...9),
      ("null page", { $0.put(UInt64(8), $0.nodes[9]) }, 9...9),
      ("misaligned", { $0.put(ExampleArena.base + UInt64($0.nodes[10]) + 3, $0.nodes[9]) }, 9...9),
      ("wrong previous", { $0.point($0.nodes[10] + 8, $0.nodes[2]) }, 9...9),
    ]
    for (name, spoil, counts) in spoils {
      for isFirst in [true, false] {
        let arena = ExampleArena(spawns: 20)
        let reader = try arena.reader()
        if !isFirst { _ = try reader.read(tick: Tick(0)) }
        spoil(arena)
        arena.nextFrame()
        let state = try reader.read(tick: Tick(1)).state
        #expect(state.validity == .partial, "\(name)")
        #expect(counts.contains(state.spawns.count), "\(name): \(state.spawns.count)")
        arena.link()
        arena.nextFrame()
        #expect(try reader.read(tick: Tick(2)).state.validity == .valid, "\(name), mended")
      }
    }
  }

  @Test func `what is implausible is unknown, never nonsense`() throws {
    let bad: [Float] = [.nan, .infinity, -.infinity, 1e30, -1e30]
    for value in bad {
      let arena = ExampleArena(spawns: 4)
      let reader = try arena.reader()
      arena.put(value, arena.nodes[2] + 84)
      arena.put(value, arena.selfNode + 88)
      arena.put(value, arena.nodes[3] + 96)
      arena.put(Int32.min, arena.character + 4)
      let state = try reader.read(tick: Tick(0)).state
      #expect(state.validity == .partial && state.player.position == nil && state.player.health == nil)
      #expect(state.spawns.map(\.id.raw) == [2, 4, 5], "\(value)")
      #expect(state.spawns[1].heading == .north)
      #expect(reader.implausible.map(\.field).contains("player.health"))
    }
  }

  @Test func `random bytes anywhere never trap and never give a number that is not finite`() throws {
    for seed in 0..<UInt64(200) {
      var random = SeededGenerator(seed: seed)
      let arena = ExampleArena(spawns: 30, size: 1 << 16)
      let reader = try arena.reader()
      _ = try reader.read(tick: Tick(0))
      for tick in 1...5 {
        for _ in 0..<random.integer(1...200) {
          let place = random.integer(0x1000...0x3000)
          arena.put(UInt8(truncatingIfNeeded: random.integer(0...255)), place)
        }
        arena.nextFrame()
        guard let snapshot = try? reader.read(tick: Tick(tick)) else { continue }
        #expect(snapshot.state.spawns.count <= 2_000, "seed \(seed)")
        for spawn in snapshot.state.spawns {
          let sum = spawn.position.x + spawn.velocity.x + spawn.heading.units + (spawn.healthFraction ?? 0)
          #expect(sum.isFinite, "seed \(seed)")
        }
      }
    }
  }

  @Test func `a recording gives the same snapshots again`() throws {
    let arena = ExampleArena(spawns: 10)
    let plan = try LayoutPlan(layout: try Layout.parse(try exampleLayoutText(), file: "example.json"))
    let anchors = [ExampleArena.base + UInt64(ExampleArena.root)]
    let tape = RecordingMemory(ArenaMemory(base: ExampleArena.base, bytes: UnsafeRawBufferPointer(arena.bytes)))
    let live = SnapshotReader(plan: plan, memory: tape, anchors: anchors)
    var states: [GameState] = []
    for tick in 0..<8 {
      arena.nextFrame()
      if tick == 4 { arena.remove(at: 3) }
      states.append(try live.read(tick: Tick(tick)).state)
    }
    let again = SnapshotReader(plan: plan, memory: RecordedMemory(tape.answers), anchors: anchors)
    for tick in 0..<8 { #expect(try again.read(tick: Tick(tick)).state == states[tick]) }
    #expect(throws: SnapshotError.gone) { try again.read(tick: Tick(8)) }
  }
}
