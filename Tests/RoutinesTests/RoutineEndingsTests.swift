import Core
import Learning
import Perception
import Testing

@testable import Routines

/// Every routine against the scripted world: each ending, with what must be true afterwards.
@Suite struct RoutineEndingsTests {
  /// One line of the table: an order, the world it meets, and how it must end.
  struct Case: Sendable {
    var name: String
    var order: RoutineOrder
    var failure: RoutineFailure?
    var limit = 3000
    var prepare: @Sendable (inout ScriptedWorld) -> Void = { _ in }
    var each: @Sendable (inout ScriptedWorld, Int) -> Void = { _, _ in }
    var check: @Sendable (ScriptedWorld) -> Bool = { _ in true }
  }

  static let rat = EntityID(10)
  /// To sell, to destroy, to bring to the bank.
  static let goods = [
    ItemStack(item: ScriptedWorld.pelt, count: 1, slot: 0), ItemStack(item: ScriptedWorld.letter, count: 1, slot: 1),
    ItemStack(item: ScriptedWorld.garnet, count: 1, slot: 2),
  ]

  static func withRat(_ world: inout ScriptedWorld) { world.add(10, "a_rat01", at: Position(40, 40)) }

  static func withPetAndRat(_ world: inout ScriptedWorld) {
    world.addPet()
    withRat(&world)
  }

  /// A rat far enough for the pet to be called back, of whose kind others came from `helped` units before, or never.
  static func withKin(_ world: inout ScriptedWorld, helped: Double) {
    withPetAndRat(&world)
    var manners = Manners()
    manners.helps = [Manners.Help(species: "a rat", helped: helped, nearest: 52, second: 52)]
    world.model.recall(manners)
  }

  /// Another rat beside the first, from the moment the pet sets out until it is called back, or has arrived.
  static func bringKin(_ world: inout ScriptedWorld, _ tick: Int) {
    let isUnderWay = world.state.petSpawn?.target == rat && world.petBacks == 0
    if isUnderWay, world.state.spawn(EntityID(44)) == nil, let place = world.state.spawn(rat)?.position {
      world.add(44, "a_rat44", at: place.moved(8, along: .north))
      world.change(EntityID(44)) { $0.target = nil }
    }
    if world.petBacks > 0 { world.state.spawns.removeAll { $0.id == EntityID(44) } }
  }

  static func dead(_ world: inout ScriptedWorld) {
    world.state.player.stand = .dead
    world.state.player.health = 0
  }

