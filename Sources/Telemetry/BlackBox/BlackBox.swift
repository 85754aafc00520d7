import CLinux
import Core
import Glibc

/// The mapped flight recorder of a session.
///
/// A class because it owns a mapping and a file lock; the lock tells other processes that somebody is writing.
/// `@unchecked Sendable`: the tick thread alone writes the tick queue, the writer thread alone the slots and the
/// commit blocks; what both touch are `SharedWord`s.
final class BlackBox: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let size: Int
  let queueSize: Int
  private let descriptor: Int32

  /// Creates the file at `path`, with all its room allocated: a full disk says so here and never later.
  static func create(
    _ path: String, queueSize: Int, session: UInt64, wall: Int64, monotonic: Int64
  ) throws(SessionError) -> BlackBox {
    let size = BlackBoxLayout.queueAt + queueSize
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotCreate(path, errno: errno) }
    var code = posix_fallocate(descriptor, 0, off_t(size))
    if code == 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0 { code = errno }
    let memory = code == 0 ? mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor, 0) : nil
    guard let memory, memory != MAP_FAILED else {
      if code == 0 { code = errno }
      close(descriptor)
      unlink(path)
      throw .cannotCreate(path, errno: code)
    }
    let box = BlackBox(base: memory, size: size, queueSize: queueSize, descriptor: descriptor)
    box.store(UInt64(bitPattern: wall), at: BlackBoxLayout.wallAt)
    box.store(UInt64(bitPattern: monotonic), at: BlackBoxLayout.monotonicAt)
    box.store(session, at: BlackBoxLayout.sessionAt)
    box.store(UInt64(queueSize), at: BlackBoxLayout.queueSizeAt)
    box.store(UInt64(getpid()), at: BlackBoxLayout.processAt)
    for (index, byte) in bootID().utf8.prefix(36).enumerated() {
      memory.storeBytes(of: byte, toByteOffset: BlackBoxLayout.bootAt + index, as: UInt8.self)
    }
    memory.storeBytes(of: BlackBoxLayout.version, toByteOffset: BlackBoxLayout.versionAt, as: UInt32.self)
    box.state = .open
    box.store(BlackBoxLayout.magic, at: BlackBoxLayout.magicAt)
    return box
  }

  /// Opens what another process left, for recovery.
  /// - Throws: `.inUse` when that process lives, `.unreadable` when the file is not what it should be.
  static func adopt(_ path: String) throws(SessionError) -> BlackBox {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path, cause: errorText(errno)) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .inUse(path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) >= BlackBoxLayout.edgeQueueAt else {
      close(descriptor)
      throw .unreadable(path, cause: "too short for a black box")
    }
    let size = Int(status.st_size)
    let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let memory, memory != MAP_FAILED else {
      close(descriptor)
      throw .unreadable(path, cause: "cannot be mapped")
    }
    let queueSize = memory.load(fromByteOffset: BlackBoxLayout.queueSizeAt, as: UInt64.self)
    let box = BlackBox(base: memory, size: size, queueSize: Int(clamping: queueSize), descriptor: descriptor)
    guard box.load(at: BlackBoxLayout.magicAt) == BlackBoxLayout.magic,
      memory.load(fromByteOffset: BlackBoxLayout.versionAt, as: UInt32.self) == BlackBoxLayout.version
    else { throw .unreadable(path, cause: "no black box of version \(BlackBoxLayout.version)") }
    return box
  }

  private init(base: UnsafeMutableRawPointer, size: Int, queueSize: Int, descriptor: Int32) {
    self.base = base
    self.size = size
    self.queueSize = queueSize
    self.descriptor = descriptor
  }

  deinit {
    munmap(base, size)
    close(descriptor)
  }

  /// The queues are all there: not so when the file was cut, or after a clean end.
  var hasQueues: Bool { queueSize > 0 && BlackBoxLayout.queueAt + queueSize == size && queueSize & 7 == 0 }

  var state: BlackBoxLayout.State? {
    get {
      BlackBoxLayout.State(rawValue: base.load(fromByteOffset: BlackBoxLayout.stateAt, as: UInt32.self))
    }
    set {
      base.storeBytes(of: newValue?.rawValue ?? 0, toByteOffset: BlackBoxLayout.stateAt, as: UInt32.self)
    }
  }

  var boot: String {
    String(
      decoding: UnsafeRawBufferPointer(start: base + BlackBoxLayout.bootAt, count: 36).prefix { $0 != 0 },
      as: UTF8.self)
  }

  var wall: Int64 { Int64(bitPattern: load(at: BlackBoxLayout.wallAt)) }
  var monotonic: Int64 { Int64(bitPattern: load(at: BlackBoxLayout.monotonicAt)) }

  func load(at offset: Int) -> UInt64 { base.load(fromByteOffset: offset, as: UInt64.self) }
  func store(_ word: UInt64, at offset: Int) { base.storeBytes(of: word, toByteOffset: offset, as: UInt64.self) }
  func word(at offset: Int) -> SharedWord { SharedWord(base + offset) }

  /// Ends the session's use: the slots stay, the queues (empty now) are given back to the disk.
  func finish(_ state: BlackBoxLayout.State) {
    self.state = state
    msync(base, size, MS_SYNC)
    _ = ftruncate(descriptor, off_t(BlackBoxLayout.edgeQueueAt))
  }

  /// Makes the pages writable that the tick thread comes to next. Writer thread.
  ///
  /// The kernel write-protects a page of a file whenever it has brought it to the disk; the first store after that
  /// waits for the file system (20-60 microseconds on ext4). Here nobody minds.
  /// - Parameter position: How far the tick queue is written.
  func touchAhead(position: UInt64) {
    word(at: 0).touch()
    for page in 0...BlackBoxLayout.queueBytesAhead / BlackBoxLayout.pageSize {
      let offset = Int((position + UInt64(page * BlackBoxLayout.pageSize)) % UInt64(queueSize))
      word(at: BlackBoxLayout.queueAt + offset / BlackBoxLayout.pageSize * BlackBoxLayout.pageSize).touch()
    }
  }

  func sync() { msync(base, BlackBoxLayout.edgeQueueAt, MS_ASYNC) }
}

