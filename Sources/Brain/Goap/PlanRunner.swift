import Core
import Learning
import Telemetry

/// The plan under way, and what became of all plans so far.
///
/// A step is not started, then running, then achieved or failed. Its preconditions count when it starts; afterwards
/// only its effects do, so that a step's own success never looks like a broken condition. A later step whose effects
/// hold already completes everything before it.
struct PlanRunner: Sendable {
  private(set) var goal: PlanGoalID?
  /// Rows in `domain.actions`.
  private(set) var steps: [Int] = []
  private(set) var index = 0
  private(set) var isRunning = false
  private(set) var planCost = 0.0
  private(set) var counts = PlanCounts()
  /// The plan has begun a fight of its own making.
  private(set) var hasPulled = false
  /// How often the plan was mended.
  private var mends = 0

  private var planner = Planner()
  private var costs: [Double] = []
  private var stepStarted = Tick.start
  private var declinedSince: Tick?
  private var nextSearch = Tick.start
  private let domain: PlanDomain

  static let searchPauseTicks = 10
  /// A step whose rule declines is waited for so long before the plan is given up.
  static let declineTicks = 30
  static let mendsMax = 3

  init(domain: PlanDomain = .standard) {
    self.domain = domain
    steps.reserveCapacity(Planner.stepMax)
    costs = domain.actions.map(\.cost)
  }

  var isActive: Bool { goal != nil }

  /// The action to be carried out now.
  var action: PlanAction? { goal == nil ? nil : domain.actions[steps[index]] }

  /// The rule that is to carry out the current step.
  var rule: RuleID? { action?.rule }

  /// Takes in the tick: what was achieved, and a new plan where there is none. Events are appended.
  /// - Parameter gates: A rule that they bar for long has no place in a new plan.
  mutating func advance(
    _ situation: Situation, _ memory: BrainMemory, gates: RuleGates, learned: LearnedState, usesCosts: Bool,
    events: inout [SessionEvent]
  ) {
    let state = PlanState(situation, memory)
    if goal != nil {
      achieve(state, at: situation.tick, events: &events)
      takeAgain(state, at: situation.tick)
      lookAgain(state, at: situation.tick)
      lootFirst(state, at: situation.tick)
    }
    // A plan made while we still run, play dead, or look for the pet would be thrown away at once.
    let isCalm =
      !situation.isDead && !situation.isThreatened && !memory.flight.isOn && memory.evasion == nil
      && memory.pet.sought == nil
    guard goal == nil, situation.tick >= nextSearch, isCalm, situation.state.player.stand != .feigned else { return }
    nextSearch = situation.tick + Self.searchPauseTicks
    for row in costs.indices {
      let action = domain.actions[row]
      costs[row] = usesCosts ? learned.costs.cost(row, default: action.cost) : action.cost
      if action.id == .wander, let expected = memory.expected { costs[row] = min(30, max(5, expected.seconds)) }
      if gates.isShutFor(long: action.rule, at: situation.tick) { costs[row] = .infinity }
    }
    make(state, situation, events: &events)
  }

  /// Marks steps as achieved whose proof holds, and ends the plan after the last.
  private mutating func achieve(_ state: PlanState, at tick: Tick, events: inout [SessionEvent]) {
    while let goal {
      guard let done = achievedStep(state) else { return }
      index = done + 1
      isRunning = false
      declinedSince = nil
      stepStarted = tick
      if index < steps.count { continue }
      counts.completed += 1
      if steps.count >= 3 { counts.completedLong += 1 }
      events.append(.planCompleted(goal: goal.rawValue))
      clear()
    }
  }

  /// The last step from the current one on whose proof holds without a gap of needs: an opportunity taken counts.
  private func achievedStep(_ state: PlanState) -> Int? {
    let action = domain.actions[steps[index]]
    if isProven(action, state) { return index }
    // The fight that was to be pulled has come by itself.
    if state[.engaged], let pull = steps[index...].firstIndex(where: { domain.actions[$0].id == .pull }) {
      return pull
    }
    return nil
  }

