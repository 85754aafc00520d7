import Core
import Lore
import Nav
import Perception

@testable import Routines

/// Timelines for the endings that are seldom met: no way, no ground, no state, no time, death.
enum MoreEndings {
  typealias Case = RoutineEndingsTests.Case

  static let rat = RoutineEndingsTests.rat
  static let corpse = EntityID(20)
  /// Where walks lead in this table.
  static let goal = Position(0, 100)

  static func dead(_ world: inout ScriptedWorld) { RoutineEndingsTests.dead(&world) }

  /// Sits, and no key gets it up: nothing begins, until the time is over.
  static func glued(_ world: inout ScriptedWorld) {
    world.state.player.stand = .sitting
    world.sitWorks = false
  }

  static func unknown(_ world: inout ScriptedWorld) { world.state.player.position = nil }

  static func ground(_ walls: [ScriptedGround.Wall]) -> Navigator? { try? ScriptedGround.navigator(walls) }

  /// A wall all around a place, `inner` units from it.
  static func ring(_ place: Position, _ inner: Int) -> [ScriptedGround.Wall] {
    let (x, y, outer) = (Int(place.x), Int(place.y), inner + 4)
    return [
      .init(west: x - outer, south: y - outer, east: x + outer, north: y - inner),
      .init(west: x - outer, south: y + inner, east: x + outer, north: y + outer),
      .init(west: x - outer, south: y - outer, east: x - inner, north: y + outer),
      .init(west: x + inner, south: y - outer, east: x + outer, north: y + outer),
    ]
  }

  /// What goes wrong on a way to `goal`, and what the walk says of it.
  struct WrongWay: Sendable {
    var name: String
    var failure: RoutineFailure
    var prepare: @Sendable (inout ScriptedWorld) -> Void = { _ in }
    var each: @Sendable (inout ScriptedWorld, Int) -> Void = { _, _ in }
  }

  static let wrongWays = [
    WrongWay(name: "at a wall that no map shows", failure: .stuck, prepare: { $0.wall = (-400, 400, 30) }),
    WrongWay(
      name: "and knows no more where it is", failure: .stateUnknown, each: { if $1 >= 8 { unknown(&$0) } }),
    WrongWay(
      name: "in the middle of what the map calls a wall", failure: .noTerrain,
      prepare: { $0.navigator = ground([.init(west: -60, south: -60, east: 60, north: 60)]) }),
    WrongWay(
      name: "towards a place that is walled in", failure: .noRoute, prepare: { $0.navigator = ground(ring(goal, 14)) }
    ),
    WrongWay(
      name: "towards the middle of what the map calls a wall", failure: .unreachable,
      prepare: { $0.navigator = ground([.init(west: -60, south: 50, east: 60, north: 150)]) }),
  ]

  /// An order that walks to `goal`, with every way that may go wrong on the way.
  static func walking(
    _ name: String, _ order: RoutineOrder, except exempt: Set<RoutineFailure> = [],
    _ prepare: @escaping @Sendable (inout ScriptedWorld) -> Void = { _ in }
  ) -> [Case] {
    wrongWays.filter { !exempt.contains($0.failure) }.map { way in
      Case(
        name: "\(name) \(way.name)", order: order, failure: way.failure, limit: 3500,
        prepare: {
          prepare(&$0)
          way.prepare(&$0)
        }, each: way.each)
    }
  }

  static let ratAtGoal: @Sendable (inout ScriptedWorld) -> Void = {
    $0.add(10, "a_rat01", at: goal)
    $0.castsWork = false
  }
  static let corpseAtGoal: @Sendable (inout ScriptedWorld) -> Void = {
    $0.add(20, "a_rat02", at: goal, kind: .corpse)
    $0.add(40, "Ada's corpse", at: goal, kind: .corpse, owner: ScriptedWorld.me)
  }
  static let ownCorpse: @Sendable (inout ScriptedWorld) -> Void = {
    $0.add(40, "Ada's corpse", at: Position(30, 5), kind: .corpse, owner: ScriptedWorld.me)
  }
  static let vendor = RoutineOrder.vendor(merchant: nil, at: Position(20, 0))
  static let bram: @Sendable (inout ScriptedWorld) -> Void = { $0.add(30, "Bram", at: Position(20, 0)) }

