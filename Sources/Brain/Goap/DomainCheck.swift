import Core

extension PlanDomain {
  /// What is wrong with the domain; all faults together, none when it is sound.
  public func faults() -> [String] {
    var faults: [String] = []
    func produces(_ atom: PlanAtom, _ value: Bool) -> Bool {
      actions.contains { $0.effect.mask & atom.bit != 0 && ($0.effect.value & atom.bit != 0) == value }
    }
    for action in actions {
      for (atom, value) in action.precondition.literals where value && !produces(atom, value) {
        faults.append("\(action.id.name) needs \(atom.name), which no action gives")
      }
      if action.effect.mask == 0 { faults.append("\(action.id.name) has no effect") }
      if action.proof.mask & ~action.effect.mask != 0 || action.proof.value & ~action.effect.value != 0 {
        faults.append("\(action.id.name) is shown by what it does not give")
      }
      if !(action.cost > 0 && action.cost.isFinite) { faults.append("\(action.id.name) costs nothing") }
      let rule = RuleTable.rules[Int(action.rule.rawValue)]
      if rule.ruleClass == .emergency { faults.append("\(action.id.name) would plan the emergency \(rule.id.name)") }
    }
    if Set(actions.map(\.id)).count != actions.count { faults.append("an action stands twice") }
    // From the worst state that is not an emergency, every goal must be within reach of some plan.
    let start = PlanState(bits: PlanAtom.quiet.bit | PlanAtom.healthSafe.bit)
    let reached = reachable(from: start)
    for goal in goals {
      for (atom, value) in goal.condition.literals where value && !produces(atom, value) {
        faults.append("goal \(goal.id.name) asks for \(atom.name), which no action gives")
      }
      if !reached.contains(where: goal.condition.holds) {
        faults.append("goal \(goal.id.name) cannot be reached from the worst quiet state")
      }
    }
    return faults
  }

  /// Every state that actions lead to, the start among them.
  /// - Complexity: O(states · actions); bounded at 200 000 states.
  func reachable(from start: PlanState) -> Set<PlanState> {
    var seen: Set<PlanState> = [start]
    var queue = [start]
    while let state = queue.popLast(), seen.count < 200_000 {
      for action in actions where action.precondition.holds(in: state) {
        let next = action.effect.applied(to: state)
        if seen.insert(next).inserted { queue.append(next) }
      }
    }
    return seen
  }
}
