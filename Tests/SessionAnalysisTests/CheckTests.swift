import Core
import Foundation
import SessionAnalysis
import Telemetry
import TestSupport
import Testing

/// A session with one fault in it, named after the check that must see it.
struct KeptFault: Sendable {
  var check: String
  var verdict: CheckResult.Verdict
  /// Checks that the same fault concerns too.
  var also: Set<String> = []
  var mode = SessionHeader.Mode.live
  var isClosed = true
  var ticks = 700
  var change: @Sendable (inout TickRecord) -> Bool

  init(
    _ check: String, _ verdict: CheckResult.Verdict, also: Set<String> = [], mode: SessionHeader.Mode = .live,
    isClosed: Bool = true, ticks: Int = 700, _ change: @escaping @Sendable (inout TickRecord) -> Bool = { _ in true }
  ) {
    self.check = check
    self.verdict = verdict
    self.also = also
    self.mode = mode
    self.isClosed = isClosed
    self.ticks = ticks
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

let faults: [KeptFault] = [
  KeptFault("completeness", .warn, isClosed: false),
  KeptFault("gaps", .fail) { !(300..<350).contains($0.tick.slot) },
  KeptFault("order", .fail, also: ["gaps"]) { record in
    if record.tick.slot == 500 { record.receipt.decision.tick = Tick(450) }
    return true
  },
  KeptFault("dropouts", .warn),
  KeptFault("numbers", .fail) { record in
    record.vitals.health = record.tick.slot % 50 == 0 ? 3 : record.vitals.health
    return true
  },
  KeptFault("overruns", .fail) { record in
    if record.tick.slot % 50 == 0 { record.timing.thinking = 80_000_000 }
    return true
  },
  KeptFault("lateness", .fail) { record in
    record.timing.lateness = record.tick.slot % 20 == 0 ? 90_000_000 : 0
    return true
  },
  KeptFault("invariants", .fail, KeptFault.event(400, .invariantBreach(.vitalsBounded))),
  KeptFault("faults", .warn, KeptFault.event(400, .fault(.displayLost))),
  KeptFault("validity", .fail) { record in
    record.vitals.validity = record.tick.slot % 5 == 0 ? 1 : 0
    return true
  },
  KeptFault("hold", .fail) { record in
    if record.tick.slot % 600 > 100 {
      record.receipt.decision = Decision(tick: record.tick, layer: .hold, hold: .noFocus)
    }
    return true
  },
  KeptFault("keys", .fail, also: ["faults"], KeptFault.event(400, .fault(.keyStuck))),
  KeptFault("deaths", .fail, KeptFault.event(400, .playerDeath(at: .origin, attacker: "a bear"))),
  KeptFault("health", .fail) { record in
    if record.tick.slot % 4 == 0 { record.vitals.health = 0.1 }
    return true
  },
  KeptFault("stuck", .fail, KeptFault.event(100, .stuck(at: Position(40, 40), step: 2))),
  KeptFault("oscillation", .fail) { record in
    let isLoot = record.tick.slot / 8 % 2 == 0
    record.routine?.order = isLoot ? .loot(corpse: EntityID(3)) : .unstick
    return true
  },
  KeptFault("breakers", .fail, KeptFault.event(500, .circuitOpen(rule: .pull, failures: 3))),
  KeptFault(
    "pulls", .fail,
    KeptFault.event(
      50, .pullResult(target: EntityID(1), name: "a rat", mode: .pet, failure: .targetLost, seconds: 2))),
  KeptFault("idle", .fail) { record in
    if record.tick.slot % 600 > 200 { record.receipt.decision = Decision(tick: record.tick, layer: .idle) }
    return true
  },
  KeptFault("progress", .fail, ticks: 3100) { record in
    record.events = []
    return true
  },
]

@Suite struct CheckTests {
  /// What the checks say of the session in `directory` that is not good.
  private func found(_ directory: String) throws -> [String: CheckResult] {
    let checks = SessionReport(try readSession(directory)).checks.filter {
      $0.result.verdict == .warn || $0.result.verdict == .fail
    }
    return Dictionary(uniqueKeysWithValues: checks.map { ($0.name, $0.result) })
  }

  private func expect(_ fault: KeptFault, in directory: String) throws {
    let found = try found(directory)
    #expect(found[fault.check]?.verdict == fault.verdict, "\(fault.check): \(found)")
    #expect(Set(found.keys) == fault.also.union([fault.check]), "\(directory)")
  }

  @Test func `every check fires on the kept log named after its fault and stays quiet on the good one`() throws {
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" { try KeptLogs.write(faults) }
    #expect(Set(faults.map(\.check)) == Set(SessionChecks.all.map(\.name)))
    #expect(KeptLogs.names == Set(SessionChecks.all.map(\.name) + ["good"]))
    #expect(try found(KeptLogs.path("good")).isEmpty)
    for check in SessionReport(try readSession(KeptLogs.path("good"))).checks {
      #expect(check.result.verdict == .good, "\(check.name): \(check.result.sentence)")
    }
    for fault in faults { try expect(fault, in: KeptLogs.path(fault.check)) }
  }

  @Test func `and so it does on sessions that are written today`() throws {
    let folder = try Repository.temporaryDirectory("checks")
    defer { try? FileManager.default.removeItem(at: folder) }
    for fault in faults {
      let directory = folder.appending(path: fault.check).path
      try KeptLogs.record(fault, to: directory)
      try expect(fault, in: directory)
      try FileManager.default.removeItem(atPath: directory)
    }
  }
}