// MARK: - Slots

extension BlackBox {
  /// Writes the record of one tick; what is longer than a slot is cut.
  func writeSlot(number: UInt64, _ payload: UnsafeRawBufferPointer) {
    let slot =
      base + BlackBoxLayout.slotsAt + Int(number % UInt64(BlackBoxLayout.slotCount)) * BlackBoxLayout.slotSize
    let kept = UnsafeRawBufferPointer(
      rebasing: payload.prefix(BlackBoxLayout.slotSize - BlackBoxLayout.slotHeaderSize))
    let sequence = SharedWord(slot)
    sequence.store(0)
    if let source = kept.baseAddress {
      (slot + BlackBoxLayout.slotHeaderSize).copyMemory(from: source, byteCount: kept.count)
    }
    slot.storeBytes(of: UInt32(kept.count), toByteOffset: 8, as: UInt32.self)
    slot.storeBytes(of: QuickSum.of(kept), toByteOffset: 12, as: UInt32.self)
    sequence.store(number + 1)
  }

  /// The ticks that the slots hold, oldest first; torn or damaged slots are counted and left out.
  func slots() -> (frames: [TickFrame], damaged: Int) {
    var found: [(UInt64, TickFrame)] = []
    var damaged = 0
    for index in 0..<BlackBoxLayout.slotCount {
      let slot = base + BlackBoxLayout.slotsAt + index * BlackBoxLayout.slotSize
      let sequence = SharedWord(slot)
      let before = sequence.load()
      if before == 0 && slot.load(fromByteOffset: 8, as: UInt32.self) == 0 { continue }
      let length = Int(slot.load(fromByteOffset: 8, as: UInt32.self))
      let sum = slot.load(fromByteOffset: 12, as: UInt32.self)
      guard before != 0, length <= BlackBoxLayout.slotSize - BlackBoxLayout.slotHeaderSize else {
        damaged += 1
        continue
      }
      // Copied first: the tick thread may go over it meanwhile.
      let copy = [UInt8](UnsafeRawBufferPointer(start: slot + BlackBoxLayout.slotHeaderSize, count: length))
      let frame = copy.withUnsafeBytes { bytes -> TickFrame? in
        guard sequence.load() == before, QuickSum.of(bytes) == sum else { return nil }
        var reader = ByteReader(bytes)
        return try? reader.tickFrame(isCut: true)
      }
      guard let frame else {
        damaged += 1
        continue
      }
      found.append((before, frame))
    }
    return (found.sorted { $0.0 < $1.0 }.map(\.1), damaged)
  }
}