  static let cases: [Case] =
    walking("combat", .combat(target: rat), ratAtGoal)
    + walking("flee", .flee(to: goal, from: nil))
    + walking("loot", .loot(corpse: corpse), corpseAtGoal)
    + walking("recover corpse", .recoverCorpse(at: goal), corpseAtGoal)
    + walking("pull", .pull(target: rat, mode: .body), ratAtGoal)
    + walking("travel", .travel(to: goal, zone: ZoneID(1)))
    + walking("vendor", .vendor(merchant: nil, at: goal)) { $0.add(30, "Bram", at: goal) }
    + taking + casting + deaths + times + watched + others

  /// Targets and windows.
  static let taking: [Case] = [
    Case(
      name: "acquire runs out of time among many", order: .acquire(target: rat), failure: .timedOut,
      prepare: { world in
        RoutineEndingsTests.withRat(&world)
        for row in UInt32(0)..<20 { world.add(100 + row, "a_rat01", at: Position(Double(row), 4)) }
        world.tabWorks = false
      }),
    Case(
      name: "combat does not get its target", order: .combat(target: rat), failure: .targetNotTaken,
      prepare: {
        RoutineEndingsTests.withPetAndRat(&$0)
        $0.tabWorks = false
      }),
    Case(
      name: "pull does not get its target", order: .pull(target: rat, mode: .pet), failure: .targetNotTaken,
      prepare: {
        RoutineEndingsTests.withPetAndRat(&$0)
        $0.tabWorks = false
      }),
    Case(
      name: "loot does not get its corpse", order: .loot(corpse: corpse), failure: .targetNotTaken,
      prepare: {
        $0.add(20, "a_rat02", at: Position(30, 10), kind: .corpse)
        $0.tabWorks = false
      }),
    Case(
      name: "loot takes nothing out of a full window", order: .loot(corpse: corpse), failure: .nothingGained,
      prepare: {
        $0.add(20, "a_rat02", at: Position(30, 10), kind: .corpse)
        $0.lootTakes = false
      }, check: { $0.state.loot == nil }),
    Case(
      name: "recover corpse does not get it as target", order: .recoverCorpse(at: Position(30, 0)),
      failure: .targetNotTaken,
      prepare: {
        ownCorpse(&$0)
        $0.tabWorks = false
      }),
    Case(
      name: "recover corpse sees it go while it takes aim", order: .recoverCorpse(at: Position(30, 0)),
      failure: .targetGone,
      prepare: {
        ownCorpse(&$0)
        $0.tabWorks = false
      },
      each: { world, _ in
        if world.typed.count == 1 { world.state.spawns.removeAll { $0.id == EntityID(40) } }
      }),
    Case(
      name: "recover corpse opens no window", order: .recoverCorpse(at: Position(30, 0)), failure: .windowDidNotOpen,
      prepare: {
        ownCorpse(&$0)
        $0.windowsOpen = false
      }),
    Case(
      name: "recover corpse has no room", order: .recoverCorpse(at: Position(30, 0)), failure: .bagsFull,
      prepare: {
        ownCorpse(&$0)
        $0.bagsHaveRoom = false
      }, check: { $0.state.loot == nil }),
    Case(
      name: "recover corpse takes nothing", order: .recoverCorpse(at: Position(30, 0)), failure: .nothingGained,
      prepare: {
        ownCorpse(&$0)
        $0.lootTakes = false
      }, check: { $0.state.loot == nil }),
    Case(
      name: "vendor does not get the merchant", order: vendor, failure: .targetNotTaken,
      prepare: {
        bram(&$0)
        $0.tabWorks = false
      }),
    Case(
      name: "vendor has not what the pet needs", order: vendor, failure: .reagentMissing,
      prepare: {
        bram(&$0)
        $0.lore = ScriptedWorld.lore(pet: ScriptedWorld.relic)
        $0.state.player.money = 900
      }, check: { $0.state.merchant == nil }),
  ]