  static let cases: [Case] = [
    Case(name: "wander comes to its point", order: .wander(around: .origin, radius: 80)),
    Case(
      name: "wander without a place knows nothing", order: .wander(around: .origin, radius: 80),
      failure: .stateUnknown, prepare: { $0.state.player.position = nil }),
    Case(
      name: "acquire tabs until it is the target", order: .acquire(target: rat),
      prepare: {
        withRat(&$0)
        $0.add(11, "a_bat01", at: Position(10, 0))
        $0.add(12, "a_rat01", at: Position(20, 0))
      }, check: { $0.state.target == rat }),
    Case(
      name: "acquire gives up when keys do nothing", order: .acquire(target: rat), failure: .targetNotTaken,
      prepare: {
        withRat(&$0)
        $0.tabWorks = false
      }, check: { $0.typed.allSatisfy { $0 == "/target a_rat01" } }),
    Case(name: "acquire sees that the target is gone", order: .acquire(target: rat), failure: .targetGone),
    Case(
      name: "pull by pet turns the target on the pet", order: .pull(target: rat, mode: .pet), prepare: withPetAndRat,
      check: { $0.state.spawn(rat)?.target == ScriptedWorld.petID }),
    Case(
      name: "pull by pet needs a pet", order: .pull(target: rat, mode: .pet), failure: .petMissing, prepare: withRat),
    Case(
      name: "pull ends when the pet refuses", order: .pull(target: rat, mode: .pet), failure: .petRefused,
      prepare: {
        withPetAndRat(&$0)
        $0.petObeys = false
      }),
    Case(
      name: "pull waits until its kin has gone on", order: .pull(target: rat, mode: .pet), prepare: withPetAndRat,
      each: { world, tick in
        if tick == 1 { world.add(11, "a_rat02", at: Position(50, 50)) }
        if tick == 100 { world.change(EntityID(11)) { $0.position = Position(300, 300) } }
        if tick == 99 { #expect(world.state.petSpawn?.target == nil, "the pet was sent into company") }
      }, check: { $0.state.spawn(rat)?.target == ScriptedWorld.petID }),
    Case(
      name: "pull waits for kin that walks up to it", order: .pull(target: rat, mode: .pet),
      prepare: {
        withPetAndRat(&$0)
        $0.add(11, "a_rat02", at: Position(140, 40))
      },
      each: { world, tick in
        // It never comes so near that it would help, but the pet could meet it there.
        if tick < 22 { world.change(EntityID(11)) { $0.position = Position(140 - 2 * Double(tick), 40) } }
        if tick == 22 { #expect(world.state.petSpawn?.target == nil, "the pet was sent to meet its kin") }
        if tick == 22 { world.change(EntityID(11)) { $0.position = Position(300, 300) } }
      }, check: { $0.state.spawn(rat)?.target == ScriptedWorld.petID }),
    Case(
      name: "pull leaves whom its kin does not leave", order: .pull(target: rat, mode: .pet), failure: .threatened,
      prepare: withPetAndRat, each: { if $1 == 1 { $0.add(11, "a_rat02", at: Position(50, 50)) } },
      check: { $0.state.petSpawn?.target == nil }),
    Case(
      name: "pull takes its stand out of the sight of others", order: .pull(target: rat, mode: .pet),
      prepare: {
        withPetAndRat(&$0)
        $0.add(12, "a_wolf01", at: Position(-30, 0))
      },
      check: { $0.state.player.position?.distance(to: Position(-30, 0)) ?? 0 > 60 }),
    Case(
      name: "combat steps back from who comes by", order: .combat(target: rat), prepare: withPetAndRat,
      each: { if $1 == 30 { $0.add(12, "a_wolf01", at: Position(-30, 0)) } },
      check: { $0.state.player.position?.distance(to: Position(-30, 0)) ?? 0 > 55 }),
    Case(
      name: "rest goes out of the sight of others first", order: .rest(untilHealth: 0.9, untilMana: 0.6),
      prepare: {
        $0.add(12, "a_wolf01", at: Position(30, 0))
        $0.state.player.health = 50
      },
      each: { world, _ in
        if world.state.player.stand == .sitting {
          world.state.player.health = min(100, (world.state.player.health ?? 0) + 1)
        }
      },
      check: { $0.state.player.position?.distance(to: Position(30, 0)) ?? 0 > 60 }),
    Case(
      name: "pull by spell", order: .pull(target: rat, mode: .spell), prepare: withRat,
      check: { $0.state.spawn(rat)?.target == ScriptedWorld.me }),
    Case(
      name: "pull by body", order: .pull(target: rat, mode: .body), prepare: withRat,
      check: { $0.state.isAutoAttacking == false }),
    Case(
      name: "pull gives up when no cast bar shows", order: .pull(target: rat, mode: .spell), failure: .castFailed,
      prepare: {
        withRat(&$0)
        $0.castsWork = false
      }),
    Case(
      name: "pull leaves what others fight", order: .pull(target: rat, mode: .spell), failure: .targetLost,
      prepare: {
        withRat(&$0)
        $0.change(rat) { $0.target = EntityID(77) }
      }),
    Case(
      name: "combat with pet and dots wins", order: .combat(target: rat), prepare: withPetAndRat,
      check: { $0.state.spawn(rat)?.kind == .corpse && ($0.state.player.mana ?? 100) < 100 }),
    Case(
      name: "combat without a pet wins by spells and blows", order: .combat(target: rat),
      prepare: {
        withRat(&$0)
        $0.change(rat) { $0.target = ScriptedWorld.me }
      }, check: { $0.state.spawn(rat)?.kind == .corpse && $0.state.isAutoAttacking == false }),
    Case(
      name: "combat gives up where nothing hurts", order: .combat(target: rat), failure: .timedOut,
      prepare: {
        withPetAndRat(&$0)
        $0.petObeys = false
        $0.castsWork = false
      }),
    Case(
      name: "combat sees that the target is gone", order: .combat(target: rat), failure: .targetGone,
      prepare: withPetAndRat, each: { if $1 == 20 { $0.state.spawns.removeAll { $0.id == rat } } }),
    Case(
      name: "combat ends with us", order: .combat(target: rat), failure: .died, prepare: withPetAndRat,
      each: { if $1 == 20 { dead(&$0) } }),
    Case(
      name: "engage add fights the add", order: .engageAdd(target: rat), prepare: withPetAndRat,
      check: { $0.state.spawn(rat)?.kind == .corpse }),
    Case(
      name: "rest sits until all is back and stands up", order: .rest(untilHealth: 0.9, untilMana: 0.6),
      prepare: {
        $0.state.player.health = 50
        $0.state.player.mana = 20
      },
      each: { world, _ in
        guard world.state.player.stand == .sitting else { return }
        world.state.player.health = min(100, (world.state.player.health ?? 0) + 1)
        world.state.player.mana = min(100, (world.state.player.mana ?? 0) + 1)
      }, check: { $0.state.player.stand == .standing && $0.state.player.health ?? 0 >= 90 }),
    Case(
      name: "rest ends when attacked", order: .rest(untilHealth: 0.9, untilMana: 0.6), failure: .threatened,
      prepare: {
        withRat(&$0)
        $0.state.player.health = 50
      }, each: { if $1 == 30 { $0.change(rat) { $0.target = ScriptedWorld.me } } },
      check: { $0.state.player.stand == .standing }),
    Case(
      name: "rest is given up where it is of no use", order: .rest(untilHealth: 0.9, untilMana: 0.6),
      failure: .timedOut, prepare: { $0.state.player.health = 50 }),
    Case(
      name: "loot takes everything", order: .loot(corpse: EntityID(20)),
      prepare: { $0.add(20, "a_rat02", at: Position(30, 10), kind: .corpse) }, check: { $0.state.loot == nil }),
    Case(
      name: "loot gives up a window that does not open", order: .loot(corpse: EntityID(20)),
      failure: .windowDidNotOpen,
      prepare: {
        $0.add(20, "a_rat02", at: Position(30, 10), kind: .corpse)
        $0.windowsOpen = false
      }),
    Case(
      name: "loot says that the bags are full", order: .loot(corpse: EntityID(20)), failure: .bagsFull,
      prepare: {
        $0.add(20, "a_rat02", at: Position(30, 10), kind: .corpse)
        $0.bagsHaveRoom = false
      }, check: { $0.state.loot == nil }),
    Case(name: "loot sees that the corpse is gone", order: .loot(corpse: EntityID(20)), failure: .corpseGone),
    Case(
      name: "flee runs to the point", order: .flee(to: Position(-100, 50), from: rat), prepare: withRat,
      check: { $0.state.player.position?.distance(to: Position(-100, 50)) ?? 99 < 9 }),
    Case(
      name: "flee ends when we die", order: .flee(to: Position(-300, 50), from: rat), failure: .died,
      each: { if $1 == 15 { dead(&$0) } }),
    Case(
      name: "evade steps aside", order: .evade(to: Position(50, -40), from: rat), prepare: withRat,
      check: { $0.state.player.position?.distance(to: Position(50, -40)) ?? 99 < 6 }),
    Case(
      name: "feign death lies until it is calm", order: .feignDeath(spell: ScriptedWorld.feign),
      prepare: {
        withRat(&$0)
        $0.change(rat) { $0.target = ScriptedWorld.me }
      }, check: { $0.state.player.stand == .standing }),
    Case(
      name: "feign death cannot be cast", order: .feignDeath(spell: ScriptedWorld.feign), failure: .castFailed,
      prepare: { $0.castsWork = false }),
    Case(
      name: "death recovery asks to be released", order: .deathRecovery, prepare: dead,
      check: { $0.state.player.stand == .standing && $0.typed == ["/release"] }),
    Case(
      name: "death recovery gives up", order: .deathRecovery, failure: .stillDead, prepare: dead,
      each: { world, _ in dead(&world) }),
    Case(
      name: "summon pet", order: .summonPet(spell: ScriptedWorld.pet), check: { $0.state.pet != nil }),
    Case(
      name: "summon pet goes on after an interruption", order: .summonPet(spell: ScriptedWorld.pet),
      prepare: { $0.castInterrupts = 2 }, check: { $0.state.pet != nil }),
    Case(
      name: "summon pet is given up after too many", order: .summonPet(spell: ScriptedWorld.pet),
      failure: .interrupted, prepare: { $0.castInterrupts = 9 }),
    Case(
      name: "summon pet without mana", order: .summonPet(spell: ScriptedWorld.pet), failure: .outOfMana,
      prepare: { $0.state.player.mana = 3 }),
    Case(
      name: "buff shows", order: .buff(spell: ScriptedWorld.shield), check: { !$0.state.player.buffs.isEmpty }),
    Case(
      name: "a buff that no gem holds is eaten", order: .buff(spell: ScriptedWorld.fed),
      prepare: {
        $0.state.inventory.items = [ItemStack(item: ScriptedWorld.bread, count: 1, slot: 3)]
      }, check: { $0.typed == ["/use 4"] && $0.taps.isEmpty }),
    Case(
      name: "what is eaten has no effect", order: .buff(spell: ScriptedWorld.fed), failure: .nothingGained,
      prepare: {
        $0.state.inventory.items = [ItemStack(item: ScriptedWorld.bread, count: 9, slot: 3)]
        $0.spellsTakeEffect = false
      }, check: { $0.typed.count == 3 }),
    Case(
      name: "the last bread is gone", order: .buff(spell: ScriptedWorld.fed), failure: .spellMissing,
      prepare: {
        $0.state.inventory.items = [ItemStack(item: ScriptedWorld.bread, count: 1, slot: 3)]
        $0.spellsTakeEffect = false
      },
      each: { world, _ in if world.typed.count == 1 { world.state.inventory.items = [] } },
      check: { $0.typed == ["/use 4"] }
    ),
    Case(
      name: "a spell that is not memorised", order: .buff(spell: ScriptedWorld.nuke), failure: .spellMissing),
    Case(
      name: "memorise spells types the missing one", order: .memorizeSpells,
      prepare: { $0.state.gems[1].spell = nil },
      each: { world, _ in if world.typed.count == 1 { world.state.gems[1].spell = ScriptedWorld.tap } },
      check: { $0.typed.count == 1 && $0.state.player.stand == .standing }),
    Case(
      name: "memorise spells gives up what cannot be", order: .memorizeSpells, failure: .nothingGained,
      prepare: { $0.state.gems[1].spell = nil }),
    Case(
      name: "travel walks there", order: .travel(to: Position(90, 10), zone: ZoneID(1)),
      check: { $0.state.player.position?.distance(to: Position(90, 10)) ?? 99 < 9 }),
    Case(
      name: "travel crosses the line", order: .travel(to: Position(0, -150), zone: ZoneID(2)),
      each: { world, _ in
        if world.state.zone == ZoneID(1), world.state.player.position?.distance(to: Position(0, 200)) ?? 99 < 9 {
          world.state.zone = ZoneID(2)
          world.state.player.position = Position(0, -200)
        }
      }, check: { $0.state.zone == ZoneID(2) }),
    Case(
      name: "travel gives up a line that does not take us", order: .travel(to: .origin, zone: ZoneID(2)),
      failure: .unreachable),
    Case(name: "travel knows no way", order: .travel(to: .origin, zone: ZoneID(9)), failure: .noRoute),
    Case(
      name: "travel gives up at a wall", order: .travel(to: Position(0, 90), zone: ZoneID(1)), failure: .stuck,
      prepare: { $0.wall = (-400, 400, 30) }),
    Case(
      name: "vendor buys what we sell", order: .vendor(merchant: nil, at: Position(20, 0)),
      prepare: {
        $0.add(30, "Bram", at: Position(20, 0))
        $0.state.inventory.items = [ItemStack(item: ScriptedWorld.pelt, count: 1, slot: 0)]
      }, check: { $0.state.merchant == nil }),
    Case(
      name: "vendor destroys the worthless and goes on to the bank",
      order: .vendor(merchant: nil, at: Position(20, 0)),
      prepare: {
        $0.add(30, "Bram", at: Position(20, 0))
        $0.add(31, "Odo", at: Position(20, 60))
        $0.state.inventory.items = goods
      },
      check: { world in
        world.destroyed == 1 && world.deposited == 1 && world.state.merchant == nil
          && world.state.inventory.items.map(\.item) == [ScriptedWorld.bread]
      }),
    Case(
      name: "vendor does not find the banker", order: .vendor(merchant: nil, at: Position(20, 0)),
      failure: .targetGone,
      prepare: {
        $0.add(30, "Bram", at: Position(20, 0))
        $0.state.inventory.items = goods
      },
      check: { world in
        world.destroyed == 1 && world.deposited == 0
          && world.state.inventory.items.map(\.item) == [ScriptedWorld.garnet, ScriptedWorld.bread]
      }),
    Case(
      name: "vendor buys nothing of ours", order: .vendor(merchant: nil, at: Position(20, 0)),
      failure: .nothingGained,
      prepare: {
        $0.add(30, "Bram", at: Position(20, 0))
        $0.state.inventory.items = [ItemStack(item: ScriptedWorld.pelt, count: 1, slot: 0)]
        $0.buysGoods = false
      }, check: { $0.state.merchant == nil }),
    Case(
      name: "vendor opens no window", order: .vendor(merchant: nil, at: Position(20, 0)), failure: .windowDidNotOpen,
      prepare: {
        $0.add(30, "Bram", at: Position(20, 0))
        $0.windowsOpen = false
      }),
    Case(
      name: "summon pet lacks its reagent", order: .summonPet(spell: ScriptedWorld.relic), failure: .reagentMissing,
      prepare: { $0.state.gems[2].spell = ScriptedWorld.relic }),
    Case(
      name: "pull fetches a pet that is held up", order: .pull(target: rat, mode: .pet),
      prepare: {
        withPetAndRat(&$0)
        $0.petHeldUntil = Tick(90)
      }, check: { $0.state.spawn(rat)?.target == ScriptedWorld.petID && $0.petBacks >= 1 }),
    Case(
      name: "pull calls the pet back when kin that is known to help has come", order: .pull(target: rat, mode: .pet),
      prepare: { withKin(&$0, helped: 20) }, each: bringKin, check: { $0.petBacks >= 1 }),
    Case(
      name: "pull lets it go on before kin that never helped", order: .pull(target: rat, mode: .pet),
      prepare: { withKin(&$0, helped: 0) }, each: bringKin, check: { $0.petBacks == 0 }),
    Case(
      name: "pull gives up a pet that never gets there", order: .pull(target: rat, mode: .pet), failure: .petRefused,
      prepare: {
        withPetAndRat(&$0)
        $0.petHeldUntil = Tick(9000)
      }),
    Case(
      name: "combat gives up whom no way leads to", order: .combat(target: rat), failure: .stuck,
      prepare: {
        $0.add(10, "a_rat01", at: Position(0, 200))
        $0.wall = (-400, 400, 30)
        $0.castsWork = false
      }),
    Case(
      name: "vendor is not there", order: .vendor(merchant: nil, at: Position(20, 0)), failure: .targetGone),
    Case(
      name: "recover corpse takes our things", order: .recoverCorpse(at: Position(60, 0)),
      prepare: { $0.add(40, "Ada's corpse", at: Position(60, 5), kind: .corpse, owner: ScriptedWorld.me) },
      check: { $0.state.loot == nil }),
    Case(
      name: "recover corpse finds none", order: .recoverCorpse(at: Position(60, 0)), failure: .corpseGone),
    Case(
      name: "unstick gets away", order: .unstick,
      check: { $0.state.player.position?.distance(to: .origin) ?? 0 > 11 }),
    Case(
      name: "unstick gives up when nothing moves", order: .unstick, failure: .stuck,
      each: { world, _ in world.state.player.position = .origin }),
  ]

  @Test func `every routine comes to each of its endings, and leaves no key down`() {
    for testCase in Self.cases {
      var world = ScriptedWorld()
      testCase.prepare(&world)
      let trace = run(testCase.order, in: &world, limit: testCase.limit, each: testCase.each)
      let wanted: RoutineOutcome.Result = testCase.failure.map { .failed($0) } ?? .succeeded
      #expect(trace.outcome?.result == wanted, "\(testCase.name): after \(trace.ticks) ticks, phases \(trace.phases)")
      #expect(trace.heldAfter.isEmpty, "\(testCase.name): keys held after the end")
      let isRight = testCase.check(world)
      #expect(isRight, "\(testCase.name): the world is not as it should be")
      #expect(trace.events.filter { $0 == "routine.end" }.count == 1, "\(testCase.name): ends told")
    }
  }
}
