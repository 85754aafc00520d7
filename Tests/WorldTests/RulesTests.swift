import Core
import Testing

@testable import World

@Suite struct RulesTests {
  /// A world with the player `distance` from the first NPC of a type, looking at it, with it as target.
  func facing(
    _ key: String, distance: Double = 60, seed: UInt64 = 1, level: Int = 5, kit: String? = nil,
    zone: String = "meadow"
  ) throws -> (world: World, npc: Int) {
    let data = try Sandbox.data()
    let type = try #require(data.npcs.firstIndex { $0.key == key })
    let index = try #require(data.zone(named: zone))
    for seed in seed..<seed + 20 {
      let probe = try Sandbox.world(seed: seed, level: level, zone: zone)
      for slot in probe.npcSlots[index] where probe.entities[slot].type == type {
        for turn in stride(from: 0.0, to: 512, by: 64) {
          var place = probe.entities[slot].position.moved(distance, along: Heading(turn))
          place.z = 900
          var world = try Sandbox.world(seed: seed, kit: kit, level: level, zone: zone, at: place)
          guard world.canSee(0, slot), abs(world.me.position.z - world.entities[slot].position.z) < 25 else {
            continue
          }
          world.entities[0].heading = world.me.position.heading(to: world.entities[slot].position)
          world.players[0].target = world.entities[slot].id
          return (world, slot)
        }
      }
    }
    throw WorldSetupError.unknownZone("no \(key) in sight", known: [])
  }

  func texts(_ world: inout World, seconds: Double) -> [String] {
    var texts: [String] = []
    for _ in 0..<Int(seconds * 30) {
      world.step([])
      texts += world.chat.map(\.text)
    }
    return texts
  }

  @Test func `nobody climbs out over the border or walks through trees`() throws {
    for seed in 0..<6 as Range<UInt64> {
      var world = try Sandbox.world(seed: seed)
      world.entities[0].heading = Heading(Double(seed) * 80 + 20)
      world.run(seconds: 60, [PlayerInput(player: 0, .key(.forward, isDown: true))])
      let mesh = world.data.zones[world.me.zone].mesh
      #expect(abs(world.me.position.x) < Double(mesh.high.x) - 20, "\(world.me.position)")
      for placement in mesh.placements where mesh.models[placement.model].name == "oak" {
        let trunk = Position(Double(placement.position.x), Double(placement.position.y))
        #expect(trunk.horizontalDistance(to: world.me.position) > 1)
      }
    }
  }

  @Test func `a hut's wall stops, its doorway lets in`() throws {
    // The hut at (520, 500) has its doorway to the south, 8 units wide.
    for (x, isIn) in [(520.0, true), (510.0, false)] {
      var world = try Sandbox.world(level: 50, at: Position(x, 470, 900))
      world.entities[0].heading = .north
      world.hold(.forward, seconds: 2)
      #expect((world.me.position.y > 490) == isIn, "\(world.me.position)")
    }
  }

  @Test func `the pond carries swimmers, slowly`() throws {
    var world = try Sandbox.world(at: Position(-360, 240, 20))
    world.run(seconds: 1)
    #expect(world.me.posture == .swimming)
    let start = world.me.position
    world.hold(.forward, seconds: 1)
    let distance = start.horizontalDistance(to: world.me.position)
    #expect(abs(distance - 15) < 1.5, "\(distance)")
  }

  @Test func `sitting recovers faster than standing`() throws {
    var gains: [Int] = []
    for isSitting in [false, true] {
      var world = try Sandbox.world(at: Position(0, -880, 900))
      world.entities[0].health = 10
      world.players[0].mana = 0
      if isSitting { world.tap(.sitStand) }
      world.run(seconds: 30)
      gains.append(world.players[0].mana + world.me.health)
    }
    #expect(gains[1] > 2 * gains[0], "\(gains)")
  }

  @Test func `moving interrupts a cast, distance and walls forbid it`() throws {
    var (world, npc) = try facing("brown_bear", distance: 80)
    world.tap(.gem1)
    #expect(world.players[0].casting != nil || world.players[0].statistics.fizzles == 1)
    world.hold(.forward, seconds: 0.5)
    #expect(world.players[0].casting == nil)
    (world, npc) = try facing("brown_bear", distance: 160)
    world.step([PlayerInput(player: 0, .key(.gem1, isDown: true))])
    #expect(world.chat.map(\.message).contains(.outOfRange))
    #expect(world.players[0].casting == nil)
    #expect(world.entities[npc].isPresent)
  }