  /// Spells that do not come off.
  static let casting: [Case] = [
    Case(
      name: "feign death without mana", order: .feignDeath(spell: ScriptedWorld.feign), failure: .outOfMana,
      prepare: { $0.state.player.mana = 3 }),
    Case(
      name: "feign death that is not memorised", order: .feignDeath(spell: ScriptedWorld.nuke),
      failure: .spellMissing),
    Case(
      name: "feign death that is broken", order: .feignDeath(spell: ScriptedWorld.feign), failure: .interrupted,
      prepare: { $0.castInterrupts = 1 }),
    Case(
      name: "feign death that fizzles", order: .feignDeath(spell: ScriptedWorld.shield), failure: .fizzled,
      prepare: { $0.fizzles = 9 }),
    Case(
      name: "feign death that fools nobody", order: .feignDeath(spell: ScriptedWorld.feign), failure: .resisted,
      prepare: { $0.spellsTakeEffect = false }),
    Case(
      name: "feign death under blows", order: .feignDeath(spell: ScriptedWorld.feign), failure: .threatened,
      prepare: RoutineEndingsTests.withRat,
      each: { world, _ in
        guard world.state.player.stand == .feigned else { return }
        world.change(rat) { $0.target = ScriptedWorld.me }
        world.state.player.health = max(1, (world.state.player.health ?? 0) - 1)
      }),
    Case(
      name: "feign death cannot get up to cast", order: .feignDeath(spell: ScriptedWorld.feign), failure: .timedOut,
      prepare: glued),
    Case(
      name: "summon pet presses a key that does nothing", order: .summonPet(spell: ScriptedWorld.pet),
      failure: .castFailed, prepare: { $0.castsWork = false }),
    Case(
      name: "summon pet fizzles", order: .summonPet(spell: ScriptedWorld.shield), failure: .fizzled,
      prepare: { $0.fizzles = 9 }),
    Case(
      name: "summon pet has no effect", order: .summonPet(spell: ScriptedWorld.shield), failure: .nothingGained,
      prepare: { $0.spellsTakeEffect = false }),
    Case(
      name: "buff cannot get up to cast", order: .buff(spell: ScriptedWorld.shield), failure: .timedOut,
      prepare: glued),
    Case(
      name: "pull has nothing to begin with", order: .pull(target: rat, mode: .spell), failure: .spellMissing,
      prepare: {
        RoutineEndingsTests.withRat(&$0)
        $0.state.gems = [Gem(spell: ScriptedWorld.shield)]
      }),
    Case(
      name: "pull has no mana", order: .pull(target: rat, mode: .spell), failure: .outOfMana,
      prepare: {
        RoutineEndingsTests.withRat(&$0)
        $0.state.player.mana = 3
      }),
    Case(
      name: "pull is broken again and again", order: .pull(target: rat, mode: .spell), failure: .interrupted,
      prepare: {
        RoutineEndingsTests.withRat(&$0)
        $0.castInterrupts = 99
      }),
    Case(
      name: "pull fizzles again and again", order: .pull(target: rat, mode: .spell), failure: .fizzled,
      prepare: {
        RoutineEndingsTests.withRat(&$0)
        $0.fizzles = 99
      },
      each: { world, _ in world.state.player.mana = 100 }),
    Case(
      name: "pull by a spell that nobody minds", order: .pull(target: rat, mode: .spell), failure: .nothingGained,
      prepare: {
        RoutineEndingsTests.withRat(&$0)
        $0.npcsFightBack = false
        $0.spellsTakeEffect = false
        $0.state.player.mana = 900
        $0.state.player.manaMax = 900
      }),
  ]

  /// Whoever dies stops.
  static let deaths: [Case] = [
    .feignDeath(spell: ScriptedWorld.feign), .loot(corpse: corpse), .memorizeSpells, .pull(target: rat, mode: .pet),
    .recoverCorpse(at: goal), .rest(untilHealth: 0.95, untilMana: 0.9), .summonPet(spell: ScriptedWorld.pet),
    .travel(to: goal, zone: ZoneID(1)), vendor,
  ].compactMap { (order: RoutineOrder) in
    // A looter who dies is taken away by the order of the dead; the corpse stays.
    if case .loot = order { return nil }
    return Case(
      name: "\(order.routine.name) ends with us", order: order, failure: .died,
      prepare: {
        RoutineEndingsTests.withPetAndRat(&$0)
        bram(&$0)
        $0.state.gems[1].spell = nil
        $0.state.player.mana = 60
        if case .summonPet = order { $0.state.pet = nil }
        if case .summonPet = order { $0.state.spawns.removeAll { $0.id == ScriptedWorld.petID } }
      }, each: { if $1 == 6 { dead(&$0) } })
  }

