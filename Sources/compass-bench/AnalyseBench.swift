import CLinux
import Command
import Core
import Glibc
import SessionAnalysis
import Telemetry

/// Reads a long session back; `COMPASS_BENCH_BYTES` sets its size (64 MB otherwise). Where `jq` is installed, it
/// parses the same file for comparison.
func benchAnalyse(asJSON: Bool) throws {
  let bytes = getenv("COMPASS_BENCH_BYTES").flatMap { Int(String(cString: $0)) } ?? 64 << 20
  let directory = "/tmp/compass-bench-analyse-\(getpid())"
  defer { removeSession(directory) }
  let size = try writeLongSession(directory, bytes: bytes)
  let start = linux_monotonic_nanoseconds()
  let report = SessionReport(try readSession(directory))
  let seconds = Double(linux_monotonic_nanoseconds() - start) / 1e9
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  var extras: [(key: String, value: Double)] = [
    ("megabytes", Double(size) / 1e6), ("seconds", seconds), ("megabytes_per_second", Double(size) / 1e6 / seconds),
    ("peak_megabytes", Double(usage.ru_maxrss) / 1024), ("ticks", Double(report.session.ticks)),
  ]
  let jqStart = linux_monotonic_nanoseconds()
  if runShell("jq -c .tick \(directory)/\(SessionFileName.decisions) > /dev/null") {
    extras.append(("jq_seconds", Double(linux_monotonic_nanoseconds() - jqStart) / 1e9))
  }
  Measurement(name: "analyse", label: "digest and checks", samples: [seconds * 1e6], allocations: 0, extras: extras)
    .report(asJSON: asJSON)
}

/// A session of real lines: the writer makes the first of them, the rest are the same with later ticks.
/// - Returns: bytes of the receipts' file.
private func writeLongSession(_ directory: String, bytes: Int) throws -> Int {
  let header = SessionHeader(mode: .simulated, version: Version.number, environment: "none", seed: 1)
  var options = SessionWriter.Options.inline
  options.loosestTier = .event
  options.writesRecord = false
  let writer = try SessionWriter(directory: directory, header: header, options: options, wall: 0, monotonic: 0)
  var walk = BenchWalk(spawns: 0)
  let ticks = 36_000
  for slot in 0..<ticks {
    walk.step(slot)
    let output = walk.output(slot)
    let vitals = TickVitals(
      zone: ZoneID(1), position: Position(12.5, Double(slot % 999), 3), health: 0.8, mana: 0.5)
    writer.record(
      TickRecord(
        timing: TickTiming(monotonic: Int64(slot) * 100_000_000, lateness: 80_000, thinking: 400_000),
        vitals: vitals, receipt: output.receipt, commands: output.commands, decisionHash: UInt64(slot)))
  }
  writer.close(SessionSummary(reason: "benchmark"))
  return try extend("\(directory)/\(SessionFileName.decisions)", to: bytes, ticks: ticks)
}

/// Appends the lines of the file again and again until it has `bytes`, each time `ticks` later.
/// - Returns: the bytes it has then.
private func extend(_ path: String, to bytes: Int, ticks: Int) throws -> Int {
  let descriptor = open(path, O_RDWR | O_APPEND)
  guard descriptor >= 0 else { throw SessionError.unreadable(path, cause: "cannot be read") }
  defer { close(descriptor) }
  var size = Int(lseek(descriptor, 0, SEEK_END))
  var piece = [UInt8](repeating: 0, count: size)
  guard pread(descriptor, &piece, size, 0) == size else {
    throw SessionError.unreadable(path, cause: "cannot be read")
  }
  // What follows tick and time in each line, which are its tenth of a second.
  let rests = piece.split(separator: 0x0A).map { line in
    line[(line.indices.filter { line[$0] == UInt8(ascii: ",") }.dropFirst().first ?? line.startIndex)...]
  }
  var output: [UInt8] = []
  var tick = ticks
  while size < bytes {
    output.removeAll(keepingCapacity: true)
    for rest in rests {
      output += "{\"tick\":\(tick),\"t\":\(tick / 10).\(tick % 10)".utf8
      output += rest
      output.append(0x0A)
      tick += 1
    }
    guard write(descriptor, output, output.count) == output.count else {
      throw SessionError.cannotCreate(path, errno: errno)
    }
    size += output.count
  }
  return size
}

/// - Returns: true when the command ended well.
private func runShell(_ command: String) -> Bool {
  var pid = pid_t()
  var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(command), nil]
  defer { for argument in arguments { free(argument) } }
  guard posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return false }
  var status: Int32 = 0
  return waitpid(pid, &status, 0) == pid && status == 0
}
