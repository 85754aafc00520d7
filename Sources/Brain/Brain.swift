import Core
import Learning
import Lore
import Perception
import Telemetry
import WorldModel

/// Decides, once per tick, what the agent does now: which rule answers, and with which order.
///
///     var brain = Brain(configuration: configuration, lore: lore, seed: 7)
///     let decision = brain.decide(input, receipt: &receipt, events: &events)
///
/// Deterministic: equal inputs in equal order give equal decisions. Classes come first: an eligible emergency rule
/// beats every defence rule, and that every ordinary one, whatever scores, plans, locks, cooldowns and breakers say.
public struct Brain: Sendable {
  public private(set) var configuration: BrainConfiguration
  public let lore: Lore
  var memory = BrainMemory()
  var gates = RuleGates()
  var plan = PlanRunner()
  /// What was learned; changes only by `decide` and `learn`.
  public internal(set) var learned: LearnedState {
    didSet { learnedDigest = nil }
  }
  var shadows = SelectorShadows()
  var tally = BrainStatistics()
  private var ballot = Ballot()
  var generator: SeededGenerator
  private var learnedDigest: UInt64?

  /// - Parameter learned: what earlier sessions left; nil begins without experience.
  public init(
    configuration: BrainConfiguration = BrainConfiguration(), lore: Lore, seed: UInt64, learned: LearnedState? = nil
  ) {
    self.configuration = configuration
    self.lore = lore
    var state = learned ?? LearnedState()
    state.costs = state.costs.resized(rows: PlanDomain.standard.actions.count)
    self.learned = state
    generator = SeededGenerator(seed: seed, stream: 0xB7A1)
    configurationChecked()
  }

  private mutating func configurationChecked() {
    configuration.phase = min(4, configuration.phase)
    configuration.shadowPhases &= 0b1_1111
  }

  /// Changes how the brain chooses from the next tick on; a change of phase leaves an event.
  public mutating func configure(_ new: BrainConfiguration, events: inout [SessionEvent]) {
    let before = configuration.phase
    configuration = new
    configurationChecked()
    if configuration.phase != before { events.append(.phaseChange(phase: configuration.phase)) }
  }

  /// Changes the selection phase. Range: `0...4`; more counts as 4.
  public mutating func setPhase(_ phase: UInt8, events: inout [SessionEvent]) {
    var new = configuration
    new.phase = phase
    configure(new, events: &events)
  }

  /// Decides one tick. The receipt is overwritten, its arrays are reused; events are appended.
  public mutating func decide(
    _ input: BrainInput, receipt: inout DecisionReceipt, events: inout [SessionEvent]
  ) -> Decision {
    let tick = input.state.tick
    gates.advance(to: tick)
    if let outcome = input.outcome { digest(outcome, at: tick, events: &events) }
    let hold = Self.holdReason(input)
    if hold == .loading || hold == .stale {
      return finish(nil, hold: hold, at: tick, receipt: &receipt)
    }
    let situation = Situation(input, lore: lore, configuration: configuration)
    if let outcome = input.outcome { closePurse(outcome, situation) }
    memory.isHuntBarred =
      gates.isShutFor(long: .pull, at: tick) || gates.isShutFor(long: .acquire, at: tick)
    memory.update(situation, learned: learned, events: &events)
    observe(situation, events: &events)
    vote(situation, receipt: &receipt)
    receipt.candidates.append(contentsOf: memory.candidates)
    receipt.candidates.append(contentsOf: memory.rejected)
    guard hold == .none else { return finish(nil, hold: hold, at: tick, receipt: &receipt) }
    if plansNow(situation) {
      plan.checkTime(at: tick, events: &events)
      plan.advance(
        situation, memory, gates: gates, learned: learned, usesCosts: configuration.learning.usesCosts,
        events: &events)
    }
    let selected = select(input, situation, receipt: &receipt, events: &events)
    if let selected { plan.chosen(selected.rule, at: tick) }
    if let breach = Envelope.breach(selected?.ruleClass, situation) {
      tally.envelopeBreaches += 1
      events.append(.invariantBreach(breach))
    }
    tally.note(selected?.rule, at: tick, isDead: situation.isDead)
    let decision = finish(selected, hold: .none, at: tick, receipt: &receipt)
    begin(decision, situation)
    return decision
  }

