/// One floor of a block of 8 × 8 cells: a plane with residuals, as the file codes it.
@usableFromInline
struct TerrainBlock {
  /// Of the plane at the block's first cell. Unit: 1/256 quanta.
  @usableFromInline var base: Int32
  @usableFromInline var gradientX: Int32
  @usableFromInline var gradientY: Int32
  /// Bits of a residual, 0...24, and as many bits set.
  @usableFromInline var width: Int32
  @usableFromInline var mask: Int32
  /// Cells of this floor, row-major; those of them in which it is the only one; cells that have any floor.
  @usableFromInline var present: UInt64
  @usableFromInline var alone: UInt64
  @usableFromInline var any: UInt64
  @usableFromInline var residuals: UnsafeRawPointer
  /// Heights to which this floor is nearer than any other of the block, wherever in it: above the one, below the other.
  @usableFromInline var above = -Double.infinity
  @usableFromInline var below = Double.infinity

  /// A block without a floor.
  init(empty start: UnsafeRawPointer) {
    (base, gradientX, gradientY, width, mask) = (0, 0, 0, 0, 0)
    (present, alone, any) = (0, 0, 0)
    residuals = start
  }

  /// The part of a sound layer in which a column and row of the zone lie.
  @inline(__always)
  init(_ layer: UnsafeRawPointer, _ place: SIMD2<Int32>) {
    if layer.load16(2) & 1 == 0 { self.init(blocks: layer, place) } else { self.init(whole: layer, place) }
  }

  /// The same of a layer that one record stands for.
  @inline(__always)
  init(whole layer: UnsafeRawPointer, _ place: SIMD2<Int32>) {
    let record = layer + TerrainTile.headBytes
    gradientX = Int32(truncatingIfNeeded: record.load16(4))
    gradientY = Int32(truncatingIfNeeded: record.load16(6))
    base = record.load32(0) &+ gradientX &* (place.x & 24) &+ gradientY &* (place.y & 24)
    (width, mask) = (0, 0)
    (present, alone, any) = (~0, ~0, ~0)
    residuals = record
  }

  /// The same of a layer of blocks.
  @inline(__always)
  init(blocks layer: UnsafeRawPointer, _ place: SIMD2<Int32>) {
    let index = (place.y & 31) &>> 3 &* 4 &+ (place.x & 31) &>> 3
    let record = layer + (TerrainTile.headBytes &+ Int(truncatingIfNeeded: index) &* TerrainTile.recordBytes)
    base = record.load32(0)
    gradientX = Int32(truncatingIfNeeded: record.load16(4))
    gradientY = Int32(truncatingIfNeeded: record.load16(6))
    let coding = UInt32(UInt16(bitPattern: record.load16(8)))
    width = Int32(truncatingIfNeeded: coding & 31)
    mask = 1 &<< width &- 1
    // Most blocks have no void: the branch is foreseen.
    var data =
      layer
      + (TerrainTile.headBytes &+ TerrainTile.recordsBytes
        &+ Int(truncatingIfNeeded: UInt16(bitPattern: record.load16(10))) &* 8)
    present = ~0
    if coding & 0x20 != 0 {
      present = data.load64(0)
      data += 8
    }
    (alone, any) = (present, present)
    // Bytes of the surfaces, by their coding: 0, 8, 32.
    data += Int(0x2020_0800 &>> (coding &>> 3 & 0x18) & 0xFF)
    // Without residuals there may be nothing where they would be.
    residuals = width > 0 ? data : record
  }

  /// This floor is surely the nearest one to `z` in a cell in which there are others.
  @inlinable @inline(__always)
  func isNearest(to z: Double, _ cell: UInt64) -> Bool { z > above && z < below && Self.contains(present, cell) }

  /// The bit of a cell, moved up to the sign: said otherwise, the compiler would prepare this test where it is seldom
  /// needed.
  @inlinable @inline(__always)
  static func contains(_ cells: UInt64, _ cell: UInt64) -> Bool { Int64(bitPattern: cells &<< (63 &- cell)) < 0 }

  /// Height in quanta of a cell that has a floor; both 0..<8.
  @inlinable @inline(__always)
  func height(_ x: Int32, _ y: Int32) -> Int32 {
    let bit = (y &* 8 &+ x) &* width
    let word = Int32(
      littleEndian: residuals.loadUnaligned(
        fromByteOffset: Int(UInt32(truncatingIfNeeded: bit) &>> 3), as: Int32.self))
    return (base &+ gradientX &* x &+ gradientY &* y) &>> 8 &+ (word &>> (bit & 7)) & mask
  }

  /// No cell lies below this. Unit: quanta.
  @inline(__always)
  var least: Int32 { (base &+ 7 &* (min(gradientX, 0) &+ min(gradientY, 0))) &>> 8 }

  /// None lies above.
  @inline(__always)
  var most: Int32 { (base &+ 7 &* (max(gradientX, 0) &+ max(gradientY, 0))) &>> 8 &+ mask }
}
