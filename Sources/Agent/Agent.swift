import Brain
import Core
import Learning
import Lore
import Nav
import Perception
import Routines
import Telemetry
import WorldModel

/// One agent: everything it remembers, and one tick of everything it does.
///
/// Deterministic: the same configuration, lore, seed, navigators and inputs give the same outputs, bit for bit.
///
///     var agent = Agent(configuration: configuration, lore: lore, seed: 1)
///     agent.provide(zone: zone, navigator: navigator)
///     let output = agent.tick(TickInput(state: snapshot))
///
/// Invariants: a tick that holds wishes no key down; a routine that ended leaves none down; every held key is renewed
/// by a command of every tick.
public struct Agent: Sendable {
  /// Changes only by `TickInput.configuration`.
  public private(set) var configuration: AgentConfiguration
  public let lore: Lore
  /// What follows from the snapshots; as of the last tick.
  public private(set) var model = WorldModel()
  private var brain: Brain
  private var runner: RoutineRunner
  private var ledger = KeyLedger()
  private var outcome: RoutineOutcome?
  private var navigators: [(zone: ZoneID, navigator: Navigator)] = []
  private var encounters = EncounterWatch()
  private var states = StateWatch()
  private var cycles = CycleWatch()
  private var incidents = IncidentWatch()
  private var activity = ActivityWatch()
  private var invariants = InvariantWatch()
  /// What was said of the undertaking under way, and which one that is.
  private var advice = FightAdvice.none
  private var advised: CreditID?
  private var lastHold = HoldReason.none
  private var receipt = DecisionReceipt(decision: Decision(tick: .start, layer: .hold))
  private var hash = StableHash()
  /// The events of the last ticks, to be filled again when nobody holds them any more.
  private var eventPool = [[SessionEvent]](repeating: [], count: 2)
  private var eventTurn = 0

  /// - Parameter learned: what earlier sessions left; nil begins without experience.
  public init(configuration: AgentConfiguration, lore: Lore, seed: UInt64, learned: LearnedState? = nil) {
    self.configuration = configuration
    self.lore = lore
    brain = Brain(configuration: configuration.brain, lore: lore, seed: seed, learned: learned)
    runner = RoutineRunner(seed: seed)
    if let learned { model.recall(learned.manners) }
    for index in eventPool.indices { eventPool[index].reserveCapacity(32) }
  }

  /// Hands over the ground of a zone; the tick after must say so in `TickInput.zoneReady`.
  public mutating func provide(zone: ZoneID, navigator: Navigator) {
    navigators.removeAll { $0.zone == zone }
    navigators.append((zone, navigator))
  }

  /// The ground of the zone was handed over.
  public func hasTerrain(of zone: ZoneID) -> Bool { navigators.contains { $0.zone == zone } }

  /// The routine under way; nil when none runs.
  public var routine: RoutineStatus? { runner.status }

  /// What is left of the way that was walked in the last tick; nil when none was.
  public var way: WayLeft? { runner.hands.way }

  /// What the brain counted since the start: plans and their ends, swings, breaches of the envelope.
  public var statistics: BrainStatistics { brain.statistics }

  /// What was learned so far; the edge stores it.
  public var learned: LearnedState {
    var state = brain.learned
    state.manners = model.manners
    return state
  }

  /// The plan under way; nil without one.
  public var plan: PlanStatus? { brain.planStatus }

  /// Step `index` of the plan under way; nil when it has no such step.
  public func planStep(_ index: Int) -> PlanStep? { brain.planStep(index) }

  /// The plan under way in words, with what each step needs and gives; nil without one.
  public var planExplanation: String? { brain.planExplanation }

  /// Those who are no targets at first sight are weighed all the same, for `targetBreakdown`; no decision needs it.
  public var explainsRejected: Bool {
    get { brain.explainsRejected }
    set { brain.explainsRejected = newValue }
  }

  /// Whom the last tick weighed as a target, with the points of every factor; of the rejected only where
  /// `explainsRejected`.
  public var targetBreakdown: [TargetBreakdown] { brain.targetBreakdown }

  /// Fights won so far.
  public var defeats: Int { encounters.defeats }

