import Core
import Testing

@testable import World

/// One life played by a script through key events and typed lines alone; the world is only looked at.
@Suite struct KeysOnlyTests {
  @Test func `kill, loot, sell, buy, memorise, die, recover the corpse, cross into another zone and back`() throws {
    var world = try Sandbox.world(seed: 2)
    let meadow = world.me.zone

    // A pet, and a spell into a gem.
    world.tap(.gem6)
    let hasPet = world.run(until: { $0.players[0].pet != nil }, within: 20)
    #expect(hasPet)
    world.tap(.sitStand)
    world.type("/mem 8 Gate")
    world.run(seconds: world.data.rules.memoriseSeconds + 0.5)
    #expect(world.players[0].gems[7].spell.map { world.data.spells[$0].name } == "Gate")
    world.tap(.sitStand)

    // Kill and loot, until something that was not there at the start lies in the bags.
    let known = Set(world.players[0].inventory.filter { $0.count > 0 }.map(\.item.raw))
    func hasSpoils(_ world: World) -> Bool {
      world.players[0].inventory.contains { $0.count > 0 && !known.contains($0.item.raw) }
    }
    world.walk(to: Position(-150, -640), within: 20)
    for _ in 0..<12 where !hasSpoils(world) { world.hunt() }
    #expect(world.players[0].statistics.defeats >= 1)
    #expect(world.players[0].statistics.corpsesLooted >= 1)
    #expect(hasSpoils(world))
    #expect(world.players[0].statistics.deaths == 0)

    // Sell, and buy what spells need.
    world.walk(to: Position(32, -790), within: 5)
    world.type("/target peddler")
    world.tap(.openLoot)
    #expect(world.players[0].merchant != nil)
    let money = world.players[0].money
    world.type("/sell all")
    #expect(world.players[0].money > money)
    let chips = world.countItems(0, ItemID(1001))
    world.type("/buy 1 2")
    #expect(world.countItems(0, ItemID(1001)) == chips + 2)
    world.tap(.closeWindow)

    // Through the zone line, and against a guard: a death in the other zone.
    world.cross(at: Position(0, -1020), by: Position(0, -985))
    let harbour = world.me.zone
    #expect(harbour != meadow)
    world.walk(to: Position(12, 372), within: 6)
    world.type("/target harbour guard")
    world.tap(.autoAttack)
    for _ in 0..<60 where world.me.posture != .dead {
      guard let guardian = world.players[0].target.flatMap({ world.entity($0) }) else { break }
      world.walk(to: guardian.position, within: 7)
      world.run(seconds: 1)
    }
    #expect(world.me.posture == .dead)
    let place = world.me.position
    world.type("/release")
    let isBack = world.run(until: { !$0.players[0].isLoading && $0.me.posture == .standing }, within: 10)
    #expect(isBack)
    #expect(world.me.zone == meadow)
    #expect(world.players[0].money == 0)

    // Back for its things, and home again.
    world.cross(at: Position(0, -1020), by: Position(0, -985))
    #expect(world.me.zone == harbour)
    world.walk(to: place, within: 6)
    world.tap(.targetNextCorpse)
    world.tap(.openLoot)
    world.type("/loot all")
    #expect(world.players[0].money > 0)
    #expect(world.countItems(0, ItemID(1001)) >= 2)
    world.cross(at: Position(0, 1020), by: Position(0, 985))
    #expect(world.me.zone == meadow)
    #expect(world.players[0].statistics.deaths == 1)
  }
}

extension World {
  /// Turns with the turn keys for as long as it takes.
  fileprivate mutating func turn(to point: Position) {
    let error = me.heading.turn(to: me.position.heading(to: point))
    guard abs(error) > 4 else { return }
    hold(error > 0 ? .turnRight : .turnLeft, seconds: abs(error) / data.rules.turnRate)
  }

  /// Walks straight on, and around what stands in the way; gives up after two minutes.
  fileprivate mutating func walk(to point: Position, within radius: Double) {
    var last = me.position
    for round in 0..<240 where me.position.horizontalDistance(to: point) > radius {
      guard me.posture != .dead, !players[0].isLoading else { return }
      turn(to: point)
      let left = me.position.horizontalDistance(to: point) - radius / 2
      hold(.forward, seconds: min(0.5, max(0.07, left / 30)))
      if last.horizontalDistance(to: me.position) < 1 {
        hold(round / 8 % 2 == 0 ? .strafeRight : .strafeLeft, seconds: 0.7)
      }
      last = me.position
    }
  }

  /// Over a zone line, and through the loading screen.
  fileprivate mutating func cross(at point: Position, by approach: Position) {
    let zone = me.zone
    walk(to: approach, within: 8)
    turn(to: point)
    step([PlayerInput(player: 0, .key(.forward, isDown: true))])
    _ = run(until: { $0.me.zone != zone }, within: 10)
    step([PlayerInput(player: 0, .key(.forward, isDown: false))])
    _ = run(until: { !$0.players[0].isLoading }, within: 10)
  }

  /// The nearest weak one, with pet and spells; then its corpse, and a rest.
  fileprivate mutating func hunt() {
    let defeats = players[0].statistics.defeats
    tap(.targetNextNPC)
    guard let prey = players[0].target, let first = entity(prey), first.level <= 4 else {
      walk(to: me.position.moved(60, along: me.heading + 90), within: 5)
      return
    }
    walk(to: first.position, within: 80)
    tap(.petAttack)
    for gem in [ClientKey.gem1, .gem3, .gem2, .gem3, .gem2, .gem3] where players[0].statistics.defeats == defeats {
      if let prey = entity(prey) { turn(to: prey.position) }
      tap(gem)
      run(seconds: 4)
    }
    _ = run(until: { $0.players[0].statistics.defeats > defeats }, within: 30)
    if let corpse = players[0].target.flatMap({ entity($0) }), corpse.kind == .corpse {
      walk(to: corpse.position, within: 6)
      tap(.openLoot)
      type("/loot all")
    }
    tap(.sitStand)
    run(seconds: 15)
    if me.posture == .sitting { tap(.sitStand) }
  }
}
