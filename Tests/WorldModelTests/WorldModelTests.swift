import Core
import Lore
import Perception
import Testing

@testable import WorldModel

@Suite struct WorldModelTests {
  static let player = EntityID(1)
  let lore = Lore(
    zones: [
      Zone(
        id: ZoneID(1), name: "a", southWest: Position(-500, -500), northEast: Position(500, 500),
        vendors: [Vendor(name: "Tam", at: Position(9, 9))])
    ])

  func state(_ slot: Int, _ spawns: [Spawn], health: Int? = 100, zone: UInt16 = 1) -> GameState {
    var player = Player(
      id: Self.player, name: "Me", position: Position(0, 0), health: health, healthMax: 100, level: 5)
    player.classID = 1
    return GameState(
      tick: Tick(slot), zone: ZoneID(zone), player: player, pet: EntityID(2), spawns: spawns)
  }

  func npc(
    _ id: UInt32, _ name: FixedName = "a rat", at place: Position, health: Double? = 1, target: EntityID? = nil,
    level: UInt8 = 5
  ) -> Spawn {
    Spawn(id: EntityID(id), name: name, position: place, level: level, healthFraction: health, target: target)
  }

  @Test func `tells who attacks us or our pet, the player's first`() {
    var model = WorldModel()
    let spawns = [
      npc(5, at: Position(10, 0), target: EntityID(2)), npc(6, at: Position(50, 0), target: Self.player),
      npc(7, at: Position(5, 0), target: EntityID(99)), npc(8, "Tam", at: Position(9, 9), target: Self.player),
      npc(9, at: Position(5, 0), health: 0, target: Self.player),
    ]
    model.update(state(1, spawns), lore: lore)
    #expect(model.attackers.map { model.tracks[$0].id.raw } == [6, 5])
    #expect(model.isThreatened)
  }

  @Test func `measures velocity, damage and the time to death`() {
    var model = WorldModel()
    for slot in 1...60 {
      let share = 1 - 0.01 * Double(slot)
      model.update(
        state(slot, [npc(5, at: Position(100 - Double(slot), 0), health: share)], health: 100 - slot), lore: lore)
    }
    let track = model.track(EntityID(5))
    #expect(abs((track?.velocity.x ?? 0) + 10) < 0.5)
    #expect(abs((track?.healthLoss ?? 0) - 0.1) < 0.03)
    #expect(abs((track?.secondsToDeath ?? 0) - 4) < 2)
    #expect(abs(model.damageRate - 0.1) < 0.01)
  }

  @Test func `sees a strong one coming before it is there`() {
    var model = WorldModel()
    for slot in 1...20 {
      model.update(state(slot, [npc(5, at: Position(0, 140 - 3 * Double(slot)), level: 20)]), lore: lore)
    }
    #expect(model.threats.first?.isImminent == true)
    #expect(model.dangerous.count == 1)
    for slot in 21...60 {
      model.update(state(slot, [npc(5, at: Position(0, 80 + 3 * Double(slot - 20)), level: 20)]), lore: lore)
    }
    #expect(!model.isThreatened)
  }

  @Test func `knows the corpses of our kills, whichever way the client shows them`() {
    for isSameID in [true, false] {
      var model = WorldModel()
      model.update(state(1, [npc(5, at: Position(9, 0), health: 0.1, target: Self.player)]), lore: lore)
      let id = isSameID ? UInt32(5) : 77
      var corpse = npc(id, "a rat's corpse", at: Position(9, 0), health: 0)
      corpse.kind = .corpse
      corpse.body = .dead
      corpse.owner = isSameID ? nil : EntityID(5)
      var other = npc(78, "a rat's corpse", at: Position(5, 0), health: 0)
      other.kind = .corpse
      for slot in 2...400 { model.update(state(slot, [other, corpse]), lore: lore) }
      #expect(model.corpses.map { model.tracks[$0].id.raw } == [id])
    }
  }

  @Test func `an id that comes back with another name is another entity`() {
    var model = WorldModel()
    for slot in 1...10 { model.update(state(slot, [npc(5, at: Position(Double(slot) * 2, 0))]), lore: lore) }
    model.update(state(11, [npc(5, "a wolf", at: Position(300, 300))]), lore: lore)
    let track = model.track(EntityID(5))
    #expect(track?.firstSeen == Tick(11))
    #expect(track?.velocity == .origin)
    #expect(track?.species == "a wolf")
  }

