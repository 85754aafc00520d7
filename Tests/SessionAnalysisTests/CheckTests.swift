import Core
import Foundation
import SessionAnalysis
import Telemetry
import TestSupport
import Testing

/// A session with one fault in it, named after the check that must see it.
private struct Fault: Sendable {
  var check: String
  var verdict: CheckResult.Verdict
  var mode = SessionHeader.Mode.simulated
  var isClosed = true
  var change: @Sendable (inout TickRecord) -> Bool

  init(
    _ check: String, _ verdict: CheckResult.Verdict, mode: SessionHeader.Mode = .simulated, isClosed: Bool = true,
    _ change: @escaping @Sendable (inout TickRecord) -> Bool = { _ in true }
  ) {
    self.check = check
    self.verdict = verdict
    self.mode = mode
    self.isClosed = isClosed
    self.change = change
  }

  /// Adds `event` at every `period`th tick.
  static func event(_ period: Int, _ event: SessionEvent) -> @Sendable (inout TickRecord) -> Bool {
    { record in
      if record.tick.slot % period == period / 2 { record.events.append(event) }
      return true
    }
  }
}

private let faults: [Fault] = [
  Fault("completeness", .warn, isClosed: false),
  Fault("gaps", .fail) { !(1000..<1100).contains($0.tick.slot) },
  Fault("order", .fail) { record in
    if record.tick.slot == 700 { record.receipt.decision.tick = Tick(650) }
    return true
  },
  Fault("dropouts", .warn),
  Fault("numbers", .fail) { record in
    record.vitals.health = record.tick.slot % 50 == 0 ? 3 : record.vitals.health
    return true
  },
  Fault("overruns", .fail) { record in
    if record.tick.slot % 50 == 0 { record.timing.thinking = 80_000_000 }
    return true
  },
  Fault("lateness", .fail, mode: .live) { record in
    record.timing.lateness = record.tick.slot % 20 == 0 ? 90_000_000 : 0
    return true
  },
  Fault("invariants", .fail, Fault.event(2000, .invariantBreach(.vitalsBounded))),
  Fault("faults", .warn, Fault.event(2000, .fault(.displayLost))),
  Fault("validity", .fail) { record in
    record.vitals.validity = record.tick.slot % 5 == 0 ? 1 : 0
    return true
  },
  Fault("hold", .fail) { record in
    if record.tick.slot % 600 > 100 {
      record.receipt.decision = Decision(tick: record.tick, layer: .hold, hold: .noFocus)
    }
    return true
  },
  Fault("keys", .fail, Fault.event(2000, .fault(.keyStuck))),
  Fault("deaths", .fail, Fault.event(1500, .playerDeath(at: .origin, attacker: "a bear"))),
  Fault("health", .fail) { record in
    if record.tick.slot % 4 == 0 { record.vitals.health = 0.1 }
    return true
  },
  Fault("stuck", .fail, Fault.event(100, .stuck(at: Position(40, 40), step: 2))),
  Fault("oscillation", .fail) { record in
    let isLoot = record.tick.slot / 8 % 2 == 0
    record.routine?.order = isLoot ? .loot(corpse: EntityID(3)) : .unstick
    return true
  },
  Fault("breakers", .fail, Fault.event(500, .circuitOpen(rule: .pull, failures: 3))),
  Fault(
    "pulls", .fail,
    Fault.event(
      200, .pullResult(target: EntityID(1), name: "a rat", mode: .pet, failure: .targetLost, seconds: 2))),
  Fault("idle", .fail) { record in
    if record.tick.slot % 600 > 200 { record.receipt.decision = Decision(tick: record.tick, layer: .idle) }
    return true
  },
  Fault("progress", .fail) { record in
    record.events = []
    return true
  },
]

@Suite struct CheckTests {
  private func result(of check: String, _ fault: Fault, in folder: URL, _ name: String) throws -> CheckResult? {
    let directory = folder.appending(path: name).path
    var session = SyntheticSession()
    session.mode = fault.mode
    session.ticks = 3100
    session.change = { record in
      record.events.removeAll { if case .playerDeath = $0 { true } else { false } }
      return fault.change(&record)
    }
    session.extra = { writer in
      if name == "dropouts" { writer.log(.event, .session, "log.dropout", [("cause", .text("disk"))], monotonic: 9) }
    }
    try session.write(to: directory, summary: fault.isClosed ? SessionSummary(reason: "duration") : nil)
    return SessionReport(try readSession(directory)).checks.first { $0.name == check }?.result
  }

  @Test func `every check fires on the log with its fault and stays quiet on a good one`() throws {
    let folder = try Repository.temporaryDirectory("checks")
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(Set(faults.map(\.check)) == Set(SessionChecks.all.map(\.name)))
    let good = folder.appending(path: "good").path
    var session = SyntheticSession()
    session.mode = .live
    session.ticks = 3100
    session.change = { record in
      record.events.removeAll { if case .playerDeath = $0 { true } else { false } }
      return true
    }
    try session.write(to: good)
    for check in SessionReport(try readSession(good)).checks {
      #expect(check.result.verdict == .good, "\(check.name) on a good log: \(check.result.sentence)")
    }
    for fault in faults {
      let result = try result(of: fault.check, fault, in: folder, fault.check)
      #expect(result?.verdict == fault.verdict, "\(fault.check): \(result?.sentence ?? "no such check")")
      try? FileManager.default.removeItem(at: folder.appending(path: fault.check))
    }
  }
}
