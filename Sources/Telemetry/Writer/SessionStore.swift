import Core
import Glibc

/// A directory of sessions: names new ones, recovers those that a crash left, and lets old ones go.
public struct SessionStore: Sendable {
  public let root: String
  /// Sessions younger than this stay.
  public var keepsDays = 7
  /// So many of the newest stay, whatever their age.
  public var keepsAtLeast = 5

  public init(root: String) {
    self.root = root
  }

  /// Sessions in the root, oldest first by name.
  public var sessions: [String] {
    directoryEntries(root).map { "\(root)/\($0)" }.filter { exists("\($0)/\(SessionFileName.header)") }
  }

  /// The path of a new session, named for its start (UTC); it does not exist yet.
  public func newDirectory(wall: Int64? = nil) -> String {
    let stamp = WallClock.compact(wall ?? wallNanoseconds())
    var path = "\(root)/\(stamp)"
    var count = 1
    while exists(path) {
      count += 1
      path = "\(root)/\(stamp)-\(count)"
    }
    return path
  }

  /// Recovers every session that was not closed and whose process is gone.
  /// - Returns: the sessions that were, with what was found.
  @discardableResult
  public func recoverAll() -> [(directory: String, outcome: SessionRecovery.Outcome)] {
    sessions.compactMap { directory in
      guard let outcome = try? SessionRecovery.recover(directory), outcome != .nothingToDo else { return nil }
      return (directory, outcome)
    }
  }

  /// Deletes sessions older than `keepsDays`, but never one of the newest `keepsAtLeast`, nor one that is being
  /// written. Only what a session consists of is deleted; a directory with other things in it stays.
  /// - Returns: what was deleted.
  @discardableResult
  public func sweep(wall: Int64? = nil) -> [String] {
    let now = wall ?? wallNanoseconds()
    let horizon = now - Int64(keepsDays) * 86_400_000_000_000
    return sessions.dropLast(keepsAtLeast).filter { directory in
      var status = stat()
      guard stat("\(directory)/\(SessionFileName.header)", &status) == 0 else { return false }
      let changed = Int64(status.st_mtim.tv_sec) * 1_000_000_000
      guard changed < horizon, !Self.isBeingWritten(directory) else { return false }
      return delete(directory)
    }
  }

  /// A living process has the session open for writing.
  public static func isBeingWritten(_ directory: String) -> Bool {
    let descriptor = open("\(directory)/\(SessionFileName.blackBox)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0
  }

  private func delete(_ directory: String) -> Bool {
    let own = Set(
      SessionFiles.Name.allCases.map(\.fileName)
        + [SessionFileName.header, SessionFileName.blackBox, SessionFileName.reserve])
    // The header goes last: what is cut short stays a session, and is swept again.
    for name in directoryEntries(directory) {
      let plain = name.hasSuffix(".zst") ? String(name.dropLast(4)) : name
      guard own.contains(plain) || name.hasPrefix("forensics-") else { continue }
      if name != SessionFileName.header { unlink("\(directory)/\(name)") }
    }
    unlink("\(directory)/\(SessionFileName.header)")
    return rmdir(directory) == 0
  }
}
