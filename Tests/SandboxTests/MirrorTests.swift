import CSandboxMemory
import Core
import SandboxMirror
import Testing
import World

@Suite struct MirrorTests {
  static func world(seed: UInt64 = 7, zone: String = "meadow", at position: Position? = nil) throws -> World {
    let data = try WorldData.load(directory: "Data/worlds/sandbox")
    return try World(data: data, seed: seed, players: [PlayerSetup(zone: zone, position: position)])
  }

  /// Some keys, the same for every caller.
  static func inputs(step: Int) -> [PlayerInput] {
    switch step {
    case 5: [PlayerInput(player: 0, microsecond: 100, .key(.forward, isDown: true))]
    case 40: [PlayerInput(player: 0, microsecond: 100, .key(.targetNextNPC, isDown: true))]
    case 50: [PlayerInput(player: 0, microsecond: 9_000, .key(.gem6, isDown: true))]
    case 90: [PlayerInput(player: 0, microsecond: 100, .key(.forward, isDown: false))]
    default: []
    }
  }

  @Test func `the same world gives the same bytes, in both layouts`() throws {
    for layout in 1...2 {
      var runs: [[UInt64]] = []
      for _ in 0..<2 {
        var world = try Self.world()
        let memory = MirrorMemory.arena()
        var mirror = SandboxMirror.Mirror(memory: memory, layout: layout)
        var hashes: [UInt64] = []
        for step in 0..<240 {
          world.step(Self.inputs(step: step))
          mirror.write(world, player: 0)
          if step % 40 == 0 { hashes.append(memory.contentHash) }
        }
        runs.append(hashes)
      }
      #expect(runs[0] == runs[1])
      #expect(Set(runs[0]).count == runs[0].count)
    }
  }

  @Test func `the list shows everybody in the zone, and the character what it has`() throws {
    var world = try Self.world()
    let memory = MirrorMemory.arena()
    let reader = ClientMemory(memory)
    var mirror = SandboxMirror.Mirror(memory: memory)
    let root = try #require(memory.address(ofSymbol: "compass_sandbox_root"))
    for step in 0..<200 {
      world.step(Self.inputs(step: step))
      mirror.write(world, player: 0)
    }
    #expect(memory.address(ofSymbol: "main") == nil)
    #expect(reader.root(root)?.frame == 400)
    let spawns = try #require(reader.spawns(root))
    let body = world.body(ofPlayer: 0)
    let here = world.entities.filter { $0.isPresent && $0.zone == body.zone }
    #expect(spawns.count == here.count && here.count > 50)
    for entity in here {
      let node = try #require(spawns.first { $0.node.id == entity.id.raw }?.node)
      #expect(text(node.name) == entity.name.description)
      #expect(node.x == Float(entity.position.x) && node.heading == Float(entity.heading.units))
    }
    let client = try #require(reader.client(root))
    let character = try #require(reader.value(client.character, sandbox1_character()))
    let state = world.players[0]
    #expect(Int(character.health) == body.health && Int(character.mana_max) == state.manaMax)
    let coins = [(character.platinum, 1000), (character.gold, 100), (character.silver, 10), (character.copper, 1)]
    #expect(coins.reduce(0) { $0 + Int($1.0) * $1.1 } == state.money)
    #expect(spawns.first { $0.address == client.own }?.node.id == body.id.raw)
    #expect(state.target != nil)
    #expect(spawns.first { $0.address == client.target }?.node.id == state.target?.raw)
    let inventory = try #require(reader.value(character.inventory, sandbox1_inventory()))
    #expect(Int(inventory.slots_total) == state.inventory.count)
    let bag = try #require(reader.value(inventory.bags.0, sandbox1_bag()))
    let item = try #require(reader.value(bag.items.0, sandbox1_item()))
    #expect(item.id == state.inventory[0].item.raw && Int(item.count) == state.inventory[0].count)
  }

  @Test func `a zone that loads leaves nonsense, and its nodes are used again`() throws {
    let data = try WorldData.load(directory: "Data/worlds/sandbox")
    let meadow = try #require(data.zone(named: "meadow"))
    let line = try #require(data.zones[meadow].lines.first)
    let low = Position(Double(line.low.x + line.high.x) / 2, Double(line.high.y) + 4)
    var world = try Self.world(at: Position(low.x, low.y, 60))
    let memory = MirrorMemory.arena()
    let reader = ClientMemory(memory)
    var mirror = SandboxMirror.Mirror(memory: memory)
    let root = try #require(memory.address(ofSymbol: MirrorMemory.rootSymbol))
    func zone() -> sandbox1_zone? { reader.client(root).flatMap { reader.value($0.zone, sandbox1_zone()) } }

    mirror.write(world, player: 0)
    let before = Set(try #require(reader.spawns(root)).map(\.address))
    let firstZone = zone()?.id
    world.step([PlayerInput(player: 0, .key(.back, isDown: true))])
    var phases: [UInt16] = []
    for _ in 0..<900 where phases.last != 5 || zone()?.id == firstZone {
      world.step([])
      mirror.write(world, player: 0)
      let phase = zone()?.phase ?? 0
      if phases.last != phase { phases.append(phase) }
      if phase == 3 {
        #expect(reader.spawns(root)?.isEmpty == true)
        #expect(zone()?.id == 0xFFFF)
      }
    }
    #expect(phases == [5, 3, 5])
    let after = try #require(reader.spawns(root)).map(\.address)
    #expect(Set(after).intersection(before).count == min(after.count, before.count))
    // Used again, but not in the order in which they lie in memory.
    #expect(after != after.sorted() && after != after.sorted(by: >))
  }

  @Test func `a client misbehaves for three seconds and recovers`() throws {
    for kind in Misbehaviour.allCases {
      var world = try Self.world()
      let memory = MirrorMemory.arena()
      let reader = ClientMemory(memory)
      var mirror = SandboxMirror.Mirror(memory: memory)
      mirror.misbehaviour = kind
      let root = try #require(memory.address(ofSymbol: MirrorMemory.rootSymbol))
      var frames: [[UInt32]] = [[], []]
      var broken = [0, 0]
      for step in 0..<250 {
        world.step([])
        mirror.write(world, player: 0)
        let phase = step < 85 ? 0 : step > 95 && step < 175 ? 1 : step > 195 ? 0 : nil
        guard let phase else { continue }
        frames[phase].append(reader.root(root)?.frame ?? 0)
        let client = try #require(reader.client(root))
        let spawns = reader.spawns(root)
        let isOdd = (reader.root(root)?.frame ?? 0) & 1 == 1
        let isBad = isOdd || spawns == nil || spawns?.contains { !$0.node.x.isFinite } == true || client.windows == 0
        broken[phase] += isBad ? 1 : 0
      }
      #expect(broken[0] == 0, "\(kind)")
      let isFrozen = Set(frames[1]).count == 1
      switch kind {
      case .freeze: #expect(isFrozen)
      case .slow: #expect(Set(frames[1]).count < 8)
      case .torn, .cycle, .garbage, .partial: #expect(broken[1] > 20, "\(kind)")
      }
    }
  }
}
