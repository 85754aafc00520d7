import Core
import Glibc
import Telemetry

/// What `session.json` says.
public struct SessionInfo: Sendable {
  public var directory: String
  public var identity = ""
  public var started = ""
  public var mode = ""
  public var version = ""
  public var build = ""
  public var environment = ""
  public var layout = ""
  public var seed: UInt64 = 0
  public var phase = 0
  public var configuration = ""
  public var data: [(name: String, hash: String)] = []
  public var notes: [String] = []
  public var isComplete = false
  public var isRecovered = false
  /// Its process lives and goes on writing.
  public var isBeingWritten = false
  /// Why it ended; empty when it was not closed.
  public var reason = ""
  /// What the writer counted, when it was closed.
  public var ticks: Int?
  public var dropped: Int?
  public var figures: [(name: String, value: Double)] = []
  /// Why the header cannot be read, when it cannot.
  public var fault: String?

  init(directory: String) {
    self.directory = directory
  }

  /// How it ended, in a word or two.
  public var state: String {
    if isComplete { return "closed (\(reason))" }
    return isRecovered ? "killed, recovered" : isBeingWritten ? "being written" : "not closed"
  }

  /// - Throws: `.notASession` when there is neither a header nor any of the session's files.
  public static func read(_ directory: String) throws(SessionError) -> SessionInfo {
    let path = "\(directory)/\(SessionFileName.header)"
    if let bytes = wholeFile(path) {
      var info = parse(bytes, file: path, directory: directory)
      info.isBeingWritten = !info.isComplete && SessionStore.isBeingWritten(directory)
      return info
    }
    let names = directoryEntries(directory)
    let logs = [SessionFileName.decisions, SessionFileName.decisions + PackedFile.suffix, SessionFileName.record]
    guard logs.contains(where: names.contains) else {
      throw .notASession(directory)
    }
    var info = SessionInfo(directory: directory)
    info.fault = "no \(SessionFileName.header)"
    return info
  }

  static func parse(_ bytes: [UInt8], file: String, directory: String) -> SessionInfo {
    var info = SessionInfo(directory: directory)
    do {
      try info.fill(DataNode.parse(bytes, file: file))
    } catch {
      info.fault = "\(error)"
    }
    return info
  }

  private mutating func fill(_ root: DataNode) throws(DataError) {
    identity = try root["session"].string()
    started = try root["started"].string()
    mode = try root["mode"].string()
    version = try root["version"].string()
    build = try root["build"].string()
    environment = try root["environment"].string()
    layout = try root["layout"].string()
    guard let number = UInt64(try root["seed"].string()) else { throw root["seed"].error("expected a whole number") }
    seed = number
    phase = try root["phase"].integer(in: 0...255)
    configuration = try root["configuration"].string()
    for node in try root["data"].array() {
      data.append((try node["name"].string(), try node["hash"].string()))
    }
    for note in try root["notes"].array() { notes.append(try note.string()) }
    isComplete = try root["complete"].boolean()
    if root["recovered"].exists { isRecovered = try root["recovered"].boolean() }
    guard isComplete else { return }
    reason = try root["reason"].string()
    ticks = try root["ticks"].integer()
    dropped = try root["dropped"].integer()
    for (name, value) in try root["figures"].object() { figures.append((name, try value.number())) }
  }
}

/// A small file whole, or its beginning; nil when it cannot be read.
func wholeFile(_ path: String, limit: Int = 64 << 20) -> [UInt8]? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count < limit {
    let count = fread(&chunk, 1, chunk.count, file)
    guard count > 0 else { break }
    bytes.append(contentsOf: chunk[..<count])
  }
  return bytes
}
