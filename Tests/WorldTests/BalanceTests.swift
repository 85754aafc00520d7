import Core
import Testing

@testable import World

/// What a player of the right level can take on: one enemy of its own level. Two at once it loses to as often as not,
/// three always.
@Suite struct BalanceTests {
  /// Kit, level and whom it meets: an even match at each camp of the benchmark.
  private static let matches: [(kit: String, level: Int, enemy: String, zone: String, at: Position)] = [
    ("gravecaller", 5, "prairie_wolf", "meadow", Position(0, -800, 200)),
    ("sellsword", 5, "prairie_wolf", "meadow", Position(0, -800, 200)),
    ("stormcaller", 5, "prairie_wolf", "meadow", Position(0, -800, 200)),
    ("mender", 5, "prairie_wolf", "meadow", Position(0, -800, 200)),
    ("gravecaller", 10, "canyon_goblin", "canyon", Position(-860, 20, 200)),
    ("gravecaller", 14, "barrow_ghoul", "barrow", Position(0, -270, 3)),
    ("gravecaller", 18, "lizard_warrior", "marsh", Position(-880, 10, 200)),
  ]

  @Test func `most single fights are won; two at once are lost as often as not, three are death`() throws {
    let seeds = 12
    for match in Self.matches {
      var wins = [0, 0, 0]
      for enemies in 1...3 {
        for seed in 0..<seeds {
          var world = try Sandbox.world(
            seed: UInt64(seed), kit: match.kit, level: match.level, zone: match.zone, at: match.at)
          if world.outlives(enemies, match.enemy) { wins[enemies - 1] += 1 }
        }
      }
      let text = "\(match.kit) \(match.level) against \(match.enemy): won \(wins) of \(seeds) each"
      print(text)
      #expect(wins[0] >= seeds * 5 / 6, "\(text)")
      #expect(wins[1] <= seeds / 2, "\(text)")
      #expect(wins[2] == 0, "\(text)")
    }
  }
}

extension World {
  /// A prepared player and `count` enemies of its level that come at it from 100 units; true when it lives and they
  /// do not. Everybody else in the zone stays away.
  fileprivate mutating func outlives(_ count: Int, _ key: String) -> Bool {
    let type = data.npcs.firstIndex { $0.key == key } ?? 0
    for slot in npcSlots[me.zone] { vanishForGood(slot) }
    for gem in players[0].gems.indices where gemKind(gem) == .buff || gemKind(gem) == .pet {
      tap(ClientKey.gems[gem])
      run(seconds: 12)
    }
    players[0].mana = players[0].manaMax
    entities[0].health = entities[0].healthMax
    let zone = me.zone
    // The nearest homes, so that nobody is on too long a leash.
    let homes = npcSlots[zone].sorted { one, other in
      func distance(_ slot: Int) -> Double {
        data.zones[zone].spawns[minds[slot].spawn].position.horizontalDistance(to: me.position)
      }
      return (distance(one), one) < (distance(other), other)
    }.prefix(count)
    for (number, slot) in homes.enumerated() {
      spawnNPC(slot)
      embody(slot, type: type, level: me.level)
      let place = me.position.moved(100, along: Heading(Double(number) * 40))
      entities[slot].position = place
      if let ground = data.zones[me.zone].ground(x: place.x, y: place.y, below: me.position.z + 30) {
        entities[slot].position.z = ground
      }
      addHate(slot, me.id, 1)
      startFight(slot, with: 0)
    }
    let enemies = homes.map { entities[$0].id }
    for second in 0..<240 {
      guard me.posture != .dead else { return false }
      guard let foe = enemies.compactMap({ slot(of: $0) }).first else { return true }
      fight(foe, second: second)
    }
    return false
  }

  private mutating func vanishForGood(_ slot: Int) {
    entities[slot].isPresent = false
    wake[slot] = .max
    minds[slot].respawnStep = .max
  }

  private func gemKind(_ gem: Int) -> SpellKind? { players[0].gems[gem].spell.map { data.spells[$0].kind } }

  /// One second of what anybody would do: pet and weapon on the enemy, heal oneself when hurt, else the next spell.
  private mutating func fight(_ foe: Int, second: Int) {
    players[0].target = entities[foe].id
    entities[0].heading = me.position.heading(to: entities[foe].position)
    if second % 5 == 0, players[0].pet != nil { tap(.petAttack) }
    if !players[0].isAutoAttacking { tap(.autoAttack) }
    if players[0].casting == nil {
      let isHurt = me.healthFraction < 0.6
      let wanted: [SpellKind] = isHurt ? [.heal, .lifetap, .nuke, .dot] : [.dot, .nuke, .lifetap]
      let isRotting = effects.contains { $0.target == entities[foe].id && data.spells[$0.spell].kind == .dot }
      var gem: Int?
      for kind in wanted where gem == nil && !(kind == .dot && isRotting) {
        for index in players[0].gems.indices where gem == nil && gemKind(index) == kind {
          let cost = players[0].gems[index].spell.map { data.spells[$0].mana } ?? .max
          if players[0].gems[index].readyStep <= stepIndex, cost <= players[0].mana { gem = index }
        }
      }
      if let gem { tap(ClientKey.gems[gem]) }
    }
    run(seconds: 1)
  }
}

extension ClientKey {
  fileprivate static let gems: [ClientKey] = [.gem1, .gem2, .gem3, .gem4, .gem5, .gem6, .gem7, .gem8]
}
