import Glibc
import Telemetry

/// The lines of a session's two JSON files, merged by time, for exports.
struct SessionLines {
  enum Kind { case tick, event }

  let directory: String

  /// Calls `body` with every readable line; events come before the tick of the same time.
  func visit(_ body: (Kind, inout JSONLine, UnsafeRawBufferPointer, Double) throws -> Void) rethrows {
    var line = JSONLine()
    // Events are few: their lines are kept, ticks stream past them.
    var events: [(time: Double, bytes: [UInt8])] = []
    LineReader("\(directory)/\(SessionFileName.events)")?.visit { bytes in
      guard line.parse(bytes), let time = line.number("t"), line.text("event") != nil, events.count < 200_000 else {
        return
      }
      events.append((time, Array(bytes)))
    }
    events = events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    var next = 0
    func flush(upTo time: Double) throws {
      while next < events.count, events[next].time <= time {
        try events[next].bytes.withUnsafeBytes { bytes in
          var event = JSONLine()
          if event.parse(bytes) { try body(.event, &event, bytes, events[next].time) }
        }
        next += 1
      }
    }
    try LineReader("\(directory)/\(SessionFileName.decisions)")?.visit { bytes in
      guard line.parse(bytes), line.integer("tick") != nil, let time = line.number("t"), time >= 0, time < 1e9 else {
        return
      }
      try flush(upTo: time)
      try body(.tick, &line, bytes, time)
    }
    try flush(upTo: .infinity)
  }
}

/// Nanoseconds since 1970 of "2026-11-21T09:40:00.123Z"; 0 for anything else.
func nanoseconds(ofISO text: String) -> UInt64 {
  let numbers = text.split { !$0.isNumber }.compactMap { Int64($0) }
  guard numbers.count == 7 else { return 0 }
  var parts = tm()
  parts.tm_year = Int32(clamping: numbers[0] - 1900)
  parts.tm_mon = Int32(clamping: numbers[1] - 1)
  parts.tm_mday = Int32(clamping: numbers[2])
  parts.tm_hour = Int32(clamping: numbers[3])
  parts.tm_min = Int32(clamping: numbers[4])
  parts.tm_sec = Int32(clamping: numbers[5])
  let seconds = timegm(&parts)
  return seconds < 0 ? 0 : UInt64(seconds) * 1_000_000_000 + UInt64(min(999, numbers[6])) * 1_000_000
}

/// A file that grows by pieces; faults are kept and told at the end. A class because it owns a stream.
final class OutputFile {
  private let file: UnsafeMutablePointer<FILE>
  private let path: String
  private(set) var offset: UInt64 = 0
  private(set) var checksum: UInt32 = 0
  private var isBroken = false

  init(_ path: String) throws(SessionsFailure) {
    guard let file = fopen(path, "w") else {
      throw .cannotCreate("cannot create \(path): \(String(cString: strerror(errno)))")
    }
    self.file = file
    self.path = path
  }

  deinit { fclose(file) }

  func write(_ bytes: [UInt8]) {
    checksum = bytes.withUnsafeBytes { CRC32.of($0, after: checksum) }
    offset += UInt64(bytes.count)
    if fwrite(bytes, 1, bytes.count, file) != bytes.count { isBroken = true }
  }

  /// Begins a new checksum.
  func resetChecksum() { checksum = 0 }

  func finish() throws(SessionsFailure) {
    if fflush(file) != 0 || isBroken { throw .cannotCreate("cannot write all of \(path)") }
  }
}
