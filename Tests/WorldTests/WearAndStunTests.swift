import Core
import Testing

@testable import World

/// Stuns, food, things that are worn, skills, healers and ways around obstacles.
@Suite struct WearAndStunTests {
  @Test func `who is stunned neither moves nor casts, and not again at once`() throws {
    var world = try Sandbox.world(seed: 3)
    world.tap(.gem7)
    #expect(world.players[0].casting != nil)
    world.stun(0, seconds: 2)
    #expect(world.players[0].casting == nil)
    #expect(world.chat.contains { $0.message == .stunned })
    let place = world.me.position
    world.hold(.forward, seconds: 1.5)
    #expect(world.me.position.horizontalDistance(to: place) == 0)
    world.hold(.forward, seconds: 1.5)
    #expect(world.me.position.horizontalDistance(to: place) > 5)
    world.stun(0, seconds: 2)
    #expect(!world.isStunned(0))
    world.run(seconds: world.data.rules.stunPause)
    world.stun(0, seconds: 2)
    #expect(world.isStunned(0))
  }

  @Test func `bread feeds, and is gone`() throws {
    var world = try Sandbox.world()
    let bread = try #require(world.data.items.first { $0.name == "travel bread" })
    let slot = try #require(world.players[0].inventory.firstIndex { $0.item == bread.id && $0.count > 0 })
    let (count, weight) = (world.countItems(0, bread.id), world.players[0].weight)
    world.type("/use \(slot + 1)")
    #expect(world.countItems(0, bread.id) == count - 1)
    #expect(world.players[0].weight == weight - bread.weight)
    #expect(world.minds[0].status.healthRegeneration > 0)
    // Bones are no food, and an empty slot nothing at all.
    let bones = try #require(world.players[0].inventory.firstIndex { $0.item == ItemID(1001) })
    for number in [bones + 1, 32, 0, -4, 99] { world.type("/use \(number)") }
    #expect(world.countItems(0, ItemID(1001)) == 12)
  }

  @Test func `a blade and a shield are worn, work, weigh, and lie in the corpse`() throws {
    var world = try Sandbox.world()
    let blade = try #require(world.data.items.first { $0.name == "leader's blade" })
    let shield = try #require(world.data.items.first { $0.name == "cracked shield" })
    for item in [blade, shield] { #expect(world.give(0, item.id, 1) == 0) }
    let weight = world.players[0].weight
    for item in [blade, shield] {
      let slot = try #require(world.players[0].inventory.firstIndex { $0.item == item.id && $0.count > 0 })
      world.type("/equip \(slot + 1)")
    }
    #expect(world.weaponDamage(0) == blade.damage)
    #expect(world.wornArmor(0) == Double(shield.armor))
    #expect(world.players[0].weight == weight)
    world.type("/unequip weapon")
    #expect(world.weaponDamage(0) == 0)
    #expect(world.countItems(0, blade.id) == 1)
    let slot = try #require(world.players[0].inventory.firstIndex { $0.item == blade.id && $0.count > 0 })
    world.type("/equip \(slot + 1)")

    world.hurt(0, 100_000, by: nil)
    #expect(world.players[0].weapon.count == 0)
    let grave = world.me.position
    world.type("/release")
    _ = world.run(until: { !$0.players[0].isLoading && $0.me.posture == .standing }, within: 10)
    world.entities[0].position = grave
    world.tap(.targetNextCorpse)
    world.tap(.openLoot)
    world.type("/loot all")
    #expect(world.weaponDamage(0) == blade.damage)
    #expect(world.wornArmor(0) == Double(shield.armor))
  }

  @Test func `a new level asks for practice, and practice makes up for it`() throws {
    var world = try Sandbox.world(kit: "sellsword")
    #expect(world.meleeLack(0) == 0)
    world.entities[0].level += 1
    #expect(world.meleeLack(0) > 0)
    for _ in 0..<400 { _ = world.meleeLack(0) }
    #expect(world.meleeLack(0) == 0)
    #expect(world.players[0].meleeSkill == world.data.rules.skillPerLevel * world.me.level)
  }

  @Test func `a shaman heals whoever of its kin is hurt most`() throws {
    var world = try Sandbox.world(level: 50, zone: "canyon")
    let zone = world.me.zone
    func slots(_ key: String) -> [Int] {
      world.npcSlots[zone].filter { slot in world.entities[slot].type.map { world.data.npcs[$0].key == key } ?? false
      }
    }
    let shaman = try #require(slots("goblin_shaman").first)
    let goblin = try #require(slots("canyon_goblin").first)
    let type = try #require(world.entities[shaman].type)
    let spell = try #require(world.data.npcs[type].spell)
    world.entities[goblin].position = world.entities[shaman].position.moved(10, along: .north)
    world.entities[goblin].position.z += 0.5
    world.entities[goblin].health = 1
    world.minds[goblin].mood = .fighting
    var begins = false
    for _ in 0..<40 where !begins { begins = world.beginCast(shaman, spell, 0) }
    #expect(begins)
    #expect(world.minds[shaman].castTarget == world.entities[goblin].id.raw)
    world.stepIndex = world.minds[shaman].castEnd
    world.continueCast(shaman)
    #expect(world.entities[goblin].health > 1)
  }

  @Test func `an NPC finds its way around a house to who hides behind it`() throws {
    // Two walls' length of palisade between the two.
    var reached = 0
    for seed in 0..<6 {
      var world = try Sandbox.world(seed: UInt64(seed), level: 50, at: Position(520, 530, 200))
      let zone = world.me.zone
      let wolf = try #require(
        world.npcSlots[zone].first { slot in
          world.entities[slot].type.map { world.data.npcs[$0].key == "bandit" } ?? false
        })
      for slot in world.npcSlots[zone] where slot != wolf { world.vanish(slot) }
      // South of the hut at (520, 500), the player north of it.
      let start = Position(520, 470, 200)
      world.entities[wolf].position = Position(
        start.x, start.y, try #require(world.data.zones[zone].ground(x: start.x, y: start.y)))
      world.addHate(wolf, world.me.id, 10)
      world.startFight(wolf, with: 0)
      let isThere = world.run(
        until: { $0.entities[wolf].position.horizontalDistance(to: $0.me.position) < 12 }, within: 20)
      if isThere { reached += 1 }
    }
    #expect(reached == 6)
  }
}
