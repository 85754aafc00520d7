import Core

extension DecisionReceipt {
  /// The decision in one sentence.
  public var sentence: String {
    var text = decision.layer.name
    if decision.layer == .hold { text += " \(decision.hold.name)" }
    if let rule = decision.rule { text += " \(rule.name)" }
    if let order = decision.order { text += ": \(order.text)" }
    if decision.score != 0 { text += " (score \(decision.score.hundredths)" + rivals + ")" }
    return text
  }

  private var rivals: String {
    guard let runnerUp else { return "" }
    return ", \((margin ?? 0).hundredths) over \(runnerUp.name)"
  }
}

extension DecisionReceipt.Verdict {
  /// "rest no: manaHigh 0.93 against 0.40".
  public var text: String {
    let numbers = value != 0 || threshold != 0 ? " \(value.hundredths) against \(threshold.hundredths)" : ""
    return isEligible
      ? "\(rule.name) yes, score \(score.hundredths)\(numbers)" : "\(rule.name) no: \(reason.name)\(numbers)"
  }
}

extension DecisionReceipt.Candidate {
  public var text: String {
    reject == .none ? "\(id.raw) \"\(name)\" score \(score.hundredths)" : "\(id.raw) \"\(name)\" no: \(reject.name)"
  }
}

extension TickFrame {
  /// The T4 line.
  var line: String {
    let decision = receipt.decision
    var text = "\(decision.layer.name) \(decision.rule?.name ?? decision.hold.name)"
    if let position = vitals.position { text += " at \(position)" }
    if let health = vitals.health { text += " hp \(health.hundredths)" }
    if let mana = vitals.mana { text += " mana \(mana.hundredths)" }
    if let target = vitals.target { text += " target \(target.raw)" }
    text += " spawns \(vitals.spawnCount)"
    if vitals.validity != 0 { text += " \(TickVitals.validityNames[min(3, Int(vitals.validity))])" }
    if !held.isEmpty { text += " held " + held.map(\.name).joined(separator: "+") }
    text += " busy \(timing.busy / 1000)us late \(timing.lateness / 1000)us"
    if timing.skippedSlots > 0 { text += " skipped \(timing.skippedSlots)" }
    return text
  }

  /// The receipt as JSON members. `kind`: `short`, `full`, or `change` (full, and the decision is a new one).
  public func write(to json: inout JSONText, seconds: Double, kind: String) {
    let decision = receipt.decision
    json.member("tick", tick.slot)
    json.member("t", seconds.thousandths)
    json.member("kind", kind)
    json.member("layer", decision.layer.name)
    if let rule = decision.rule { json.member("rule", rule.name) }
    if decision.hold != .none { json.member("hold", decision.hold.name) }
    if let routine = routine?.order.routine { json.member("routine", routine.name) }
    json.member("score", decision.score.thousandths)
    writeVitals(to: &json)
    json.member(
      "us",
      array: {
        $0.value(Int(timing.reading / 1000))
        $0.value(Int(timing.thinking / 1000))
        $0.value(Int(timing.acting / 1000))
      })
    json.member("late_us", Int(timing.lateness / 1000))
    if timing.skippedSlots > 0 { json.member("skipped", timing.skippedSlots) }
    if held.bits != 0 {
      json.member("held", array: { for key in held { $0.value(key.name) } })
    }
    if !commands.isEmpty {
      json.member("commands", array: { for command in commands { $0.value(command.text) } })
    }
    json.member("hash", hexadecimal(decisionHash))
    if kind != "short" { writeReasons(to: &json) }
  }

  private func writeVitals(to json: inout JSONText) {
    if let zone = vitals.zone { json.member("zone", Int(zone.raw)) }
    if let position = vitals.position { json.member("at", .position(position)) }
    json.memberIfAny("heading", vitals.heading)
    json.memberIfAny("hp", vitals.health)
    json.memberIfAny("mana", vitals.mana)
    json.memberIfAny("pet_hp", vitals.petHealth)
    json.memberIfAny("xp", vitals.experience)
    if let level = vitals.level { json.member("level", level) }
    if let target = vitals.target { json.member("target", Int(target.raw)) }
    if let pet = vitals.pet { json.member("pet", Int(pet.raw)) }
    if let isInCombat = vitals.isInCombat { json.member("combat", isInCombat) }
    json.member("spawns", vitals.spawnCount)
    if vitals.validity != 0 { json.member("validity", TickVitals.validityNames[min(3, Int(vitals.validity))]) }
  }

  private func writeReasons(to json: inout JSONText) {
    json.member("phase", Int(receipt.phase))
    json.member("credit", Int(receipt.decision.credit.raw))
    if let order = receipt.decision.order {
      json.key("order")
      json.object { json in
        var inner = json
        order.fields { inner.member("\($0)", $1) }
        json = inner
      }
    }
    if let status = routine {
      json.key("status")
      json.object { json in
        json.member("phase", Int(status.phase))
        json.member("locked", status.isLocked)
        json.member("started", status.started.slot)
        json.member("progressed", status.progressed.slot)
      }
    }
    if let margin = receipt.margin { json.member("margin", margin.thousandths) }
    if let runnerUp = receipt.runnerUp { json.member("runner_up", runnerUp.name) }
    json.key("verdicts")
    json.array { json in
      for verdict in receipt.verdicts {
        json.object { json in
          json.member("rule", verdict.rule.name)
          json.member("class", verdict.ruleClass.name)
          json.member("ok", verdict.isEligible)
          json.member("reason", verdict.reason.name)
          json.member("value", verdict.value.thousandths)
          json.member("threshold", verdict.threshold.thousandths)
          json.member("score", verdict.score.thousandths)
        }
      }
    }
    json.key("candidates")
    json.array { json in
      for candidate in receipt.candidates {
        json.object { json in
          json.member("id", Int(candidate.id.raw))
          json.member("name", candidate.name.description)
          json.member("score", candidate.score.thousandths)
          json.member("reject", candidate.reject.name)
        }
      }
    }
  }
}

/// Sixteen digits.
public func hexadecimal(_ word: UInt64) -> String {
  let digits = String(word, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
