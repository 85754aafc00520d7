import Core

extension ByteWriter {
  public mutating func put(_ order: RoutineOrder) {
    put(order.routine)
    switch order {
    case .deathRecovery, .memorizeSpells, .unstick:
      break
    case .feignDeath(let spell), .summonPet(let spell), .buff(let spell):
      put(UInt64(spell.raw))
    case .flee(let point, let threat):
      put(point)
      put(threat)
    case .evade(let point, let threat):
      put(point)
      put(threat)
    case .combat(let id), .engageAdd(let id), .loot(let id), .acquire(let id):
      put(id)
    case .rest(let health, let mana):
      put(health)
      put(mana)
    case .pull(let target, let mode):
      put(target)
      put(mode)
    case .vendor(let merchant, let at):
      put(merchant)
      put(at)
    case .recoverCorpse(let at):
      put(at)
    case .travel(let to, let zone):
      put(to)
      put(UInt64(zone.raw))
    case .wander(let around, let radius):
      put(around)
      put(radius)
    }
  }

  public mutating func put(_ decision: Decision) {
    put(decision.tick.slot)
    put(decision.layer)
    put(decision.rule)
    put(decision.order != nil)
    if let order = decision.order { put(order) }
    put(decision.hold)
    put(decision.score)
    put(UInt64(decision.credit.raw))
  }

  public mutating func put(_ command: MotorCommand) {
    switch command {
    case .hold(let key):
      put(UInt8(0))
      put(key)
    case .release(let key):
      put(UInt8(1))
      put(key)
    case .tap(let key):
      put(UInt8(2))
      put(key)
    case .press(let key, let milliseconds):
      put(UInt8(3))
      put(key)
      put(milliseconds)
    case .type(let text):
      put(UInt8(4))
      put(text.description)
    case .releaseAll:
      put(UInt8(5))
    }
  }

  public mutating func put(_ status: RoutineStatus) {
    put(status.order)
    put(UInt64(status.credit.raw))
    put(status.phase)
    put(status.isLocked)
    put(status.started.slot)
    put(status.progressed.slot)
  }

  /// Verdicts and candidates; the decision itself goes before (`put(_: Decision)`).
  mutating func putReasons(_ receipt: DecisionReceipt) {
    put(receipt.phase)
    put(receipt.margin)
    put(receipt.runnerUp)
    put(UInt64(receipt.verdicts.count))
    for verdict in receipt.verdicts {
      put(verdict.rule)
      put(verdict.ruleClass.rawValue << 1 | (verdict.isEligible ? 1 : 0))
      put(verdict.reason)
      // Most verdicts carry no numbers; three flags say which follow.
      let flags: UInt8 =
        (verdict.value != 0 ? 1 : 0) | (verdict.threshold != 0 ? 2 : 0) | (verdict.score != 0 ? 4 : 0)
      put(flags)
      if flags & 1 != 0 { put(verdict.value) }
      if flags & 2 != 0 { put(verdict.threshold) }
      if flags & 4 != 0 { put(verdict.score) }
    }
    put(UInt64(receipt.candidates.count))
    for candidate in receipt.candidates {
      put(candidate.id)
      put(candidate.name)
      put(candidate.score)
      put(candidate.reject)
    }
  }
}

extension ByteReader {
  public mutating func spell() throws(ByteFault) -> SpellID {
    guard let raw = UInt16(exactly: try word()) else { throw .invalid }
    return SpellID(raw)
  }

  public mutating func order() throws(ByteFault) -> RoutineOrder {
    switch try value(RoutineID.self) {
    case .deathRecovery: .deathRecovery
    case .memorizeSpells: .memorizeSpells
    case .unstick: .unstick
    case .feignDeath: .feignDeath(spell: try spell())
    case .summonPet: .summonPet(spell: try spell())
    case .buff: .buff(spell: try spell())
    case .flee: .flee(to: try position(), from: try entityIfAny())
    case .evade: .evade(to: try position(), from: try entity())
    case .combat: .combat(target: try entity())
    case .engageAdd: .engageAdd(target: try entity())
    case .loot: .loot(corpse: try entity())
    case .acquire: .acquire(target: try entity())
    case .rest: .rest(untilHealth: try double(), untilMana: try double())
    case .pull: .pull(target: try entity(), mode: try value(PullMode.self))
    case .vendor: .vendor(merchant: try entityIfAny(), at: try position())
    case .recoverCorpse: .recoverCorpse(at: try position())
    case .travel: .travel(to: try position(), zone: try zone())
    case .wander: .wander(around: try position(), radius: try double())
    }
  }

  public mutating func zone() throws(ByteFault) -> ZoneID {
    guard let raw = UInt16(exactly: try word()) else { throw .invalid }
    return ZoneID(raw)
  }

  public mutating func credit() throws(ByteFault) -> CreditID {
    guard let raw = UInt32(exactly: try word()) else { throw .invalid }
    return CreditID(raw)
  }

  public mutating func optionalCase<Case: RawRepresentable<UInt8>>(_: Case.Type) throws(ByteFault) -> Case? {
    try flag() ? try value(Case.self) : nil
  }

  public mutating func decision() throws(ByteFault) -> Decision {
    Decision(
      tick: Tick(try integer()), layer: try value(DecisionLayer.self), rule: try optionalCase(RuleID.self),
      order: try flag() ? try order() : nil, hold: try value(HoldReason.self), score: try double(),
      credit: try credit())
  }

  public mutating func command() throws(ByteFault) -> MotorCommand {
    switch try byte() {
    case 0: return .hold(try value(KeyAction.self))
    case 1: return .release(try value(KeyAction.self))
    case 2: return .tap(try value(KeyAction.self))
    case 3: return .press(try value(KeyAction.self), milliseconds: try integer())
    case 4: return .type(FixedText(try text()))
    case 5: return .releaseAll
    default: throw .invalid
    }
  }

  public mutating func routineStatus() throws(ByteFault) -> RoutineStatus {
    RoutineStatus(
      order: try order(), credit: try credit(), phase: try byte(), isLocked: try flag(),
      started: Tick(try integer()), progressed: Tick(try integer()))
  }

  mutating func reasons(of decision: Decision) throws(ByteFault) -> DecisionReceipt {
    var receipt = DecisionReceipt(decision: decision, phase: try byte())
    receipt.margin = try flag() ? try double() : nil
    receipt.runnerUp = try optionalCase(RuleID.self)
    for _ in 0..<(try count(ofSize: 4)) {
      let rule = try value(RuleID.self)
      let classAndFlag = try byte()
      guard let ruleClass = RuleClass(rawValue: classAndFlag >> 1) else { throw .invalid }
      let reason = try value(RuleReason.self)
      let flags = try byte()
      receipt.verdicts.append(
        DecisionReceipt.Verdict(
          rule: rule, ruleClass: ruleClass, isEligible: classAndFlag & 1 == 1, reason: reason,
          value: flags & 1 != 0 ? try double() : 0, threshold: flags & 2 != 0 ? try double() : 0,
          score: flags & 4 != 0 ? try double() : 0))
    }
    for _ in 0..<(try count(ofSize: 11)) {
      receipt.candidates.append(
        DecisionReceipt.Candidate(
          id: try entity(), name: try name(), score: try double(), reject: try value(RuleReason.self)))
    }
    return receipt
  }
}
