import Glibc

/// Reads a file line by line through one buffer, also one that was packed (`.zst`); memory does not grow with the file.
///
/// A line longer than `lineMax` is skipped and counted. A class because it owns a buffer.
final class LineReader {
  static let lineMax = 1 << 20

  private let file: PackedFile
  private let buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  /// Lines that were too long.
  private(set) var longLines = 0
  /// The file ended without a line's end, or what was packed into it is cut.
  private(set) var endsInHalfLine = false
  private(set) var bytesRead = 0

  /// Nil when neither the file nor `path.zst` can be opened.
  init?(_ path: String) {
    guard let file = PackedFile(path) else { return nil }
    self.file = file
    buffer = .allocate(byteCount: 4 << 20, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// Calls `body` with every whole line, without its end; the bytes are valid during the call only.
  func visit(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    while let line = next() { try body(line) }
  }

  private func next() -> UnsafeRawBufferPointer? {
    while true {
      if let line = lineInBuffer() { return line }
      guard fill() else { return nil }
    }
  }

  private func lineInBuffer() -> UnsafeRawBufferPointer? {
    guard end > start, let base = buffer.baseAddress,
      let found = memchr(base + start, 0x0A, end - start)
    else { return nil }
    let length = UnsafeRawPointer(found) - UnsafeRawPointer(base + start)
    defer { start += length + 1 }
    return UnsafeRawBufferPointer(start: base + start, count: length)
  }

  /// Gets more bytes behind what is left.
  private func fill() -> Bool {
    guard !isAtEnd, let base = buffer.baseAddress else { return false }
    if start > 0 {
      memmove(base, base + start, end - start)
      end -= start
      start = 0
    }
    if end > Self.lineMax { return skipLongLine(base) }
    let count = readSome(base + end, buffer.count - end)
    guard count > 0 else {
      isAtEnd = true
      endsInHalfLine = end > start || file.isBroken
      return false
    }
    end += count
    return true
  }

  /// The buffer holds the beginning of a line that is too long: everything up to its end goes.
  private func skipLongLine(_ base: UnsafeMutableRawPointer) -> Bool {
    longLines += 1
    while true {
      let count = readSome(base, buffer.count)
      guard count > 0 else {
        isAtEnd = true
        endsInHalfLine = true
        (start, end) = (0, 0)
        return false
      }
      guard let found = memchr(base, 0x0A, count) else { continue }
      start = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
      end = count
      return true
    }
  }

  private func readSome(_ target: UnsafeMutableRawPointer, _ size: Int) -> Int {
    let count = file.read(target, size)
    bytesRead += count
    return count
  }
}
