import Core
import Perception
import Telemetry
import Testing
import WorldModel

@testable import Agent

@Suite struct WatchTests {
  private func end(_ outcome: EncounterEnd.Outcome) -> SessionEvent {
    .encounterEnd(
      EncounterEnd(
        credit: CreditID(1), target: EntityID(7), name: "a_rat01", level: 3, outcome: outcome, strategy: 0,
        seconds: 9,
        manaSpent: 0.25, healthLost: 0.125, casts: 3, adds: 1, petDied: false, at: .origin))
  }

  @Test func `a round joins search, pull, fight, loot and rest, and a search without a defeat goes on`() {
    var watch = CycleWatch()
    var reports: [CycleReport] = []
    var slot = 0
    func play(_ order: RoutineOrder?, _ slots: Int, credit: UInt32, last: SessionEvent? = nil) {
      for index in 0..<slots {
        slot += 1
        var events: [SessionEvent] = []
        if index == slots - 1, let last { events.append(last) }
        let status = order.map {
          RoutineStatus(order: $0, credit: CreditID(credit), started: Tick(slot), progressed: Tick(slot))
        }
        watch.update(status, tick: Tick(slot), events: &events)
        for case .cycleComplete(let report) in events { reports.append(report) }
      }
    }
    let rat = EntityID(7)
    play(.acquire(target: rat), 30, credit: 4)
    play(
      .pull(target: rat, mode: .pet), 20, credit: 5,
      last: .pullResult(target: rat, name: "a_rat01", mode: .pet, failure: .targetLost, seconds: 2))
    play(.rest(untilHealth: 1, untilMana: 1), 10, credit: 6)
    play(.acquire(target: rat), 30, credit: 7)
    play(.pull(target: rat, mode: .pet), 50, credit: 8)
    play(.combat(target: rat), 90, credit: 9, last: end(.defeated))
    play(.loot(corpse: rat), 20, credit: 10)
    play(nil, 10, credit: 0)
    play(.rest(untilHealth: 1, untilMana: 1), 100, credit: 11)
    #expect(reports.isEmpty)
    play(.acquire(target: rat), 1, credit: 12)
    #expect(reports.count == 1)
    guard let report = reports.first else { return }
    #expect(report.credit == CreditID(4) && report.name == "a_rat01" && report.pullsFailed == 1)
    #expect(report.defeats == 1 && report.casts == 3 && report.adds == 1)
    #expect(report.manaSpent == 0.25 && report.healthLost == 0.125)
    #expect(abs(report.seconds - 36) < 0.01, "\(report.seconds)")
    #expect(abs(report.acquire - 6) < 0.11 && abs(report.pull - 7) < 0.01 && abs(report.fight - 9) < 0.01)
    #expect(abs(report.loot - 2) < 0.01 && abs(report.rest - 11) < 0.01 && abs(report.other - 1) < 0.11)
  }

  /// Health falls by 4 % a second to 40 %, then the agent runs five units a second.
  private func incidents(peaceFrom peace: Int = 1000, _ script: (Int) -> [SessionEvent]) -> [IncidentReport] {
    var watch = IncidentWatch()
    var reports: [IncidentReport] = []
    for slot in 1...400 {
      var state = GameState(tick: Tick(slot))
      state.player.healthMax = 1000
      state.player.health = max(400, 1000 - slot * 4)
      state.player.manaMax = 100
      state.player.mana = 30
      state.player.position = Position(Double(max(0, slot - 150)) / 2, 0)
      state.player.isInCombat = slot < peace
      var events = script(slot)
      watch.update(state, WorldModel(), fightStart: slot < 200 ? Tick(30) : nil, events: &events)
      for case .incident(let report) in events { reports.append(report) }
    }
    return reports
  }

  @Test func `a flight is told of when it is over, with the drain before and the way covered`() {
    let trigger = SessionEvent.fleeTrigger(reason: .healthLow, health: 0.4, threat: EntityID(7), at: .origin)
    let reports = incidents {
      $0 == 150 || $0 == 155 ? [trigger] : $0 == 250 ? [.fleeEnd(seconds: 10, failure: nil)] : []
    }
    #expect(reports.count == 1)
    guard let report = reports.first else { return }
    #expect(report.kind == .escape && report.reason == .healthLow && report.fightSeconds == 12)
    #expect(abs(report.drain - 0.04) < 0.001 && report.healthAtTrigger == 0.4 && report.manaAtTrigger == 0.3)
    #expect(abs((report.healthBefore ?? 0) - 0.796) < 0.001)
    #expect(report.distance == 50 && report.seconds == 10 && report.lowestHealth == 0.4)
  }

  @Test func `a flight that ends without running is over when it is quiet`() {
    let trigger = SessionEvent.fleeTrigger(reason: .petMissing, health: 1, threat: nil, at: .origin)
    #expect(incidents(peaceFrom: 200) { $0 == 150 ? [trigger] : [] }.map(\.seconds) == [5])
    #expect(incidents { $0 == 150 ? [trigger] : [] }.isEmpty)
  }

  @Test func `a death ends a flight, and stands alone without one`() {
    let death = SessionEvent.playerDeath(at: .origin, attacker: "a_bear01")
    let trigger = SessionEvent.fleeTrigger(reason: .healthLow, health: nil, threat: nil, at: .origin)
    #expect(incidents { $0 == 150 ? [trigger] : $0 == 170 ? [death] : [] }.map(\.kind) == [.failedEscape])
    let reports = incidents { $0 == 140 ? [death] : [] }
    #expect(reports.map(\.kind) == [.death] && reports.first?.name == "a_bear01")
  }

  @Test func `an activity counts after two seconds, an incident at once`() {
    var watch = ActivityWatch()
    var changes: [String] = []
    func play(_ routine: RoutineID?, _ slots: Range<Int>) {
      for slot in slots {
        var events: [SessionEvent] = []
        watch.update(routine, tick: Tick(slot), events: &events)
        for case .activityChange(let to, let from, let seconds) in events {
          changes.append("\(slot) \(from) \(seconds) \(to)")
        }
      }
    }
    play(.buff, 0..<100)
    play(.acquire, 100..<200)
    play(.rest, 200..<215)
    play(.pull, 215..<300)
    play(.flee, 300..<305)
    play(.rest, 305..<400)
    play(nil, 400..<500)
    #expect(
      changes == [
        "120 startup 10.0 grinding", "300 grinding 20.0 incident", "325 incident 0.5 resting", "420 resting 9.5 idle",
      ])
  }
}
