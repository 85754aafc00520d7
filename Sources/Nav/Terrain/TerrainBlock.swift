/// One floor of a block of 8 × 8 cells: a plane with residuals, as the file codes it.
@usableFromInline
struct TerrainBlock {
  /// A column and a row of the block in one word: `bias` and the column in the lower half, `bias` and the row in the
  /// upper one. The highest bits of two numbers from 2 to 4 make one.
  @usableFromInline typealias Place = UInt64
  @usableFromInline static let bias = 0x2000
  @usableFromInline static let biases: Place = 0x2000_0000_2000
  /// Bits that say which of the cells it is.
  @usableFromInline static let inside: Place = 0x7_0000_0007

  /// Of the plane; unit: 1/256 quanta a cell. The lower half is that along y, and what it is below 0 is taken from the
  /// upper half, that along x: so the upper half of the product with a place is the sum of both slopes' rises.
  @usableFromInline var slopes: Int64
  /// The upper half: of the plane at the place where both halves of a `Place` are 0; unit: 1/256 quanta. The lower half
  /// keeps what stands there in the product from borrowing.
  @usableFromInline var base: Int64
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
    (slopes, base, width, mask) = (0, 0, 0, 0)
    (present, alone, any) = (0, 0, 0)
    residuals = start
  }

  /// The part of a sound layer, with `TerrainTile.slack` behind it, in which a column and row of the zone lie.
  @inline(__always)
  init(_ layer: UnsafeRawPointer, _ place: SIMD2<Int32>) {
    self.init(layer, isWhole: layer.load16(2) & 1 == 1, place)
  }

  /// The same where it is known whether one record stands for the layer.
  @inline(__always)
  init(_ layer: UnsafeRawPointer, isWhole: Bool, _ place: SIMD2<Int32>) {
    if isWhole { self.init(whole: layer, place) } else { self.init(blocks: layer, place) }
  }

  /// The same of a layer that one record stands for.
  @inline(__always)
  init(whole layer: UnsafeRawPointer, _ place: SIMD2<Int32>) {
    let record = layer + TerrainTile.headBytes
    let x = Int64(record.load16(4))
    let y = Int64(record.load16(6))
    slopes = x &<< 32 &+ y
    base = Self.base(
      Int64(record.load32(0)) &+ x &* Int64(place.x & 24) &+ y &* Int64(place.y & 24), x &+ y)
    (width, mask) = (0, 0)
    (present, alone, any) = (~0, ~0, ~0)
    residuals = record
  }

  /// The same of a layer of blocks.
  @inline(__always)
  init(blocks layer: UnsafeRawPointer, _ place: SIMD2<Int32>) {
    let record =
      layer + (TerrainTile.headBytes &+ Int(truncatingIfNeeded: Self.number(place)) &* TerrainTile.recordBytes)
    let x = Int64(record.load16(4))
    let y = Int64(record.load16(6))
    slopes = x &<< 32 &+ y
    base = Self.base(Int64(record.load32(0)), x &+ y)
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
    residuals = data + TerrainTile.surfaceBytes(coding)
  }

  /// - Parameter first: height of the plane at the first cell, 1/256 quanta.
  @inline(__always)
  private static func base(_ first: Int64, _ slopes: Int64) -> Int64 {
    (first &- Int64(bias) &* slopes) &<< 32 &+ 1 &<< 31
  }

  /// This floor is surely the nearest one to `z` in a cell in which there are others.
  @inlinable @inline(__always)
  func isNearest(to z: Double, _ cell: UInt64) -> Bool {
    z > above && z < below && present &>> (cell & 63) & 1 == 1
  }

  /// The bit of a cell; only the lowest six bits of `cell` count. Moved up to the sign: said otherwise, the compiler
  /// would prepare this test where it is seldom needed.
  @inlinable @inline(__always)
  static func contains(_ cells: UInt64, _ cell: UInt64) -> Bool { Int64(bitPattern: cells &<< ~cell) < 0 }

  /// The place of a column and row, of which the lowest three bits count.
  @inline(__always)
  static func place(_ column: SIMD2<Int32>) -> Place {
    biases | UInt64(UInt32(bitPattern: column.x & 7)) | UInt64(UInt32(bitPattern: column.y & 7)) &<< 32
  }

  /// The number of its cell, row-major, in the lowest six bits.
  @inlinable @inline(__always)
  static func cell(_ place: Place) -> UInt64 { place | place &>> 29 }

  /// Height in quanta of a cell that has a floor.
  @inlinable @inline(__always)
  func height(_ place: Place) -> Int32 {
    let bit = Int32(truncatingIfNeeded: Self.cell(place) & 63) &* width
    let word = Int32(
      littleEndian: residuals.loadUnaligned(
        fromByteOffset: Int(UInt32(truncatingIfNeeded: bit) &>> 3), as: Int32.self))
    let plane = (Int64(bitPattern: place) &* slopes &+ base) &>> 40
    return Int32(truncatingIfNeeded: plane) &+ (word &>> (bit & 7)) & mask
  }

  /// No cell lies below this. Unit: quanta.
  var least: Int32 { (first &+ 7 &* (min(slopeX, 0) &+ min(slopeY, 0))) &>> 8 }

  /// None lies above.
  var most: Int32 { (first &+ 7 &* (max(slopeX, 0) &+ max(slopeY, 0))) &>> 8 &+ mask }

  private var slopeY: Int32 { Int32(truncatingIfNeeded: slopes) }

  private var slopeX: Int32 { Int32(truncatingIfNeeded: (slopes &- Int64(slopeY)) &>> 32) }

  /// Of the plane at the first cell. Unit: 1/256 quanta.
  private var first: Int32 {
    Int32(truncatingIfNeeded: base &>> 32) &+ Int32(Self.bias) &* (slopeX &+ slopeY)
  }

  /// Which of the sixteen of its tile a column and row of the zone lie in, row-major.
  @inline(__always)
  static func number(_ column: SIMD2<Int32>) -> UInt32 {
    UInt32(bitPattern: (column.y & 31) &>> 3 &* 4 &+ (column.x & 31) &>> 3)
  }
}
