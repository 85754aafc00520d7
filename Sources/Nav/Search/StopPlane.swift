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
  /// Words before they were marked for now, in order.
  private var journal: UnsafeMutablePointer<(word: UnsafeMutablePointer<UInt64>, before: UInt64)>
  private var journalCount = 0
  private var journalCapacity = 64

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    rowStride = WalkPlane.stride(width)
    columnStride = WalkPlane.stride(height)
    let rowCount = WalkPlane.wordCount(width: width, height: height)
    wordCount = rowCount + WalkPlane.wordCount(width: height, height: width)
    // Zero pages of the system: what is never marked takes no memory.
    guard let memory = calloc(wordCount, 8) else { preconditionFailure("no memory for \(wordCount) words") }
    journal = .allocate(capacity: journalCapacity)
    words = memory.bindMemory(to: UInt64.self, capacity: wordCount)
    rows = words + 1
    columns = words + rowCount + 1
  }

  deinit {
    free(words)
    journal.deallocate()
  }

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

  /// Marks a rectangle of cells until `restore`.
  mutating func markForNow(x: ClosedRange<Int>, y: ClosedRange<Int>) {
    let (left, right) = (max(x.lowerBound, 0), min(x.upperBound, width - 1))
    let (bottom, top) = (max(y.lowerBound, 0), min(y.upperBound, height - 1))
    guard left <= right, bottom <= top else { return }
    for row in bottom...top { or(rows, (row + 1) * rowStride, left + 1, right + 1) }
    for column in left...right { or(columns, (column + 1) * columnStride, bottom + 1, top + 1) }
  }

  /// Marks a ring until `restore`; one without a hole where `inner` is not above 0. Unit: cells; cell (0, 0) has its
  /// centre at (0.5, 0.5).
  mutating func markForNow(ringAt x: Double, _ y: Double, from inner: Double, to outer: Double) {
    span(rows, rowStride, along: x, across: y, inner, outer, length: width, count: height)
    span(columns, columnStride, along: y, across: x, inner, outer, length: height, count: width)
  }

  private mutating func span(
    _ plane: UnsafeMutablePointer<UInt64>, _ stride: Int, along: Double, across: Double, _ inner: Double,
    _ outer: Double, length: Int, count: Int
  ) {
    let first = max(Int((across - outer).rounded(.down)), 0)
    let last = min(Int((across + outer).rounded(.up)), count - 1)
    guard first <= last else { return }
    let hole = inner > 0 ? inner * inner : 0
    for line in first...last {
      let off = Double(line) + 0.5 - across
      let square = outer * outer - off * off
      guard square > 0 else { continue }
      let half = square.squareRoot()
      let from = max(Int((along - half - 0.5).rounded(.up)), 0)
      let to = min(Int((along + half - 0.5).rounded(.down)), length - 1)
      guard from <= to else { continue }
      let row = (line + 1) * stride
      guard hole - off * off > 0 else {
        or(plane, row, from + 1, to + 1)
        continue
      }
      let gap = (hole - off * off).squareRoot()
      let before = min(Int((along - gap - 0.5).rounded(.down)), to)
      let behind = max(Int((along + gap - 0.5).rounded(.up)), from)
      if from <= before { or(plane, row, from + 1, before + 1) }
      if behind <= to { or(plane, row, behind + 1, to + 1) }
    }
  }

  /// Sets the bits `first...last` of the row that begins at word `row`.
  @inline(__always)
  private mutating func or(_ plane: UnsafeMutablePointer<UInt64>, _ row: Int, _ first: Int, _ last: Int) {
    var word = plane + (row &+ first &>> 6)
    let end = plane + (row &+ last &>> 6)
    var bits = (~0 as UInt64) &<< UInt64(truncatingIfNeeded: first & 63)
    let tail = (~0 as UInt64) &>> UInt64(truncatingIfNeeded: 63 &- (last & 63))
    while true {
      if word == end { bits &= tail }
      let known = word.pointee
      if known & bits != bits {
        if _slowPath(journalCount == journalCapacity) { growJournal() }
        journal[journalCount] = (word, known)
        journalCount &+= 1
        word.pointee = known | bits
      }
      if word == end { return }
      word += 1
      bits = ~0
    }
  }

  @inline(never)
  private mutating func growJournal() {
    let wider = UnsafeMutablePointer<(word: UnsafeMutablePointer<UInt64>, before: UInt64)>.allocate(
      capacity: journalCapacity * 2)
    wider.moveInitialize(from: journal, count: journalCount)
    journal.deallocate()
    journal = wider
    journalCapacity *= 2
  }

  /// Takes back what was marked for now.
  mutating func restore() {
    while journalCount > 0 {
      journalCount &-= 1
      journal[journalCount].word.pointee = journal[journalCount].before
    }
  }
}
