import Core
import Learning
import Lore
import Perception
import Testing
import WorldModel

@testable import Brain

@Suite struct ScenarioTests {
  @Test func `finds a target, takes it, pulls it, fights it, loots it`() {
    for phase in UInt8(0)...4 {
      var bench = Bench(phase: phase)
      #expect(bench.tick().rule == .wander, "phase \(phase)")
      bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
      #expect(bench.ticks(3).order == .acquire(target: EntityID(7)), "phase \(phase)")
      bench.state.target = EntityID(7)
      #expect(bench.end(.succeeded).order == .pull(target: EntityID(7), mode: .pet), "phase \(phase)")
      bench.state.spawns[1].target = Bench.petID
      let fight = bench.tick()
      #expect(fight.order == .combat(target: EntityID(7)), "phase \(phase)")
      #expect(fight.layer == .defence)
      bench.state.spawns[1].healthFraction = 0.1
      #expect(bench.ticks(20).order == fight.order)
      #expect(bench.ticks(2).credit == fight.credit)
      // It dies: the body becomes a corpse under the same id.
      bench.state.target = nil
      bench.state.spawns[1] = Spawn(
        id: EntityID(7), name: "a rat's corpse", kind: .corpse, position: Position(60, 10), body: .dead,
        healthFraction: 0)
      #expect(bench.end(.succeeded).order == .loot(corpse: EntityID(7)), "phase \(phase)")
      #expect(bench.end(.succeeded).rule != .loot, "phase \(phase)")
    }
  }

