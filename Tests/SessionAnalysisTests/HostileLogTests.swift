import Core
import Foundation
import SessionAnalysis
import Telemetry
import TestSupport
import Testing

@Suite struct HostileLogTests {
  /// A good session of a minute whose decisions are spoiled by `spoil`.
  private func report(_ spoil: (inout Data) -> Void) throws -> SessionReport {
    let folder = try Repository.temporaryDirectory("hostile")
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "s")
    var session = SyntheticSession()
    session.ticks = 700
    try session.write(to: directory.path)
    let file = directory.appending(path: "session_decisions.jsonl")
    var bytes = try Data(contentsOf: file)
    spoil(&bytes)
    try bytes.write(to: file)
    let report = SessionReport(try readSession(directory.path))
    #expect(!report.text.isEmpty && !report.html().isEmpty)
    #expect((try? DataNode.parse(report.json, file: "json")) != nil)
    return report
  }

  private func completeness(_ report: SessionReport) -> CheckResult.Verdict? {
    report.checks.first { $0.name == "completeness" }?.result.verdict
  }

  @Test func `lines that are no records are skipped and counted`() throws {
    let hostile: [Data] = [
      Data("garbage\n".utf8), Data(repeating: 0, count: 5000) + Data("\n".utf8), Data("{}\n".utf8),
      Data("{\"tick\":1e999,\"t\":1}\n".utf8), Data("{\"tick\":NaN,\"t\":nan}\n".utf8),
      Data(String(repeating: "[", count: 100_000).utf8) + Data("\n".utf8),
      Data("{\"tick\":".utf8) + Data(String(repeating: "{\"a\":", count: 50_000).utf8) + Data("\n".utf8),
      Data([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D, 0x0A]),
      Data(repeating: UInt8(ascii: "x"), count: 9 << 20) + Data("\n".utf8),
      Data("{\"tick\":99999999999999999999999999,\"t\":1,\"layer\":\"x\"}\n".utf8),
    ]
    for line in hostile {
      let report = try report { $0 = line + $0 }
      #expect(report.session.ticks == 700)
      #expect(report.session.reading.skipped + report.session.reading.tooLong == 1, "\(line.prefix(20))")
      #expect(completeness(report) == .warn)
    }
  }

  @Test func `a line of a gigabyte is skipped within little memory, and what follows is read`() throws {
    let folder = try Repository.temporaryDirectory("hostile")
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "s")
    var session = SyntheticSession()
    session.ticks = 700
    try session.write(to: directory.path)
    let file = directory.appending(path: "session_decisions.jsonl")
    let lines = try Data(contentsOf: file)
    // A hole in the file: it takes no room on the disk.
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: 0)
    try handle.truncate(atOffset: 1 << 30)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("\n".utf8) + lines)
    try handle.close()
    let before = peakMegabytes()
    let report = SessionReport(try readSession(directory.path))
    #expect(report.session.ticks == 700 && report.session.reading.tooLong == 1)
    #expect(report.session.reading.bytes > 1 << 30)
    #expect(completeness(report) == .warn)
    #expect(peakMegabytes() - before < 256, "memory grew with the line")
  }

  private func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }

  @Test func `half a last line is normal`() throws {
    let report = try report { $0.removeLast(20) }
    #expect(report.session.ticks == 699 && report.session.reading.halfLines == 1)
    #expect(completeness(report) == .warn)
  }

  @Test func `time that goes back and names made to break the page do no harm`() throws {
    let report = try report { bytes in
      let line = """
        {"tick":3,"t":-5,"layer":"</script><script>alert(1)</script>","routine":"<img src=x>\\u001b[31m","at":[1,2,3],\
        "us":[1,2,3],"hp":0.5}

        """
      bytes += Data(line.utf8)
    }
    #expect(report.session.backwardTimes == 1 && report.session.repeatedTicks == 1)
    #expect(!report.html().contains("<img") && !report.html().contains("<script>alert"))
    #expect(!report.text.contains("\u{1B}"))
  }

  @Test func `a session of nothing but garbage is refused`() throws {
    let folder = try Repository.temporaryDirectory("garbage")
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("x\ny\n".utf8).write(to: folder.appending(path: "session_decisions.jsonl"))
    #expect(throws: SessionsFailure.self) { try readSession(folder.path) }
    #expect(throws: SessionsFailure.self) { try readSession(folder.appending(path: "absent").path) }
  }

  @Test func `random damage to the record is counted and never trapped on`() throws {
    let folder = try Repository.temporaryDirectory("damage")
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "s").path
    var session = SyntheticSession()
    session.ticks = 2000
    try session.write(to: directory)
    let path = "\(directory)/session.record"
    let whole = try Data(contentsOf: URL(filePath: path))
    for seed in UInt64(1)...40 {
      var generator = SeededGenerator(seed: seed)
      var bytes = whole
      for _ in 0..<generator.integer(1...4) {
        bytes[generator.integer(0...bytes.count - 1)] = UInt8(truncatingIfNeeded: generator.next())
      }
      if generator.chance(0.3) { bytes = bytes.prefix(generator.integer(0...bytes.count)) }
      try bytes.write(to: URL(filePath: path))
      _ = try? Why.tick(1500, of: directory)
      _ = try? WhyNot(rule: "rest", ticks: 0...3000, of: directory)
    }
    try whole.write(to: URL(filePath: path))
    #expect(try Why.tick(1500, of: directory).receipt.decision.rule == .inCombat)
    #expect(Why.text(try Why.tick(1500, of: directory)).contains("> ordinary  inCombat yes"))
    let whynot = try WhyNot(rule: "flee", ticks: 0...1999, of: directory)
    #expect(whynot.counts.map(\.answer) == [.declined(.notEngaged)])
  }
}
