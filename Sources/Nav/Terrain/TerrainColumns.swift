/// From world coordinates to columns of cells, both axes at a time.
@usableFromInline
struct TerrainColumns: Sendable {
  @usableFromInline let origin: SIMD2<Double>
  @usableFromInline let cellsPerUnit: SIMD2<Double>
  @usableFromInline let count: SIMD2<UInt64>
  /// Columns and rows, the outermost sixteen left out; none in a zone of less.
  let inner: SIMD2<Int32>

  init(_ header: TerrainHeader) {
    origin = SIMD2(header.originX, header.originY)
    cellsPerUnit = SIMD2(repeating: 1 / header.cellSize)
    count = SIMD2(UInt64(header.width), UInt64(header.height))
    inner = SIMD2(
      Int32(truncatingIfNeeded: max(header.width - 15, 0)), Int32(truncatingIfNeeded: max(header.height - 15, 0)))
  }

  /// The column over which (x, y) lies; nil outside and for what is no number.
  @inlinable @inline(__always)
  func callAsFunction(_ x: Double, _ y: Double) -> SIMD2<Int32>? {
    column((SIMD2(x, y) - origin) * cellsPerUnit)
  }

  /// The column in which a place lies that is given in cells from the corner of the zone.
  @inlinable @inline(__always)
  func column(_ along: SIMD2<Double>) -> SIMD2<Int32>? {
    // Added to 2⁵², a number's whole part stands in the lowest bits, rounded to the nearest; where that is above, it is
    // one too many. What is below 0 or no number has other bits above, so that one comparison tells it too.
    let shifted = along + 0x1p52
    let isAbove = unsafeBitCast((shifted - 0x1p52) .> along, to: SIMD2<UInt64>.self)
    let whole = (unsafeBitCast(shifted, to: SIMD2<UInt64>.self) &+ isAbove) ^ 0x4330_0000_0000_0000
    guard whole.x < count.x, whole.y < count.y else { return nil }
    return SIMD2(Int32(truncatingIfNeeded: whole.x), Int32(truncatingIfNeeded: whole.y))
  }
}
