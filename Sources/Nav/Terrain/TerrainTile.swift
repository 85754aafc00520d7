// One tile: 32 × 32 cells of one or more sheets.
//
// Payload: for each sheet present, in rising sheet order, an 8-byte head {u16 sheet, u16 flags, u32 bytes with the
// head} and then blocks. Flag 1: one 12-byte block record (padded to 16) stands for the whole tile. Otherwise 16
// records (192 bytes), row-major, for blocks of 8 × 8 cells, and their data. A record is
//
//   i32 base     height of the block's first cell, in 1/256 quanta
//   i16 gx, gy   slope in 1/256 quanta a cell
//   u16 coding   bits 0-4 width w of a residual, 5 some cells are void, 6-7 surfaces (0 one, 1 two, 2 four bits
//                each), 8-11 surface a, 12-15 surface b
//   u16 data     offset of the block's data behind the records, in 8-byte words
//
// and its data {u64 mask of present cells, if 5} {u64 mask of cells with surface b, or 64 × 4 bits} {64 × w bits}.
// height in quanta = (base + gx·x + gy·y) >> 8 + residual. A block inside one triangle needs 0 or 1 bit a cell.

/// Cells of one sheet within a tile, as the writer takes them.
public struct TerrainTileLayer: Sendable {
  public static let side = TerrainFormat.tileSide
  public static let cellCount = side * side
  /// Marks a cell without a floor in `heights`.
  public static let void = Int32.min

  public var sheet: Int
  /// Quanta above the file's z base, row-major from the south-west; within ±2²² or `void`.
  public var heights: [Int32]
  /// Codes of `TerrainSurface`.
  public var surfaces: [UInt8]

  public init(sheet: Int) {
    self.sheet = sheet
    heights = Array(repeating: Self.void, count: Self.cellCount)
    surfaces = Array(repeating: 0, count: Self.cellCount)
  }
}

enum TerrainTile {
  static let headBytes = 8
  static let recordBytes = 12
  static let recordsBytes = 16 * recordBytes
  /// So many bytes behind a sound layer `height` may read, and takes nothing from them.
  static let slack = recordsBytes + 16

  /// True when every block of a layer finds its data inside the layer, so that `sample` may go unchecked.
  static func isSound(_ layer: UnsafeRawBufferPointer) -> Bool {
    guard layer.count >= headBytes + recordBytes else { return false }
    if layer.u16(2) & 1 == 1 { return layer.u16(headBytes + 8) & 0xFF == 0 && layer.u16(headBytes + 10) == 0 }
    guard layer.count >= headBytes + recordsBytes else { return false }
    for block in 0..<16 {
      let record = headBytes + block * recordBytes
      let coding = Int(layer.u16(record + 8))
      let width = coding & 31
      var end = headBytes + recordsBytes + Int(layer.u16(record + 10)) * 8
      if coding & 0x20 != 0 { end += 8 }
      switch coding >> 6 & 3 {
      case 0: break
      case 1: end += 8
      default: end += 32
      }
      if width > 0 { end += (63 * width) >> 3 + 4 }
      guard width <= 24, end <= layer.count else { return false }
    }
    return true
  }

  /// Height in quanta of a cell in a sound layer; nil when void. The lower bits of column and row count.
  ///
  /// What the record says decides no branch, so that many queries are under way at the same time: what is not there is
  /// read nevertheless, from behind the layer if need be, and masked.
  @inline(__always)
  static func height(_ layer: UnsafeRawPointer, isWhole: Int32, _ column: Int32, _ row: Int32) -> Int32? {
    // A record for the tile reaches over 32 cells, one for a block over 8.
    let reach = 7 | isWhole &* 24
    let block = ((row & 31) &>> 3 &* 4 &+ (column & 31) &>> 3) & (isWhole &- 1)
    let record = layer + (headBytes &+ Int(truncatingIfNeeded: block) &* recordBytes)
    let inX = column & reach
    let inY = row & reach
    let plane =
      (record.load32(0) &+ Int32(truncatingIfNeeded: record.load16(4)) &* inX
        &+ Int32(truncatingIfNeeded: record.load16(6)) &* inY) &>> 8
    let coding = UInt32(UInt16(bitPattern: record.load16(8)))
    let data =
      layer
      + (headBytes &+ recordsBytes &+ Int(truncatingIfNeeded: UInt16(bitPattern: record.load16(10))) &* 8)
    let hasVoid = UInt64(truncatingIfNeeded: coding &>> 5 & 1)
    // Cells that have a floor, row-major.
    let present = data.load64(0) | (hasVoid &- 1)
    let cell = inY &* 8 &+ inX
    guard present &>> UInt64(truncatingIfNeeded: cell) & 1 == 1 else { return nil }
    let residuals = data + (Int(truncatingIfNeeded: hasVoid) &* 8 &+ surfaceBytes(coding))
    let width = Int32(truncatingIfNeeded: coding & 31)
    let bit = cell &* width
    let word = residuals.load32(Int(truncatingIfNeeded: bit &>> 3))
    return plane &+ (word &>> (bit & 7)) & (1 &<< width &- 1)
  }

