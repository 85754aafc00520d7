import Core
import Foundation
import Glibc
import SessionAnalysis
import Synchronization
import TestSupport
import Testing

@testable import Telemetry

/// Disks that answer with an error, or that the kernel makes read-only.
@Suite struct DiskFaultTests {
  private func record(_ slot: Int) -> TickRecord {
    let decision = Decision(tick: Tick(slot), layer: .utility, rule: .wander, score: Double(slot))
    return TickRecord(
      timing: TickTiming(monotonic: Int64(slot) * 100_000_000), receipt: DecisionReceipt(decision: decision),
      events: slot % 100 == 0 ? [.levelUp(level: slot)] : [])
  }

  private let header = SessionHeader(mode: .live, version: "test", environment: "none", seed: 1)

  /// A disk that fails now and then, for seconds, and writes a part first.
  private final class FailingDisk: Sendable {
    private struct State {
      var generator: SeededGenerator
      var isFailing = false
      var isHealed = false
      var failures = 0
    }
    private let state: Mutex<State>
    private let error: Int32

    init(seed: UInt64, error: Int32) {
      state = Mutex(State(generator: SeededGenerator(seed: seed)))
      self.error = error
    }

    var failures: Int { state.withLock { $0.failures } }
    func heal() { state.withLock { $0.isHealed = true } }

    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
      let (fails, part) = state.withLock { state -> (Bool, Int) in
        guard !state.isHealed else { return (false, bytes.count) }
        if state.generator.chance(0.1) { state.isFailing.toggle() }
        let fails = state.isFailing && state.generator.chance(0.7)
        if fails { state.failures += 1 }
        return (fails, state.generator.integer(0...bytes.count))
      }
      guard fails else { return Glibc.write(descriptor, bytes.baseAddress, max(1, part)) }
      _ = Glibc.write(descriptor, bytes.baseAddress, part / 2)
      errno = error
      return -1
    }
  }

  @Test func `input and output errors lose no receipt, leave no torn line, and are said once each`() throws {
    let folder = try Repository.temporaryDirectory("eio")
    defer { try? FileManager.default.removeItem(at: folder) }
    for seed in UInt64(1)...12 {
      let directory = folder.appending(path: "s\(seed)").path
      let (error, words) = seed % 2 == 0 ? (EIO, "Input/output error") : (EROFS, "Read-only file system")
      let disk = FailingDisk(seed: seed, error: error)
      var options = SessionWriter.Options.inline
      options.output = { disk.write($0, $1) }
      let writer = try SessionWriter(directory: directory, header: header, options: options, wall: 0, monotonic: 0)
      for slot in 0..<3000 { writer.record(record(slot)) }
      disk.heal()
      writer.close(SessionSummary(reason: "duration"))
      #expect(disk.failures > 0 && writer.counts.recorded == 3000 && writer.counts.dropped == 0, "seed \(seed)")
      let session = try readSession(directory)
      #expect(session.ticks == 3000 && session.missingTicks == 0 && session.reading.skipped == 0, "seed \(seed)")
      #expect(session.repeatedTicks == 0 && session.count("player.level") == 30, "seed \(seed)")
      let told = session.events.filter { ["fault", "recovery"].contains($0.key) }
      #expect(!told.isEmpty && told.allSatisfy { $0.field("error") == words }, "seed \(seed)")
      // Once when it begins and once when it is over, in turn.
      for (index, event) in told.enumerated() { #expect(event.key == ["fault", "recovery"][index % 2]) }
      #expect(told.count % 2 == 0, "seed \(seed)")
    }
  }

  @Test func `a file system that the kernel makes read-only stops no tick, and keeps what it has`() throws {
    guard let disk = try MountedDisk() else { return }
    let (directory, writer) = (disk.directory, try disk.writer(header))
    var next = 0
    func play(_ ticks: Int) {
      for _ in 0..<ticks {
        writer.record(record(next))
        next += 1
        usleep(200)
      }
    }
    play(500)
    let written = try readSession(directory).ticks
    try #require(eventually { (try? readSession(directory).ticks) == 500 }, "\(written)")
    // The kernel's own switch to say that this file system is damaged.
    try Data("1".utf8).write(to: URL(filePath: "/sys/fs/ext4/\(disk.device)/trigger_fs_error"))
    play(1000)
    #expect(eventually { writer.diskTrouble == "Read-only file system" }, "\(writer.diskTrouble ?? "no trouble")")
    play(500)
    #expect(writer.counts.recorded == 2000 && writer.counts.dropped == 0)
    writer.close(SessionSummary(reason: "duration"))
    let session = try readSession(directory)
    #expect(session.ticks >= 500 && session.missingTicks == 0 && session.reading.skipped == 0)
    #expect(SessionReport(session).checks.first { $0.name == "completeness" }?.result.verdict == .warn)
  }

  @Test func `a file system that dies under a session ends neither the session nor the process`() throws {
    guard let disk = try MountedDisk() else { return }
    let writer = try disk.writer(header)
    for slot in 0..<300 { writer.record(record(slot)) }
    // EXT4_IOC_SHUTDOWN without a last look at the journal: everything answers EIO from now on.
    let root = open(disk.path, O_RDONLY)
    defer { close(root) }
    var flags: UInt32 = 2
    try #require(ioctl(root, 0x8004_587D, &flags) == 0)
    for slot in 300..<1300 {
      writer.record(record(slot))
      usleep(200)
    }
    #expect(eventually { writer.diskTrouble == "Input/output error" }, "\(writer.diskTrouble ?? "no trouble")")
    #expect(writer.counts.recorded == 1300 && writer.counts.dropped == 0)
    writer.close(SessionSummary(reason: "duration"))
  }
}

/// An ext4 of our own in a file; goes away with the value. A class because it owns a mount.
private final class MountedDisk {
  private let folder: URL
  let path: String
  let device: String

  /// The session's place on it.
  var directory: String { "\(path)/s" }

  /// Nil, with a message, where such a disk cannot be had.
  init?() throws {
    let tools = ["/usr/sbin/mkfs.ext4", "/usr/bin/mount"]
    folder = try Repository.temporaryDirectory("disk")
    path = folder.appending(path: "disk").path
    guard geteuid() == 0, tools.allSatisfy(FileManager.default.isExecutableFile(atPath:)) else {
      print("skipped: a disk of our own needs root and mkfs.ext4")
      device = ""
      return nil
    }
    let image = folder.appending(path: "image").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try #require(FileManager.default.createFile(atPath: image, contents: nil) && truncate(image, 48 << 20) == 0)
    let made = try run(URL(filePath: tools[0]), ["-q", image])
    let mounted = try run(URL(filePath: tools[1]), ["-o", "loop,errors=remount-ro", image, path])
    let mounts = try String(contentsOfFile: "/proc/mounts", encoding: .utf8).split(separator: "\n")
    let line = mounts.first { [path] in $0.contains(" \(path) ") }
    device = line?.split(separator: " ").first?.split(separator: "/").last.map(String.init) ?? ""
    guard made.status == 0, mounted.status == 0, !device.isEmpty else {
      print("skipped: no loop device (\(made.errors)\(mounted.errors))")
      return nil
    }
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
    try? FileManager.default.removeItem(at: folder)
  }

  /// A session on it, with a small reserve.
  func writer(_ header: SessionHeader) throws -> SessionWriter {
    var options = SessionWriter.Options()
    options.reserveBytes = 1 << 20
    return try SessionWriter(directory: directory, header: header, options: options, wall: 0, monotonic: 0)
  }
}
