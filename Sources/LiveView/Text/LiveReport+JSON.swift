import Core
import Perception
import Telemetry

extension LiveReport {
  /// `state.json`: what the page shows.
  /// - Parameter since: the number of the first point of the track that the reader does not have.
  func json(since: Int) -> [UInt8] {
    var json = JSONText()
    json.object { json in
      json.member("version", names.version)
      json.member("environment", names.environment)
      json.member("process", Int(names.process))
      json.member("session", session)
      json.member("live", isLive)
      json.member("ready", isReady)
      json.member("stand", stand)
      json.member("age", frameAge.rounded3)
      json.member("tick", frame.tick)
      json.member("intent", sentence)
      decision(&json)
      vitals(&json)
      rules(&json)
      plan(&json)
      spawns(&json)
      events(&json)
      track(&json, since: since)
      figures(&json)
    }
    json.endLine()
    return json.bytes
  }

  private func decision(_ json: inout JSONText) {
    json.member("layer", frame.decision.layer.name)
    if let rule = frame.decision.rule { json.member("rule", rule.name) }
    if frame.decision.hold != .none { json.member("hold", frame.decision.hold.name) }
    json.member("phase", Int(frame.phase))
    if let order = frame.decision.order { json.member("order", order.text) }
    guard let routine = frame.routine else { return }
    json.member(
      "routine",
      object: { json in
        json.member("name", routine.order.routine.name)
        json.member("state", Int(routine.phase))
        json.member("locked", routine.isLocked)
        json.member("seconds", Tick(frame.tick).seconds(since: routine.started))
        json.member("idle", Tick(frame.tick).seconds(since: routine.progressed))
      })
  }

  private func vitals(_ json: inout JSONText) {
    let vitals = frame.vitals
    json.member(
      "vitals",
      object: { json in
        json.member("validity", String(describing: vitals.validity))
        json.member("name", vitals.name.description)
        if let zone = names.zone(vitals.zone) { json.member("zone", zone) }
        if let place = vitals.position { json.member("at", .position(place)) }
        if let heading = vitals.heading { json.member("heading", heading.degrees.rounded1) }
        json.optional("health", vitals.health?.rounded3)
        json.optional("mana", vitals.mana?.rounded3)
        for (name, value) in [
          ("health_points", vitals.healthPoints), ("health_max", vitals.healthMax),
          ("mana_points", vitals.manaPoints),
          ("mana_max", vitals.manaMax), ("level", vitals.level), ("money", vitals.money),
          ("slots_free", vitals.slotsFree), ("slots", vitals.slotsTotal),
        ] {
          if let value { json.member(name, value) }
        }
        json.optional("experience", vitals.experience?.rounded3)
        if let stand = vitals.stand { json.member("body", String(describing: stand)) }
        if let casting = vitals.casting {
          json.member("casting", names.spell(casting.spell))
          json.member("casting_left", casting.remaining.rounded1)
        }
        if let isInCombat = vitals.isInCombat { json.member("combat", isInCombat) }
        being("target", vitals.target, &json)
        being("pet", vitals.pet, &json)
      })
    json.member("held", array: { for key in frame.motor.held { $0.value(key.name) } })
    json.member("motor", frame.motor.isReady ? frame.motor.hasFocus ? "ready" : "no focus" : "not ready")
  }

  private func being(_ role: String, _ id: EntityID?, _ json: inout JSONText) {
    guard let id else { return }
    json.member(
      role,
      object: { json in
        json.member("id", Int(id.raw))
        guard let spawn = frame.spawn(id) else { return }
        json.member("name", spawn.name.description)
        json.member("level", Int(spawn.level))
        json.optional("health", spawn.healthFraction?.rounded3)
      })
  }