  /// Bytes of a block's surfaces, by their coding: 0, 8, 32.
  @inline(__always)
  static func surfaceBytes(_ coding: UInt32) -> Int {
    Int(truncatingIfNeeded: 0x2020_0800 &>> (coding &>> 3 & 0x18) & 0xFF)
  }

  /// Height in quanta and surface of cell (x, y), 0..<32 each, in a sound layer; nil when void.
  @inline(__always)
  static func sample(_ layer: UnsafeRawPointer, x: Int, y: Int) -> (z: Int32, surface: UInt8)? {
    layer.load16(2) & 1 == 1 ? sampleWhole(layer, x: x, y: y) : sampleBlocks(layer, x: x, y: y)
  }

  /// The same in a layer that one record stands for.
  @inline(__always)
  private static func sampleWhole(_ layer: UnsafeRawPointer, x: Int, y: Int) -> (z: Int32, surface: UInt8) {
    let record = layer + headBytes
    let z =
      (record.load32(0) &+ Int32(truncatingIfNeeded: record.load16(4)) &* Int32(truncatingIfNeeded: x)
        &+ Int32(truncatingIfNeeded: record.load16(6)) &* Int32(truncatingIfNeeded: y)) >> 8
    return (z, UInt8(truncatingIfNeeded: record.load16(8) >> 8 & 15))
  }

  /// The same in a layer of blocks.
  @inline(__always)
  private static func sampleBlocks(_ layer: UnsafeRawPointer, x: Int, y: Int) -> (z: Int32, surface: UInt8)? {
    let record = layer + (headBytes &+ ((y >> 3) &* 4 &+ x >> 3) &* recordBytes)
    let inX = x & 7
    let inY = y & 7
    var z =
      (record.load32(0) &+ Int32(truncatingIfNeeded: record.load16(4)) &* Int32(truncatingIfNeeded: inX)
        &+ Int32(truncatingIfNeeded: record.load16(6)) &* Int32(truncatingIfNeeded: inY)) >> 8
    let coding = Int(UInt16(bitPattern: record.load16(8)))
    var surface = UInt8(truncatingIfNeeded: coding >> 8 & 15)
    // Neither residual nor void nor a second surface.
    if coding & 0xFF == 0 { return (z, surface) }

    var data = layer + (headBytes &+ recordsBytes &+ Int(UInt16(bitPattern: record.load16(10))) &* 8)
    let cell = inY &* 8 &+ inX
    if coding & 0x20 != 0 {
      guard data.load64(0) &>> UInt64(truncatingIfNeeded: cell) & 1 == 1 else { return nil }
      data += 8
    }
    switch coding >> 6 & 3 {
    case 0: break
    case 1:
      if data.load64(0) &>> UInt64(truncatingIfNeeded: cell) & 1 == 1 {
        surface = UInt8(truncatingIfNeeded: coding >> 12 & 15)
      }
      data += 8
    default:
      surface =
        data.load(fromByteOffset: cell >> 1, as: UInt8.self) &>> UInt8(truncatingIfNeeded: (cell & 1) &* 4) & 15
      data += 32
    }
    let width = coding & 31
    if width > 0 {
      let bit = cell &* width
      let bits = UInt32(bitPattern: data.load32(bit >> 3)) &>> UInt32(truncatingIfNeeded: bit & 7)
      z &+= Int32(bitPattern: bits & (1 &<< UInt32(truncatingIfNeeded: width) &- 1))
    }
    return (z, surface)
  }
}

/// Little-endian loads from where the caller knows bytes to be.
extension UnsafeRawPointer {
  @inline(__always) func load16(_ offset: Int) -> Int16 {
    Int16(littleEndian: loadUnaligned(fromByteOffset: offset, as: Int16.self))
  }
  @inline(__always) func load32(_ offset: Int) -> Int32 {
    Int32(littleEndian: loadUnaligned(fromByteOffset: offset, as: Int32.self))
  }
  @inline(__always) func load64(_ offset: Int) -> UInt64 {
    UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
