/// The fixed part of a terrain file.
public struct TerrainHeader: Sendable, Hashable {
  /// Cells from west to east and from south to north.
  public var width: Int
  public var height: Int
  /// World units a side.
  public var cellSize: Double
  /// World units a step of height.
  public var quantum: Double
  /// World place of the south-west corner of cell (0, 0). The centre of cell (x, y) is (x + ½, y + ½) cells from it.
  public var originX: Double
  public var originY: Double
  /// World height of quantum 0.
  public var zBase: Double
  /// Lowest and highest floor, world units.
  public var lowest: Double
  public var highest: Double
  public var sheetCount: Int
  public var profileCount: Int
  /// SHA-256 of what the file was built from, with the builder's version and parameters.
  public var sourceHash: [UInt8]

  public var tilesX: Int { (width + TerrainFormat.tileSide - 1) >> TerrainFormat.tileShift }
  public var tilesY: Int { (height + TerrainFormat.tileSide - 1) >> TerrainFormat.tileShift }

  public init(
    width: Int, height: Int, cellSize: Double = 1, quantum: Double = 0.125, originX: Double = 0,
    originY: Double = 0, zBase: Double = 0, lowest: Double = 0, highest: Double = 0, sheetCount: Int = 1,
    profileCount: Int = 1, sourceHash: [UInt8] = []
  ) {
    self.width = width
    self.height = height
    self.cellSize = cellSize
    self.quantum = quantum
    self.originX = originX
    self.originY = originY
    self.zBase = zBase
    self.lowest = lowest
    self.highest = highest
    self.sheetCount = sheetCount
    self.profileCount = profileCount
    self.sourceHash = sourceHash
  }

  func encode(fileBytes: Int, sectionCount: Int, tableChecksum: UInt32) -> [UInt8] {
    var out = TerrainBytes(bytes: TerrainFormat.magic)
    out.u16(UInt16(TerrainFormat.major))
    out.u16(UInt16(TerrainFormat.minor))
    out.u32(UInt32(TerrainFormat.headerBytes))
    out.u64(UInt64(fileBytes))
    out.u32(0)
    // Tile shift; axes: 0 = x east, y north, z up; sampling: 0 = at the centre of a cell.
    for value in [UInt8(TerrainFormat.tileShift), 0, 0, 0] { out.u8(value) }
    for value in [cellSize, quantum, originX, originY, zBase] { out.f64(value) }
    for value in [width, height, tilesX, tilesY, sheetCount, profileCount] { out.u32(UInt32(value)) }
    out.f64(lowest)
    out.f64(highest)
    for index in 0..<32 { out.u8(index < sourceHash.count ? sourceHash[index] : 0) }
    out.u32(UInt32(sectionCount))
    out.u32(tableChecksum)
    out.u32(0)
    out.u32(out.checksum)
    return out.bytes
  }

  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(TerrainError) {
    func damaged(_ offset: Int, _ cause: String) -> TerrainError {
      .damaged(file: file, offset: offset, cause: cause)
    }
    guard bytes.count >= TerrainFormat.headerBytes, Array(bytes[0..<8]) == TerrainFormat.magic else {
      throw .notTerrain(file: file)
    }
    guard Int(bytes.u16(8)) == TerrainFormat.major else {
      throw .otherVersion(file: file, major: Int(bytes.u16(8)))
    }
    let head = UnsafeRawBufferPointer(rebasing: bytes[0..<156])
    guard TerrainChecksum.crc32c(head) == bytes.u32(156) else { throw damaged(0, "header checksum differs") }
    guard Int(bytes.u32(12)) == TerrainFormat.headerBytes else { throw damaged(12, "header size") }
    guard bytes.u64(16) == UInt64(bytes.count) else {
      throw damaged(16, "file has \(bytes.count) bytes, header says \(bytes.u64(16))")
    }
    guard bytes[28] == UInt8(TerrainFormat.tileShift), bytes[29] == 0, bytes[30] == 0 else {
      throw damaged(28, "tile size, axes or sampling not known")
    }
    self.init(
      width: Int(bytes.u32(72)), height: Int(bytes.u32(76)), cellSize: bytes.f64(32), quantum: bytes.f64(40),
      originX: bytes.f64(48), originY: bytes.f64(56), zBase: bytes.f64(64), lowest: bytes.f64(96),
      highest: bytes.f64(104), sheetCount: Int(bytes.u32(88)), profileCount: Int(bytes.u32(92)),
      sourceHash: Array(bytes[112..<144]))
    guard (1...TerrainFormat.sideMost).contains(width), (1...TerrainFormat.sideMost).contains(height),
      Int(bytes.u32(80)) == tilesX, Int(bytes.u32(84)) == tilesY
    else { throw damaged(72, "size \(width) × \(height) is not possible") }
    guard cellSize > 1e-6, cellSize < 1e6, quantum > 1e-6, quantum < 1e6 else {
      throw damaged(32, "cell size or quantum is not possible")
    }
    for value in [originX, originY, zBase, lowest, highest] where !(abs(value) < 1e12) {
      throw damaged(48, "origin or heights are not possible")
    }
    guard sheetCount <= 0xFFFF, profileCount <= 32 else { throw damaged(88, "too many sheets or profiles") }
  }
}