  private func rules(_ json: inout JSONText) {
    json.member(
      "rules",
      array: { list in
        for verdict in frame.verdicts {
          list.object { json in
            json.member("rule", verdict.rule.name)
            json.member("class", verdict.ruleClass.name)
            json.member("ok", verdict.isEligible)
            json.member("chosen", verdict.rule == frame.decision.rule)
            json.member("score", verdict.score.rounded3)
            if verdict.reason != .none { json.member("reason", verdict.reason.name) }
            json.member("measure", Self.measure(verdict))
          }
        }
      })
    json.member(
      "candidates",
      array: { list in
        for candidate in frame.candidates {
          list.object { json in
            json.member("name", candidate.name.description)
            json.member("id", Int(candidate.id.raw))
            json.member("score", candidate.score.rounded3)
            if candidate.reject != .none { json.member("reject", candidate.reject.name) }
          }
        }
      })
  }

  private func plan(_ json: inout JSONText) {
    guard let plan = frame.plan else { return }
    json.member(
      "plan",
      object: { json in
        json.member("goal", names.goal(plan.goal))
        json.member("seconds", plan.cost.rounded1)
        json.member(
          "steps",
          array: { list in
            for index in 0..<plan.stepCount {
              let step = plan[index]
              let action = names.action(step.action)
              list.object { json in
                json.member("action", action.name)
                json.member("state", state(ofStep: index, in: plan))
                json.member("seconds", Double(step.seconds).rounded1)
                json.member("learned", Int(step.observations))
                json.member("needs", action.needs)
                json.member("gives", action.gives)
              }
            }
          })
      })
  }

  private func spawns(_ json: inout JSONText) {
    json.member("spawn_count", frame.spawnCount)
    json.member(
      "spawns",
      array: { list in
        for (spawn, distance) in nearest {
          list.object { json in
            json.member("id", Int(spawn.id.raw))
            json.member("name", spawn.name.description)
            json.member("kind", String(describing: spawn.kind))
            json.member("level", Int(spawn.level))
            json.optional("health", spawn.healthFraction?.rounded3)
            json.member("x", spawn.position.x.rounded1)
            json.member("y", spawn.position.y.rounded1)
            json.optional("distance", distance?.rounded1)
            if let target = spawn.target { json.member("target", Int(target.raw)) }
          }
        }
      })
  }

  private func events(_ json: inout JSONText) {
    json.member(
      "events",
      array: { list in
        for event in frame.events.reversed() {
          list.object { json in
            json.member("tick", event.tick)
            json.member("key", event.event.key)
            json.member("text", Self.text(event.event))
          }
        }
      })
  }

  private func track(_ json: inout JSONText, since: Int) {
    let start = min(max(0, since - track.first), track.points.count)
    json.member(
      "track",
      object: { json in
        json.member("zone", Int(track.zone?.raw ?? 0))
        json.member("first", track.first + start)
        json.member("oldest", track.first)
        json.member(
          "points",
          array: { list in
            for point in track.points[start...] {
              list.value(point.x.rounded())
              list.value(point.y.rounded())
            }
          })
      })
  }

  private func figures(_ json: inout JSONText) {
    let counters = frame.counters
    let timing = frame.timing
    json.member(
      "figures",
      object: { json in
        for (name, value) in [
          ("ticks", counters.ticks), ("skipped", counters.skipped), ("defeats", counters.defeats),
          ("deaths", counters.deaths), ("loots", counters.loots), ("flees", counters.flees),
          ("rests", counters.rests),
          ("pulls", counters.pulls), ("pulls_failed", counters.pullsFailed), ("plans_made", counters.plansMade),
          ("plans_completed", counters.plansCompleted), ("decision_changes", counters.decisionChanges),
          ("dropped", counters.dropped), ("read_us", Int(timing.reading / 1000)),
          ("think_us", Int(timing.thinking / 1000)), ("act_us", Int(timing.acting / 1000)),
          ("late_us", Int(timing.lateness / 1000)), ("busy_us_max", Int(counters.busy.maximum / 1000)),
        ] {
          json.member(name, value)
        }
      })
  }
}

extension JSONText {
  fileprivate mutating func optional(_ name: String, _ number: Double?) {
    if let number { member(name, number) }
  }
}

extension Double {
  fileprivate var rounded1: Double { isFinite && abs(self) < 1e12 ? (self * 10).rounded() / 10 : 0 }
  fileprivate var rounded3: Double { isFinite && abs(self) < 1e12 ? (self * 1000).rounded() / 1000 : 0 }
}
