import Agent
import Core
import Foundation
import Perception
import Telemetry

/// A made-up session with all that a report shows: fights, rests, a death, walking in a circle. No agent runs.
struct SyntheticSession {
  var ticks = 6000
  var seed: UInt64 = 1
  /// Changes a tick before it is recorded; returning nil leaves it out.
  var change: (inout TickRecord) -> Bool = { _ in true }
  var mode = SessionHeader.Mode.simulated
  /// Called before the session is closed.
  var extra: (SessionWriter) -> Void = { _ in }

  func header() -> SessionHeader {
    SessionHeader(mode: mode, version: "test", environment: "sandbox", layout: "sandbox-1", seed: seed)
  }

  func write(to directory: String, summary: SessionSummary? = SessionSummary(reason: "duration")) throws {
    let writer = try SessionWriter(
      directory: directory, header: header(), options: .inline, wall: 1_700_000_000_000_000_000, monotonic: 0)
    var generator = SeededGenerator(seed: seed)
    for slot in 0..<ticks {
      var record = tick(slot, &generator)
      if change(&record) { writer.record(record) }
    }
    extra(writer)
    if let summary { writer.close(summary) }
  }

  private func cycle(_ credit: CreditID, _ slot: Int) -> CycleReport {
    var report = CycleReport(credit: credit)
    report.name = "a wolf"
    report.seconds = 50 + Double(slot / 600)
    (report.pull, report.fight, report.rest, report.other) = (15, 25, 10, Double(slot / 600))
    (report.casts, report.defeats) = (4, 1)
    return report
  }

  private func incident(_ at: Position) -> IncidentReport {
    var report = IncidentReport(kind: .failedEscape, at: at)
    report.reason = .healthLow
    report.name = "a bear"
    (report.fightSeconds, report.attackers) = (12, 2)
    (report.healthBefore, report.healthAtTrigger, report.drain) = (0.8, 0.3, 0.05)
    (report.threatHealth, report.threatHealthAtEnd) = (0.4, 0.52)
    (report.distance, report.seconds) = (55, 8)
    return report
  }

  /// A minute of three parts: pull, combat, rest.
  private func tick(_ slot: Int, _ generator: inout SeededGenerator) -> TickRecord {
    let part = slot % 600
    let order: RoutineOrder =
      part < 150
      ? .pull(target: EntityID(7), mode: .pet)
      : part < 400 ? .combat(target: EntityID(7)) : .rest(untilHealth: 0.95, untilMana: 0.9)
    let rule: RuleID = part < 150 ? .pull : part < 400 ? .inCombat : .rest
    let angle = Double(slot) / 900
    let at = Position(300 * cos(angle), 200 * sin(angle), 5)
    let health = part < 400 ? 1 - Double(max(0, part - 150)) / 400 : 0.4 + Double(part - 400) / 350
    var events: [SessionEvent] = []
    let credit = CreditID(UInt32(slot - part))
    if part == 150 {
      events.append(.pullResult(target: EntityID(7), name: "a wolf", mode: .pet, failure: nil, seconds: 15))
    }
    if part == 400 {
      events.append(
        .encounterEnd(
          EncounterEnd(
            credit: credit, target: EntityID(7), name: "a wolf </script>", level: 5, outcome: .defeated, strategy: 0,
            seconds: 25, manaSpent: 0.12, healthLost: 0.6, casts: 4, adds: 0, petDied: false, at: at)))
      let corpse = EntityID(8 + UInt32(slot / 600))
      events.append(
        .loot(corpse: corpse, name: "a wolf's corpse", items: 2, coins: 0, isOwn: false, failure: nil))
    }
    if part == 599 {
      events.append(.restEnd(seconds: 20, health: 0.95, mana: 0.9))
      events.append(.cycleComplete(cycle(credit, slot)))
    }
    if part == 400 { events.append(.activityChange(to: .resting, from: .grinding, seconds: 40)) }
    if slot == 3300 {
      events.append(.playerDeath(at: at, attacker: "a bear"))
      events.append(.incident(incident(at)))
    }
    let verdicts = RuleID.allCases.map {
      DecisionReceipt.Verdict(
        rule: $0, ruleClass: $0 == .flee ? .emergency : .ordinary, isEligible: $0 == rule,
        reason: $0 == rule ? .none : $0 == .rest ? .manaHigh : .notEngaged, value: 0.5, threshold: 0.4,
        score: $0 == rule ? 0.7 : 0)
    }
    let decision = Decision(
      tick: Tick(slot), layer: part < 400 && part >= 150 ? .defence : .utility, rule: rule, order: order, score: 0.7,
      credit: credit)
    return TickRecord(
      timing: TickTiming(
        monotonic: Int64(slot) * 100_000_000, lateness: Int64(generator.integer(0...200_000)),
        reading: Int64(generator.integer(100_000...150_000)), thinking: Int64(generator.integer(200_000...600_000)),
        acting: 10_000),
      vitals: TickVitals(
        zone: ZoneID(1), position: at, heading: 0, health: health, mana: 1 - health / 2, level: 4, spawnCount: 40),
      receipt: DecisionReceipt(decision: decision, verdicts: verdicts, margin: 0.2, runnerUp: .wander),
      routine: RoutineStatus(order: order, credit: credit, started: Tick(slot - part), progressed: Tick(slot)),
      commands: [.hold(.forward)], events: events, held: KeySet([.forward]), decisionHash: UInt64(slot) &* 31)
  }
}
