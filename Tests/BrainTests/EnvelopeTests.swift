import Core
import Lore
import Perception
import TestSupport
import Testing
import WorldModel

@testable import Brain

/// The least class that a state asks for, written from the snapshot and the world model alone: no verdict is asked.
private func leastClass(_ state: GameState, _ model: WorldModel) -> RuleClass? {
  let player = state.player
  if player.stand == .dead { return .emergency }
  if let points = player.health, let most = player.healthMax, most > 0, points <= 0 { return .emergency }
  var isAttacked = false
  for spawn in state.spawns where spawn.kind == .npc && spawn.body != .dead && spawn.name != "Trader Tam" {
    if let health = spawn.healthFraction, health <= 0 { continue }
    guard let prey = spawn.target else { continue }
    if prey == player.id || prey == state.pet { isAttacked = true }
  }
  let isThreatened = isAttacked || model.threats.contains { $0.isImminent }
  let fraction: Double? =
    if let points = player.health, let most = player.healthMax, most > 0 {
      min(1, max(0, Double(points) / Double(most)))
    } else { nil }
  if isThreatened, fraction == nil || fraction ?? 0 < 0.4 { return .emergency }
  return isAttacked ? .defence : nil
}

/// Random and adversarial lives: each state follows from the one before by a few changes, as real ones do.
private struct RandomLife {
  var random: SeededGenerator
  var bench: Bench
  var nextID: UInt32 = 10

  init(seed: UInt64, phase: UInt8, mutation: BrainConfiguration.Mutation) {
    random = SeededGenerator(seed: seed)
    var configuration = BrainConfiguration()
    configuration.mutation = mutation
    configuration.usesPlans = random.chance(0.7)
    configuration.shadowPhases = random.chance(0.5) ? 0b11111 : 0
    bench = Bench(phase: phase, lore: SmallLore.make(feignLevel: 3), configuration: configuration)
  }

  mutating func spawn() -> Spawn {
    nextID += 1
    let names: [FixedName] = ["a rat", "a great bear", "a wolf", "Trader Tam"]
    var spawn = Bench.npc(
      nextID, names[random.integer(0...3)],
      at: Position(random.uniform(-150...150), random.uniform(-150...150)), level: UInt8(random.integer(0...14)))
    spawn.velocity = Position(random.uniform(-30...30), random.uniform(-30...30))
    return spawn
  }

  /// Changes the state a little.
  mutating func change() {
    let state = bench.state
    switch random.integer(0...19) {
    case 0: if state.spawns.count < 9 { bench.state.spawns.append(spawn()) }
    case 1: if state.spawns.count > 1 { bench.state.spawns.remove(at: random.integer(1...state.spawns.count - 1)) }
    case 2...4: bench.state.player.health = random.integer(0...100)
    case 5: bench.state.player.health = random.chance(0.5) ? nil : 0
    case 6: bench.state.player.healthMax = random.chance(0.3) ? nil : 100
    case 7: bench.state.player.mana = random.chance(0.2) ? nil : random.integer(0...100)
    case 8: bench.state.player.stand = StandState.allCases[random.integer(0...4)]
    case 9, 10:
      let row = random.integer(0...max(0, state.spawns.count - 1))
      guard row < state.spawns.count, state.spawns[row].kind == .npc else { return }
      bench.state.spawns[row].target = [Bench.player, Bench.petID, nil, EntityID(11)][random.integer(0...3)]
    case 11:
      let row = random.integer(0...max(0, state.spawns.count - 1))
      guard row < state.spawns.count else { return }
      bench.state.spawns[row].healthFraction = random.chance(0.2) ? nil : random.unit()
      if random.chance(0.1) { bench.state.spawns[row].body = .dead }
      if random.chance(0.2), state.spawns[row].kind == .npc { bench.state.spawns[row].kind = .corpse }
    case 12: bench.state.pet = random.chance(0.5) ? nil : Bench.petID
    case 13: bench.state.target = random.chance(0.3) ? nil : state.spawns.randomElement(using: &random)?.id
    case 14:
      let validities: [SnapshotValidity] = [.valid, .valid, .valid, .partial, .stale, .loading]
      bench.state.validity = validities[random.integer(0...5)]
    case 15: bench.state.zone = random.chance(0.2) ? SmallLore.town : SmallLore.meadow
    case 16: bench.state.player.position = random.chance(0.1) ? nil : Position(random.uniform(-900...900), 0)
    case 17: bench.state.player.level = random.chance(0.1) ? nil : random.integer(1...8)
    case 18: bench.state.player.buffs = []
    default: bench.state.gems = random.chance(0.3) ? [] : Bench.healthy().gems
    }
    if random.chance(0.01) { bench.state = Bench.healthy() }
  }

