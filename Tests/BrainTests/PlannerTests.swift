import Core
import Learning
import Perception
import Testing

@testable import Brain

/// The cheapest plan by trying every sequence; nil when none of at most `Planner.stepMax` steps reaches the goal.
private func exhaustive(_ domain: PlanDomain, _ start: PlanState, _ goal: PlanCondition, _ cost: [Double]) -> Double?
{
  var best: Double?
  func go(_ state: PlanState, _ spent: Double, _ depth: Int) {
    if let best, spent >= best { return }
    if goal.holds(in: state) {
      best = spent
      return
    }
    guard depth < Planner.stepMax else { return }
    for row in domain.actions.indices where domain.actions[row].precondition.holds(in: state) {
      let next = domain.actions[row].effect.applied(to: state)
      if next != state { go(next, spent + cost[row], depth + 1) }
    }
  }
  go(start, 0, 0)
  return best
}

@Suite struct PlannerTests {
  @Test func `plans cost what an exhaustive search finds, on random small domains`() {
    var (found, missing) = (0, 0)
    for seed in 0..<UInt64(400) {
      var random = SeededGenerator(seed: seed)
      func condition(_ atomMax: Int) -> PlanCondition {
        var mask: UInt64 = 0
        for _ in 0..<random.integer(1...atomMax) { mask |= 1 << UInt64(random.integer(0...5)) }
        return PlanCondition(mask: mask, value: random.next())
      }
      let count = random.integer(2...6)
      let domain = PlanDomain(
        actions: (0..<count).map { index in
          PlanAction(
            PlanActionID.allCases[index], .wander, needs: condition(2), gives: condition(2), cost: 1, limit: 10)
        }, goals: [])
      let cost = (0..<count).map { _ in Double(random.integer(1...9)) }
      let start = PlanState(bits: random.next() & 0x3F)
      let goal = condition(3)
      var planner = Planner()
      let result = planner.search(domain, from: start, to: goal, cost: cost, nodeBudget: 5000)
      guard let best = exhaustive(domain, start, goal, cost) else {
        #expect(result == .unreachable, "seed \(seed)")
        missing += 1
        continue
      }
      #expect(result == .plan(cost: best), "seed \(seed)")
      var state = start
      for step in planner.steps {
        #expect(domain.actions[step].precondition.holds(in: state), "seed \(seed)")
        state = domain.actions[step].effect.applied(to: state)
      }
      #expect(goal.holds(in: state), "seed \(seed)")
      found += 1
    }
    #expect(found > 50 && missing > 50)
  }

  @Test func `never opens more nodes than its budget`() {
    let domain = PlanDomain.standard
    let cost = domain.actions.map(\.cost)
    var planner = Planner()
    for seed in 0..<UInt64(200) {
      var random = SeededGenerator(seed: seed)
      let start = PlanState(bits: random.next() & ((1 << UInt64(PlanAtom.allCases.count)) - 1))
      for goal in domain.goals {
        _ = planner.search(domain, from: start, to: goal.condition, cost: cost)
        #expect(planner.expanded <= Planner.nodeBudget, "seed \(seed)")
        _ = planner.search(domain, from: start, to: goal.condition, cost: cost, nodeBudget: 7)
        #expect(planner.expanded <= 7, "seed \(seed)")
      }
    }
  }

  @Test func `the agent's own domain is sound, and faults are told together`() {
    #expect(PlanDomain.standard.faults() == [])
    #expect(PlanDomain.standard.actions.map(\.id) == PlanActionID.allCases)
    var broken = PlanDomain.standard
    broken.actions.removeAll { $0.id == .summonPet || $0.id == .wander }
    let faults = broken.faults()
    #expect(faults.contains { $0.contains("needs petAlive") })
    #expect(faults.contains { $0.contains("needs candidateKnown") })
    #expect(faults.contains { $0.contains("maintainReadiness cannot be reached") })
  }

