import Core

/// A T1 event of a session: the key state changes, as typed records. `key` is the stable text.
///
/// Fractions are in `0...1`, durations in seconds, positions in world units.
public enum SessionEvent: Hashable, Sendable {
  case encounterEnd(EncounterEnd)
  case pullResult(target: EntityID, name: FixedName, mode: PullMode, failure: RoutineFailure?, seconds: Double)
  case acquireResult(target: EntityID, name: FixedName, taps: Int, failure: RoutineFailure?)
  /// `items` and `coins` (in copper) were taken; `isOwn` is a corpse of ours, which is no gain.
  case loot(corpse: EntityID, name: FixedName, items: Int, coins: Int, isOwn: Bool, failure: RoutineFailure?)
  case restEnd(seconds: Double, health: Double, mana: Double)
  case fleeTrigger(reason: RuleReason, health: Double?, threat: EntityID?, at: Position)
  case fleeEnd(seconds: Double, failure: RoutineFailure?)
  case playerDeath(at: Position, attacker: FixedName)
  case levelUp(level: Int)
  case zoneChange(from: ZoneID?, to: ZoneID)
  case routineEnd(routine: RoutineID, credit: CreditID, failure: RoutineFailure?, interrupted: Bool, seconds: Double)
  case planMade(goal: UInt8, steps: Int)
  case planCompleted(goal: UInt8)
  case planInvalidated(goal: UInt8, step: UInt8, reason: RuleReason)
  case circuitOpen(rule: RuleID, failures: Int)
  case snapshot(health: Double?, mana: Double?, at: Position?, defeats: Int, routine: RoutineID?)
  case cycleComplete(CycleReport)
  case incident(IncidentReport)
  /// What the agent is about has changed; `seconds` is how long the phase before lasted.
  case activityChange(to: ActivityPhase, from: ActivityPhase, seconds: Double)
  case stuck(at: Position, step: UInt8)
  /// A fight goes on in another way: strategies by their numbers, as in `EncounterEnd`.
  case strategySwitch(target: EntityID, from: UInt8, to: UInt8, reason: StrategySwitch)
  /// Something goes wrong slowly, so that no rule sees it.
  case anomaly(Anomaly)
  /// What is tuned by the scorecard has changed: factor of the camp's radius, enemies of one kind, thrift with mana.
  case tuningChange(roam: Double, social: Int, thrift: Int)
  case invariantBreach(Invariant)
  case hold(HoldReason)
  case fault(Fault)
  case recovery(Fault)
  /// Selection changed phase.
  case phaseChange(phase: UInt8)
}

/// A fight that is over.
public struct EncounterEnd: Hashable, Sendable {
  public enum Outcome: UInt8, CaseIterable, Sendable, Codable {
    case defeated, fled, died, lost
  }

  public var credit: CreditID
  public var target: EntityID
  public var name: FixedName
  public var level: Int
  public var outcome: Outcome
  public var strategy: UInt8
  public var seconds: Double
  public var manaSpent: Double
  public var healthLost: Double
  public var casts: Int
  public var adds: Int
  public var petDied: Bool
  public var at: Position

  public init(
    credit: CreditID, target: EntityID, name: FixedName, level: Int, outcome: Outcome, strategy: UInt8,
    seconds: Double, manaSpent: Double, healthLost: Double, casts: Int, adds: Int, petDied: Bool, at: Position
  ) {
    self.credit = credit
    self.target = target
    self.name = name
    self.level = level
    self.outcome = outcome
    self.strategy = strategy
    self.seconds = seconds
    self.manaSpent = manaSpent
    self.healthLost = healthLost
    self.casts = casts
    self.adds = adds
    self.petDied = petDied
    self.at = at
  }
}

/// What must hold at every tick.
public enum Invariant: UInt8, CaseIterable, Sendable, Codable {
  case engagedHasTarget, vitalsBounded, positionFinite, tickBudget, noZombieEngagement, heldKeysIntended
  case envelope

  public var name: String { String(describing: self) }
}

/// What goes wrong slowly.
public enum Anomaly: UInt8, CaseIterable, Sendable, Codable {
  case campDrift, acquireLoop, headingLock, manaDepletion, defeatDrought, fizzleStreak, stuckOften

  public var name: String { String(describing: self) }
}

/// What can go wrong around the agent.
public enum Fault: UInt8, CaseIterable, Sendable, Codable {
  case targetExited, targetStale, targetLoading, layoutMismatch, readFailed, tornSnapshot, implausibleField
  case displayLost, focusLost, guardLost, keyStuck, tickOverrun, logDropped, diskFull, configRefused, terrainMissing
  case diskFailed

  public var name: String { String(describing: self) }
}

extension SessionEvent {
  /// Stable text of the kind of event.
  public var key: String {
    switch self {
    case .encounterEnd: "encounter.end"
    case .pullResult: "pull.result"
    case .acquireResult: "acquire.result"
    case .loot: "loot"
    case .restEnd: "rest.end"
    case .fleeTrigger: "flee.trigger"
    case .fleeEnd: "flee.end"
    case .playerDeath: "player.death"
    case .levelUp: "player.level"
    case .zoneChange: "zone.change"
    case .routineEnd: "routine.end"
    case .planMade: "plan.made"
    case .planCompleted: "plan.completed"
    case .planInvalidated: "plan.invalidated"
    case .circuitOpen: "circuit.open"
    case .snapshot: "snapshot"
    case .cycleComplete: "cycle.complete"
    case .incident: "incident"
    case .activityChange: "activity.change"
    case .stuck: "stuck"
    case .strategySwitch: "strategy.switch"
    case .anomaly: "anomaly"
    case .tuningChange: "tuning.change"
    case .invariantBreach: "invariant.breach"
    case .hold: "hold"
    case .fault: "fault"
    case .recovery: "recovery"
    case .phaseChange: "phase.change"
    }
  }
  /// The enemy's corpse from which something was taken, items or coins; nil otherwise. The one meaning of "looted".
  public var lootedCorpse: EntityID? {
    guard case .loot(let corpse, _, let items, let coins, let isOwn, _) = self, !isOwn, items > 0 || coins > 0
    else { return nil }
    return corpse
  }
}
