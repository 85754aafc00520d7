import Core

// A tick as the tick thread leaves it in the queue: every value in full width at the next place. The writer thread
// makes of it what goes into the record, the logs and the black box.

extension TickRecord {
  /// An event takes no more; what does is left out.
  fileprivate static let eventSizeMax = 2048
  private static let commandSize = 72
  private static let verdictSize = 28
  private static let candidateSize = 45

  /// Bytes that `put(flat:)` needs at most.
  @inline(__always) var flatSizeMax: Int {
    512 + receipt.verdicts.count * Self.verdictSize + receipt.candidates.count * Self.candidateSize
      + commands.count * Self.commandSize + events.count * Self.eventSizeMax
  }
}

extension FlatWriter {
  mutating func put(flat record: borrowing TickRecord) {
    put(record.timing)
    put(record.receipt.decision)
    put(record.decisionHash)
    put(record.held.bits)
    put(record.vitals)
    put(UInt8(record.routine != nil ? 1 : 0))
    if let routine = record.routine { put(routine) }
    put(commands: record.commands)
    put(reasons: record.receipt)
    put(events: record.events)
  }

  @inline(__always) private mutating func put(_ timing: TickTiming) {
    put(timing.monotonic)
    put(timing.lateness)
    put(timing.reading)
    put(timing.thinking)
    put(timing.acting)
    put(timing.skippedSlots)
  }

  @inline(__always) private mutating func put(_ decision: Decision) {
    put(decision.tick.slot)
    put(decision.layer.rawValue)
    put(decision.rule.map { $0.rawValue + 1 } ?? 0)
    put(decision.hold.rawValue)
    put(UInt8(decision.order != nil ? 1 : 0))
    put(decision.score)
    put(decision.credit.raw)
    if let order = decision.order { put(FlatOrder(order)) }
  }

  @inline(__always) private mutating func put(_ status: RoutineStatus) {
    put(FlatOrder(status.order))
    put(status.credit.raw)
    put(status.phase)
    put(UInt8(status.isLocked ? 1 : 0))
    put(status.started.slot)
    put(status.progressed.slot)
  }

  @inline(__always) private mutating func put(_ order: FlatOrder) {
    put(order.routine)
    put(order.mode)
    put(order.short)
    put(order.id)
    put(order.at)
    put(order.number)
  }

  /// Flags say which of the values are known.
  @inline(__always) private mutating func put(_ vitals: TickVitals) {
    var known: UInt16 = 0
    if vitals.zone != nil { known |= 1 }
    if vitals.position != nil { known |= 2 }
    if vitals.heading != nil { known |= 4 }
    if vitals.health != nil { known |= 8 }
    if vitals.mana != nil { known |= 16 }
    if vitals.petHealth != nil { known |= 32 }
    if vitals.experience != nil { known |= 64 }
    if vitals.level != nil { known |= 128 }
    if vitals.target != nil { known |= 256 }
    if vitals.pet != nil { known |= 512 }
    if let isInCombat = vitals.isInCombat { known |= isInCombat ? 3072 : 1024 }
    put(known)
    put(vitals.zone?.raw ?? 0)
    put(vitals.position ?? .origin)
    put(vitals.heading ?? 0)
    put(vitals.health ?? 0)
    put(vitals.mana ?? 0)
    put(vitals.petHealth ?? 0)
    put(vitals.experience ?? 0)
    put(vitals.level ?? 0)
    put(vitals.target?.raw ?? 0)
    put(vitals.pet?.raw ?? 0)
    put(vitals.spawnCount)
    put(vitals.validity)
  }

  @inline(__always) private mutating func put(commands: [MotorCommand]) {
    put(UInt32(truncatingIfNeeded: commands.count))
    for command in commands {
      switch command {
      case .hold(let key): put(command: 0, key)
      case .release(let key): put(command: 1, key)
      case .tap(let key): put(command: 2, key)
      case .press(let key, let milliseconds):
        put(command: 3, key)
        put(milliseconds)
      case .type(let text):
        put(UInt8(4))
        put(text)
      case .releaseAll:
        put(UInt8(5))
      }
    }
  }

  @inline(__always) private mutating func put(command kind: UInt8, _ key: KeyAction) {
    put(kind)
    put(key.rawValue)
  }

  @inline(__always) private mutating func put(reasons receipt: borrowing DecisionReceipt) {
    put(receipt.phase)
    put(UInt8(receipt.margin != nil ? 1 : 0))
    put(receipt.margin ?? 0)
    put(receipt.runnerUp.map { $0.rawValue + 1 } ?? 0)
    put(UInt32(truncatingIfNeeded: receipt.verdicts.count))
    for verdict in receipt.verdicts {
      put(verdict.rule.rawValue)
      put(verdict.ruleClass.rawValue)
      put(UInt8(verdict.isEligible ? 1 : 0))
      put(verdict.reason.rawValue)
      put(verdict.value)
      put(verdict.threshold)
      put(verdict.score)
    }
    put(UInt32(truncatingIfNeeded: receipt.candidates.count))
    for candidate in receipt.candidates {
      put(candidate.name)
      put(candidate.score)
      put(candidate.id.raw)
      put(candidate.reject.rawValue)
    }
  }

