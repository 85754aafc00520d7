import CZstd
import Core
import Glibc
import Telemetry

/// What to attach to a bug report: one compressed archive.
public enum SessionBundle {
  /// Writes a `.tar.zst`. With `isAnonymous`, names of entities become numbers, and what holds names in a form that
  /// cannot be rewritten (logs, record, forensics) stays out; such a bundle does not replay.
  /// - Returns: the names of the files inside.
  public static func write(_ directory: String, to path: String, isAnonymous: Bool) throws -> [String] {
    let report = SessionReport(try readSession(directory))
    var archive = Archive()
    archive.add("report.txt", Array((isAnonymous ? report.checkText : report.text).utf8))
    for name in directoryEntries(directory) where isPart(name, isAnonymous) {
      guard let bytes = wholeFile("\(directory)/\(name)") else { continue }
      archive.add(name, isAnonymous && name.hasSuffix(".jsonl") ? anonymous(bytes) : bytes)
    }
    let file = try OutputFile(path)
    file.write(archive.compressed())
    try file.finish()
    return archive.names
  }

  private static func isPart(_ name: String, _ isAnonymous: Bool) -> Bool {
    if [SessionFileName.header, SessionFileName.events, SessionFileName.decisions].contains(name) { return true }
    return !isAnonymous
      && (name == SessionFileName.record || name == LogTier.session.fileName || name.hasPrefix("forensics-"))
  }

  /// Puts "name-NUMBER" for the values of `name` and `attacker`, equal for equal names.
  private static func anonymous(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    let keys = [Array("\"name\":\"".utf8), Array("\"attacker\":\"".utf8)]
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\""), let key = keys.first(where: { bytes[index...].starts(with: $0) })
      else {
        output.append(bytes[index])
        index += 1
        continue
      }
      output += key
      index += key.count
      var hash = StableHash()
      while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
        hash.combine(UInt64(bytes[index]))
        index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
      }
      output += Array("name-\(hash.value % 100_000)".utf8)
    }
    return output
  }
}

/// A tar archive (POSIX ustar) in memory.
private struct Archive {
  private(set) var names: [String] = []
  private var bytes: [UInt8] = []

  mutating func add(_ name: String, _ content: [UInt8]) {
    names.append(name)
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
    }
    func octal(_ number: Int, _ width: Int) -> String {
      let digits = String(number, radix: 8)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    put(String(name.prefix(99)), at: 0)
    put("0000644", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put(octal(content.count, 11), at: 124)
    put("00000000000", at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
    header[154] = 0
    header[155] = UInt8(ascii: " ")
    bytes += header + content
    bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  func compressed() -> [UInt8] {
    let whole = bytes + [UInt8](repeating: 0, count: 1024)
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(whole.count))
    let count = ZSTD_compress(&output, output.count, whole, whole.count, 9)
    return Array(output[..<min(count, output.count)])
  }
}
