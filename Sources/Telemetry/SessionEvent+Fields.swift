import Core

extension SessionEvent {
  /// Calls `put` with every value of the event, under its stable name. Bytes, JSON and text are all made from this.
  public func fields(_ put: (StaticString, FieldValue) -> Void) {
    func failure(_ failure: RoutineFailure?) {
      put("ok", .flag(failure == nil))
      if let failure { put("failure", .word(StaticWord(failure))) }
    }
    switch self {
    case .encounterEnd(let end):
      end.fields(put)
    case .pullResult(let target, let name, let mode, let reason, let seconds):
      put("target", .entity(target))
      put("name", .name(name))
      put("mode", .word(StaticWord(mode)))
      put("seconds", .number(seconds))
      failure(reason)
    case .acquireResult(let target, let name, let taps, let reason):
      put("target", .entity(target))
      put("name", .name(name))
      put("taps", .integer(taps))
      failure(reason)
    case .loot(let corpse, let name, let items, let coins, let isOwn, let reason):
      put("corpse", .entity(corpse))
      put("name", .name(name))
      put("items", .integer(items))
      put("coins", .integer(coins))
      put("own", .flag(isOwn))
      failure(reason)
    case .restEnd(let seconds, let health, let mana):
      put("seconds", .number(seconds))
      put("health", .number(health))
      put("mana", .number(mana))
    case .fleeTrigger(let reason, let health, let threat, let at):
      put("reason", .word(StaticWord(reason)))
      put("health", .optional(health))
      put("threat", .entity(threat))
      put("at", .position(at))
    case .fleeEnd(let seconds, let reason):
      put("seconds", .number(seconds))
      failure(reason)
    case .playerDeath(let at, let attacker):
      put("at", .position(at))
      put("attacker", .name(attacker))
    case .levelUp(let level):
      put("level", .integer(level))
    case .zoneChange(let from, let to):
      put("from", .zone(from))
      put("to", .zone(to))
    case .routineEnd(let routine, let credit, let reason, let interrupted, let seconds):
      put("routine", .word(StaticWord(routine)))
      put("credit", .integer(Int(credit.raw)))
      put("interrupted", .flag(interrupted))
      put("seconds", .number(seconds))
      failure(reason)
    case .planMade(let goal, let steps):
      put("goal", .integer(Int(goal)))
      put("steps", .integer(steps))
    case .planCompleted(let goal):
      put("goal", .integer(Int(goal)))
    case .planInvalidated(let goal, let step, let reason):
      put("goal", .integer(Int(goal)))
      put("step", .integer(Int(step)))
      put("reason", .word(StaticWord(reason)))
    case .circuitOpen(let rule, let failures):
      put("rule", .word(StaticWord(rule)))
      put("failures", .integer(failures))
    case .snapshot(let health, let mana, let at, let defeats, let routine):
      put("health", .optional(health))
      put("mana", .optional(mana))
      put("at", at.map { .position($0) } ?? .null)
      put("defeats", .integer(defeats))
      put("routine", routine.map { .word(StaticWord($0)) } ?? .null)
    case .cycleComplete(let report):
      report.fields(put)
    case .incident(let report):
      report.fields(put)
    case .activityChange(let to, let from, let seconds):
      put("to", .word(StaticWord(to)))
      put("from", .word(StaticWord(from)))
      put("seconds", .number(seconds))
    case .stuck(let at, let step):
      put("at", .position(at))
      put("step", .integer(Int(step)))
    case .strategySwitch(let target, let from, let to, let reason):
      put("target", .entity(target))
      put("from", .integer(Int(from)))
      put("to", .integer(Int(to)))
      put("reason", .word(StaticWord(reason)))
    case .anomaly(let anomaly):
      put("anomaly", .word(StaticWord(anomaly)))
    case .tuningChange(let roam, let social, let thrift):
      put("roam", .number(roam))
      put("social", .integer(social))
      put("thrift", .integer(thrift))
    case .invariantBreach(let invariant):
      put("invariant", .word(StaticWord(invariant)))
    case .hold(let reason):
      put("reason", .word(StaticWord(reason)))
    case .fault(let fault), .recovery(let fault):
      put("fault", .word(StaticWord(fault)))
    case .phaseChange(let phase):
      put("phase", .integer(Int(phase)))
    }
  }

  /// The part of the program that the event speaks of.
  public var subsystem: Subsystem {
    switch self {
    case .encounterEnd, .pullResult, .acquireResult, .loot, .restEnd, .fleeEnd, .routineEnd, .stuck, .strategySwitch:
      .routine
    case .fleeTrigger, .planMade, .planCompleted, .planInvalidated, .circuitOpen, .phaseChange, .anomaly: .brain
    case .tuningChange: .learning
    case .playerDeath, .levelUp, .zoneChange, .snapshot, .cycleComplete, .incident, .activityChange, .invariantBreach,
      .hold:
      .agent
    case .fault, .recovery: .runtime
    }
  }

  /// The 300 ticks before it are worth keeping.
  public var wantsForensics: Bool {
    switch self {
    case .playerDeath, .invariantBreach: true
    default: false
    }
  }
}

extension EncounterEnd {
  func fields(_ put: (StaticString, FieldValue) -> Void) {
    put("credit", .integer(Int(credit.raw)))
    put("target", .entity(target))
    put("name", .name(name))
    put("level", .integer(level))
    put("outcome", .word(StaticWord(outcome)))
    put("strategy", .integer(Int(strategy)))
    put("seconds", .number(seconds))
    put("mana_spent", .number(manaSpent))
    put("health_lost", .number(healthLost))
    put("casts", .integer(casts))
    put("adds", .integer(adds))
    put("pet_died", .flag(petDied))
    put("at", .position(at))
  }
}
