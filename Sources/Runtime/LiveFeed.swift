import Agent
import Brain
import CLinux
import Core
import LiveView
import Lore
import Nav
import Perception
import Telemetry

/// Tells onlookers of every tick: counts, and fills the frame of the live view. Owned by the tick thread.
public struct LiveFeed {
  public let mailbox = LiveMailbox()
  private var counters = LiveCounters()
  private var recent: [LiveEvent] = []
  private var lastRule: RuleID?

  public init() {
    recent.reserveCapacity(2 * LiveFrame.eventsMax)
    counters.attachments = 1
  }

  /// The tick thread lives.
  public func beat(_ now: Int64) { mailbox.beat(now) }

  /// Counts an event; the last ones are shown.
  mutating func note(_ event: SessionEvent, tick: Int) {
    counters.note(event)
    if case .snapshot = event { return }
    if recent.count == 2 * LiveFrame.eventsMax { recent.removeFirst(LiveFrame.eventsMax) }
    recent.append(LiveEvent(tick: tick, event: event))
  }

  mutating func noteAttachment() { counters.attachments += 1 }

  /// Publishes a tick.
  public mutating func publish(
    _ input: TickInput, _ output: TickOutput, agent: Agent, timing: TickTiming, stand: LiveFrame.Stand, dropped: Int
  ) {
    counters.ticks += 1
    counters.skipped += timing.skippedSlots
    counters.dropped = dropped
    counters.refusals += input.motor.refusedCount
    counters.busy.add(nanoseconds: timing.busy)
    counters.lateness.add(nanoseconds: timing.lateness)
    let decision = output.receipt.decision
    if decision.layer != .hold, decision.rule != lastRule {
      counters.decisionChanges += 1
      lastRule = decision.rule
    }
    for event in output.events { note(event, tick: input.state.tick.slot) }
    mailbox.publish { frame in
      frame.stand = stand
      frame.timing = timing
      frame.routine = agent.routine
      frame.motor = input.motor
      frame.counters = counters
      frame.plan = Self.plan(of: agent)
      frame.take(input.state)
      frame.take(output.receipt)
      frame.take(recent)
    }
  }

  /// Publishes that there is no target.
  mutating func publishWaiting(slot: Int, now: Int64) {
    mailbox.publish { frame in
      frame.clear(tick: slot)
      frame.timing = TickTiming(monotonic: now)
      frame.motor = MotorReport(hasFocus: false, isReady: false)
      frame.counters = counters
      frame.take(recent)
    }
  }

  private static func plan(of agent: Agent) -> LivePlan? {
    guard let status = agent.plan else { return nil }
    var plan = LivePlan(
      goal: status.goal.rawValue, index: status.index, isRunning: status.isRunning, cost: status.seconds)
    for index in 0..<status.stepCount {
      guard let step = agent.planStep(index) else { break }
      plan.append(
        .init(
          action: step.action.rawValue, seconds: Float(step.seconds),
          observations: UInt32(clamping: step.observations))
      )
    }
    return plan
  }
}

extension LiveNames {
  /// The names of an environment, and of what plans are made of.
  init(_ environment: LoadedEnvironment, version: String, process: Int32) {
    self.init()
    self.version = version
    self.environment = environment.file.name
    self.process = process
    for zone in environment.lore.zones { zones[zone.id] = zone.name }
    for spell in environment.lore.spells { spells[spell.id] = spell.name.description }
    goals = PlanGoalID.allCases.map(\.name)
    let domain = PlanDomain.standard
    actions = PlanActionID.allCases.map { id in
      let action = domain.actions.first { $0.id == id }
      return Action(
        name: id.name, needs: action?.precondition.text ?? "", gives: action?.effect.text ?? "")
    }
  }
}

extension LiveMap {
  init(_ terrain: Terrain) {
    let ground = GroundShades(terrain)
    self.init(
      origin: ground.origin, cell: ground.cell, columns: ground.columns, rows: ground.rows, shades: ground.shades)
  }
}
