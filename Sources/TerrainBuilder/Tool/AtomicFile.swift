import Glibc

/// Why a file could not be written; the text names it.
public struct WriteError: Error, Sendable, CustomStringConvertible {
  public let description: String
}

/// Files that appear whole or not at all.
public enum AtomicFile {
  /// Writes beside the target, syncs, renames, syncs the directory. Nothing is left behind when it fails.
  public static func write(_ bytes: [UInt8], to path: String) throws(WriteError) {
    let temporary = "\(path).\(getpid()).new"
    func failure(_ what: String) -> WriteError {
      let cause = String(cString: strerror(errno))
      unlink(temporary)
      return WriteError(description: "\(path): \(what): \(cause)")
    }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("cannot create \(temporary)") }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        close(descriptor)
        throw failure("cannot write")
      }
      done += count
    }
    let isSynced = fsync(descriptor) == 0
    guard close(descriptor) == 0, isSynced else { throw failure("cannot write") }
    guard rename(temporary, path) == 0 else { throw failure("cannot rename") }
    let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let place = open(directory.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : directory, O_RDONLY | O_CLOEXEC)
    guard place >= 0 else { return }
    fsync(place)
    close(place)
  }
}
