import Core
import Testing

@testable import World

@Suite struct WorldTests {
  @Test func `the sandbox's data load and every spawn point stands on ground`() throws {
    let data = try Sandbox.data()
    #expect(data.zones.count >= 2)
    for zone in data.zones {
      for spawn in zone.spawns {
        let ground = zone.ground(x: spawn.position.x, y: spawn.position.y, below: spawn.position.z + 1)
        #expect(abs((ground ?? -999) - spawn.position.z) < 0.1, "\(zone.name) \(spawn.position)")
      }
    }
  }

  @Test func `a run of two minutes is the same every time, and with a copy from its middle`() throws {
    var first = try Sandbox.world(seed: 3)
    var second = try Sandbox.world(seed: 3)
    var copy = first
    var random = SeededGenerator(seed: 9)
    for step in 0..<3_600 {
      var inputs: [PlayerInput] = []
      if random.chance(0.2) {
        let key = ClientKey.allCases[random.integer(0...ClientKey.allCases.count - 1)]
        inputs.append(
          PlayerInput(player: 0, microsecond: random.integer(0...33_332), .key(key, isDown: random.chance(0.5))))
      }
      if step == 1_800 { copy = first }
      first.step(inputs)
      second.step(inputs)
      if step >= 1_800 { copy.step(inputs) }
      if step % 100 == 0 { #expect(first.stateHash == second.stateHash) }
    }
    #expect(first.stateHash == copy.stateHash)
    #expect(try Sandbox.world(seed: 4).stateHash != Sandbox.world(seed: 3).stateHash)
  }

  @Test func `an exact turn for a key held 83 ms`() throws {
    var world = try Sandbox.world()
    let before = world.me.heading
    world.step([PlayerInput(player: 0, microsecond: 10_000, .key(.turnRight, isDown: true))])
    world.step([])
    world.step([PlayerInput(player: 0, microsecond: 93_000 - 2 * 33_333, .key(.turnRight, isDown: false))])
    #expect(abs(before.turn(to: world.me.heading) - 0.083 * world.data.rules.turnRate) < 1e-6)
  }

  @Test func `a kill with pet and spells, looted`() throws {
    var world = try Sandbox.world(seed: 2)
    world.tap(.gem6)
    let hasPet = world.run(until: { $0.players[0].pet != nil }, within: 30)
    #expect(hasPet)
    world.run(seconds: 3)
    world.hold(.forward, seconds: 6)
    var log: [String] = []
    for _ in 0..<30 where world.players[0].statistics.defeats < 1 {
      world.tap(.targetNextNPC)
      guard let target = world.players[0].target.flatMap({ world.entity($0) }), target.level < 6 else { continue }
      world.tap(.petAttack)
      for gem in [ClientKey.gem1, .gem3, .gem3, .gem2] {
        world.tap(gem)
        world.run(seconds: 4)
      }
      log.append("\(target.name) at \(target.position.distance(to: world.me.position).tenths)")
    }
    #expect(world.players[0].statistics.defeats >= 1, "\(log) \(world.players[0].statistics)")
  }
}
