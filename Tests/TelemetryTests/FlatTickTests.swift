import Core
import Testing

@testable import Telemetry

@Suite struct FlatTickTests {
  private let place = Position(1.5, -2.25, .infinity)
  private let longName: FixedName = "a name of thirty-one characters"

  private var orders: [RoutineOrder] {
    let (id, spell) = (EntityID(.max), SpellID(.max))
    return [
      .deathRecovery, .feignDeath(spell: spell), .flee(to: place, from: nil), .flee(to: place, from: EntityID(0)),
      .evade(to: place, from: id), .combat(target: id), .engageAdd(target: id),
      .rest(untilHealth: 0.9, untilMana: -0.0), .loot(corpse: id), .acquire(target: id),
      .pull(target: id, mode: .body), .memorizeSpells, .summonPet(spell: spell), .buff(spell: spell),
      .vendor(merchant: nil, at: place), .vendor(merchant: id, at: place), .recoverCorpse(at: place), .unstick,
      .travel(to: place, zone: ZoneID(.max)), .wander(around: place, radius: 3),
    ]
  }

  private var commands: [MotorCommand] {
    let text = FixedText(String(repeating: "x", count: 62))
    return [
      .hold(.forward), .release(.turnLeft), .tap(.petAttack), .press(.turnRight, milliseconds: 500), .type(text),
      .type("short"), .type(""), .releaseAll,
    ]
  }

  private var events: [SessionEvent] {
    var incident = IncidentReport(kind: .escape, at: place)
    incident.name = longName
    incident.reason = .damagedNPCNear
    (incident.fightSeconds, incident.healthBefore, incident.healthAtTrigger) = (1, 2, 3)
    (incident.manaAtTrigger, incident.threatHealth, incident.threatHealthAtEnd) = (1, 2, 3)
    incident.lowestHealth = 0.1
    incident.attackers = .max
    var cycle = CycleReport(credit: CreditID(.max))
    cycle.name = longName
    (cycle.casts, cycle.adds, cycle.defeats, cycle.pullsFailed) = (.max, .min, .max, .min)
    let end = EncounterEnd(
      credit: CreditID(.max), target: EntityID(.max), name: longName, level: .max, outcome: .defeated, strategy: .max,
      seconds: 1, manaSpent: 1, healthLost: 1, casts: .max, adds: .max, petDied: true, at: place)
    return [
      .incident(incident), .cycleComplete(cycle), .encounterEnd(end), .anomaly(.headingLock),
      .tuningChange(roam: 1.1, social: -1, thrift: 2), .levelUp(level: .min),
      .loot(
        corpse: EntityID(9), name: longName, items: .max, coins: .max, isOwn: false, failure: .corpseGone),
    ]
  }

  /// Ticks with everything, nothing, and each order, a few values of each kind.
  private var records: [TickRecord] {
    var records: [TickRecord] = []
    for (index, order) in orders.enumerated() {
      let isEven = index.isMultiple(of: 2)
      var decision = Decision(tick: Tick(index * 1_000_003 - 1), layer: .locked, score: .leastNormalMagnitude)
      decision.order = order
      decision.rule = RuleID.allCases[index % RuleID.allCases.count]
      decision.hold = HoldReason.allCases[index % HoldReason.allCases.count]
      decision.credit = CreditID(.max)
      let verdicts = RuleID.allCases.map {
        DecisionReceipt.Verdict(
          rule: $0, ruleClass: .defence, isEligible: isEven, reason: .following, value: -1, threshold: 2,
          score: 1e300)
      }
      let candidate = DecisionReceipt.Candidate(id: EntityID(.max), name: longName, score: -3, reject: .peerTarget)
      let receipt = DecisionReceipt(
        decision: decision, verdicts: isEven ? verdicts : [],
        candidates: isEven ? [candidate, candidate] : [], margin: isEven ? 0.5 : nil,
        runnerUp: isEven ? .wander : nil,
        phase: 4)
      let vitals = TickVitals(
        zone: isEven ? ZoneID(0) : nil, position: isEven ? place : nil, heading: 1, health: nil, mana: 0.25,
        petHealth: isEven ? 0 : nil, experience: 1, level: isEven ? nil : 60, target: EntityID(0), pet: nil,
        spawnCount: 500, isInCombat: isEven ? nil : index % 3 == 0, validity: 3)
      let routine = RoutineStatus(
        order: order, credit: CreditID(7), phase: 9, isLocked: !isEven, started: Tick(3), progressed: Tick(.max))
      records.append(
        TickRecord(
          timing: TickTiming(
            monotonic: .max, lateness: -5, reading: 1, thinking: 2, acting: 3, skippedSlots: index),
          vitals: vitals, receipt: receipt, routine: isEven ? routine : nil, commands: isEven ? commands : [],
          events: isEven ? events : [], held: KeySet(bits: .max), decisionHash: .max - UInt64(index)))
    }
    return records
  }

  /// The bytes of a tick, which must be no more than it said.
  private func bytes(_ record: TickRecord) -> [UInt8] {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { memory.deallocate() }
    guard let base = memory.baseAddress else { return [] }
    var writer = FlatWriter(base)
    writer.put(flat: record)
    let count = writer.next - base
    #expect(count <= record.flatSizeMax, "\(count) bytes of \(record.flatSizeMax)")
    return Array(memory[..<count])
  }

  private func frame(_ bytes: some Collection<UInt8>) throws -> TickFrame {
    try Array(bytes).withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      let frame = try reader.flatTick()
      #expect(reader.isAtEnd)
      return frame
    }
  }

  @Test func `a tick comes back from the queue as it went in`() throws {
    for record in records {
      let frame = try frame(bytes(record))
      #expect(frame.timing == record.timing && frame.vitals == record.vitals && frame.receipt == record.receipt)
      #expect(frame.routine == record.routine && frame.commands == record.commands && frame.held == record.held)
      #expect(frame.decisionHash == record.decisionHash)
      try #require(frame.events.count == record.events.count)
      for (found, event) in zip(frame.events, record.events) {
        var fields: [Field] = []
        event.fields { fields.append(Field("\($0)", $1)) }
        #expect(found.key == event.key && found.fields.map(\.name) == fields.map(\.name))
        #expect(found.fields.map(\.value.text) == fields.map(\.value.text))
      }
      // The record's own coding keeps the same.
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
      defer { memory.deallocate() }
      var writer = ByteWriter(memory)
      writer.put(frame)
      var reader = ByteReader(writer.bytes)
      #expect(try reader.tickFrame() == frame)
    }
  }

  @Test func `a tick that is cut anywhere, or garbage, is refused`() throws {
    for record in records.prefix(3) {
      let whole = bytes(record)
      for count in 0..<whole.count { #expect(throws: ByteFault.self) { _ = try frame(whole.prefix(count)) } }
    }
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20_000 {
      let bytes = (0..<generator.integer(0...400)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      bytes.withUnsafeBytes { bytes in
        var reader = ByteReader(bytes)
        _ = try? reader.flatTick()
      }
    }
  }
}
