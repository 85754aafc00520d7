/// From world coordinates to columns of cells, both axes at a time.
@usableFromInline
struct TerrainColumns: Sendable {
  @usableFromInline let origin: SIMD2<Double>
  @usableFromInline let cellsPerUnit: Double
  @usableFromInline let count: SIMD2<Double>

  init(_ header: TerrainHeader) {
    origin = SIMD2(header.originX, header.originY)
    cellsPerUnit = 1 / header.cellSize
    count = SIMD2(Double(header.width), Double(header.height))
  }

  /// The column over which (x, y) lies; nil outside and for what is no number.
  @inlinable @inline(__always)
  func callAsFunction(_ x: Double, _ y: Double) -> SIMD2<Int32>? {
    let along = (SIMD2(x, y) - origin) * cellsPerUnit
    guard all(along .>= SIMD2.zero .& along .< count) else { return nil }
    // The conversions of the standard library check again what was just checked. Added to 2⁵², a number's whole part
    // stands in the lowest bits, rounded to the nearest; where that is above, it is one too many.
    let shifted = along + 0x1p52
    let isAbove = (shifted - 0x1p52) .> along
    let whole = SIMD2(
      Int32(truncatingIfNeeded: shifted.x.bitPattern), Int32(truncatingIfNeeded: shifted.y.bitPattern))
    return whole &- SIMD2(isAbove[0] ? 1 : 0, isAbove[1] ? 1 : 0)
  }
}
