import Agent
import Core
import Foundation
import Glibc
import Perception
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
    var recorder = SessionRecorder(writer)
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
}
