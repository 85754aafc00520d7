import Core
import Telemetry

/// The sessions under a directory, oldest first.
public enum SessionList {
  /// Directories that hold a session: `root` itself, its children, and theirs.
  public static func find(_ root: String) -> [String] {
    func isSession(_ path: String) -> Bool {
      directoryEntries(path).contains { $0 == SessionFileName.header || $0 == SessionFileName.record }
    }
    if isSession(root) { return [root] }
    var found: [String] = []
    for name in directoryEntries(root) {
      let path = "\(root)/\(name)"
      if isSession(path) {
        found.append(path)
      } else {
        found += directoryEntries(path).map { "\(path)/\($0)" }.filter(isSession)
      }
    }
    return found
  }

  /// One line a session, from its header alone.
  public static func text(_ directories: [String]) -> String {
    let width = (directories.map(\.count).max() ?? 8) + 2
    return directories.map { directory in
      guard let info = try? SessionInfo.read(directory) else { return pad(directory, width) + "unreadable" }
      if let fault = info.fault { return pad(directory, width) + "header unreadable: \(fault)" }
      let ticks = info.ticks.map { "\($0) ticks" } ?? "? ticks"
      let defeats = info.figures.first { $0.name == "defeats" }.map { ", \(Int($0.value)) defeats" } ?? ""
      return pad(directory, width)
        + "\(info.started)  \(info.mode)  \(info.environment)  seed \(info.seed)  \(ticks)\(defeats)  \(info.state)"
    }.map(\.printable).joined(separator: "\n")
  }

  public static func json(_ directories: [String]) -> String {
    var json = JSONText()
    json.array { json in
      for directory in directories {
        guard let info = try? SessionInfo.read(directory) else { continue }
        json.object { json in
          json.member("directory", directory)
          json.member("started", info.started)
          json.member("mode", info.mode)
          json.member("environment", info.environment)
          json.member("seed", String(info.seed))
          json.member("complete", info.isComplete)
          json.member("recovered", info.isRecovered)
          if let ticks = info.ticks { json.member("ticks", ticks) }
        }
      }
    }
    return json.text
  }
}