  @Test func `counts neighbours and kin like a plain double loop`() {
    for seed in 0..<UInt64(20) {
      var random = SeededGenerator(seed: seed)
      let names: [FixedName] = ["a rat", "a wolf"]
      let spawns = (0..<150).map { index in
        npc(
          UInt32(10 + index), names[random.integer(0...1)],
          at: Position(random.uniform(-200...200), random.uniform(-200...200)))
      }
      var model = WorldModel()
      model.update(state(1, spawns), lore: lore)
      for track in model.tracks {
        let others = spawns.filter { $0.id != track.id }
        func within(_ reach: Double) -> [Spawn] {
          others.filter { $0.position.horizontalDistance(to: track.position) <= reach }
        }
        #expect(Int(track.neighbours) == within(WorldModel.isolationRadius).count, "seed \(seed)")
        // Of whom nothing is known helps from afar.
        let kin = within(HelpReach.unknown).filter { $0.name.species == track.species }
        #expect(Int(track.kin) == kin.count, "seed \(seed)")
      }
    }
  }

  @Test func `loading and stale change nothing, a new zone forgets`() {
    var model = WorldModel()
    model.update(state(1, [npc(5, at: Position(9, 0))]), lore: lore)
    var loading = state(2, [])
    loading.validity = .loading
    model.update(loading, lore: lore)
    #expect(model.tracks.count == 1)
    model.update(state(3, [npc(5, at: Position(9, 0))], zone: 2), lore: lore)
    #expect(model.track(EntityID(5))?.firstSeen == Tick(3))
    #expect(model.updatesInZone == 1)
  }

  @Test func `whom to leave alone is the word of the camp we hunt at`() {
    let zone = ZoneID(1)
    let lore = Lore(
      zones: [Zone(id: zone, name: "a", southWest: Position(-500, -500), northEast: Position(500, 500))],
      camps: [
        Camp(name: "low", zone: zone, center: Position(0, 0), avoid: ["a wolf"]),
        Camp(name: "high", zone: zone, center: Position(0, 0)),
      ])
    for (camp, isAvoided) in [(Int?.none, true), (0, true), (1, false)] {
      var model = WorldModel()
      model.update(state(1, [npc(5, "a wolf", at: Position(50, 0))]), lore: lore, camp: camp)
      #expect((model.tracks[0].policy == .avoid) == isAvoided)
      model.update(state(2, [npc(5, "a wolf", at: Position(50, 0))]), lore: lore, camp: 1)
      #expect(model.tracks[0].policy == .plain)
    }
  }

  @Test func `what is merely stronger threatens nobody`() {
    var model = WorldModel()
    for slot in 1...20 {
      model.update(state(slot, [npc(5, at: Position(0, 100 - 3 * Double(slot)), level: 7)]), lore: lore)
    }
    #expect(!model.isThreatened && !model.threats.isEmpty)
  }

  @Test func `who walks the same round is foretold, who roams is not`() {
    var model = WorldModel()
    // Back and forth between x = -150 and 150, sixty seconds a round.
    for slot in 0..<2400 {
      let phase = Double(slot % 600) / 600
      let x = phase < 0.5 ? -150 + 600 * phase : 450 - 600 * phase
      model.update(state(slot, [npc(5, at: Position(x, 120), level: 30)]), lore: lore)
    }
    #expect(abs((model.patrolPeriod(of: EntityID(5)) ?? 0) - 60) < 6)
    // It stands at -150 now, and passes the middle in fifteen seconds.
    #expect(model.isPatrolled(Position(0, 120), within: 40, seconds: 20))
    #expect(!model.isPatrolled(Position(0, 120), within: 40, seconds: 8))
    var random = SeededGenerator(seed: 5)
    var roamer = WorldModel()
    for slot in 0..<2400 where slot % 20 == 0 {
      let place = Position(random.uniform(-150...150), random.uniform(50...250))
      roamer.update(state(slot, [npc(5, at: place, level: 30)]), lore: lore)
    }
    #expect(roamer.patrolPeriod(of: EntityID(5)) == nil)
  }
}
