import Core
import Foundation
import Perception
import Telemetry
import TestSupport
import Testing

@testable import LiveView

@Suite struct LiveMailboxTests {
  @Test func `a reader gets the newest frame, whole, and never an older one again`() throws {
    let mailbox = LiveMailbox()
    let last = 60_000
    let writer = Thread {
      for number in 1...last {
        mailbox.publish { frame in
          frame.tick = number
          frame.counters.ticks = number
          frame.counters.skipped = -number
          frame.timing.monotonic = Int64(number)
        }
      }
    }
    writer.start()
    var seen = 0
    var frames = 0
    while seen < last {
      let frame = mailbox.newest()
      let tick = frame.tick
      try #require(tick >= seen, "\(tick) after \(seen)")
      try #require(frame.counters.ticks == tick && frame.counters.skipped == -tick, "torn at \(tick)")
      try #require(frame.timing.monotonic == Int64(tick))
      if tick != seen { frames += 1 }
      seen = tick
    }
    #expect(frames > 1)
    #expect(mailbox.newest().tick == last)
  }

  @Test func `without anything new the frame stays the same`() {
    let mailbox = LiveMailbox()
    mailbox.publish { $0.tick = 3 }
    #expect(mailbox.newest().tick == 3 && mailbox.newest().tick == 3)
    mailbox.publish { $0.tick = 4 }
    mailbox.publish { $0.tick = 5 }
    #expect(mailbox.newest().tick == 5 && mailbox.newest().tick == 5)
  }

  @Test func `the sentence says what is done and why, for every order and every hold`() {
    var names = LiveNames()
    names.goals = ["survive"]
    let id = EntityID(5)
    let orders: [RoutineOrder] = [
      .deathRecovery, .feignDeath(spell: SpellID(1)), .flee(to: .origin, from: nil), .evade(to: .origin, from: id),
      .combat(target: id), .engageAdd(target: id), .rest(untilHealth: .nan, untilMana: 1e300), .loot(corpse: id),
      .acquire(target: id), .pull(target: id, mode: .pet), .memorizeSpells, .summonPet(spell: SpellID(1)),
      .buff(spell: SpellID(1)), .vendor(merchant: nil, at: .origin), .recoverCorpse(at: .origin), .unstick,
      .travel(to: Position(.infinity, 0, 0), zone: ZoneID(9)), .wander(around: .origin, radius: 9),
    ]
    let frame = LiveFrame()
    for stand in [LiveFrame.Stand.observing, .armed, .disarmed] {
      frame.stand = stand
      for hold in HoldReason.allCases {
        frame.decision = Decision(tick: .start, layer: .hold, hold: hold)
        #expect(Intent.sentence(frame, names).hasPrefix("Standing still with all keys up: "))
      }
      for order in orders {
        for layer in DecisionLayer.allCases where layer != .hold {
          frame.decision = Decision(tick: .start, layer: layer, rule: .rest, order: order)
          let sentence = Intent.sentence(frame, names)
          #expect(sentence.hasSuffix(".") && sentence.count > 10, "\(order)")
        }
      }
    }
  }

  @Test func `whatever memory holds, the answers stay whole`() throws {
    let frame = LiveFrame()
    frame.show(tick: 1, at: 0, hold: .none, name: FixedName("</script>\"\\<img>"))
    frame.stand = .armed
    frame.vitals.position = Position(.nan, .infinity, -1e300)
    frame.vitals.health = .nan
    frame.vitals.experience = .infinity
    let report = LiveReport(
      names: LiveNames(), frame: frame, track: LiveTrack(), session: "", beatAge: 0, frameAge: .infinity)
    let json = report.json(since: .max)
    _ = try DataNode.parse(json, file: "state")
    #expect(!String(decoding: json, as: UTF8.self).contains("</script>"))
    _ = report.json(since: .min)
    #expect(!report.metrics().isEmpty && !report.terminal().isEmpty)
    #expect(MetricText.escaped("a\"b\\c\nd") == "a\\\"b\\\\c\\nd")
  }

  @Test func `the track is thinned to its bound and begins anew in another zone`() {
    var track = LiveTrack()
    var vitals = LiveVitals()
    vitals.validity = .valid
    vitals.zone = ZoneID(1)
    for step in 0..<5000 {
      vitals.position = Position(Double(step) * 10, 0)
      track.note(vitals)
      #expect(track.points.count <= LiveTrack.pointsMax)
    }
    #expect(track.first + track.points.count == 5000)
    vitals.zone = ZoneID(2)
    track.note(vitals)
    #expect(track.points.count == 1 && track.first == 5000)
  }
}