  /// Disturbs what is not the world: locks, cooldowns, breakers, phases.
  mutating func disturb() {
    bench.routine?.isLocked = random.chance(0.3)
    if random.chance(0.02) {
      let rule = RuleID.allCases[random.integer(0...RuleID.allCases.count - 1)]
      bench.brain.gates.setCooldown(rule, until: bench.state.tick + 300)
    }
    if random.chance(0.01) {
      let rule = RuleID.allCases[random.integer(0...RuleID.allCases.count - 1)]
      bench.brain.gates.openBreaker(rule, at: bench.state.tick)
    }
  }

  mutating func step() -> (wanted: RuleClass?, decision: Decision) {
    for _ in 0..<random.integer(1...3) { change() }
    disturb()
    bench.events.removeAll(keepingCapacity: true)
    let decision: Decision
    if random.chance(0.1) {
      let failure = RoutineFailure.allCases[random.integer(0...RoutineFailure.allCases.count - 1)]
      decision = bench.end([.succeeded, .interrupted, .failed(failure)][random.integer(0...2)])
    } else {
      decision = bench.tick()
    }
    let isHeld = bench.state.validity == .loading || bench.state.validity == .stale
    return (isHeld ? nil : leastClass(bench.state, bench.model), decision)
  }

  /// Runs `count` states; the first that broke the envelope, told in words.
  mutating func firstBreach(states count: Int) -> String? {
    for index in 0..<count {
      let (wanted, decision) = step()
      guard let wanted else { continue }
      if decision.ruleClass.map({ $0 >= wanted }) ?? false { continue }
      return "state \(index): wanted \(wanted.name), chose \(decision.rule?.name ?? "nothing"): \(bench.state)"
    }
    return nil
  }
}

@Suite struct EnvelopeTests {
  static let lives = Repository.runsLongTests ? 1000 : 100

  /// 5 phases × 100 lives × 200 states; ten times as many on request.
  @Test(arguments: UInt8(0)...4)
  func `the class of an answer is never below what the state asks for`(phase: UInt8) {
    for seed in 0..<UInt64(Self.lives) {
      var life = RandomLife(seed: seed, phase: phase, mutation: .none)
      if let breach = life.firstBreach(states: 200) {
        Issue.record("phase \(phase), seed \(seed), \(breach)")
        return
      }
    }
  }

  @Test(arguments: [
    BrainConfiguration.Mutation.noBarrier, .fleeNever, .combatScoreZero, .deathRecoveryCooldown,
  ])
  func `a weakened brain is caught`(mutation: BrainConfiguration.Mutation) {
    for phase in UInt8(0)...4 {
      for seed in 0..<UInt64(100) {
        var life = RandomLife(seed: seed, phase: phase, mutation: mutation)
        if life.firstBreach(states: 200) != nil { return }
      }
    }
    Issue.record("\(mutation) went unnoticed")
  }

  @Test func `the running check agrees with the oracle`() {
    for seed in 0..<UInt64(20) {
      var life = RandomLife(seed: seed, phase: 2, mutation: .fleeNever)
      for _ in 0..<200 {
        let (wanted, decision) = life.step()
        guard let wanted, wanted == .emergency, decision.ruleClass ?? .ordinary < .emergency else { continue }
        #expect(life.bench.events.contains(.invariantBreach(.envelope)), "seed \(seed)")
      }
    }
  }
}
