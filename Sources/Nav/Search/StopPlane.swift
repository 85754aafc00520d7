import Glibc

/// Cells at which a jump must stop, in both orientations and in the word form of a walk plane: where a neighbour
/// costs differently, where a link begins, and, for the time of one search, goals and danger.
///
/// Marks of one search are written over the lasting ones and taken back from a journal.
struct StopPlane: ~Copyable {
  let rows: UnsafeMutablePointer<UInt64>
  let columns: UnsafeMutablePointer<UInt64>
  let rowStride: Int
  let columnStride: Int
  let width: Int
  let height: Int
  private let words: UnsafeMutablePointer<UInt64>
  private let wordCount: Int
  private var journal: [(offset: Int, word: UInt64)] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    rowStride = WalkPlane.stride(width)
    columnStride = WalkPlane.stride(height)
    let rowCount = WalkPlane.wordCount(width: width, height: height)
    wordCount = rowCount + WalkPlane.wordCount(width: height, height: width)
    // Zero pages of the system: what is never marked takes no memory.
    guard let memory = calloc(wordCount, 8) else { preconditionFailure("no memory for \(wordCount) words") }
    words = memory.bindMemory(to: UInt64.self, capacity: wordCount)
    rows = words + 1
    columns = words + rowCount + 1
  }

  deinit { free(words) }

  @inline(__always)
  func contains(_ x: Int, _ y: Int) -> Bool {
    rows[(y &+ 1) &* rowStride &+ (x &+ 1) &>> 6] &>> UInt64(truncatingIfNeeded: (x &+ 1) & 63) & 1 != 0
  }

  /// Marks for good every walkable cell that has a walkable neighbour of another class.
  mutating func markBorders(_ walk: WalkPlane, _ classes: ClassPlane) {
    for y in 0..<height {
      for word in 0..<rowStride {
        let at = (y + 1) * rowStride + word
        guard walk.rows[at] != 0 else { continue }
        var differs: UInt64 = 0
        for plane in 0..<classes.planeCount {
          let values = classes.words + plane * classes.planeWords
          let own = values[at]
          for row in [at - rowStride, at, at + rowStride] {
            differs |= walk.rows[row] & (own ^ values[row])
            differs |= Self.west(walk.rows, row) & (own ^ Self.west(values, row))
            differs |= Self.east(walk.rows, row) & (own ^ Self.east(values, row))
          }
        }
        var bits = differs & walk.rows[at]
        rows[at] |= bits
        while bits != 0 {
          let x = word * 64 + bits.trailingZeroBitCount - 1
          bits &= bits - 1
          columns[(x + 1) * columnStride + (y + 1) >> 6] |= 1 << UInt64((y + 1) & 63)
        }
      }
    }
  }

  /// Each bit takes its western neighbour's value.
  @inline(__always)
  private static func west(_ words: UnsafePointer<UInt64>, _ index: Int) -> UInt64 {
    words[index] << 1 | words[index - 1] >> 63
  }

  @inline(__always)
  private static func east(_ words: UnsafePointer<UInt64>, _ index: Int) -> UInt64 {
    words[index] >> 1 | words[index + 1] << 63
  }

  /// Marks one cell for good.
  mutating func mark(_ x: Int, _ y: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    rows[(y + 1) * rowStride + (x + 1) >> 6] |= 1 << UInt64((x + 1) & 63)
    columns[(x + 1) * columnStride + (y + 1) >> 6] |= 1 << UInt64((y + 1) & 63)
  }

  /// Marks one cell until `restore`.
  mutating func markForNow(_ x: Int, _ y: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    or(rows, (y + 1) * rowStride, x + 1, x + 1)
    or(columns, (x + 1) * columnStride, y + 1, y + 1)
  }

  /// Marks a disc until `restore`. Unit: cells; cell (0, 0) has its centre at (0.5, 0.5).
  mutating func markForNow(discAt x: Double, _ y: Double, radius: Double) {
    span(rows, rowStride, along: x, across: y, radius: radius, length: width, count: height)
    span(columns, columnStride, along: y, across: x, radius: radius, length: height, count: width)
  }

  private mutating func span(
    _ plane: UnsafeMutablePointer<UInt64>, _ stride: Int, along: Double, across: Double, radius: Double, length: Int,
    count: Int
  ) {
    let first = max(Int((across - radius).rounded(.down)), 0)
    let last = min(Int((across + radius).rounded(.up)), count - 1)
    guard first <= last else { return }
    for line in first...last {
      let off = Double(line) + 0.5 - across
      let square = radius * radius - off * off
      guard square > 0 else { continue }
      let half = square.squareRoot()
      let from = max(Int((along - half - 0.5).rounded(.up)), 0)
      let to = min(Int((along + half - 0.5).rounded(.down)), length - 1)
      guard from <= to else { continue }
      or(plane, (line + 1) * stride, from + 1, to + 1)
    }
  }

  /// Sets the bits `first...last` of the row that begins at word `row`.
  private mutating func or(_ plane: UnsafeMutablePointer<UInt64>, _ row: Int, _ first: Int, _ last: Int) {
    for word in (first >> 6)...(last >> 6) {
      let low = max(first - word * 64, 0)
      let high = min(last - word * 64, 63)
      let bits = (~0 as UInt64) << UInt64(low) & (~0 as UInt64) >> UInt64(63 - high)
      let offset = (plane - words) + row + word
      let known = words[offset]
      if known & bits != bits {
        journal.append((offset, known))
        words[offset] = known | bits
      }
    }
  }

  /// Takes back what was marked for now.
  mutating func restore() {
    for entry in journal.reversed() { words[entry.offset] = entry.word }
    journal.removeAll(keepingCapacity: true)
  }
}
