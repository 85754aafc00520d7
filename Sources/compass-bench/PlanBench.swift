import Brain
import Core

/// Plans from random states for every goal of the agent's own domain.
func benchPlan(asJSON: Bool) throws {
  var random = SeededGenerator(seed: 1)
  var search = PlanSearch()
  let atoms = UInt64(PlanAtom.allCases.count)
  var expanded = 0
  let measurement = try measure("plan", "standard domain, random states", count: 20_000, warmUp: 100) {
    let state = PlanState(bits: random.next() & ((1 << atoms) - 1))
    let goal = PlanDomain.standard.goals[random.integer(0...PlanDomain.standard.goals.count - 1)]
    expanded = max(expanded, search.plan(from: state, to: goal))
  }
  var result = measurement
  result.extras.append((key: "nodes_max", value: Double(expanded)))
  result.report(asJSON: asJSON)
}
