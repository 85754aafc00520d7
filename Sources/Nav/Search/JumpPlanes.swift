/// For every cell and straight direction, one bit: does a scan from there come to a jump point, before any wall?
///
/// Three of four scans of a search end at a wall. Where these bits are at hand such a scan is one look at a bit. They
/// take four times a walk bitmap's words (half a byte a cell) and hold for one state of the plane only, so they are
/// made for planes of at most `cellsMax` cells that stay as they are.
final class JumpPlanes: @unchecked Sendable {
  // Sendable: the words are never written after init.

  /// 1.5 MB.
  static let cellsMax = 3 << 20

  /// Four words, in the order of `ScanSide.plane`, for each word of the walk plane's rows; points at padded row 0.
  let words: UnsafeMutablePointer<UInt64>
  let byteCount: Int

  /// Nil for planes that are too large.
  init?(_ plane: WalkPlane) {
    guard plane.width * plane.height <= Self.cellsMax else { return nil }
    let stride = plane.rowStride
    let count = (plane.height + 2) * stride * 4
    byteCount = count * 8
    words = .allocate(capacity: count)
    words.initialize(repeating: 0, count: count)
    for y in 1..<(plane.height + 1) {
      fillEast(plane, y * stride)
      fillWest(plane, y * stride)
    }
    let states = UnsafeMutablePointer<UInt64>.allocate(capacity: stride)
    defer { states.deallocate() }
    states.initialize(repeating: 0, count: stride)
    for y in (1..<(plane.height + 1)).reversed() {
      fillColumns(plane, y * stride, behind: -stride, North.plane, states)
    }
    states.update(repeating: 0, count: stride)
    for y in 1..<(plane.height + 1) { fillColumns(plane, y * stride, behind: stride, South.plane, states) }
  }

  deinit { words.deallocate() }

  /// A row eastwards. Whoever comes to cell x has come to something if x is a jump point, or if it is free and x + 1
  /// has: a carry that runs from high bits to low ones.
  private func fillEast(_ plane: WalkPlane, _ row: Int) {
    let stride = plane.rowStride
    var carry: UInt64 = 0
    for index in (row..<(row + stride)).reversed() {
      let middle = plane.rows[index]
      let above = plane.rows[index + stride]
      let below = plane.rows[index - stride]
      let opens =
        above & ~(above << 1 | plane.rows[index + stride - 1] >> 63)
        | below & ~(below << 1 | plane.rows[index - stride - 1] >> 63)
      var reached = opens & middle | middle & carry << 63
      var free = middle
      for step in [1, 2, 4, 8, 16, 32] as [UInt64] {
        reached |= free & reached >> step
        free &= free >> step
      }
      words[index * 4 + East.plane] = reached >> 1 | carry << 63
      carry = reached & 1
    }
  }

  /// A row westwards.
  private func fillWest(_ plane: WalkPlane, _ row: Int) {
    let stride = plane.rowStride
    var carry: UInt64 = 0
    for index in row..<(row + stride) {
      let middle = plane.rows[index]
      let above = plane.rows[index + stride]
      let below = plane.rows[index - stride]
      let opens =
        above & ~(above >> 1 | plane.rows[index + stride + 1] << 63)
        | below & ~(below >> 1 | plane.rows[index - stride + 1] << 63)
      var reached = opens & middle | middle & carry
      var free = middle
      for step in [1, 2, 4, 8, 16, 32] as [UInt64] {
        reached |= free & reached << step
        free &= free << step
      }
      words[index * 4 + West.plane] = reached << 1 | carry
      carry = reached >> 63
    }
  }

  /// A row's columns; `states` holds what the row ahead has come to, and gets what this one has.
  private func fillColumns(
    _ plane: WalkPlane, _ row: Int, behind: Int, _ side: Int, _ states: UnsafeMutablePointer<UInt64>
  ) {
    func opens(_ index: Int) -> UInt64 { plane.rows[index] & ~plane.rows[index + behind] }
    for index in row..<(row + plane.rowStride) {
      let state = states[index - row]
      words[index * 4 + side] = state
      let here = opens(index)
      let beside =
        here << 1 | here >> 1 | (index > row ? opens(index - 1) >> 63 : 0)
        | (index < row + plane.rowStride - 1 ? opens(index + 1) << 63 : 0)
      states[index - row] = plane.rows[index] & (beside | state)
    }
  }
}