  /// What cannot even get up ends with the time.
  static let times: [Case] = [
    .flee(to: goal, from: nil), .evade(to: goal, from: rat), .loot(corpse: corpse), .pull(target: rat, mode: .body),
    .recoverCorpse(at: goal), .travel(to: goal, zone: ZoneID(1)), .vendor(merchant: nil, at: goal),
    .wander(around: Position(0, -80), radius: 20),
  ].map { (order: RoutineOrder) in
    Case(
      name: "\(order.routine.name) runs out of time", order: order, failure: .timedOut, limit: 3500,
      prepare: {
        ratAtGoal(&$0)
        corpseAtGoal(&$0)
        glued(&$0)
      })
  }

  /// Others who would notice a traveller.
  static let watched: [Case] = [
    Case(
      name: "travel goes round who stands in the way", order: .travel(to: Position(0, 140), zone: ZoneID(1)),
      prepare: {
        $0.navigator = ground([])
        $0.add(12, "a_wolf01", at: Position(0, 75))
      }),
    Case(
      name: "travel gets out of the sight of one who comes", order: .travel(to: Position(0, 140), zone: ZoneID(1)),
      prepare: {
        $0.navigator = ground([])
        $0.add(12, "a_wolf01", at: Position(150, 30))
      },
      each: { world, tick in
        if tick == 20 { world.change(EntityID(12)) { $0.position = Position(40, 50) } }
        if tick == 200 { world.change(EntityID(12)) { $0.position = Position(150, -150) } }
      }),
    Case(
      name: "travel lets one pass in a narrow place", order: .travel(to: Position(0, 140), zone: ZoneID(1)),
      prepare: {
        $0.navigator = ground([
          .init(west: -150, south: 30, east: -12, north: 150), .init(west: 12, south: 30, east: 150, north: 150),
        ])
        $0.add(12, "a_wolf01", at: Position(0, 110))
      },
      each: { world, tick in
        world.change(EntityID(12)) { $0.position.y = tick < 150 ? 110 + Double(tick % 20) : -155 }
      }),
  ]

  static let others: [Case] = [
    Case(
      name: "rest mends the pet first", order: .rest(untilHealth: 0.9, untilMana: 0.6),
      prepare: {
        $0.addPet()
        $0.change(ScriptedWorld.petID) { $0.healthFraction = 0.4 }
        $0.state.gems.append(Gem(spell: ScriptedWorld.mend))
      }, check: { $0.state.petSpawn?.healthFraction == 1 }),
    Case(
      name: "flee frightens who keeps up", order: .flee(to: Position(0, 200), from: rat),
      prepare: {
        RoutineEndingsTests.withRat(&$0)
        $0.change(rat) { $0.target = ScriptedWorld.me }
      },
      each: { world, tick in
        guard tick < 60, let place = world.state.player.position else { return }
        world.change(rat) { $0.position = place.moved(3, along: .north) }
      }),
    Case(
      name: "pull sees its prey go", order: .pull(target: rat, mode: .pet), failure: .targetGone,
      prepare: RoutineEndingsTests.withPetAndRat, each: { if $1 == 8 { $0.state.spawns.removeAll { $0.id == rat } } }),
    Case(
      name: "memorise spells is disturbed", order: .memorizeSpells, failure: .threatened,
      prepare: {
        RoutineEndingsTests.withRat(&$0)
        $0.state.gems[1].spell = nil
      }, each: { if $1 == 5 { $0.change(rat) { $0.target = ScriptedWorld.me } } }),
    Case(
      name: "rest without knowing how it is", order: .rest(untilHealth: 0.9, untilMana: 0.9), failure: .stateUnknown,
      prepare: { $0.state.player.health = nil }),
    Case(name: "unstick without knowing where it is", order: .unstick, failure: .stateUnknown, prepare: unknown),
    Case(
      name: "travel without knowing in which zone", order: .travel(to: goal, zone: ZoneID(1)), failure: .stateUnknown,
      prepare: { $0.state.zone = nil }),
    Case(
      name: "wander stays where there is nowhere to go", order: .wander(around: .origin, radius: 40),
      prepare: { $0.navigator = ground([.init(west: -100, south: -100, east: 100, north: 100)]) }),
    Case(
      name: "wander at a wall that no map shows", order: .wander(around: Position(0, 100), radius: 20),
      failure: .stuck, prepare: { $0.wall = (-400, 400, 30) }),
    Case(
      name: "wander out of what the map calls a wall", order: .wander(around: Position(0, 100), radius: 20),
      failure: .noTerrain, prepare: { $0.navigator = ground([.init(west: -60, south: -60, east: 60, north: 60)]) }),
  ]
}
