import Agent
import Core
import Foundation
import Glibc
import Perception
import Telemetry
import TestSupport
import Testing

@testable import SessionAnalysis

/// A word in a file, through which a process that is about to be killed says how far it came.
private struct Progress {
  let pointer: UnsafeMutablePointer<UInt64>

  init(_ path: String) {
    let descriptor = open(path, O_RDWR | O_CREAT, 0o644)
    _ = ftruncate(descriptor, 4096)
    let memory = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    close(descriptor)
    guard let memory, memory != MAP_FAILED else { fatalError("no memory for \(path)") }
    pointer = memory.assumingMemoryBound(to: UInt64.self)
  }
}

/// Writes a session with an event at every third tick, until somebody kills the process.
private func writeUntilKilled(_ directory: String, seed: UInt64) throws {
  let progress = Progress(directory + ".progress")
  let writer = try SessionWriter(
    directory: directory, header: SessionHeader(mode: .live, version: "test", environment: "none", seed: seed))
  let recorder = SessionRecorder(writer)
  var inputs = RandomInputs(seed: seed)
  var generator = SeededGenerator(seed: seed)
  let delay = UInt32(generator.integer(500...150_000))
  Thread {
    usleep(delay)
    kill(getpid(), SIGKILL)
  }.start()
  // Ticks are 100 ms apart on paper: no rate limit applies.
  let start = monotonicNow()
  for slot in 0..<1_000_000 {
    var input = inputs.next(slot)
    input.state.tick = Tick(slot)
    let decision = Decision(tick: Tick(slot), layer: .utility, rule: .wander, score: Double(slot))
    let output = TickOutput(
      receipt: DecisionReceipt(decision: decision), events: slot % 3 == 0 ? [.levelUp(level: slot)] : [],
      decisionHash: UInt64(slot))
    recorder.record(input, output, routine: nil, timing: TickTiming(monotonic: start + Int64(slot) * 100_000_000))
    progress.pointer.pointee = UInt64(slot + 1)
    usleep(300)
  }
}

private func monotonicNow() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

@Suite struct CrashTests {
  /// What a killed session lacks; empty when it is whole.
  private func faults(_ directory: String) throws -> [String] {
    let recorded = Int(Progress(directory + ".progress").pointer.pointee)
    guard FileManager.default.fileExists(atPath: "\(directory)/session.json") else {
      return recorded == 0 ? [] : ["no session after \(recorded) ticks"]
    }
    var faults: [String] = []
    let outcome = try SessionRecovery.recover(directory)
    guard case .recovered(let ringTicks, let forensics) = outcome else { return ["not recovered: \(outcome)"] }
    if ringTicks < min(299, recorded) { faults.append("\(ringTicks) ticks in the ring of \(recorded)") }
    if forensics == nil { faults.append("no forensics") }
    let decisions = ticks(of: "\(directory)/session_decisions.jsonl", faults: &faults)
    // The tick under way when the process died may be there or not.
    if decisions != Array(0..<recorded) && decisions != Array(0...recorded) {
      faults.append("\(decisions.count) receipts of \(recorded) ticks, or not in order")
    }
    let events = ticks(of: "\(directory)/session_events.jsonl", faults: &faults, key: "player.level")
    if events != decisions.filter({ $0 % 3 == 0 }) { faults.append("\(events.count) events") }
    try checkRecord(directory, decisions.count, &faults)
    if try SessionRecovery.recover(directory) != .nothingToDo { faults.append("a second recovery did something") }
    return faults
  }

  private func ticks(of path: String, faults: inout [String], key: String? = nil) -> [Int] {
    guard let reader = LineReader(path) else { return [] }
    var found: [Int] = []
    var line = JSONLine()
    reader.visit { bytes in
      guard line.parse(bytes), let tick = line.integer("tick") else {
        faults.append("a torn line in \(path)")
        return
      }
      if key == nil || line.text("event") == key { found.append(tick) }
    }
    if reader.endsInHalfLine { faults.append("half a line in \(path)") }
    return found
  }

  private func checkRecord(_ directory: String, _ count: Int, _ faults: inout [String]) throws {
    let reader = try RecordReader("\(directory)/session.record")
    var decoder = InputDecoder()
    var next = 0
    try reader.visit { entry in
      var bytes = ByteReader(entry.input)
      let input = try decoder.decode(&bytes)
      if entry.frame.tick.slot != next || input?.state.tick.slot != next { faults.append("record at \(next)") }
      next += 1
      return faults.count < 5
    }
    if next != count { faults.append("\(next) ticks in the record, \(count) receipts") }
    if reader.damaged > 0 || reader.isCut { faults.append("\(reader.damaged) damaged pieces, cut: \(reader.isCut)") }
  }

  @Test func `nothing is lost or torn when the writing process is killed at any moment`() async throws {
    let folder = try Repository.temporaryDirectory("crash")
    defer { try? FileManager.default.removeItem(at: folder) }
    let runs = Repository.runsLongTests ? 1000 : 24
    for seed in UInt64(1)...UInt64(runs) {
      let directory = folder.appending(path: "s\(seed)").path
      await #expect(processExitsWith: .signal(SIGKILL)) { [directory = directory as String, seed = seed as UInt64] in
        try writeUntilKilled(directory, seed: seed)
      }
      let faults = try faults(directory)
      #expect(faults == [], "seed \(seed)")
      try? FileManager.default.removeItem(atPath: directory)
    }
  }
}