  /// Who lost the target before the pull began takes it again: the step before is done once more.
  private mutating func takeAgain(_ state: PlanState, at tick: Tick) {
    guard goal != nil, !isRunning, action?.id == .pull, !state[.targetTaken], state[.candidateKnown], index > 0,
      domain.actions[steps[index - 1]].id == .acquire
    else { return }
    stepBack(at: tick)
  }

  /// The step before is done once more.
  private mutating func stepBack(at tick: Tick) {
    index -= 1
    isRunning = false
    declinedSince = nil
    stepStarted = tick
  }

  /// Back to the choice of a target; false when the plan cannot be mended so, or was too often.
  private mutating func mendPull(at tick: Tick) -> Bool {
    guard mends < Self.mendsMax, index > 0, domain.actions[steps[index - 1]].id == .acquire else { return false }
    mends += 1
    stepBack(at: tick)
    return true
  }

  /// Whose target went out of reach before it was taken looks for another: the plan is mended, a few times at most.
  private mutating func lookAgain(_ state: PlanState, at tick: Tick) {
    guard goal != nil, !isRunning, !state[.candidateKnown], !state[.engaged], mends < Self.mendsMax else { return }
    if action?.id == .pull, index > 0, domain.actions[steps[index - 1]].id == .acquire { index -= 1 }
    guard action?.id == .acquire else { return }
    if index > 0, domain.actions[steps[index - 1]].id == .wander {
      index -= 1
    } else {
      guard steps.count < Planner.stepMax, let row = domain.actions.firstIndex(where: { $0.id == .wander }),
        costs[row].isFinite
      else { return }
      steps.insert(row, at: index)
    }
    mends += 1
    declinedSince = nil
    stepStarted = tick
  }

  /// What can be had beside us is taken before the hunt goes on: the plan gets a step more.
  private mutating func lootFirst(_ state: PlanState, at tick: Tick) {
    guard goal != nil, !isRunning, action?.id == .acquire || action?.id == .wander, state[.corpseNear],
      state[.bagsFree], state[.quiet], steps.count < Planner.stepMax,
      let row = domain.actions.firstIndex(where: { $0.id == .loot }), costs[row].isFinite
    else { return }
    steps.insert(row, at: index)
    declinedSince = nil
    stepStarted = tick
  }

  private func isProven(_ action: PlanAction, _ state: PlanState) -> Bool {
    guard action.proof.holds(in: state) else { return false }
    // That nothing is fought proves a victory only after a fight.
    return action.id != .defeat || isRunning
  }

  /// The rule of the current step was chosen.
  mutating func chosen(_ rule: RuleID, at tick: Tick) {
    guard let action, action.rule == rule else { return }
    declinedSince = nil
    if !isRunning {
      isRunning = true
      stepStarted = tick
    }
    if action.id == .pull { hasPulled = true }
  }

  /// The rule of the current step declined, or was barred, at this tick.
  mutating func declined(_ reason: RuleReason, at tick: Tick, events: inout [SessionEvent]) {
    guard goal != nil else { return }
    guard let since = declinedSince else {
      declinedSince = tick
      return
    }
    if tick - since >= Self.declineTicks { invalidate(reason, at: tick, events: &events) }
  }

  /// A step that takes too long ends its plan.
  mutating func checkTime(at tick: Tick, events: inout [SessionEvent]) {
    guard let action, isRunning, tick.seconds(since: stepStarted) > action.limit else { return }
    invalidate(.lockTimedOut, at: tick, events: &events)
  }

  /// Takes in the end of a routine. Returns the row and duration of a step that succeeded, for the costs to learn.
  mutating func digest(
    _ outcome: RoutineOutcome, rule: RuleID, at tick: Tick, events: inout [SessionEvent]
  ) -> (row: Int, seconds: Double)? {
    guard let action, action.rule == rule, isRunning else { return nil }
    switch outcome.result {
    case .succeeded:
      return (steps[index], outcome.ended.seconds(since: outcome.started))
    case .interrupted:
      return nil
    case .failed(let failure):
      // A routine that failed once may be tried again while the world still allows it; the rule decides. A target
      // that is gone is another matter: the plan was about it.
      switch failure {
      case .targetGone, .targetLost: invalidate(.targetInvalid, at: tick, events: &events)
      case .noRoute, .unreachable, .stuck, .notVisible: invalidate(.unreachable, at: tick, events: &events)
      case .threatened:
        // Its kin would not go away from it: another one will do.
        if action.id == .pull, mendPull(at: tick) { break }
        invalidate(.threatNear, at: tick, events: &events)
      case .died: invalidate(.dead, at: tick, events: &events)
      default: break
      }
      return nil
    }
  }

