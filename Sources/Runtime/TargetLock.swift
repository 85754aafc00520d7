import Command
import Glibc
import Motor

/// One daemon per target: a lock file named after the target's process id and start time.
///
/// The kernel frees it when the holder dies, however it dies.
public final class TargetLock: Sendable {
  private let descriptor: Int32
  public let path: String

  /// - Throws: `CommandError` with exit code 75 when another daemon drives the target.
  public init(pid: Int32, startTime: UInt64) throws {
    if let fault = RuntimeDirectory.create() { throw CommandError(.cannotCreate, fault) }
    path = "\(RuntimeDirectory.path)/\(pid)-\(startTime).lock"
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