  /// One tick: looks, decides, acts.
  public mutating func tick(_ input: TickInput) -> TickOutput {
    eventTurn = (eventTurn + 1) % eventPool.count
    var events: [SessionEvent] = []
    swap(&events, &eventPool[eventTurn])
    events.removeAll(keepingCapacity: true)
    if let configuration = input.configuration {
      self.configuration = configuration
      brain.configure(configuration.brain, events: &events)
    }
    if let phase = input.phase { brain.setPhase(phase, events: &events) }
    let state = input.state
    let navigator = state.zone.flatMap(navigator)
    let hold = holdReason(input, navigator)
    noteHold(hold, &events)

    model.update(state, lore: lore, camp: brain.camp) { navigator?.isVisible(from: $0, to: $1) ?? true }
    let before = runner.status
    let view = BrainInput(
      state: state, model: model, routine: before, outcome: outcome, isArmed: input.isArmed, hold: hold,
      navigator: navigator, peers: input.peers, chat: input.chat)
    let decision = decide(view, &events)
    advise(decision)
    let context = RoutineContext(
      state: state, model: model, lore: lore, navigator: navigator, body: configuration.body, chat: input.chat,
      advice: advice, peers: input.peers)
    outcome = runner.run(decision, context)
    if decision.layer == .hold {
      ledger.letGo(reported: input.motor.held)
    } else {
      ledger.settle(runner.hands)
    }
    events.append(contentsOf: runner.hands.events)
    watch(input, before: before, decision, &events)
    brain.learn(from: events, at: state.tick)
    eventPool[eventTurn] = events
    return TickOutput(
      commands: ledger.commands, receipt: receipt, events: events, decisionHash: hash(of: decision),
      note: brain.note(view))
  }
}

extension Agent {
  private func navigator(of zone: ZoneID) -> Navigator? {
    for entry in navigators where entry.zone == zone { return entry.navigator }
    return nil
  }

  /// Why the agent may not act in this tick; the gravest reason first.
  private func holdReason(_ input: TickInput, _ navigator: Navigator?) -> HoldReason {
    switch input.state.validity {
    case .loading: return .loading
    case .stale: return .stale
    case .valid, .partial: break
    }
    if input.hold != .none { return input.hold }
    if !input.isArmed { return .notArmed }
    if !input.motor.isReady { return .motorNotReady }
    if !input.motor.hasFocus { return .noFocus }
    if configuration.requiresTerrain, navigator == nil { return .noZoneData }
    return .none
  }

  private mutating func noteHold(_ hold: HoldReason, _ events: inout [SessionEvent]) {
    guard hold != lastHold else { return }
    lastHold = hold
    if hold != .none { events.append(.hold(hold)) }
  }

  private mutating func decide(_ input: BrainInput, _ events: inout [SessionEvent]) -> Decision {
    let decision = brain.decide(input, receipt: &receipt, events: &events)
    guard input.hold != .none, decision.layer != .hold else { return decision }
    // Whatever was decided: who may not act does not.
    receipt.decision = Decision(tick: input.state.tick, layer: .hold, hold: input.hold)
    return receipt.decision
  }

  /// Asks once per undertaking how to fight.
  private mutating func advise(_ decision: Decision) {
    switch decision.order {
    case .combat(let target), .engageAdd(let target):
      guard decision.credit != advised else { return }
      advised = decision.credit
      advice = FightAdvice(
        strategy: configuration.strategy ?? brain.strategy, isFixed: configuration.strategy != nil,
        seconds: brain.usualSeconds(of: target, model: model))
    case .pull(let target, _):
      guard decision.credit != advised else { return }
      advised = decision.credit
      advice = FightAdvice(isEasy: brain.isEasy(target, model: model))
    default: advised = nil
    }
  }

  private mutating func watch(
    _ input: TickInput, before: RoutineStatus?, _ decision: Decision, _ events: inout [SessionEvent]
  ) {
    let state = input.state
    if state.validity == .valid || state.validity == .partial {
      encounters.update(
        state, model, status: runner.status ?? before, strategy: runner.hands.strategy.rawValue, events: &events)
    }
    incidents.update(state, model, fightStart: encounters.fightStart, events: &events)
    cycles.update(runner.status, tick: state.tick, events: &events)
    activity.update(runner.status?.order.routine, tick: state.tick, events: &events)
    states.update(state, defeats: encounters.defeats, routine: runner.status?.order.routine, events: &events)
    invariants.check(
      state, status: runner.status, intended: ledger.held, motor: input.motor, decision: decision, events: &events)
  }

  /// Covers the decision, every command, the routines' state and generator, and what the brain weighed.
  private mutating func hash(of decision: Decision) -> UInt64 {
    decision.combine(into: &hash)
    hash.combine(ledger.commands.count)
    for command in ledger.commands { command.combine(into: &hash) }
    runner.combine(into: &hash)
    encounters.combine(into: &hash)
    brain.combine(into: &hash)
    for verdict in receipt.verdicts {
      hash.combine(UInt64(verdict.rule.rawValue) << 16 | UInt64(verdict.reason.rawValue))
      hash.combine(verdict.score)
    }
    for candidate in receipt.candidates {
      hash.combine(UInt64(candidate.id.raw))
      hash.combine(candidate.score)
    }
    return hash.value
  }
}
