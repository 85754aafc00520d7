import CLinux
import Core
import Foundation
import Synchronization

/// Follows the text file to which a client appends its chat, off the tick thread: a second source of what happens, for
/// clients whose memory shows no chat.
///
/// Only lines that come after the start count, and only whole ones. A file that is cut or replaced is read from its new
/// beginning.
final class ChatLogFile: Sendable {
  private struct Lines {
    var waiting: [FixedText] = []
    var isStopping = false
  }

  let path: String
  private let lines = Mutex(Lines())

  /// Lines that wait at most; older ones give way.
  static let waitingMax = 256
  /// A line that is longer is no chat, and left out. Unit: bytes.
  static let lineSizeMax = 4096
  private static let pauseMicroseconds: UInt32 = 25_000

  init(path: String) {
    self.path = path
    // The first look is taken here, so that no line is lost before the thread runs.
    var opened = ChatTail(path: path)
    _ = opened.read()
    let file = self
    let thread = Thread { [opened] in
      linux_set_thread_name("compass-chat")
      var tail = opened
      while !file.lines.withLock({ $0.isStopping }) {
        let found = tail.read()
        if !found.isEmpty {
          file.lines.withLock { lines in
            lines.waiting.append(contentsOf: found.suffix(Self.waitingMax))
            if lines.waiting.count > Self.waitingMax {
              lines.waiting.removeFirst(lines.waiting.count - Self.waitingMax)
            }
          }
        }
        usleep(Self.pauseMicroseconds)
      }
    }
    thread.start()
  }

  /// Lines since the last call, oldest first.
  func take() -> [FixedText] {
    lines.withLock { lines in
      defer { if !lines.waiting.isEmpty { lines.waiting.removeAll(keepingCapacity: true) } }
      return lines.waiting
    }
  }

  func stop() { lines.withLock { $0.isStopping = true } }
}

/// The end of a growing text file.
struct ChatTail {
  private let path: String
  private var descriptor: Int32 = -1
  private var inode: UInt = 0
  private var offset: off_t = 0
  private var part: [UInt8] = []
  private var isTooLong = false
  /// A file that appears after the first look is new from its first line on.
  private var isFirstLook = true

  init(path: String) { self.path = path }

  /// Whole lines that came since the last call.
  mutating func read() -> [FixedText] {
    defer { isFirstLook = false }
    follow()
    guard descriptor >= 0 else { return [] }
    var found: [FixedText] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    for _ in 0..<16 {
      let count = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, offset) }
      guard count > 0 else { break }
      offset += off_t(count)
      for byte in chunk[..<count] { take(byte, into: &found) }
    }
    return found
  }

  private mutating func take(_ byte: UInt8, into found: inout [FixedText]) {
    guard byte == 0x0A else {
      if part.count < ChatLogFile.lineSizeMax { part.append(byte) } else { isTooLong = true }
      return
    }
    if part.last == 0x0D { part.removeLast() }
    if !isTooLong, !part.isEmpty { found.append(FixedText(String(decoding: part, as: UTF8.self))) }
    part.removeAll(keepingCapacity: true)
    isTooLong = false
  }

  /// Opens the file, anew when another lies at its place, and begins again when it was cut.
  private mutating func follow() {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    if descriptor < 0 || status.st_ino != inode {
      let fresh = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard fresh >= 0 else { return }
      if descriptor >= 0 { close(descriptor) }
      descriptor = fresh
      inode = status.st_ino
      offset = isFirstLook ? status.st_size : 0
      part = []
      isTooLong = false
    } else if status.st_size < offset {
      offset = 0
      part = []
      isTooLong = false
    }
  }
}
