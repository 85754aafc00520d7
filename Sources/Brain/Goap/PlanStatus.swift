import Core
import Learning

/// The plan under way, for onlookers. A plain value: copying it every tick allocates nothing.
public struct PlanStatus: Hashable, Sendable {
  public var goal: PlanGoalID
  public var stepCount: Int
  /// The current step; those before it are done. Range: `0..<stepCount`.
  public var index: Int
  /// The current step has begun.
  public var isRunning: Bool
  /// Of the whole plan, as it was made. Unit: seconds.
  public var seconds: Double
}

/// One step of a plan, and where its cost comes from.
public struct PlanStep: Hashable, Sendable {
  public var action: PlanActionID
  /// Unit: seconds.
  public var seconds: Double
  /// How often it was observed; 0 while the cost is the default.
  public var observations: Int
}

extension Brain {
  /// Nil without a plan.
  public var planStatus: PlanStatus? {
    guard let goal = plan.goal else { return nil }
    return PlanStatus(
      goal: goal, stepCount: plan.steps.count, index: plan.index, isRunning: plan.isRunning, seconds: plan.planCost)
  }

  /// Step `index` of the plan; nil when it has no such step.
  public func planStep(_ index: Int) -> PlanStep? {
    guard plan.goal != nil, plan.steps.indices.contains(index) else { return nil }
    let row = plan.steps[index]
    let action = PlanDomain.standard.actions[row]
    let costs = configuration.learning.usesCosts ? learned.costs : CostModel()
    let count = costs.entries.indices.contains(row) ? costs.entries[row].count : 0
    return PlanStep(
      action: action.id, seconds: costs.cost(row, default: action.cost),
      observations: count >= CostModel.observationsMin ? count : 0)
  }
}
