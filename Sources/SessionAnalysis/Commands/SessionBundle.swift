import CZstd
import Core
import Glibc
import Telemetry

/// What to attach to a bug report: one compressed archive.
public struct SessionBundle: Sendable {
  /// The files inside.
  public private(set) var names: [String] = []
  /// Whether the files of an anonymous bundle replay, as a sentence for a reader.
  public private(set) var replay: String?

  /// Writes a `.tar.zst`.
  ///
  /// With `isAnonymous` players get other names, in all files alike; speech, notes and the path of the environment go.
  /// What was written is then replayed. A session without a record does not say who is a player: every name in it
  /// becomes a number then, the logs stay out, and it cannot be replayed.
  public static func write(_ directory: String, to path: String, isAnonymous: Bool) throws -> SessionBundle {
    let report = SessionReport(try readSession(directory))
    var archive = Archive()
    var bundle = SessionBundle()
    let pseudonyms = isAnonymous ? try AnonymousRecord.pseudonyms(directory) : nil
    archive.add("report.txt", Array((isAnonymous ? report.checkText : report.text).utf8), pseudonyms)
    for name in directoryEntries(directory) where isPart(name, hasAllNames: !isAnonymous || pseudonyms != nil) {
      guard isAnonymous else {
        archive.add(name, wholeFile("\(directory)/\(name)") ?? [])
        continue
      }
      archive.add(name, try anonymous(name, in: directory, pseudonyms))
    }
    let file = try OutputFile(path)
    file.write(archive.compressed())
    try file.finish()
    bundle.names = archive.names
    if isAnonymous { bundle.replay = try pseudonyms.map { _ in try replayed(archive, beside: path) } ?? noReplay }
    return bundle
  }

  private static let noReplay =
    "the bundle cannot be replayed: without a record nobody knows which names are players', and all became numbers"

  private static func isPart(_ name: String, hasAllNames: Bool) -> Bool {
    if [SessionFileName.header, SessionFileName.events, SessionFileName.decisions].contains(name) { return true }
    return hasAllNames
      && (name == SessionFileName.record || name == LogTier.session.fileName || name.hasPrefix("forensics-"))
  }

  private static func anonymous(_ name: String, in directory: String, _ pseudonyms: Pseudonyms?) throws -> [UInt8] {
    let bytes = name == SessionFileName.record ? [] : wholeFile("\(directory)/\(name)") ?? []
    if name == SessionFileName.header { return AnonymousRecord.header(bytes, pseudonyms ?? Pseudonyms()) }
    guard let pseudonyms else { return anonymous(bytes) }
    if name == SessionFileName.record { return try AnonymousRecord.bytes(directory, pseudonyms) }
    return pseudonyms.replaced(bytes)
  }

  /// Replays what is in the archive, in a directory of its own beside it.
  private static func replayed(_ archive: Archive, beside path: String) throws -> String {
    let directory = path + ".check"
    guard makeDirectory(directory) else { throw SessionsFailure.cannotCreate("cannot create \(directory)") }
    defer {
      for name in directoryEntries(directory) { unlink("\(directory)/\(name)") }
      rmdir(directory)
    }
    for (name, content) in archive.parts
    where name == SessionFileName.header || name == SessionFileName.record {
      let file = try OutputFile("\(directory)/\(name)")
      file.write(content)
      try file.finish()
    }
    do {
      let outcome = try Replay.run(directory)
      return outcome.isEqual
        ? "the bundle replays: \(outcome.ticks) ticks, 0 different"
        : "the bundle replays with \(outcome.different) of \(outcome.ticks) ticks different, the first "
          + "\(outcome.first?.tick ?? 0): a decision depended on a name"
    } catch {
      return "the bundle was not replayed here: \(error)"
    }
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
  private(set) var parts: [(name: String, content: [UInt8])] = []
  private var bytes: [UInt8] = []

  var names: [String] { parts.map(\.name) }

  mutating func add(_ name: String, _ content: [UInt8], _ pseudonyms: Pseudonyms? = nil) {
    let content = pseudonyms?.replaced(content) ?? content
    parts.append((name, content))
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
