import Core
import Foundation
import Lore
import Perception
import TestSupport
import Testing
import WorldModel

@testable import Brain

/// A situation, and what the rules must say of it.
private struct Refusal {
  var rules: [RuleID]
  var reason: RuleReason
  var make: () -> Bench

  init(_ reason: RuleReason, _ rules: [RuleID], _ make: @escaping () -> Bench) {
    self.rules = rules
    self.reason = reason
    self.make = make
  }
}

/// The rules as the sources have them: which reasons each may give, its gates included.
private struct RuleSources {
  private var reasons: [String: Set<String>] = [:]
  private var gates: [String: Set<String>] = [:]

  init() throws {
    let folder = Repository.root.appending(path: "Sources/Brain")
    var files = try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: "Rules"), includingPropertiesForKeys: nil)
    files.append(folder.appending(path: "Situation.swift"))
    for file in files.filter({ $0.pathExtension == "swift" }) {
      let text = try String(contentsOf: file, encoding: .utf8)
      var name = ""
      for line in text.split(separator: "\n") {
        if let match = line.firstMatch(of: /func (\w+)\(/) { name = String(match.1) }
        for match in line.matches(of: /\.no\(\s*\.(\w+)/) { reasons[name, default: []].insert(String(match.1)) }
        for match in line.matches(of: /let (?:gate|obstacle) = (?:situation\.)?(\w+)\(/) {
          gates[name, default: []].insert(String(match.1))
        }
      }
    }
  }

  func all(_ rule: RuleID) -> Set<String> {
    gates[rule.name, default: []].reduce(reasons[rule.name, default: []]) { $0.union(reasons[$1, default: []]) }
  }
}

@Suite struct ReasonCoverageTests {
  private static let quiet: [RuleID] = [.memorizeSpells, .summonPet, .buff, .vendor]
  private static let walking: [RuleID] = [.recoverCorpse, .returnToCamp, .travel, .wander]
  private static let hunting: [RuleID] = [.pull, .acquire]

  private static func bench(_ change: (inout Bench) -> Void) -> Bench {
    var bench = Bench()
    change(&bench)
    bench.tick()
    return bench
  }

  private static func off(_ change: (inout BrainConfiguration.Features) -> Void) -> Bench {
    var configuration = BrainConfiguration()
    change(&configuration.features)
    var bench = Bench(configuration: configuration)
    bench.tick()
    return bench
  }

  /// A bear that is to be avoided comes straight at us.
  private static func threatened(_ change: (inout Bench) -> Void = { _ in }) -> Bench {
    var bench = Bench()
    change(&bench)
    for step in 0..<12 {
      bench.state.spawns.removeAll { $0.id == EntityID(8) }
      bench.state.spawns.append(Bench.npc(8, "a great bear", at: Position(0, 105 - 3 * Double(step))))
      bench.tick()
    }
    return bench
  }

  private static func attacked(_ change: (inout Bench) -> Void = { _ in }) -> Bench {
    bench { bench in
      bench.state.spawns.append(Bench.npc(7, at: Position(10, 0), target: Bench.player))
      change(&bench)
    }
  }

  /// A fight was won, and the corpse lies beside us.
  private static func won(_ change: (inout Bench) -> Void) -> Bench {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(30, 0), health: 0.2, target: Bench.player))
    bench.ticks(2)
    bench.state.spawns[1] = .corpse(7, at: Position(30, 0))
    bench.tick()
    change(&bench)
    bench.tick()
    return bench
  }

  private static func died(_ change: (inout Bench) -> Void) -> Bench {
    var bench = Bench()
    bench.tick()
    bench.state.player.stand = .dead
    bench.tick()
    bench.state.player.stand = .standing
    change(&bench)
    bench.tick()
    return bench
  }

  /// A spell of the kit, in the way that `break` leaves it.
  private static func spells(
    _ lore: Lore = SmallLore.make(), _ change: (inout Bench) -> Void = { _ in }
  ) -> Bench {
    var bench = Bench(lore: lore)
    bench.state.pet = nil
    bench.state.spawns = [Bench.npc(7, at: Position(20, 0), target: Bench.player)]
    bench.state.player.health = 30
    bench.state.player.buffs = []
    change(&bench)
    bench.tick()
    return bench
  }

  /// The same, with nothing near: summoning and buffs.
  private static func calmly(_ lore: Lore = SmallLore.make(), _ change: (inout Bench) -> Void = { _ in }) -> Bench {
    spells(lore) {
      $0.state.spawns = []
      change(&$0)
    }
  }

  private static let unknown = SmallLore.make(
    loadouts: [Loadout](
      repeating: Loadout(
        strategy: .petAndDot, gems: [SpellID(77)], pet: SpellID(77), feign: SpellID(77), buffs: [SpellID(77)]),
      count: 61))
  private static let dear = SmallLore.make(reagents: [.pet, .buff, .feign])
  private static let campless = SmallLore.make(hasCamps: false)

  private static var refusals: [Refusal] {
    let death = Set(RuleID.allCases).subtracting([.deathRecovery])
    return [
      Refusal(.alive, [.deathRecovery]) { bench { _ in } },
      Refusal(.dead, RuleID.allCases.filter(death.contains)) { bench { $0.state.player.stand = .dead } },
      Refusal(.noThreat, [.feignDeath, .flee, .evade]) { bench { _ in } },
      Refusal(.notUrgent, [.feignDeath, .flee]) { attacked() },
      Refusal(.attackerPresent, [.evade] + quiet + [.unstick] + walking) { attacked() },
      Refusal(.recentAttempt, [.evade]) {
        var bench = threatened()
        bench.brain.memory.evasion = nil
        bench.brain.memory.lastEvasion = bench.state.tick
        bench.tick()
        return bench
      },
      Refusal(.noAttacker, [.inCombat, .engageAdd]) { bench { _ in } },
      Refusal(.petMissing, [.engageAdd]) { attacked { $0.state.pet = nil } },
      Refusal(.targetPresent, [.engageAdd]) { attacked() },
      Refusal(.threatNear, [.rest, .loot] + hunting + quiet + [.unstick] + walking) { threatened() },
      Refusal(.healthUnknown, [.rest] + hunting) { bench { $0.state.player.health = nil } },
      Refusal(.healthHigh, [.rest]) { bench { $0.state.player.health = 90 } },
      Refusal(.manaHigh, [.rest]) { bench { $0.state.player.mana = 45 } },
      Refusal(.suppressedAfterFlee, [.rest]) {
        bench {
          $0.brain.memory.flight.ended = $0.state.tick
          $0.state.player.health = 60
        }
      },
      Refusal(.petMissing, [.rest] + hunting) {
        bench {
          $0.state.pet = nil
          $0.state.player.health = 75
        }
      },
      Refusal(.corpseUnlooted, [.rest]) { won { $0.state.player.health = 60 } },
      Refusal(.engaged, [.rest]) {
        var bench = attacked()
        bench.state.spawns.removeLast()
        bench.state.player.health = 60
        bench.tick()
        return bench
      },
      Refusal(.noCorpse, [.loot, .recoverCorpse]) { bench { _ in } },
      Refusal(.bagsFull, [.loot]) { won { $0.state.inventory.slotsFree = 0 } },
      Refusal(.threatNear, [.loot]) { won { $0.state.spawns.append(Bench.npc(8, at: Position(70, 0))) } },
      Refusal(.recovered, [.loot]) {
        won {
          $0.state.player.health = 25
        }
      },
      Refusal(.corpseTooFar, [.loot]) { won { $0.state.player.position = Position(-115, 0) } },
      Refusal(.featureOff, [.rest]) { off { $0.rests = false } },
      Refusal(.featureOff, [.loot]) { off { $0.loots = false } },
      Refusal(.featureOff, hunting) { off { $0.hunts = false } },
      Refusal(.featureOff, [.memorizeSpells]) { off { $0.memorizes = false } },
      Refusal(.featureOff, [.summonPet]) { off { $0.summons = false } },
      Refusal(.featureOff, [.buff]) { off { $0.buffs = false } },
      Refusal(.featureOff, [.vendor]) { off { $0.trades = false } },
      Refusal(.featureOff, [.recoverCorpse]) { off { $0.recoversCorpses = false } },
      Refusal(.featureOff, [.travel, .returnToCamp]) { off { $0.travels = false } },
      Refusal(.featureOff, [.wander]) { off { $0.wanders = false } },
      Refusal(.healthLow, hunting) { bench { $0.state.player.health = 60 } },
      Refusal(.manaLow, hunting) { bench { $0.state.player.mana = 30 } },
      Refusal(.petWeak, hunting + [.wander]) {
        var bench = bench { _ in }
        bench.state.spawns = [Bench.petSpawn(health: 0.3)]
        bench.tick()
        return bench
      },
      Refusal(.petFar, hunting) { bench { $0.state.spawns[0].position = Position(300, 0) } },
      Refusal(.noCamp, hunting + [.returnToCamp, .travel, .wander]) {
        var bench = Bench(lore: campless)
        bench.tick()
        return bench
      },
      Refusal(.farFromCamp, hunting + [.wander]) { bench { $0.state.zone = SmallLore.town } },
      Refusal(.recovered, hunting + [.wander]) { bench { $0.state.player.health = 75 } },
      Refusal(.corpseUnlooted, hunting) { died { _ in } },
      Refusal(.following, hunting + [.loot]) {
        var configuration = BrainConfiguration()
        configuration.follows = "Bea"
        var bench = Bench(configuration: configuration)
        bench.tick()
        bench.brain.memory.leader = Leader(zone: SmallLore.meadow, at: .origin, tick: bench.state.tick)
        bench.tick()
        return bench
      },
      Refusal(.noCandidate, hunting) { bench { _ in } },
      Refusal(.noTarget, [.pull]) { bench { $0.state.spawns.append(Bench.npc(7, at: Position(80, 20))) } },
      Refusal(.targetPresent, [.acquire, .wander]) {
        bench {
          $0.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
          $0.state.target = EntityID(7)
        }
      },
      Refusal(.allMemorised, [.memorizeSpells]) { bench { _ in } },
      Refusal(.noPetSpell, [.summonPet]) {
        var bench = Bench(lore: SmallLore.make(loadouts: [Loadout](repeating: .none, count: 61)))
        bench.tick()
        return bench
      },
      Refusal(.petAlive, [.summonPet]) { bench { _ in } },
      Refusal(.spellUnknown, [.feignDeath]) { spells(SmallLore.make(feignLevel: 60)) },
      Refusal(.spellUnknown, [.feignDeath]) { spells(unknown) },
      Refusal(.spellUnknown, [.summonPet, .buff]) { calmly(unknown) },
      Refusal(.spellNotMemorised, [.feignDeath]) { spells { $0.state.gems[4].spell = nil } },
      Refusal(.spellNotMemorised, [.summonPet, .buff]) { calmly { $0.state.gems = [Gem(spell: SmallLore.dot)] } },
      Refusal(.manaLow, [.feignDeath]) { spells { $0.state.player.mana = 1 } },
      Refusal(.manaLow, [.summonPet, .buff]) { calmly { $0.state.player.mana = 1 } },
      Refusal(.noReagent, [.feignDeath]) { spells(dear) { $0.state.inventory.items = [] } },
      Refusal(.noReagent, [.summonPet, .buff]) { calmly(dear) { $0.state.inventory.items = [] } },
      Refusal(.spellNotReady, [.feignDeath]) { spells { $0.state.gems[4].recast = 3 } },
      Refusal(.spellNotReady, [.summonPet, .buff]) {
        calmly { for gem in 0..<5 { $0.state.gems[gem].recast = 3 } }
      },
      Refusal(.targetPresent, [.buff]) {
        bench {
          $0.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
          $0.state.target = EntityID(7)
          $0.tick()
        }
      },
      Refusal(.buffPresent, [.buff]) { bench { _ in } },
      Refusal(.buffRecent, [.buff]) {
        var bench = bench { $0.state.player.buffs = [] }
        bench.brain.memory.lastBuff = (SmallLore.shield, bench.state.tick)
        bench.tick()
        return bench
      },
      Refusal(.bagsNotFull, [.vendor]) { bench { _ in } },
      Refusal(.noVendor, [.vendor]) {
        bench {
          $0.state.inventory = Inventory(
            items: [ItemStack(item: SmallLore.reagent, count: 10, slot: 0)], slotsFree: 0, slotsTotal: 1)
        }
      },
      Refusal(.threatNear, [.recoverCorpse]) {
        died { $0.state.spawns.append(Bench.npc(8, "a great bear", at: Position(90, 0), level: 30)) }
      },
      Refusal(.corpseTooFar, [.recoverCorpse]) { died { $0.state.zone = SmallLore.town } },
      Refusal(.healthUnknown, [.recoverCorpse]) { died { $0.state.player.health = nil } },
      Refusal(.healthLow, [.recoverCorpse]) { died { $0.state.player.health = 60 } },
      Refusal(.recovered, [.recoverCorpse]) { died { $0.state.player.health = 72 } },
      Refusal(.petMissing, [.recoverCorpse]) { died { $0.state.pet = nil } },
      Refusal(.notStuck, [.unstick]) { bench { _ in } },
      Refusal(.noRoute, [.returnToCamp]) { bench { $0.state.zone = SmallLore.town } },
      Refusal(.noRoute, [.travel]) {
        var bench = bench { _ in }
        bench.state.zone = ZoneID(99)
        bench.tick()
        return bench
      },
      Refusal(.atCamp, [.returnToCamp]) { bench { _ in } },
      Refusal(.arrived, [.travel]) { bench { _ in } },
      Refusal(.healthLow, [.travel]) {
        bench {
          $0.state.zone = SmallLore.town
          $0.state.player.health = 60
        }
      },
    ]
  }

  @Test func `every declining branch of every rule leaves its reason in a receipt`() throws {
    let sources = try RuleSources()
    var seen: Set<String> = []
    for refusal in Self.refusals {
      let bench = refusal.make()
      for rule in refusal.rules {
        let verdict = bench.verdict(rule)
        #expect(
          verdict?.reason == refusal.reason && verdict?.isEligible == false,
          "\(rule.name) should decline for \(refusal.reason.name), said \(verdict?.reason.name ?? "nothing")")
        seen.insert("\(rule.name): \(refusal.reason.name)")
      }
    }
    var expected: Set<String> = []
    for rule in RuleID.allCases {
      #expect(!sources.all(rule).isEmpty, "\(rule.name) has no declining branch in the sources")
      for reason in sources.all(rule) { expected.insert("\(rule.name): \(reason)") }
    }
    // Getting unstuck cannot be switched off.
    expected.remove("unstick: featureOff")
    #expect(expected.subtracting(seen).sorted() == [])
    #expect(seen.subtracting(expected).sorted() == [])
  }

  @Test func `what bars an eligible rule stands in its receipt`() {
    var bench = Bench()
    bench.brain.gates.setCooldown(.wander, until: bench.state.tick + 50)
    bench.tick()
    #expect(bench.verdict(.wander)?.reason == .cooldown)
    bench = Bench()
    bench.brain.gates.openBreaker(.wander, at: bench.state.tick)
    bench.tick()
    #expect(bench.verdict(.wander)?.reason == .breakerOpen)
    bench = Bench()
    bench.brain.gates.lockTimedOut(.wander, at: bench.state.tick)
    bench.tick()
    #expect(bench.verdict(.wander)?.reason == .lockTimedOut)
    bench = Bench()
    bench.state.validity = .partial
    bench.tick()
    #expect(bench.verdict(.wander)?.reason == .snapshotPartial)
  }

  @Test func `every rejected target carries its reason`() throws {
    let far = Bench.npc(7, at: Position(299, 0))
    var policy = Policy()
    policy.neverFight = ["a friend"]
    policy.seekDistance = 280
    let cases: [(RuleReason, [Spawn])] = [
      (.targetInvalid, [Bench.npc(7, at: Position(50, 0), health: 0)]),
      (.avoided, [Bench.npc(7, "a friend", at: Position(50, 0))]),
      (.avoided, [Bench.npc(7, "a wolf", at: Position(50, 0))]),
      (.conTooHigh, [Bench.npc(7, at: Position(50, 0), level: 9)]),
      (.targetTooFar, [far]),
      (.socialGroup, (0..<4).map { Bench.npc(7 + $0, at: Position(50 + 5 * Double($0), 0)) }),
      (.damagedNPCNear, [Bench.npc(7, at: Position(50, 0), health: 0.5, target: EntityID(55))]),
      (
        .playerNear,
        [
          Bench.npc(7, at: Position(50, 0)),
          Spawn(id: EntityID(8), name: "Else", kind: .player, position: Position(10, 0)),
        ]
      ),
      (.threatNear, [Bench.npc(7, at: Position(90, 0)), Bench.npc(8, at: Position(150, 0), level: 30)]),
    ]
    for (reason, spawns) in cases {
      var bench = Bench(lore: SmallLore.make(policy: policy, notHunted: ["a wolf"]))
      bench.state.spawns += spawns
      bench.tick()
      let rejected = bench.receipt.candidates.first { $0.id == EntityID(7) }
      #expect(rejected?.reject == reason, "\(reason.name), but said \(rejected?.reject.name ?? "nothing")")
    }
    var bench = Bench(lore: SmallLore.make(policy: policy))
    bench.state.player.position = Position(390, 0)
    bench.state.spawns[0].position = Position(390, 0)
    bench.state.spawns.append(Bench.npc(7, at: Position(450, 0)))
    bench.tick()
    #expect(bench.receipt.candidates.first { $0.id == EntityID(7) }?.reject == .farFromCamp)
    bench = Bench()
    bench.tick()
    bench.brain.memory.attempts.bar(EntityID(7), until: bench.state.tick + 100)
    bench.state.spawns.append(Bench.npc(7, at: Position(50, 0)))
    bench.tick()
    #expect(bench.receipt.candidates.first { $0.id == EntityID(7) }?.reject == .recentAttempt)
    bench = Bench()
    bench.state.player.level = 20
    bench.state.spawns.append(Bench.npc(7, at: Position(50, 0), level: 3))
    bench.tick()
    #expect(bench.receipt.candidates.first { $0.id == EntityID(7) }?.reject == .scoreTooLow)
  }
}
