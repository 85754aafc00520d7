import Core
import Foundation

/// What a directory `Data/environments/NAME/` says of a program that the agent may drive: `environment.json`.
///
/// Paths in it are relative to the directory unless they begin with a slash.
public struct EnvironmentFile: Sendable {
  public let name: String
  public let directory: URL
  /// Name of the executable, as it stands in `/proc/PID/exe`.
  public let process: String
  /// Title of the window that takes the keys.
  public let window: String
  /// Layout files, tried in order.
  public let layouts: [URL]
  public let keys: URL
  /// 512ths of a turn per second while a turn key is down.
  public let turnRate: Double
  /// Units per second while the forward key is down.
  public let runSpeed: Double
  /// The text file to which the client appends its chat; nil when it keeps none, or its operator says where it lies.
  public let chatLog: URL?

  /// Reads and checks `environment.json`.
  /// - Throws: `DataError`; a directory without the file is one too.
  public init(directory: URL) throws(DataError) {
    let url = directory.appending(path: "environment.json")
    let root = try DataNode.parse(try Self.bytes(of: url), file: url.path)
    try root.allowKeys([
      "name", "process", "window", "layouts", "keys", "turn_rate", "run_speed", "chat_log", "lore", "zones", "kits",
      "camps", "policy", "assets", "terrain",
    ])
    self.directory = directory
    let base = URL(filePath: directory.path, directoryHint: .isDirectory)
    name = try root["name"].string()
    process = try root["process"].string()
    window = try root["window"].string()
    var layouts: [URL] = []
    for node in try root["layouts"].array() {
      layouts.append(URL(filePath: try node.string(), relativeTo: base).standardizedFileURL)
    }
    guard !layouts.isEmpty else { throw root["layouts"].error("names no layout") }
    self.layouts = layouts
    keys = URL(filePath: try root["keys"].string(), relativeTo: base).standardizedFileURL
    turnRate = try root["turn_rate"].number(in: 1...4096)
    runSpeed = try root["run_speed"].number(in: 0.1...1000)
    chatLog =
      root["chat_log"].exists
      ? URL(filePath: try root["chat_log"].string(), relativeTo: base).standardizedFileURL : nil
  }

  /// Finds an environment by name under `Data/environments`, or by the path of its directory.
  /// - Throws: `.unknown` with the environments there are, or the faults of its file.
  public static func find(_ nameOrPath: String) throws -> EnvironmentFile {
    let given = URL(filePath: nameOrPath)
    if nameOrPath.contains("/"), FileManager.default.fileExists(atPath: given.path) {
      return try EnvironmentFile(directory: given)
    }
    let root = try dataRoot().appending(path: "environments")
    let known = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).sorted()
    guard known.contains(nameOrPath) else {
      throw UnknownEnvironment(name: nameOrPath, known: known, directory: root.path)
    }
    return try EnvironmentFile(directory: root.appending(path: nameOrPath))
  }

  /// The project's `Data`: COMPASS_DATA when set, else the first one upward from the working directory or program.
  public static func dataRoot() throws(DataError) -> URL {
    if let path = ProcessInfo.processInfo.environment["COMPASS_DATA"] { return URL(filePath: path) }
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
    for start in [FileManager.default.currentDirectoryPath, program] {
      var url = URL(filePath: start).standardizedFileURL
      while url.path != "/" {
        let data = url.appending(path: "Data")
        if FileManager.default.fileExists(atPath: data.appending(path: "environments").path) { return data }
        url = url.deletingLastPathComponent()
      }
    }
    throw DataError(
      file: "Data", cause: "not found upward from here; set COMPASS_DATA to the project's Data directory")
  }

  /// The terrain file of zone `zone`.
  public func terrain(zone: String) -> URL { directory.appending(path: "terrain/\(zone).terrain") }

  static func bytes(of url: URL) throws(DataError) -> Data {
    do {
      return try Data(contentsOf: url)
    } catch {
      throw DataError(file: url.path, cause: "cannot be read")
    }
  }
}

/// There is no environment of this name.
public struct UnknownEnvironment: Error, Sendable, CustomStringConvertible {
  public var name: String
  public var known: [String]
  public var directory: String

  public var description: String {
    "no environment \"\(name)\" in \(directory); there are: \(known.joined(separator: ", ")); a path also does"
  }
}
