import CLinux
import Core
import Glibc
import Telemetry
import Testing

/// A directory that goes away with the value.
final class ScratchDirectory {
  let path: String

  init() {
    var template = Array("/tmp/compass-telemetry-XXXXXX\0".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  deinit { remove(path) }

  private func remove(_ path: String) {
    for name in directoryEntries(path) {
      let inner = "\(path)/\(name)"
      if unlink(inner) != 0 { remove(inner) }
    }
    rmdir(path)
  }

  func lines(_ name: String) -> [String] {
    text(name).split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
  }

  func text(_ name: String) -> String {
    String(decoding: bytes(name), as: UTF8.self)
  }

  func bytes(_ name: String) -> [UInt8] {
    guard let file = fopen("\(path)/\(name)", "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return bytes
  }
}

/// A plausible tick without an agent.
func syntheticTick(_ slot: Int, events: [SessionEvent] = []) -> TickRecord {
  let isPulling = slot / 50 % 2 == 1
  let rule: RuleID = isPulling ? .pull : .rest
  let order: RoutineOrder =
    isPulling ? .pull(target: EntityID(17), mode: .pet) : .rest(untilHealth: 0.9, untilMana: 0.8)
  let decision = Decision(
    tick: Tick(slot), layer: .utility, rule: rule, order: order, score: 0.5 + Double(slot % 7) / 10,
    credit: CreditID(UInt32(slot / 50 * 50)))
  let verdicts = RuleID.allCases.map {
    DecisionReceipt.Verdict(
      rule: $0, ruleClass: .ordinary, isEligible: $0 == rule, reason: $0 == rule ? .none : .manaLow, value: 0.31,
      threshold: 0.4, score: $0 == rule ? 0.5 : 0)
  }
  let candidate = DecisionReceipt.Candidate(id: EntityID(17), name: "a rat </script>", score: 0.8)
  return TickRecord(
    timing: TickTiming(
      monotonic: Int64(slot) * 100_000_000, lateness: 90_000, reading: 120_000, thinking: 300_000, acting: 9_000),
    vitals: TickVitals(
      zone: ZoneID(1), position: Position(Double(slot), 2, 3), heading: 12, health: 0.9, mana: 0.31, spawnCount: 40),
    receipt: DecisionReceipt(
      decision: decision, verdicts: verdicts, candidates: isPulling ? [candidate] : [], margin: 0.2, runnerUp: .wander
    ),
    commands: isPulling ? [.hold(.forward), .tap(.petAttack)] : [], events: events, decisionHash: UInt64(slot) &* 77)
}

let header = SessionHeader(mode: .simulated, version: "test", environment: "sandbox", seed: 1)

@Suite struct SessionWriterTests {
  @Test func `every tick stands in the decisions, and every tier in its files`() throws {
    let scratch = ScratchDirectory()
    let writer = try SessionWriter(
      directory: "\(scratch.path)/s", header: header, options: .inline, wall: 1_000_000_000_000, monotonic: 0)
    for slot in 0..<1000 {
      writer.record(syntheticTick(slot, events: slot % 100 == 0 ? [.levelUp(level: slot / 100)] : []))
    }
    writer.log(.session, .runtime, "target.attached", [("process", .integer(4711))], monotonic: 5)
    writer.close(SessionSummary(reason: "duration", figures: [("defeats", 3)]))
    let decisions = scratch.lines("s/session_decisions.jsonl")
    #expect(decisions.count == 1000)
    #expect(decisions.filter { $0.contains("\"kind\":\"change\"") }.count == 20)
    let events = scratch.lines("s/session_events.jsonl")
    #expect(events.count == 10)
    let tiers = LogTier.allCases.map { scratch.lines("s/\($0.fileName)") }
    #expect(tiers[0].count == 10)
    for index in 1..<4 { #expect(Set(tiers[index - 1]).isSubset(of: tiers[index])) }
    #expect(
      tiers[1].contains { $0.hasPrefix("1970-01-01T00:16:4") && $0.contains("T2 brain decision.change utility pull") }
    )
    #expect(tiers[1].contains { $0.contains("target.attached process=4711") })
    #expect(tiers[3].count { $0.contains(" T4 agent tick ") } == 1000)
    #expect(!decisions.contains { $0.contains("</script>") })
    #expect(scratch.text("s/session.json").contains("\"complete\":true"))
  }
}