  /// Ends the plan without success.
  mutating func invalidate(_ reason: RuleReason, at tick: Tick, events: inout [SessionEvent]) {
    guard let goal else { return }
    if Self.isExternal(reason, hasPulled: hasPulled) {
      counts.externalByReason[Int(reason.rawValue)] += 1
      counts.endedExternal += 1
      if steps.count >= 3 { counts.endedExternalLong += 1 }
    } else {
      counts.byReason[Int(reason.rawValue)] += 1
      counts.failed += 1
      if steps.count >= 3 { counts.failedLong += 1 }
    }
    events.append(.planInvalidated(goal: goal.rawValue, step: UInt8(index), reason: reason))
    clear()
    nextSearch = tick + 1
  }

  /// Outside the agent's control: the target is taken or gone, or an emergency that no pull of ours caused.
  static func isExternal(_ reason: RuleReason, hasPulled: Bool) -> Bool {
    switch reason {
    case .targetInvalid, .damagedNPCNear, .playerNear: true
    case .attackerPresent, .threatNear, .healthLow, .dead, .notUrgent, .petMissing, .socialGroup: !hasPulled
    default: false
    }
  }

  private mutating func clear() {
    goal = nil
    steps.removeAll(keepingCapacity: true)
    index = 0
    isRunning = false
    hasPulled = false
    mends = 0
    declinedSince = nil
  }

  /// Plans for the most insistent goal that has a plan.
  private mutating func make(_ state: PlanState, _ situation: Situation, events: inout [SessionEvent]) {
    var tried: UInt64 = 0
    for _ in domain.goals {
      var best: (row: Int, insistence: Double)?
      for (row, goal) in domain.goals.enumerated() where tried >> UInt64(row) & 1 == 0 {
        let insistence = goal.condition.holds(in: state) ? 0 : goal.id.insistence(state, situation)
        if insistence > best?.insistence ?? 0 { best = (row, insistence) }
      }
      guard let best else { return }
      tried |= 1 << UInt64(best.row)
      let goal = domain.goals[best.row]
      counts.searches += 1
      guard case .plan(let cost) = planner.search(domain, from: state, to: goal.condition, cost: costs),
        !planner.steps.isEmpty
      else {
        counts.unplannable += 1
        nextSearch = situation.tick + 5 * Self.searchPauseTicks
        continue
      }
      steps.append(contentsOf: planner.steps)
      self.goal = goal.id
      planCost = cost
      stepStarted = situation.tick
      counts.made += 1
      if steps.count >= 3 { counts.madeLong += 1 }
      events.append(.planMade(goal: goal.id.rawValue, steps: steps.count))
      return
    }
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(goal.map { $0.rawValue + 1 } ?? 0))
    hash.combine(UInt64(index) << 1 | (isRunning ? 1 : 0))
    for step in steps { hash.combine(step) }
  }
}

/// What became of the plans of a session. "Long" counts those of three steps or more.
public struct PlanCounts: Hashable, Sendable {
  public var made = 0
  public var completed = 0
  public var endedExternal = 0
  public var failed = 0
  public var madeLong = 0
  public var completedLong = 0
  public var endedExternalLong = 0
  public var failedLong = 0
  /// Searches, and those that found no plan for their goal.
  public var searches = 0
  public var unplannable = 0
  /// Why those that failed did, and why the others ended; indexed by `RuleReason.rawValue`.
  public var byReason = [Int](repeating: 0, count: RuleReason.allCases.count)
  public var externalByReason = [Int](repeating: 0, count: RuleReason.allCases.count)

  public init() {}

  /// Completed over those that were in our hands; nil before the first.
  public var completionRate: Double? {
    let ours = madeLong - endedExternalLong
    return ours > 0 ? Double(completedLong) / Double(ours) : nil
  }
}
