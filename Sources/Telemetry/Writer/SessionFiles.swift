import Glibc

/// The growing files of a session: text and records are appended to buffers, and written in one go per file.
///
/// Owned by the writer thread. A full disk costs the debug file first, then the verbose one, then the record; T1,
/// T2 and receipts use a reserve that was put aside at the start. When nothing can be written at all (an input/output
/// error, a file system gone read-only), what is important waits in memory, and is tried again every five seconds.
struct SessionFiles {
  /// In order of importance.
  enum Name: Int, CaseIterable {
    case events, decisions, eventLog, sessionLog, record, verboseLog, debugLog

    var fileName: String {
      switch self {
      case .events: SessionFileName.events
      case .decisions: SessionFileName.decisions
      case .eventLog: LogTier.event.fileName
      case .sessionLog: LogTier.session.fileName
      case .record: SessionFileName.record
      case .verboseLog: LogTier.verbose.fileName
      case .debugLog: LogTier.debug.fileName
      }
    }

    /// May use the reserve, and is kept in memory for a while when even that is gone.
    var isImportant: Bool { rawValue <= Name.sessionLog.rawValue }
  }

  private struct File {
    var descriptor: Int32
    var length: UInt64
    var buffer: [UInt8] = []
    var lines = 0
    /// Lines lost since the file was last written.
    var lost = 0
    /// Monotonic time before which nothing is tried.
    var retryAt: Int64 = 0
    /// Why nothing is tried before then.
    var error: Int32 = 0
    /// Behind `length` lies part of a write that failed.
    var hasTail = false
    var isDirty = false
  }

  /// What could not be written, told once it can again.
  struct Dropout: Equatable {
    var file: Name
    var lines: Int
    /// Why; an error number.
    var error: Int32
  }

  static let retryAfter: Int64 = 5_000_000_000
  /// Bytes of an important file that wait in memory while the disk takes nothing.
  static let waitingBytesMax = 4 << 20

  let directory: String
  private let output: DiskOutput
  private var files: [File]
  private let reserveBytes: Int
  private(set) var hasReserve = false
  private(set) var isDiskFull = false
  /// Set when the record lost bytes: its stream must begin anew.
  var recordIsBroken = false

  init(
    directory: String, reserveBytes: Int, output: @escaping DiskOutput = systemOutput
  ) throws(SessionError) {
    self.directory = directory
    self.output = output
    self.reserveBytes = reserveBytes
    files = []
    for name in Name.allCases {
      let path = "\(directory)/\(name.fileName)"
      let descriptor = Self.open(path)
      guard descriptor >= 0 else {
        let code = errno
        for file in files { close(file.descriptor) }
        throw .cannotCreate(path, errno: code)
      }
      files.append(File(descriptor: descriptor, length: UInt64(max(0, lseek(descriptor, 0, SEEK_END)))))
    }
    takeReserve()
  }

  private static func open(_ path: String) -> Int32 {
    Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
  }

  var lengths: [UInt64] { files.map(\.length) }

  /// Why a file cannot be written now, the most important one's; 0 when all can.
  var error: Int32 { files.first { $0.error != 0 }?.error ?? 0 }

  func pending(_ name: Name) -> Int { files[name.rawValue].buffer.count }

  mutating func append(_ name: Name, lines: Int = 1, _ bytes: [UInt8]) {
    files[name.rawValue].buffer.append(contentsOf: bytes)
    files[name.rawValue].lines += lines
  }

  /// Cuts every file to `lengths` where it is longer (what came after was not committed).
  mutating func cut(to lengths: [UInt64]) {
    for index in files.indices where index < lengths.count && files[index].length > lengths[index] {
      if ftruncate(files[index].descriptor, off_t(lengths[index])) == 0 { files[index].length = lengths[index] }
    }
  }

  /// Writes all buffers.
  /// - Returns: what was lost earlier of files that can be written again.
  mutating func flush(now: Int64) -> [Dropout] {
    var recovered: [Dropout] = []
    var hasWritten = false
    func settle(_ name: Name, _ files: inout [File], _ before: File) {
      files[name.rawValue].retryAt = 0
      files[name.rawValue].error = 0
      guard before.lost > 0 else { return }
      recovered.append(Dropout(file: name, lines: before.lost, error: before.error))
      files[name.rawValue].lost = 0
    }
    for name in Name.allCases where !files[name.rawValue].buffer.isEmpty {
      let before = files[name.rawValue]
      guard flush(name, now: now) else { continue }
      hasWritten = true
      settle(name, &files, before)
    }
    // Whose lines were all dropped has nothing to try with; what the disk takes of another is answer enough.
    for name in Name.allCases where hasWritten {
      let file = files[name.rawValue]
      if file.error != 0, file.buffer.isEmpty, file.retryAt <= now, mayWrite(name) { settle(name, &files, file) }
    }
    if !hasReserve, isDiskFull, files.allSatisfy({ $0.retryAt == 0 }) {
      takeReserve()
      if hasReserve { isDiskFull = false }
    }
    return recovered
  }

