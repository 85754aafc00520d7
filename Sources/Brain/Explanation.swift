import Core
import Learning

/// What the brain is made of, as text: `compassd explain rules|domain`.
public enum Explanation {
  /// The rule table: class, place and bounds of every rule, and what phase 4 weighs.
  public static func rules() -> String {
    var lines = [
      row("rule", "class", "tier", "weight", "lock s", "cooldown s", "breaker")
    ]
    for rule in RuleTable.rules {
      lines.append(
        row(
          rule.id.name, rule.ruleClass.name, String(rule.tier), rule.weight.tenths, rule.lockSeconds.tenths,
          rule.cooldownSeconds.tenths, rule.hasBreaker ? "5 in 300 s, open 120 s" : "never"))
      for consideration in rule.considerations {
        lines.append("    \(consideration.input) \(consideration.curve.text), counts \(consideration.weight.tenths)")
      }
    }
    lines.append("")
    lines.append("The class decides first: emergency, then defence, then ordinary. Within emergency the order above")
    lines.append("decides; within a class otherwise the selection phase does:")
    for (phase, text) in phases.enumerated() { lines.append("  \(phase)  \(text)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let phases = [
    "the first eligible rule of the table", "the same, while the shadow selectors count where they would differ",
    "the lowest tier with an eligible rule, in it the highest score", "the highest weight times score",
    "the highest weight times considerations; a consideration of zero is a gate",
  ]

  /// The planning domain: goals, actions, and its faults if it had any.
  public static func domain(_ domain: PlanDomain = .standard, costs: CostModel? = nil) -> String {
    var lines = ["goals:"]
    for goal in domain.goals { lines.append("  \(goal.id.name): \(goal.condition.text)") }
    lines.append("actions:")
    for (index, action) in domain.actions.enumerated() {
      lines.append("  \(action.id.name), by rule \(action.rule.name), \(cost(index, action, costs))")
      lines.append("    needs \(action.precondition.text)")
      lines.append("    gives \(action.effect.text)")
      if action.proof != action.effect { lines.append("    is done when \(action.proof.text)") }
    }
    let faults = domain.faults()
    lines.append(faults.isEmpty ? "no faults" : "faults:")
    lines += faults.map { "  \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A cost and where it comes from.
  static func cost(_ row: Int, _ action: PlanAction, _ costs: CostModel?) -> String {
    if let entry = costs?.entries[safe: row], entry.count >= CostModel.observationsMin {
      let deviation = entry.deviation.tenths
      return
        "\(entry.mean.tenths) s learned from \(entry.count), deviation \(deviation) s (default \(action.cost.tenths) s)"
    }
    return "\(action.cost.tenths) s by default"
  }

  private static func row(_ cells: String...) -> String {
    let widths = [16, 11, 6, 8, 8, 12, 0]
    var line = ""
    for (cell, width) in zip(cells, widths) {
      line += cell + String(repeating: " ", count: max(1, width - cell.count))
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}

extension Brain {
  /// The plan under way: its goal, its steps with what they need and give, and where their costs come from. Nil
  /// without a plan.
  public var planExplanation: String? {
    guard let goal = plan.goal else { return nil }
    var lines = ["for \(goal.name), \(plan.planCost.tenths) s in all:"]
    for (index, step) in plan.steps.enumerated() {
      let action = PlanDomain.standard.actions[step]
      let mark = index < plan.index ? "done" : index == plan.index ? (plan.isRunning ? "runs" : "next") : "then"
      let cost = Explanation.cost(step, action, configuration.learning.usesCosts ? learned.costs : nil)
      lines.append("  \(mark)  \(action.id.name): \(cost)")
      lines.append("        needs \(action.precondition.text)")
      lines.append("        gives \(action.effect.text)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Array {
  subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension ResponseCurve {
  /// In words, with its parameters.
  var text: String {
    switch self {
    case .linear(let from, let to): "rises from \(from) to \(to)"
    case .inverse(let from, let to): "falls from \(from) to \(to)"
    case .logistic(let mid, let steepness): "is s-shaped about \(mid), steepness \(steepness)"
    case .polynomial(let full, let exponent): "grows to \(full) with exponent \(exponent)"
    case .bell(let mid, let width): "peaks at \(mid), width \(width)"
    case .piecewise(let points): "runs " + points.map { "\($0.input): \($0.desire)" }.joined(separator: ", ")
    }
  }
}
