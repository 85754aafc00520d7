import Agent
import Core
import Foundation
import Glibc
import Perception
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import SessionAnalysis

@Suite struct DiskFullTests {
  @Test func `a full disk costs details, never a receipt, and room brings all back`() throws {
    let folder = try Repository.temporaryDirectory("disk")
    defer { try? FileManager.default.removeItem(at: folder) }
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=9m") == 0 else {
      print("skipped: a small file system of our own needs root")
      return
    }
    defer { umount(folder.path) }
    let directory = folder.appending(path: "s").path
    var options = SessionWriter.Options.inline
    options.reserveBytes = 1 << 20
    let header = SessionHeader(mode: .simulated, version: "test", environment: "none", seed: 1)
    let writer = try SessionWriter(directory: directory, header: header, options: options, wall: 0, monotonic: 0)
    let recorder = SessionRecorder(writer)
    var inputs = RandomInputs(seed: 1)
    func play(_ slots: Range<Int>) {
      for slot in slots {
        var input = inputs.next(slot)
        input.state.tick = Tick(slot)
        let decision = Decision(tick: Tick(slot), layer: .utility, rule: .wander, score: Double(slot))
        recorder.record(
          input,
          TickOutput(
            receipt: DecisionReceipt(decision: decision), events: slot % 100 == 0 ? [.levelUp(level: 2)] : []),
          routine: nil, timing: TickTiming(monotonic: Int64(slot) * 100_000_000))
      }
    }
    play(0..<300)
    let filler = "\(folder.path)/filler"
    let descriptor = open(filler, O_WRONLY | O_CREAT, 0o644)
    let block = [UInt8](repeating: 1, count: 4096)
    while write(descriptor, block, block.count) > 0 {}
    close(descriptor)
    play(300..<1500)
    unlink(filler)
    play(1500..<2200)
    writer.close(SessionSummary(reason: "duration"))

    let session = try readSession(directory)
    #expect(session.ticks == 2200 && session.missingTicks == 0 && session.reading.skipped == 0)
    #expect(session.count("player.level") == 22)
    #expect(session.count("log.dropout") > 0)
    #expect(SessionReport(session).checks.first { $0.name == "dropouts" }?.result.verdict == .warn)
    let reader = try RecordReader("\(directory)/session.record")
    var decoder = InputDecoder()
    var last: Int?
    var usable = 0
    try reader.visit { entry in
      var bytes = ByteReader(entry.input)
      if let input = try decoder.decode(&bytes) {
        usable += 1
        last = input.state.tick.slot
      }
      return true
    }
    #expect(last == 2199 && usable < 2200 && usable > 900, "\(usable) usable inputs, the last \(last ?? -1)")
  }

  /// A tick with a number of its own.
  private static func record(_ slot: Int) -> TickRecord {
    let decision = Decision(tick: Tick(slot), layer: .utility, rule: .wander, score: Double(slot))
    let verdicts = RuleID.allCases.map {
      DecisionReceipt.Verdict(rule: $0, ruleClass: .ordinary, isEligible: false, reason: .manaLow, value: 0.25)
    }
    return TickRecord(
      timing: TickTiming(monotonic: Int64(slot) * 100_000_000),
      receipt: DecisionReceipt(decision: decision, verdicts: verdicts),
      events: slot % 100 == 0 ? [.levelUp(level: slot)] : [])
  }

  @Test func `a disk that hangs stops no tick, and what was dropped is told`() throws {
    let folder = try Repository.temporaryDirectory("slow")
    defer { try? FileManager.default.removeItem(at: folder) }
    // A log that is a pipe nobody empties: the writer thread hangs in `write`, as on a dead disk.
    let directory = folder.appending(path: "s").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let pipe = "\(directory)/session_debug.log"
    #expect(mkfifo(pipe, 0o600) == 0)
    let reader = open(pipe, O_RDONLY | O_NONBLOCK)
    var options = SessionWriter.Options()
    options.queueBytes = 256 << 10
    options.reserveBytes = 0
    let header = SessionHeader(mode: .live, version: "test", environment: "none", seed: 1)
    let writer = try SessionWriter(directory: directory, header: header, options: options, wall: 0, monotonic: 0)
    let ticks = 3000
    for slot in 0..<ticks {
      writer.record(Self.record(slot))
      // Twenty times a writer's period in all: it tries, and hangs.
      if slot % 10 == 0 { usleep(3000) }
    }
    let dropped = writer.counts.dropped
    #expect(writer.counts.recorded == ticks && dropped > 0, "\(dropped) dropped")
    // The disk comes back.
    let isOver = Mutex(false)
    let drain = Thread {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while !isOver.withLock({ $0 }) { if read(reader, &buffer, buffer.count) <= 0 { usleep(1000) } }
    }
    drain.start()
    var next = ticks
    let isBack = eventually(within: 20) {
      let before = writer.counts.dropped
      writer.record(Self.record(next))
      next += 1
      usleep(20_000)
      return writer.counts.dropped == before
    }
    #expect(isBack)
    writer.close(SessionSummary(reason: "duration"))
    isOver.withLock { $0 = true }
    let session = try readSession(directory)
    #expect(session.ticks >= 200 && session.ticks + session.missingTicks == next)
    #expect(session.count("log.dropout") > 0)
    let told = session.all("log.dropout").compactMap { $0.number("ticks") }.reduce(0, +)
    #expect(Int(told) >= session.missingTicks, "\(told) told of, \(session.missingTicks) missing")
    #expect(session.reading.skipped == 0)
    close(reader)
  }

  @Test func `writes that fail for another reason are tried again, and nothing important is lost`() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      let folder = try Repository.temporaryDirectory("limit")
      defer { try? FileManager.default.removeItem(at: folder) }
      let directory = folder.appending(path: "s").path
      let header = SessionHeader(mode: .simulated, version: "test", environment: "none", seed: 1)
      let writer = try SessionWriter(directory: directory, header: header, options: .inline, wall: 0, monotonic: 0)
      for slot in 0..<200 { writer.record(DiskFullTests.record(slot)) }
      // From now on no file may grow beyond what the receipts have already.
      var limit = rlimit(rlim_cur: 20_000, rlim_max: rlim_t.max)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      for slot in 200..<900 { writer.record(DiskFullTests.record(slot)) }
      limit.rlim_cur = rlim_t.max
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      for slot in 900..<1400 { writer.record(DiskFullTests.record(slot)) }
      writer.close(SessionSummary(reason: "duration"))
      let session = try readSession(directory)
      #expect(session.ticks == 1400 && session.missingTicks == 0 && session.reading.skipped == 0)
      #expect(session.count("player.level") == 14)
      #expect(session.count("log.dropout") > 0)
    }
  }

  @Test func `a session whose directory is deleted goes on to its end`() throws {
    let folder = try Repository.temporaryDirectory("deleted")
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "s").path
    let header = SessionHeader(mode: .live, version: "test", environment: "none", seed: 1)
    let writer = try SessionWriter(directory: directory, header: header, wall: 0, monotonic: 0)
    for slot in 0..<100 { writer.record(Self.record(slot)) }
    #expect(try readSession(directory).info.state == "being written")
    try FileManager.default.removeItem(atPath: directory)
    for slot in 100..<200 { writer.record(Self.record(slot)) }
    writer.close(SessionSummary(reason: "duration"))
    #expect(writer.counts.recorded == 200)
  }
}
