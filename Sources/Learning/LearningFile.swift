import Core
import Glibc

/// The file in which experience outlives a session. Saving replaces it in one step and keeps the one before as
/// `FILE.1`; a damaged one is put aside, never overwritten.
///
///     let file = LearningFile(path: "learned-sandbox.sqlite")
///     let opened = try file.open()
///     for remark in opened.remarks { say(remark) }
///     try file.save(agent.learned)
public struct LearningFile: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// What was found.
  public struct Opened: Sendable {
    /// Nil where there is none yet.
    public var state: LearnedState?
    /// What a person should know: that a file was damaged, and where it lies now.
    public var remarks: [String] = []
  }

  /// Why experience can be neither read nor kept.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(path: String, errno: Int32)
    case unwritable(path: String, errno: Int32)
    /// A newer version wrote it; it is left as it is.
    case newer(path: String, version: Int)
    case store(LearningStoreError)

    public var description: String {
      switch self {
      case .unreadable(let path, let code): "\(path) cannot be read: \(String(cString: strerror(code)))"
      case .unwritable(let path, let code): "\(path) cannot be written: \(String(cString: strerror(code)))"
      case .newer(let path, let version):
        "\(path) was written by a newer version (its form is \(version)); it is left alone: name another file"
      case .store(let error): error.description
      }
    }
  }

  /// Reads the file. A damaged one is renamed to `FILE.corrupt-TIME` and the one before is read in its place.
  public func open() throws(Failure) -> Opened {
    var opened = Opened()
    switch try read(path) {
    case .none: return opened
    case .good(let state): opened.state = state
    case .damaged(let cause):
      opened.remarks.append("the experience in \(path) is damaged (\(cause)); it is kept as \(try putAside())")
      switch try read(previousPath) {
      case .good(let state):
        opened.state = state
        opened.remarks.append("the experience as saved before that, \(previousPath), is used")
      case .none, .damaged: opened.remarks.append("there is none saved before that: this session begins without")
      }
    }
    return opened
  }

  /// Replaces the file by `state`, or leaves it as it was.
  public func save(_ state: LearnedState) throws(Failure) {
    let image: [UInt8]
    do {
      image = try LearningStore.image(of: state)
    } catch {
      throw .store(error)
    }
    let draft = "\(path).draft-\(getpid())"
    let code = write(image, to: draft)
    guard code == 0 else {
      unlink(draft)
      throw .unwritable(path: draft, errno: code)
    }
    unlink(previousPath)
    link(path, previousPath)
    guard rename(draft, path) == 0 else {
      let code = errno
      unlink(draft)
      throw .unwritable(path: path, errno: code)
    }
    syncDirectory()
  }

  var previousPath: String { "\(path).1" }
}

extension LearningFile {
  private enum Content {
    case none
    case good(LearnedState)
    case damaged(String)
  }

  private func read(_ path: String) throws(Failure) -> Content {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return .none }
      throw .unreadable(path: path, errno: errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path: path, errno: EINVAL) }
    guard status.st_size <= LearningStore.imageSizeMax else {
      return .damaged("\(status.st_size) bytes are too many")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: path, errno: errno) }
      if count == 0 { break }
      done += count
    }
    do throws(LearningStoreError) {
      return .good(try LearningStore.state(image: Array(bytes.prefix(done))))
    } catch {
      if case .version(let number) = error { throw .newer(path: path, version: number) }
      return .damaged(error.description)
    }
  }

  /// Gives the damaged file a name that nothing else has.
  private func putAside() throws(Failure) -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    var stamp = ""
    for (part, width) in [
      (Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2), (Int(parts.tm_hour), 2),
      (Int(parts.tm_min), 2), (Int(parts.tm_sec), 2),
    ] {
      let digits = String(part)
      stamp += String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    for number in 0..<1000 {
      let name = "\(path).corrupt-\(stamp)" + (number == 0 ? "" : "-\(number)")
      // `link` refuses a name that exists; `rename` would overwrite it.
      guard link(path, name) == 0 else {
        if errno == EEXIST { continue }
        break
      }
      unlink(path)
      return name
    }
    throw .unwritable(path: "\(path).corrupt-\(stamp)", errno: errno)
  }

  /// Writes and syncs; 0, or what went wrong.
  private func write(_ bytes: [UInt8], to path: String) -> Int32 {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return errno }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        close(descriptor)
        return code
      }
      done += count
    }
    let code = fsync(descriptor) == 0 ? 0 : errno
    close(descriptor)
    return code
  }

  private func syncDirectory() {
    let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = Glibc.open(directory.isEmpty ? "/" : directory, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