  @Test func `a corpse of its own id that names its dead is ours`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(30, 0), health: 0.2, target: Bench.player))
    bench.ticks(3)
    bench.state.spawns[1] = Spawn(
      id: EntityID(99), name: "a rat's corpse", kind: .corpse, position: Position(30, 0), body: .dead,
      healthFraction: 0, owner: EntityID(7))
    #expect(bench.tick().order == .loot(corpse: EntityID(99)))
  }

  @Test func `a corpse is left alone while somebody stands over it`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(30, 0), health: 0.2, target: Bench.player))
    bench.ticks(3)
    bench.state.spawns[1] = Spawn(
      id: EntityID(99), name: "a rat's corpse", kind: .corpse, position: Position(30, 0), body: .dead,
      healthFraction: 0, owner: EntityID(7))
    bench.state.spawns.append(Bench.npc(8, at: Position(70, 0)))
    #expect(bench.tick().rule != .loot)
    #expect(bench.verdict(.loot)?.reason == .threatNear)
    #expect(bench.verdict(.loot)?.value == 30)
    bench.state.spawns.removeLast()
    #expect(bench.end(.failed(.targetGone)).order == .loot(corpse: EntityID(99)))
  }

  @Test func `what lies at our feet is taken whoever is near`() {
    for (distance, reason) in [(6.0, RuleReason.none), (14, .threatNear)] {
      var bench = Bench()
      bench.state.spawns.append(Bench.npc(7, at: Position(distance, 0), health: 0.2, target: Bench.player))
      bench.ticks(3)
      bench.state.spawns[1] = Spawn(
        id: EntityID(99), name: "a rat's corpse", kind: .corpse, position: Position(distance, 0), body: .dead,
        healthFraction: 0, owner: EntityID(7))
      bench.state.spawns.append(Bench.npc(8, at: Position(50, 0)))
      bench.tick()
      #expect(bench.verdict(.loot)?.reason == reason, "\(distance) units off")
    }
  }

  @Test func `a pair of those who were never any trouble is hunted, one by one`() {
    /// Why the first of two rats that stand together is no target; nil when it is one.
    func refusal(lost: Double, ticksBeside: Int) -> RuleReason? {
      var policy = Policy()
      policy.socialMax = 1
      var bench = Bench(lore: SmallLore.make(policy: policy))
      let key = EncounterKey(species: "a rat", difference: -1, strategy: 1)
      for _ in 0..<12 {
        bench.brain.learned.encounters.observe(
          key, EncounterOutcome(end: .defeated, seconds: 10, manaSpent: 0, healthLost: lost, adds: 0, petDied: false))
      }
      // One stood beside us and did nothing: they do not attack of their own.
      bench.state.spawns.append(Bench.npc(9, at: Position(10, 0), level: 4, health: 0.9, target: EntityID(55)))
      if ticksBeside > 0 { bench.ticks(ticksBeside) }
      bench.state.spawns[1] = Bench.npc(7, at: Position(80, 0), level: 4)
      bench.state.spawns.append(Bench.npc(8, at: Position(110, 0), level: 4))
      bench.tick()
      return bench.brain.targetBreakdown.first { $0.candidate.id == EntityID(7) }?.candidate.reject
    }
    #expect(refusal(lost: 0.02, ticksBeside: 60) == RuleReason.none)
    #expect(refusal(lost: 0.4, ticksBeside: 60) == .socialGroup)
    #expect(refusal(lost: 0.02, ticksBeside: 0) == .socialGroup)
  }

  @Test func `who fights alone rests before a fight that would bring him down to where he runs`() {
    func decide(hasPet: Bool, health: Int) -> Bench {
      let lone = Array(repeating: Loadout.none, count: Kit.levelMax + 1)
      var bench = Bench(lore: SmallLore.make(loadouts: hasPet ? [] : lone))
      for _ in 0..<12 {
        bench.brain.learned.encounters.observe(
          EncounterKey(species: "a rat", difference: 0, strategy: 4),
          EncounterOutcome(end: .defeated, seconds: 20, manaSpent: 0, healthLost: 0.6, adds: 0, petDied: false))
      }
      if !hasPet {
        bench.state.pet = nil
        bench.state.spawns = []
      }
      bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
      bench.state.player.health = health
      bench.ticks(3)
      return bench
    }
    // He runs with less than two fifths, and such a fight costs more than half.
    let hurt = decide(hasPet: false, health: 88)
    #expect(hurt.verdict(.rest)?.isEligible == true)
    #expect(hurt.brain.targetBreakdown.first?.candidate.reject == .healthLow)
    #expect(decide(hasPet: false, health: 100).verdict(.acquire)?.isEligible == true)
    #expect(decide(hasPet: true, health: 88).verdict(.acquire)?.isEligible == true)
  }

  @Test func `whoever sits gets up for no corpse, and takes it before the next hunt`() {
    for phase in UInt8(0)...4 {
      var bench = Bench(phase: phase)
      bench.state.spawns.append(Bench.npc(7, at: Position(90, 0), health: 0.2, target: Bench.player))
      bench.ticks(3)
      bench.state.spawns[1] = .corpse(7, at: Position(90, 0))
      bench.state.player.mana = 20
      // Too far to go for it before the rest.
      bench.ticks(12)
      #expect(bench.tick().rule == .rest, "phase \(phase)")
      #expect(bench.verdict(.loot)?.reason == .recovered, "phase \(phase)")
      // It comes within reach while we sit, and somebody to hunt is there as well.
      bench.state.spawns[1].position = Position(40, 0)
      bench.state.spawns.append(Bench.npc(8, at: Position(-90, 0)))
      for _ in 0..<40 { #expect(bench.tick().rule == .rest, "phase \(phase)") }
      bench.state.player.mana = 90
      #expect(bench.end(.succeeded).order == .loot(corpse: EntityID(7)), "phase \(phase)")
      #expect(bench.end(.succeeded).order == .acquire(target: EntityID(8)), "phase \(phase)")
    }
  }

  @Test func `a hunt is not broken off for a spell that keeps, and a gem that rests for a moment is waited for`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.state.target = EntityID(7)
    #expect(bench.ticks(3).rule == .pull)
    bench.state.player.buffs = []
    for _ in 0..<50 { #expect(bench.tick().rule == .pull) }
    #expect(bench.verdict(.buff)?.reason == .targetPresent)
    // After a cast all gems rest for a moment: that is no time to go elsewhere.
    bench = Bench()
    bench.state.player.buffs = []
    for gem in 0..<5 { bench.state.gems[gem].recast = 1.5 }
    #expect(bench.tick().rule == .buff)
    bench.state.gems[3].recast = 20
    #expect(bench.end(.failed(.fizzled)).rule != .buff)
    #expect(bench.verdict(.buff)?.reason == .spellNotReady)
  }

  @Test func `who was hurt eats before the next hunt, once, and whoever is fit keeps the bread`() {
    for usesPlans in [true, false] {
      var configuration = BrainConfiguration()
      configuration.usesPlans = usesPlans
      var bench = Bench(configuration: configuration)
      bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
      bench.state.inventory.items.append(ItemStack(item: SmallLore.bread, count: 3, slot: 1))
      bench.state.player.health = 95
      #expect(bench.tick().rule == .acquire)
      bench = Bench(configuration: configuration)
      bench.state.inventory.items.append(ItemStack(item: SmallLore.bread, count: 3, slot: 1))
      bench.state.player.health = 85
      bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
      #expect(bench.tick().order == .buff(spell: SmallLore.fed), "plans \(usesPlans)")
      bench.state.player.buffs.append(Buff(spell: SmallLore.fed, remaining: 300))
      #expect(bench.end(.succeeded).rule == .acquire, "plans \(usesPlans)")
      // Not while somebody attacks us.
      bench.state.player.buffs.removeLast()
      bench.state.spawns[1].target = Bench.player
      #expect(bench.tick().rule == .inCombat)
      #expect(bench.verdict(.buff)?.reason == .attackerPresent)
    }
  }

  @Test func `who killed us is known although it turned away in the same tick`() {
    func killer(after ticks: Int) -> FixedName? {
      var bench = Bench()
      bench.state.spawns.append(Bench.npc(7, "a wolf", at: Position(5, 0), target: Bench.player))
      bench.ticks(3)
      bench.state.spawns[1].target = nil
      bench.ticks(ticks)
      bench.state.player.stand = .dead
      bench.state.player.health = 0
      bench.tick()
      for event in bench.events {
        if case .playerDeath(_, let attacker) = event { return attacker }
      }
      return nil
    }
    #expect(killer(after: 0) == "a wolf")
    #expect(killer(after: 120) == .empty)
  }

  @Test func `phase 1 decides as phase 0, and counts where the tiers of phase 2 would not`() {
    func bench(phase: UInt8) -> Bench {
      var configuration = BrainConfiguration()
      configuration.usesPlans = false
      var bench = Bench(phase: phase, configuration: configuration)
      bench.state.player.buffs = []
      bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
      return bench
    }
    // By the order of the table the hunt comes first, by tiers what keeps us safe in it.
    let rules = (UInt8(0)...2).map { phase in
      var bench = bench(phase: phase)
      return bench.ticks(3).rule
    }
    #expect(rules == [.acquire, .acquire, .buff])
    var logging = bench(phase: 1)
    logging.ticks(3)
    // Once the hunt is on, no tier breaks it off for a spell.
    #expect(logging.brain.statistics.shadows[2].disagreements == 1)
    #expect(logging.brain.statistics.shadows[2].decisions == 3)
    var silent = bench(phase: 0)
    silent.ticks(3)
    #expect(silent.brain.statistics.shadows[2].decisions == 0)
  }

  @Test func `what others killed is not looted`() {
    var bench = Bench()
    bench.state.spawns.append(
      Spawn(id: EntityID(99), name: "a rat's corpse", kind: .corpse, position: Position(30, 0), body: .dead))
    #expect(bench.ticks(3).rule == .wander)
    #expect(bench.verdict(.loot)?.reason == .noCorpse)
  }

  @Test func `rests between two thresholds`() {
    var bench = Bench()
    bench.state.player.mana = 39
    let rest = bench.tick()
    #expect(rest.order == .rest(untilHealth: 0.92, untilMana: 0.6))
    bench.state.player.mana = 59
    #expect(bench.tick().credit == rest.credit)
    bench.state.player.mana = 61
    #expect(bench.end(.succeeded).rule == .wander)
  }

  @Test func `runs at low health, and rests when nothing is there`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(20, 0), target: Bench.player))
    #expect(bench.tick().ruleClass == .defence)
    bench.state.player.health = 39
    let flee = bench.tick()
    #expect(flee.layer == .emergency)
    #expect(bench.events.contains { $0.key == "flee.trigger" })
    bench.state.spawns.removeLast()
    #expect(bench.ticks(10).ruleClass == .emergency)
    bench.ticks(40)
    #expect(bench.tick().rule == .rest)
  }

  @Test func `unknown health counts as danger`() {
    var bench = Bench()
    bench.state.player.health = nil
    #expect(bench.tick().ruleClass != .emergency)
    bench.state.spawns.append(Bench.npc(7, at: Position(20, 0), target: Bench.player))
    #expect(bench.tick().ruleClass == .emergency)
  }

  @Test func `defence without progress for ten seconds becomes flight`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(20, 0), target: Bench.petID))
    #expect(bench.ticks(99).rule == .inCombat)
    #expect(bench.ticks(3).layer == .emergency)
    var winning = Bench()
    winning.state.spawns.append(Bench.npc(7, at: Position(20, 0), target: Bench.petID))
    for step in 0..<40 {
      winning.state.spawns[1].healthFraction = 1 - 0.02 * Double(step)
      #expect(winning.ticks(5).rule == .inCombat)
    }
  }

  @Test func `blows that miss are progress for twenty seconds and no longer`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(5, 0), target: Bench.player))
    func ticksUntilFlight(blowEvery slots: Int) -> Int {
      var bench = bench
      return (1...400).first { tick in
        bench.chat = tick % slots == 0 ? ["You try to hit a rat, but miss!"] : []
        return bench.tick().layer == .emergency
      } ?? .max
    }
    #expect((199...202).contains(ticksUntilFlight(blowEvery: 26)))
    #expect((99...102).contains(ticksUntilFlight(blowEvery: 1000)))
    // Somebody else's blows, or ours of long ago, do not count.
    bench.chat = ["A rat tries to hit YOU, but misses!"]
    #expect(bench.ticks(99).rule == .inCombat)
    #expect(bench.ticks(3).layer == .emergency)
  }

  @Test func `what the kit does not hunt is fought when it attacks`() {
    var bench = Bench(lore: SmallLore.make(notHunted: ["a wolf"]))
    bench.state.spawns.append(Bench.npc(7, "a wolf", at: Position(50, 0)))
    #expect(bench.ticks(5).order.map { if case .acquire = $0 { true } else { false } } != true)
    bench.state.spawns[1].target = Bench.player
    #expect(bench.ticks(2).order == .combat(target: EntityID(7)))
  }

  @Test func `who cannot be fought nor shaken off within the zone is left behind a zone line`() {
    var bench = Bench(lore: SmallLore.make(feignLevel: 50))
    bench.state.spawns.append(Bench.npc(7, at: Position(20, 0), target: Bench.petID))
    func flight() -> Position? {
      for _ in 0..<800 {
        if case .flee(let to, _) = bench.tick().order { return to }
      }
      return nil
    }
    #expect(flight() == Position(-300, 0), "the camp's flee point at first")
    // It stays on the pet: we stop, stand and are attacked again.
    while bench.brain.memory.flight.isOn { bench.tick() }
    #expect(flight() == Position(-980, 0))
  }

  @Test func `nobody runs past one who would be the death of it, nor to and fro`() {
    var bench = Bench(lore: SmallLore.make(feignLevel: 50))
    bench.state.spawns.append(Bench.npc(7, at: Position(5, 0), target: Bench.player))
    bench.state.spawns.append(Bench.npc(8, "a great bear", at: Position(-280, 0), level: 30))
    bench.state.player.health = 30
    guard case .flee(let first, _) = bench.tick().order else {
      Issue.record("no flight")
      return
    }
    #expect(first.horizontalDistance(to: Position(-280, 0)) > Situation.perilReach)
    // Arrived with the enemy behind: on, not back.
    let place = bench.state.player.position ?? .origin
    bench.state.player.position = first
    bench.state.spawns[1].position = first.moved(5, along: first.heading(to: place))
    guard case .flee(let second, _) = bench.tick().order else {
      Issue.record("no flight")
      return
    }
    #expect(second.horizontalDistance(to: place) > first.horizontalDistance(to: place))
  }

  @Test func `a corpse beside which death waits is not fetched until it has gone`() {
    var bench = Bench()
    bench.state.player.money = 5
    bench.tick()
    bench.state.player.position = Position(200, 0)
    bench.tick()
    bench.state.player.health = 0
    bench.state.player.stand = .dead
    bench.tick()
    bench.state.player.health = 100
    bench.state.player.stand = .standing
    bench.state.player.position = Position(0, 0)
    bench.state.spawns.append(Bench.npc(8, "a great bear", at: Position(260, 0), level: 30))
    bench.end(.succeeded)
    #expect(bench.ticks(5).rule != .recoverCorpse)
    #expect(bench.verdict(.recoverCorpse)?.reason == .threatNear)
    bench.state.spawns.removeLast()
    #expect(bench.ticks(5).order == .recoverCorpse(at: Position(200, 0)))
  }

  @Test func `the dead recover and nothing else, locked or cooling down`() {
    for phase in UInt8(0)...4 {
      var bench = Bench(phase: phase)
      bench.tick()
      bench.routine?.isLocked = true
      bench.state.player.health = 0
      bench.state.player.stand = .dead
      #expect(bench.tick().order == .deathRecovery)
      #expect(bench.end(.failed(.stillDead)).order == .deathRecovery)
      bench.brain.gates.openBreaker(.deathRecovery, at: bench.state.tick)
      bench.brain.gates.setCooldown(.deathRecovery, until: bench.state.tick + 1000)
      #expect(bench.tick().order == .deathRecovery)
    }
  }

  @Test func `after death the way leads back through the zone line`() {
    var bench = Bench()
    bench.tick()
    bench.state.zone = SmallLore.town
    bench.state.pet = nil
    bench.state.spawns = []
    bench.state.player.buffs = []
    #expect(bench.tick().order == .summonPet(spell: SmallLore.pet))
    bench.state.pet = Bench.petID
    bench.state.spawns = [Bench.petSpawn()]
    #expect(bench.end(.succeeded).order == .buff(spell: SmallLore.shield))
    bench.state.player.buffs = [Buff(spell: SmallLore.shield, remaining: 600)]
    #expect(bench.end(.succeeded).order == .travel(to: Position(0, 0), zone: SmallLore.meadow))
  }

  @Test func `a lock holds other ordinary rules out, and for a bounded time only`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.state.target = EntityID(7)
    let pull = bench.ticks(2)
    #expect(pull.rule == .pull)
    bench.routine?.isLocked = true
    bench.state.player.mana = 10
    #expect(bench.tick().layer == .locked)
    #expect(bench.ticks(800).credit == pull.credit)
    #expect(bench.ticks(101).rule == .rest)
    #expect(bench.verdict(.pull)?.isEligible == false)
  }

  @Test func `five failures open the breaker and one probe decides`() {
    var bench = Bench()
    bench.state.player.buffs = []
    func isBuffing() -> Bool { bench.brain.memory.rule == .buff }
    for _ in 0..<5 {
      bench.ticks(60)
      #expect(isBuffing())
      bench.end(.failed(.castFailed))
    }
    #expect(bench.events.contains { $0.key == "circuit.open" })
    bench.ticks(1000)
    #expect(!isBuffing())
    #expect(bench.verdict(.buff)?.reason == .breakerOpen)
    bench.ticks(210)
    #expect(isBuffing())
    bench.end(.failed(.castFailed))
    bench.ticks(200)
    #expect(bench.verdict(.buff)?.reason == .breakerOpen)
  }

  @Test func `an unreachable target is left alone for a while`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.tick()
    bench.end(.failed(.noRoute))
    bench.ticks(50)
    #expect(bench.verdict(.acquire)?.reason == .noCandidate)
    #expect(bench.receipt.candidates.contains { $0.id == EntityID(7) && $0.reject == .recentAttempt })
  }

  @Test func `holds while loading, stale, commanded or disarmed`() {
    var bench = Bench()
    for (validity, reason) in [(SnapshotValidity.loading, HoldReason.loading), (.stale, .stale)] {
      bench.state.validity = validity
      #expect(bench.tick().hold == reason)
      #expect(bench.routine == nil)
    }
    bench.state.validity = .valid
    bench.isArmed = false
    #expect(bench.tick().hold == .notArmed)
    bench.isArmed = true
    bench.hold = .noFocus
    #expect(bench.tick().hold == .noFocus)
    bench.hold = .none
    #expect(bench.tick().rule == .wander)
  }

  @Test func `a partial snapshot allows defence and emergency only`() {
    var bench = Bench()
    bench.state.validity = .partial
    #expect(bench.tick().layer == .idle)
    #expect(bench.verdict(.wander)?.reason == .snapshotPartial)
    bench.state.spawns.append(Bench.npc(7, at: Position(20, 0), target: Bench.player))
    #expect(bench.tick().ruleClass == .defence)
  }

  @Test func `steps out of the way of something deadly`() {
    var bench = Bench()
    for step in 0..<15 {
      bench.state.spawns = [
        Bench.petSpawn(), Bench.npc(8, "a great bear", at: Position(0, 110 - 2 * Double(step)), level: 30),
      ]
      bench.tick()
    }
    #expect(bench.brain.memory.rule == .evade)
  }

  @Test func `does not flicker between two equal targets`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 0)))
    bench.state.spawns.append(Bench.npc(8, at: Position(-80, 0)))
    let first = bench.tick()
    for step in 0..<50 {
      bench.state.spawns[1].position = Position(80 + Double(step % 2) * 4, 0)
      bench.state.spawns[2].position = Position(-80 - Double((step + 1) % 2) * 4, 0)
      #expect(bench.tick().credit == first.credit)
    }
  }
}

extension Decision {
  /// The class of the rule that won; nil when none did.
  var ruleClass: RuleClass? { rule.map { RuleTable.ruleClass[Int($0.rawValue)] } }
}
