import CLinux
import Glibc

/// The keys that a daemon has down, in a small mapped file: whoever is left when the daemon dies can release them.
///
/// A bit is set before the key goes down and cleared after it came up. Words: magic, heartbeat of the daemon and of
/// the guard (CLOCK_MONOTONIC, nanoseconds), process id of the daemon, releases by the guard, then 256 bits.
// @unchecked: all access to the mapping is by atomic words, and the fields are constants.
public final class HeldKeysFile: @unchecked Sendable {
  private static let magic: UInt64 = 0x4B45_5953_4845_4C44
  private static let byteCount = 4096
  private static let bitmap = 8

  public let path: String
  private let words: UnsafeMutablePointer<UInt64>

  /// Maps the file, made new and empty when `creating`; nil when that is impossible.
  init?(path: String, creating: Bool) {
    let flags = creating ? O_RDWR | O_CREAT | O_TRUNC : O_RDWR
    let descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    if creating, posix_fallocate(descriptor, 0, Self.byteCount) != 0 { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size >= Self.byteCount,
      let mapping = mmap(nil, Self.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      mapping != MAP_FAILED
    else { return nil }
    words = mapping.bindMemory(to: UInt64.self, capacity: Self.byteCount / 8)
    self.path = path
    if creating {
      linux_store(words + 3, UInt64(getpid()))
      linux_store(words, Self.magic)
    } else if linux_load(words) != Self.magic {
      return nil
    }
  }

  deinit { munmap(words, Self.byteCount) }

  private func beat(_ word: Int) { linux_store(words + word, UInt64(linux_monotonic_nanoseconds())) }

  private func age(_ word: Int) -> Int64 {
    linux_monotonic_nanoseconds() - Int64(truncatingIfNeeded: linux_load(words + word))
  }

  func daemonBeats() { beat(1) }
  func guardBeats() { beat(2) }
  /// Nanoseconds since the daemon's, or the guard's, last beat.
  var daemonAge: Int64 { age(1) }
  var guardAge: Int64 { age(2) }
  var daemonPID: Int32 { Int32(truncatingIfNeeded: linux_load(words + 3)) }
  /// How often the guard had to release keys.
  var guardReleases: Int { Int(truncatingIfNeeded: linux_load(words + 4)) }
  func countGuardRelease() { linux_store(words + 4, linux_load(words + 4) &+ 1) }

  func set(_ keycode: UInt8) { linux_set_bits(words + Self.bitmap + Int(keycode / 64), 1 << UInt64(keycode % 64)) }
  func clear(_ keycode: UInt8) {
    linux_clear_bits(words + Self.bitmap + Int(keycode / 64), 1 << UInt64(keycode % 64))
  }

  /// Keycodes that are, or may be, down.
  func keycodes() -> [UInt8] {
    var keycodes: [UInt8] = []
    for keycode in UInt8.min...UInt8.max {
      let bits = linux_load(words + Self.bitmap + Int(keycode / 64))
      if bits >> UInt64(keycode % 64) & 1 == 1 { keycodes.append(keycode) }
    }
    return keycodes
  }
}

/// Releases the keys that dead daemons left down, as their files tell.
public enum LeftoverKeys {
  /// - Returns: The number of keys released, nil when there is no display `display`.
  public static func release(display: String, everyKey: Bool) -> Int? {
    guard let connection = XConnection(name: display) else { return nil }
    var keycodes: Set<UInt8> = []
    let directory = RuntimeDirectory.path
    for name in names(in: directory).sorted() where name.hasSuffix(".held") {
      guard let file = HeldKeysFile(path: "\(directory)/\(name)", creating: false) else { continue }
      guard kill(file.daemonPID, 0) != 0, errno == ESRCH else { continue }
      keycodes.formUnion(file.keycodes())
      unlink(file.path)
    }
    let down = connection.keysDown()
    let pressed = (0...255).filter { down[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }.map { UInt8($0) }
    let released = pressed.filter { everyKey || keycodes.contains($0) }
    for keycode in released { connection.send(keycode: keycode, down: false) }
    connection.sync()
    return released.count
  }

  private static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      names.append(name)
    }
    return names
  }
}