  /// - Returns: true when everything of the file's buffer, which is not empty, is written.
  private mutating func flush(_ name: Name, now: Int64) -> Bool {
    let index = name.rawValue
    if files[index].retryAt > now || !mayWrite(name) {
      if files[index].retryAt <= now { wait(index, from: now, because: ENOSPC) }
      dropIfNeeded(name)
      return false
    }
    var code = write(name)
    if code == ENOSPC || code == EDQUOT {
      isDiskFull = true
      if name.isImportant, hasReserve {
        giveReserve()
        code = write(name)
      }
    }
    guard code == 0 else {
      wait(index, from: now, because: code)
      dropIfNeeded(name)
      return false
    }
    files[index].buffer.removeAll(keepingCapacity: true)
    files[index].lines = 0
    return true
  }

  private mutating func wait(_ index: Int, from now: Int64, because error: Int32) {
    files[index].retryAt = now + Self.retryAfter
    files[index].error = error
  }

  /// What the reserve gave up is for important files alone: the others wait until it can be put aside again.
  private mutating func mayWrite(_ name: Name) -> Bool {
    guard reserveBytes > 0, isDiskFull, !hasReserve, !name.isImportant else { return true }
    takeReserve()
    if hasReserve { isDiskFull = false }
    return hasReserve
  }

  /// - Returns: 0, or the error number after which nothing of the buffer is in the file.
  private mutating func write(_ name: Name) -> Int32 {
    let index = name.rawValue
    // Nothing may come behind half a record.
    guard !files[index].hasTail || cutTail(index) else { return errno }
    let code = writeAll(files[index].descriptor, files[index].buffer, by: output)
    if code == 0 {
      files[index].length += UInt64(files[index].buffer.count)
      files[index].isDirty = true
    } else {
      files[index].hasTail = true
      _ = cutTail(index)
    }
    return code
  }

  /// Takes away what a failed write left; false, with `errno`, when the disk refuses that too.
  private mutating func cutTail(_ index: Int) -> Bool {
    guard ftruncate(files[index].descriptor, off_t(files[index].length)) == 0 else { return false }
    files[index].hasTail = false
    return true
  }

  private mutating func dropIfNeeded(_ name: Name) {
    let index = name.rawValue
    guard !name.isImportant || files[index].buffer.count > Self.waitingBytesMax else { return }
    files[index].lost += files[index].lines
    files[index].lines = 0
    files[index].buffer.removeAll(keepingCapacity: false)
    if name == .record { recordIsBroken = true }
  }

  /// Brings what is written to the disk, and opens anew what somebody removed or renamed.
  /// - Returns: the error after which the disk lost what it had taken; 0 when all is well.
  mutating func sync() -> Int32 {
    var error: Int32 = 0
    for name in Name.allCases where files[name.rawValue].isDirty {
      let index = name.rawValue
      if fdatasync(files[index].descriptor) != 0 { error = errno }
      files[index].isDirty = false
      var status = stat()
      let path = "\(directory)/\(name.fileName)"
      guard name != .record, !exists(path) || fstat(files[index].descriptor, &status) != 0 || status.st_nlink == 0
      else { continue }
      let descriptor = Self.open(path)
      guard descriptor >= 0 else { continue }
      close(files[index].descriptor)
      files[index].descriptor = descriptor
      files[index].length = UInt64(max(0, lseek(descriptor, 0, SEEK_END)))
      files[index].hasTail = false
    }
    return error
  }

  mutating func finish() {
    _ = sync()
    for index in files.indices {
      close(files[index].descriptor)
      files[index].descriptor = -1
    }
    giveReserve()
  }

  private var reservePath: String { "\(directory)/\(SessionFileName.reserve)" }

  private mutating func takeReserve() {
    guard reserveBytes > 0 else { return }
    let descriptor = Glibc.open(reservePath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    hasReserve = posix_fallocate(descriptor, 0, off_t(reserveBytes)) == 0
    close(descriptor)
    if !hasReserve { unlink(reservePath) }
  }

  private mutating func giveReserve() {
    hasReserve = false
    unlink(reservePath)
  }
}
