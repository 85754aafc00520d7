import Core
import Glibc
import Telemetry

/// A part of a session as a session of its own, small enough to keep as a test case.
public enum Extract {
  /// Texts and receipts hold the ticks of `ticks` only. The record keeps every input from the session's start to the
  /// end of `ticks`: an agent comes to the state in question by living through what was before.
  /// - Throws: `.cannotCreate` when `output` holds a session already.
  public static func write(_ directory: String, ticks: ClosedRange<Int>, to output: String) throws -> Int {
    let headerPath = "\(directory)/\(SessionFileName.header)"
    guard let header = wholeFile(headerPath) else { throw SessionsFailure.noInput("\(directory) holds no session") }
    guard wholeFile("\(output)/\(SessionFileName.header)") == nil else {
      throw SessionsFailure.cannotCreate("\(output) already holds a session")
    }
    guard makeDirectory(output) else { throw SessionsFailure.cannotCreate("cannot create \(output)") }
    for name in [SessionFileName.decisions, SessionFileName.events] {
      try copyLines("\(directory)/\(name)", to: "\(output)/\(name)", ticks)
    }
    let count = try copyRecord(directory, to: output, last: ticks.upperBound)
    let mark = "{\"extract\":\"\(ticks.lowerBound)..\(ticks.upperBound)\","
    let file = try OutputFile("\(output)/\(SessionFileName.header)")
    file.write(Array(mark.utf8) + header.dropFirst())
    try file.finish()
    return count
  }

  private static func copyLines(_ source: String, to target: String, _ ticks: ClosedRange<Int>) throws {
    let file = try OutputFile(target)
    var line = JSONLine()
    LineReader(source)?.visit { bytes in
      guard line.parse(bytes), let tick = line.integer("tick"), ticks.contains(tick) else { return }
      file.write(Array(bytes) + [0x0A])
    }
    try file.finish()
  }

  private static func copyRecord(_ directory: String, to output: String, last: Int) throws -> Int {
    let reader: RecordReader
    do {
      reader = try RecordReader("\(directory)/\(SessionFileName.record)")
    } catch {
      throw SessionsFailure(error)
    }
    let file = try OutputFile("\(output)/\(SessionFileName.record)")
    let compressor = RecordCompressor(level: 9)
    var count = 0
    var hasHeader = false
    try reader.visit { entry in
      if !hasHeader {
        hasHeader = true
        file.write(RecordChunk.bytes(.header, reader.headerBytes))
        if !reader.learned.isEmpty {
          file.write(RecordChunk.bytes(.learned, RecordCompressor.compressed(reader.learned)))
        }
      }
      guard entry.frame.tick.slot <= last else { return false }
      compressor.append(entry.record)
      count += 1
      if compressor.pendingBytes > 1 << 20, let chunk = compressor.chunk() { file.write(chunk) }
      return true
    }
    if let chunk = compressor.chunk() { file.write(chunk) }
    try file.finish()
    return count
  }
}

/// - Returns: true when the directory is there afterwards.
func makeDirectory(_ path: String) -> Bool {
  mkdir(path, 0o755) == 0 || errno == EEXIST
}