  @Test func `a hunt from bad shape is one plan of many steps`() {
    let domain = PlanDomain.standard
    var planner = Planner()
    let start = PlanState(
      bits: [PlanAtom.quiet, .healthSafe, .memorised, .stocked, .bagsFree, .inCampZone, .atCamp, .corpseRecovered]
        .reduce(0) { $0 | $1.bit })
    let goal = domain.goals.first { $0.id == .gainExperience }?.condition ?? PlanCondition()
    _ = planner.search(domain, from: start, to: goal, cost: domain.actions.map(\.cost))
    #expect(
      planner.steps.map { domain.actions[$0].id } == [
        .rest, .summonPet, .buff, .wander, .acquire, .pull, .defeat, .loot,
      ]
        || planner.steps.count == 8)
  }
}

@Suite struct PlanLifeTests {
  /// A whole hunt: each step ends by its effects, the plan by its last.
  @Test func `a plan goes through its steps and completes`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.ticks(2)
    #expect(bench.brain.plan.goal == .gainExperience)
    #expect(bench.receipt.decision.layer == .plan)
    bench.state.target = EntityID(7)
    #expect(bench.tick().rule == .pull)
    bench.state.spawns[1].target = Bench.petID
    #expect(bench.tick().rule == .inCombat)
    bench.ticks(20)
    bench.state.target = nil
    bench.state.spawns[1] = Spawn.corpse(7, at: Position(60, 10))
    #expect(bench.end(.succeeded).rule == .loot)
    bench.end(.succeeded)
    bench.ticks(2)
    let counts = bench.brain.statistics.plans
    #expect(counts.completed == 1 && counts.completedLong == 1 && counts.failed == 0)
    #expect(bench.events.contains { $0.key == "plan.completed" })
  }

  @Test func `an emergency of another's making ends a plan from outside, one of our own pull does not`() {
    for hasPulled in [false, true] {
      var bench = Bench()
      bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
      bench.ticks(2)
      if hasPulled {
        bench.state.target = EntityID(7)
        bench.tick()
      }
      bench.state.spawns[1].target = Bench.player
      bench.state.player.health = 20
      bench.tick()
      let counts = bench.brain.statistics.plans
      #expect(counts.endedExternal == (hasPulled ? 0 : 1))
      #expect(counts.failed == (hasPulled ? 1 : 0))
      #expect(counts.byReason.reduce(0, +) == (hasPulled ? 1 : 0))
      #expect(counts.externalByReason.reduce(0, +) == (hasPulled ? 0 : 1))
    }
  }

  @Test func `a target that is gone ends the plan, and the next goal is tried`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.ticks(2)
    bench.state.spawns.removeLast()
    bench.end(.failed(.targetGone))
    #expect(bench.brain.statistics.plans.endedExternal == 1)
    bench.ticks(20)
    #expect(bench.brain.plan.isActive)
  }

  @Test func `plans never outrank defence, and phases 0 and 1 make none`() {
    var bench = Bench(phase: 1)
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.ticks(5)
    #expect(bench.brain.statistics.plans.made == 0)
    bench = Bench(phase: 4)
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.ticks(5)
    #expect(bench.brain.plan.isActive)
    bench.state.spawns.append(Bench.npc(8, at: Position(10, 0), target: Bench.player))
    #expect(bench.tick().layer == .defence)
  }
}

extension Spawn {
  /// What is left of an NPC under its own id.
  static func corpse(_ id: UInt32, at place: Position) -> Spawn {
    Spawn(id: EntityID(id), name: "a rat's corpse", kind: .corpse, position: place, body: .dead, healthFraction: 0)
  }
}

@Suite struct ExplanationTests {
  @Test func `every rule, goal and action is explained`() {
    let rules = Explanation.rules()
    for rule in RuleID.allCases { #expect(rules.contains(rule.name)) }
    var costs = CostModel(rows: PlanDomain.standard.actions.count)
    for _ in 0..<3 { costs.observe(0, seconds: 44) }
    let domain = Explanation.domain(costs: costs)
    for action in PlanActionID.allCases { #expect(domain.contains(action.name)) }
    for goal in PlanGoalID.allCases { #expect(domain.contains(goal.name)) }
    #expect(domain.contains("44.0 s learned from 3") && domain.contains("no faults"))
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.ticks(3)
    #expect(bench.brain.planExplanation?.contains("runs  acquire") == true)
  }
}