  /// Stable over processes; computed anew only after something was learned.
  mutating func digestOfLearned() -> UInt64 {
    if let learnedDigest { return learnedDigest }
    let digest = learned.digest
    learnedDigest = digest
    return digest
  }

  static func holdReason(_ input: BrainInput) -> HoldReason {
    switch input.state.validity {
    case .loading: return .loading
    case .stale: return .stale
    case .valid, .partial: break
    }
    if input.hold != .none { return input.hold }
    return input.isArmed ? .none : .notArmed
  }

  /// Asks every rule once, and writes down what it said.
  private mutating func vote(_ situation: Situation, receipt: inout DecisionReceipt) {
    ballot.clear()
    receipt.verdicts.removeAll(keepingCapacity: true)
    receipt.candidates.removeAll(keepingCapacity: true)
    let isPartial = situation.state.validity == .partial
    let isConsidering = configuration.phase == 4 || configuration.shadowPhases & 16 != 0
    for rule in RuleTable.rules {
      let verdict = rule.evaluate(situation, memory)
      ballot.verdicts.append(verdict)
      var bar = isBarless(rule.id) ? nil : gates.bar(rule.id, at: situation.tick)
      if rule.ruleClass == .ordinary, isPartial { bar = .no(.snapshotPartial) }
      ballot.isBarred.append(bar != nil)
      if isConsidering {
        ballot.considered.append(
          rule.considerations.isEmpty
            ? verdict.score : Consideration.score(rule.considerations) { situation.value($0, memory) })
      }
      receipt.verdicts.append(Self.record(rule, verdict, bar: bar))
    }
  }

  /// The dead are always taken care of.
  private func isBarless(_ rule: RuleID) -> Bool {
    rule == .deathRecovery && configuration.mutation != .deathRecoveryCooldown
  }

  private static func record(_ rule: Rule, _ verdict: RuleVerdict, bar: RuleVerdict?) -> DecisionReceipt.Verdict {
    var entry = DecisionReceipt.Verdict(
      rule: rule.id, ruleClass: rule.ruleClass, isEligible: verdict.isEligible && bar == nil, score: verdict.score)
    let refusal = verdict.isEligible ? bar : verdict
    if case .ineligible(let reason, let value, let threshold) = refusal {
      entry.reason = reason
      entry.value = value
      entry.threshold = threshold
    }
    return entry
  }

  /// What was chosen, before it becomes a decision.
  struct Selected {
    var rule: RuleID
    var order: RoutineOrder
    var layer: DecisionLayer
    var score: Double

    var ruleClass: RuleClass { RuleTable.ruleClass[Int(rule.rawValue)] }
  }

  private mutating func select(
    _ input: BrainInput, _ situation: Situation, receipt: inout DecisionReceipt, events: inout [SessionEvent]
  ) -> Selected? {
    receipt.margin = nil
    receipt.runnerUp = nil
    let honoured = configuration.mutation == .deathRecoveryCooldown ? RuleID.deathRecovery : nil
    guard let required = ballot.requiredClass(isPartial: situation.state.validity == .partial, honouring: honoured)
    else {
      return lockedOrder(input, situation)
    }
    if configuration.shadowed != 0 {
      shadows.compare(ballot, configuration, required: required, current: memory.rule, at: situation.tick)
    }
    switch required {
    case .emergency:
      plan.invalidate(situation.isDead ? .dead : .threatNear, at: situation.tick, events: &events)
    case .defence:
      break
    case .ordinary:
      if let locked = lockedOrder(input, situation) { return locked }
      if let planned = plannedOrder(situation, events: &events) { return planned }
    }
    let choice = Selector.choose(
      ballot, phase: configuration.phase, ruleClass: required, current: memory.rule,
      allowAllClasses: configuration.mutation == .noBarrier)
    guard let choice, let order = ballot.verdicts[choice.row].order else { return nil }
    receipt.margin = choice.margin
    receipt.runnerUp = choice.runnerUp.map { RuleTable.rules[$0].id }
    let rule = RuleTable.rules[choice.row]
    let layer: DecisionLayer =
      switch rule.ruleClass {
      case .emergency: .emergency
      case .defence: .defence
      case .ordinary: .utility
      }
    return Selected(rule: rule.id, order: order, layer: layer, score: choice.score)
  }