  /// Each as the log takes it: events are few.
  @inline(__always) private mutating func put(events: [SessionEvent]) {
    var mark = self
    put(UInt32(0))
    guard !events.isEmpty else { return }
    var count: UInt32 = 0
    for event in events where put(upTo: TickRecord.eventSizeMax, { $0.put(event) }) { count += 1 }
    mark.put(count)
  }
}

extension ByteReader {
  /// What `FlatWriter.put(flat:)` left.
  mutating func flatTick() throws(ByteFault) -> TickFrame {
    let timing = TickTiming(
      monotonic: Int64(try flatInteger()), lateness: Int64(try flatInteger()), reading: Int64(try flatInteger()),
      thinking: Int64(try flatInteger()), acting: Int64(try flatInteger()), skippedSlots: try flatInteger())
    let decision = try flatDecision()
    let hash = try fixed64()
    let held = KeySet(bits: try fixed64())
    var frame = TickFrame(
      timing: timing, vitals: try flatVitals(), receipt: DecisionReceipt(decision: decision), routine: nil,
      commands: [], events: [], held: held, decisionHash: hash)
    if try flag() { frame.routine = try flatStatus() }
    for _ in 0..<(try flatCount(ofSize: 1)) { frame.commands.append(try flatCommand()) }
    try readFlatReasons(&frame.receipt)
    for _ in 0..<(try flatCount(ofSize: 5)) { frame.events.append(try logRecord()) }
    return frame
  }

  private mutating func ruleIfAny() throws(ByteFault) -> RuleID? {
    let raw = try byte()
    guard raw > 0 else { return nil }
    guard let rule = RuleID(rawValue: raw - 1) else { throw .invalid }
    return rule
  }

  private mutating func flatDecision() throws(ByteFault) -> Decision {
    var decision = Decision(tick: Tick(try flatInteger()), layer: try value(DecisionLayer.self))
    decision.rule = try ruleIfAny()
    decision.hold = try value(HoldReason.self)
    let hasOrder = try flag()
    decision.score = try double()
    decision.credit = CreditID(try flat32())
    if hasOrder { decision.order = try flatOrder() }
    return decision
  }

  private mutating func flatOrder() throws(ByteFault) -> RoutineOrder {
    let flat = FlatOrder(
      routine: try byte(), mode: try byte(), short: try flat16(), id: try flat32(), at: try position(),
      number: try double())
    guard let order = flat.order else { throw .invalid }
    return order
  }

  private mutating func flatStatus() throws(ByteFault) -> RoutineStatus {
    RoutineStatus(
      order: try flatOrder(), credit: CreditID(try flat32()), phase: try byte(), isLocked: try flag(),
      started: Tick(try flatInteger()), progressed: Tick(try flatInteger()))
  }

  private mutating func flatVitals() throws(ByteFault) -> TickVitals {
    let flags = try flat16()
    func known<Value>(_ bit: UInt16, _ value: Value) -> Value? { flags & bit != 0 ? value : nil }
    var vitals = TickVitals()
    vitals.zone = known(1, ZoneID(try flat16()))
    vitals.position = known(2, try position())
    vitals.heading = known(4, try double())
    vitals.health = known(8, try double())
    vitals.mana = known(16, try double())
    vitals.petHealth = known(32, try double())
    vitals.experience = known(64, try double())
    vitals.level = known(128, try flatInteger())
    vitals.target = known(256, EntityID(try flat32()))
    vitals.pet = known(512, EntityID(try flat32()))
    vitals.isInCombat = known(1024, flags & 2048 != 0)
    vitals.spawnCount = try flatInteger()
    vitals.validity = try byte()
    return vitals
  }

  private mutating func flatCommand() throws(ByteFault) -> MotorCommand {
    switch try byte() {
    case 0: return .hold(try value(KeyAction.self))
    case 1: return .release(try value(KeyAction.self))
    case 2: return .tap(try value(KeyAction.self))
    case 3: return .press(try value(KeyAction.self), milliseconds: try flatInteger())
    case 4: return .type(try flatText())
    case 5: return .releaseAll
    default: throw .invalid
    }
  }

  private mutating func readFlatReasons(_ receipt: inout DecisionReceipt) throws(ByteFault) {
    receipt.phase = try byte()
    let hasMargin = try flag()
    let margin = try double()
    receipt.margin = hasMargin ? margin : nil
    receipt.runnerUp = try ruleIfAny()
    let verdicts = try flatCount(ofSize: 28)
    receipt.verdicts.reserveCapacity(verdicts)
    for _ in 0..<verdicts {
      receipt.verdicts.append(
        DecisionReceipt.Verdict(
          rule: try value(RuleID.self), ruleClass: try value(RuleClass.self), isEligible: try flag(),
          reason: try value(RuleReason.self), value: try double(), threshold: try double(), score: try double()))
    }
    let candidates = try flatCount(ofSize: 45)
    receipt.candidates.reserveCapacity(candidates)
    for _ in 0..<candidates {
      let (name, score) = (try flatName(), try double())
      receipt.candidates.append(
        DecisionReceipt.Candidate(
          id: EntityID(try flat32()), name: name, score: score, reject: try value(RuleReason.self)))
    }
  }
}