  @Test func `the dot ticks, the root holds, fear drives away, feign makes forget`() throws {
    var landed: [String: Int] = [:]
    for seed in 1...8 as ClosedRange<UInt64> {
      var (world, npc) = try facing("brown_bear", distance: 105, seed: seed)
      world.tap(.gem1)
      world.run(seconds: 3)
      if world.effects.contains(where: { $0.target == world.entities[npc].id }) {
        landed["dot", default: 0] += 1
        let before = world.entities[npc].health
        _ = world.run(until: { $0.entities[npc].health < before }, within: 7)
        #expect(world.entities[npc].health < before)
        #expect(world.minds[npc].mood == .fighting)
      }
      world.tap(.gem4)
      world.run(seconds: 3)
      if world.minds[npc].status.isFeared {
        landed["fear", default: 0] += 1
        let before = world.me.position.horizontalDistance(to: world.entities[npc].position)
        world.run(seconds: 3)
        #expect(world.me.position.horizontalDistance(to: world.entities[npc].position) > before)
      }
      world.tap(.gem8)
      world.run(seconds: 2)
      if world.me.posture == .feigned {
        landed["feign", default: 0] += 1
        #expect(!world.hates(npc, world.me.id))
      }
    }
    for kind in ["dot", "fear", "feign"] { #expect(landed[kind, default: 0] >= 3, "\(landed)") }
  }

  @Test func `bandits notice, call their kin, and go home when one runs`() throws {
    var (world, npc) = try facing("bandit", distance: 30, level: 5)
    let fought = world.run(until: { $0.minds[npc].mood == .fighting }, within: 5)
    #expect(fought)
    let helpers = world.npcSlots[world.me.zone].filter { world.minds[$0].mood == .fighting }.count
    #expect(helpers >= 2)
    // Far away in a moment: they lose interest at their leash.
    world.entities[0].position = world.data.zones[world.me.zone].arrival
    let calmed = world.run(
      until: { world in
        world.npcSlots[world.me.zone].allSatisfy { world.minds[$0].mood != .fighting }
      }, within: 120)
    #expect(calmed)
  }

  @Test func `whoever dies leaves a corpse, wakes at the bind point, and gets its things back`() throws {
    var (world, npc) = try facing("bandit_leader", distance: 14)
    let items = world.players[0].inventory.filter { $0.count > 0 }.count
    let money = world.players[0].money
    world.players[0].experience = 500
    world.entities[0].health = 1
    let isDead = world.run(until: { $0.me.posture == .dead }, within: 20)
    #expect(isDead)
    let place = world.me.position
    #expect(world.players[0].money == 0)
    #expect(world.players[0].inventory.allSatisfy { $0.count == 0 })
    #expect(world.players[0].experience < 500)
    world.type("/release")
    #expect(world.players[0].isLoading)
    let seconds = Double(world.players[0].loadingSteps) / 30
    #expect((2...4).contains(seconds))
    world.run(seconds: 4)
    #expect(world.me.posture == .standing)
    #expect(world.me.position.horizontalDistance(to: world.players[0].bindPosition) < 1)
    // Back at the place, with nobody there.
    for slot in world.npcSlots[world.me.zone] { world.vanish(slot) }
    world.entities[0].position = place
    world.tap(.targetNextCorpse)
    world.tap(.openLoot)
    world.type("/loot all")
    #expect(world.players[0].inventory.filter { $0.count > 0 }.count == items)
    #expect(world.players[0].money == money)
    #expect(world.players[0].loot == nil)
    _ = npc
  }

  @Test func `a slain NPC leaves loot, comes back in time, and teaches`() throws {
    var (world, npc) = try facing("skeleton", distance: 8)
    let id = world.entities[npc].id
    world.hurt(npc, 100_000, by: 0)
    #expect(world.slot(of: id) == nil)
    #expect(world.players[0].statistics.defeats == 1)
    #expect(world.players[0].experience > 0)
    let corpse = try #require(world.players[0].target)
    #expect(world.entity(corpse)?.kind == .corpse)
    let count = world.contents(ofCorpse: corpse).reduce(0) { $0 + $1.count }
    let before = world.players[0].inventory.reduce(0) { $0 + $1.count }
    world.tap(.openLoot)
    #expect(world.players[0].loot == corpse)
    world.type("/loot all")
    #expect(world.players[0].inventory.reduce(0) { $0 + $1.count } == before + count)
    let respawn = world.data.zones[world.me.zone].spawns[world.minds[npc].spawn]
    let isBack = world.run(
      until: { $0.entities[npc].isPresent }, within: respawn.respawnMean + respawn.respawnSpread + 5)
    #expect(isBack)
    #expect(world.entities[npc].id != id)
  }

  @Test func `the peddler buys and sells`() throws {
    var (world, _) = try facing("merchant_meadow", distance: 10)
    _ = world.give(0, ItemID(1020), 7)
    world.tap(.openLoot)
    #expect(world.players[0].merchant != nil)
    let money = world.players[0].money
    world.type("/sell all")
    #expect(world.players[0].money == money + 7 * 5)
    let chips = world.countItems(0, ItemID(1001))
    world.type("/buy 1 2")
    #expect(world.countItems(0, ItemID(1001)) == chips + 2)
    #expect(world.players[0].money == money + 35 - 24)
    world.tap(.closeWindow)
    #expect(world.players[0].merchant == nil)
  }

  @Test func `memorising takes sitting and time`() throws {
    var world = try Sandbox.world()
    world.type("/mem 8 Gate")
    #expect(world.players[0].memorising == nil)
    world.tap(.sitStand)
    world.type("/mem 8 Gate")
    world.run(seconds: world.data.rules.memoriseSeconds + 0.2)
    #expect(world.players[0].gems[7].spell.map { world.data.spells[$0].name } == "Gate")
    world.type("/mem 1 Bone Spear")
    #expect(world.chat.map(\.message).contains(.cannotMemorise))
  }

  @Test func `a zone line leads to the next zone and back`() throws {
    var world = try Sandbox.world(at: Position(0, -960, 900))
    let meadow = world.me.zone
    world.entities[0].heading = Heading(256)
    world.hold(.forward, seconds: 3)
    #expect(world.me.zone != meadow)
    world.run(seconds: 4)
    #expect(!world.players[0].isLoading)
    world.entities[0].heading = .north
    world.hold(.forward, seconds: 6)
    #expect(world.me.zone == meadow)
  }

  @Test func `snare slows, weight slows, a fall hurts`() throws {
    var (world, npc) = try facing("brown_bear", distance: 60)
    let mire = try #require(world.data.spells.firstIndex { $0.name == "Shadow Mire" })
    world.addEffect(mire, from: 0, on: npc)
    #expect(world.minds[npc].status.speedFactor == 0.5)
    world.players[0].weight = 100_000
    #expect(world.speedFactor(0) == world.data.rules.encumberedFactor)
    let health = world.me.health
    world.entities[0].position.z += 60
    world.run(seconds: 3)
    #expect(world.me.health < health)
  }

  @Test func `guards turn on whoever slays townsmen, and merchants refuse`() throws {
    var (world, npc) = try facing("townsman", distance: 10, level: 50, zone: "harbour")
    let zone = world.me.zone
    let kin = try #require(world.data.kins.firstIndex(of: "guards"))
    var slain = 0
    for slot in world.npcSlots[zone] where world.entities[slot].type == world.entities[npc].type && slain < 6 {
      world.hurt(slot, 100_000, by: 0)
      slain += 1
    }
    #expect(world.players[0].standing[kin] == -slain * world.data.rules.standingPerKill)
    let isHunted = world.run(
      until: { world in
        world.npcSlots[zone].contains { slot in
          world.minds[slot].mood == .fighting && world.hates(slot, world.me.id)
            && world.entities[slot].type.map { world.data.npcs[$0].role == .guardian } ?? false
        }
      }, within: 120)
    #expect(isHunted)
    let trader = try #require(
      world.npcSlots[zone].first { slot in
        world.entities[slot].type.map { world.data.npcs[$0].key == "merchant_goods" } ?? false
      })
    world.entities[0].position = world.entities[trader].position.moved(5, along: .north)
    world.players[0].target = world.entities[trader].id
    world.tap(.openLoot)
    #expect(world.players[0].merchant == nil)
  }

