import Agent
import Command
import Core
import Glibc
import Motor
import Synchronization
import Telemetry

/// The board that the daemons of one party share: a file in the user's runtime directory, mapped by all of them. Each
/// writes one line of it, anew in every tick, and reads the others'.
///
/// A line belongs to whoever holds its lock file, so that it is free again when its daemon dies. A line that has not
/// been written for a while counts for nothing, and neither does one that is half written.
final class PartyBoard {
  static let members = 16
  /// Nobody is older than this. Unit: nanoseconds.
  static let freshNanoseconds: Int64 = 1_500_000_000

  // A line: a sequence that is odd while the line is being written, the time, the note's bytes, the note.
  private static let lineWords = 32
  private static let noteWords = 29
  private static let boardBytes = members * lineWords * 8

  /// Which line is ours.
  let line: Int
  private let lock: Int32
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  private var sequence: UInt64
  private let note: UnsafeMutableRawBufferPointer

  /// Joins a party, which is there as soon as one joins it.
  /// - Parameter name: Letters, digits and dashes, at most 32.
  init(party name: String) throws {
    guard (1...32).contains(name.utf8.count), name.utf8.allSatisfy({ $0 == 0x2D || Self.isAlphanumeric($0) }) else {
      throw CommandError(.usage, "a party's name is at most 32 letters, digits and dashes, not \"\(name)\"")
    }
    if let fault = RuntimeDirectory.create() { throw CommandError(.cannotCreate, fault) }
    let path = "\(RuntimeDirectory.path)/party-\(name)"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0, ftruncate(descriptor, off_t(Self.boardBytes)) == 0,
      let start = mmap(nil, Self.boardBytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), start != MAP_FAILED
    else {
      let cause = String(cString: strerror(errno))
      if descriptor >= 0 { close(descriptor) }
      throw CommandError(.cannotCreate, "the party's board \(path) cannot be opened: \(cause)")
    }
    close(descriptor)
    words = start.assumingMemoryBound(to: Atomic<UInt64>.self)
    note = .allocate(byteCount: Self.noteWords * 8, alignment: 8)
    guard let (line, lock) = Self.claim(path) else {
      munmap(start, Self.boardBytes)
      note.deallocate()
      throw CommandError(.unavailable, "the party \(name) has \(Self.members) members already")
    }
    self.line = line
    self.lock = lock
    // One that died while it wrote left it odd.
    sequence = (words[line * Self.lineWords].load(ordering: .relaxed) &+ 1) & ~1
    put(nil, now: 0)
  }

  deinit {
    put(nil, now: 0)
    munmap(UnsafeMutableRawPointer(words), Self.boardBytes)
    note.deallocate()
    close(lock)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
  }

  /// The first line that nobody holds.
  private static func claim(_ path: String) -> (line: Int, lock: Int32)? {
    for line in 0..<members {
      let descriptor = open("\(path).\(line).lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else { return nil }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return (line, descriptor) }
      close(descriptor)
    }
    return nil
  }

  /// Writes our line; nil wipes it.
  /// - Parameter now: Monotonic time. Unit: nanoseconds.
  func put(_ told: PeerNote?, now: Int64) {
    let start = line * Self.lineWords
    var count = 0
    if let told {
      var writer = ByteWriter(note)
      writer.put(peer: told)
      count = writer.isFull ? 0 : writer.count
    }
    sequence &+= 1
    words[start].store(sequence, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    words[start + 1].store(UInt64(bitPattern: now), ordering: .relaxed)
    words[start + 2].store(UInt64(count), ordering: .relaxed)
    for word in 0..<(count + 7) / 8 {
      words[start + 3 + word].store(note.load(fromByteOffset: word * 8, as: UInt64.self), ordering: .relaxed)
    }
    sequence &+= 1
    words[start].store(sequence, ordering: .releasing)
  }

  /// What the others told of themselves, in the order of their lines.
  /// - Parameter now: Monotonic time. Unit: nanoseconds.
  func others(now: Int64) -> [PeerNote] {
    var notes: [PeerNote] = []
    for other in 0..<Self.members where other != line {
      if let note = read(other, now) { notes.append(note) }
    }
    return notes
  }

  private func read(_ other: Int, _ now: Int64) -> PeerNote? {
    let start = other * Self.lineWords
    let before = words[start].load(ordering: .acquiring)
    let written = Int64(bitPattern: words[start + 1].load(ordering: .relaxed))
    let count = words[start + 2].load(ordering: .relaxed)
    guard before & 1 == 0, count > 0, count <= UInt64(Self.noteWords * 8), now >= written,
      now &- written <= Self.freshNanoseconds
    else { return nil }
    for word in 0..<(Int(count) + 7) / 8 {
      note.storeBytes(of: words[start + 3 + word].load(ordering: .relaxed), toByteOffset: word * 8, as: UInt64.self)
    }
    atomicMemoryFence(ordering: .acquiring)
    // Written anew meanwhile: it is there in the next tick.
    guard words[start].load(ordering: .relaxed) == before else { return nil }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: note[..<Int(count)]))
    guard let peer = try? reader.peer(), peer.position.isFinite else { return nil }
    return peer
  }
}