  /// Plans are made and followed at this tick.
  private func plansNow(_ situation: Situation) -> Bool {
    configuration.usesPlans && configuration.phase >= 2 && situation.state.validity == .valid
  }

  /// The current step of the plan, while its rule is willing and free.
  private mutating func plannedOrder(_ situation: Situation, events: inout [SessionEvent]) -> Selected? {
    guard plansNow(situation), let rule = plan.rule else { return nil }
    let row = Int(rule.rawValue)
    guard RuleTable.ruleClass[row] == .ordinary, ballot.verdicts[row].isEligible, !ballot.isBarred[row],
      let order = ballot.verdicts[row].order
    else {
      let reason = ballot.isBarred[row] ? .cooldown : ballot.verdicts[row].reason
      plan.declined(reason, at: situation.tick, events: &events)
      return nil
    }
    return Selected(rule: rule, order: order, layer: .plan, score: ballot.verdicts[row].score)
  }

  /// The running order, while its routine is locked and the lock is not too old.
  private mutating func lockedOrder(_ input: BrainInput, _ situation: Situation) -> Selected? {
    guard situation.state.validity == .valid, !situation.isDead, let routine = input.routine, routine.isLocked,
      let rule = memory.rule, let order = memory.order, order == routine.order,
      input.outcome?.credit != memory.credit,
      RuleTable.ruleClass[Int(rule.rawValue)] == .ordinary
    else { return nil }
    let bound = RuleTable.rules[Int(rule.rawValue)].lockSeconds
    guard situation.tick.seconds(since: routine.started) < bound else {
      gates.lockTimedOut(rule, at: situation.tick)
      ballot.isBarred[Int(rule.rawValue)] = true
      return nil
    }
    return Selected(rule: rule, order: order, layer: .locked, score: ballot.verdicts[Int(rule.rawValue)].score)
  }

  /// Makes the decision, keeps the credit of an undertaking that goes on, and closes the receipt.
  private mutating func finish(
    _ selected: Selected?, hold: HoldReason, at tick: Tick, receipt: inout DecisionReceipt
  ) -> Decision {
    if hold == .loading || hold == .stale {
      receipt.verdicts.removeAll(keepingCapacity: true)
      receipt.candidates.removeAll(keepingCapacity: true)
    }
    var decision = Decision(tick: tick, layer: hold == .none ? .idle : .hold, hold: hold)
    if let selected {
      if memory.rule != selected.rule || memory.order != selected.order {
        memory.rule = selected.rule
        memory.order = selected.order
        memory.credit = CreditID(UInt32(truncatingIfNeeded: tick.slot))
        memory.started = tick
      }
      decision.layer = selected.layer
      decision.rule = selected.rule
      decision.order = selected.order
      decision.score = selected.score
      decision.credit = memory.credit
    } else {
      // A hold only pauses what was begun.
      if hold == .none {
        memory.rule = nil
        memory.order = nil
      }
      receipt.margin = nil
      receipt.runnerUp = nil
    }
    receipt.decision = decision
    receipt.phase = configuration.phase
    return decision
  }
}