  @Test func `doors stop until they are opened, and the bridge has a path below`() throws {
    for isOpening in [false, true] {
      var world = try Sandbox.world(level: 50, zone: "barrow", at: Position(-195, 90, 3))
      for slot in world.npcSlots[world.me.zone] { world.vanish(slot) }
      world.entities[0].heading = .north
      if isOpening { world.tap(.openLoot) }
      world.hold(.forward, seconds: 1)
      #expect((world.me.position.y > 106) == isOpening, "\(world.me.position)")
    }
    for (z, isAbove) in [(125.0, true), (60.0, false)] {
      var world = try Sandbox.world(level: 50, zone: "canyon", at: Position(-104, -10, z))
      world.run(seconds: 1)
      #expect((world.me.position.z > 110) == isAbove, "\(world.me.position)")
      #expect(world.me.position.z < 125)
    }
  }

  @Test func `lava burns and the two floors of the barrow are joined by stairs`() throws {
    var world = try Sandbox.world(level: 50, zone: "canyon", at: Position(380, 40, 30))
    let health = world.me.health
    world.run(seconds: 3)
    #expect(world.me.health < health - 20)
    world = try Sandbox.world(level: 50, zone: "barrow", at: Position(-250, -150, 3))
    for slot in world.npcSlots[world.me.zone] { world.vanish(slot) }
    world.entities[0].heading = .north
    world.hold(.forward, seconds: 6.5)
    #expect(abs(world.me.position.z - 24) < 0.1, "\(world.me.position)")
  }

  @Test func `the benchmark cases can be played`() throws {
    let data = try Sandbox.data()
    #expect(data.benchmarks.count >= 5)
    for benchmark in data.benchmarks {
      var world = try World(data: data, seed: 1, players: [benchmark.setup])
      world.run(seconds: 1)
      #expect(world.me.zone == data.zone(named: benchmark.zone))
    }
  }

  @Test func `next and previous target walk through the near ones in order`() throws {
    var world = try Sandbox.world(at: Position(-180, -600, 900))
    var seen: [Double] = []
    for _ in 0..<4 {
      world.players[0].target.map { _ in }
      world.tap(.targetNextNPC)
      let target = try #require(world.players[0].target.flatMap { world.entity($0) })
      seen.append(target.position.distance(to: world.me.position))
    }
    #expect(seen.count == 4)
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 <= $1 + 4 }, "\(seen)")
  }
}
