import Command
import Glibc

/// One daemon per target: a lock file named after the target's process id and start time.
///
/// The kernel frees it when the holder dies, however it dies.
public final class TargetLock: Sendable {
  private let descriptor: Int32
  public let path: String

  /// Where lock and status files lie: `$XDG_RUNTIME_DIR/compass`, else `/tmp/compass-UID`.
  public static var directory: String {
    if let runtime = getenv("XDG_RUNTIME_DIR").map({ String(cString: $0) }), access(runtime, W_OK) == 0 {
      return runtime + "/compass"
    }
    return "/tmp/compass-\(getuid())"
  }

  /// - Throws: `CommandError` with exit code 75 when another daemon drives the target.
  public init(pid: Int32, startTime: UInt64) throws {
    let directory = Self.directory
    if mkdir(directory, 0o700) != 0, errno != EEXIST {
      throw CommandError(.cannotCreate, "cannot create \(directory): \(String(cString: strerror(errno)))")
    }
    path = "\(directory)/\(pid)-\(startTime).lock"
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw CommandError(.cannotCreate, "cannot create \(path): \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw CommandError(
        .locked,
        "another compassd drives process \(pid) already (lock \(path)); stop it first, or name another target")
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }
}
