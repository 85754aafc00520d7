/// Asks a terrain for heights of places that lie close together, and remembers the block of 8 × 8 cells that it came
/// to last.
///
///     var cursor = TerrainCursor(terrain)
///     for place in steps { heights.append(cursor.height(place.x, place.y, near: place.z)) }
///
/// The answers are those of `Terrain.height`. A value: each walker has its own.
public struct TerrainCursor: @unchecked Sendable {
  // Sendable: the pointers lead into the terrain's memory, which never changes and lives as long as `terrain`.

  /// One floor of the block: a plane with residuals, as the file codes it.
  @usableFromInline
  struct Layer {
    @usableFromInline var base: Int32 = 0
    @usableFromInline var gradientX: Int32 = 0
    @usableFromInline var gradientY: Int32 = 0
    /// Where the plane begins, in cells of the zone.
    @usableFromInline var firstX: Int32 = 0
    @usableFromInline var firstY: Int32 = 0
    /// Bits of a residual. Range: 0...24.
    @usableFromInline var width: Int32 = 0
    /// Cells that have a floor, row-major.
    @usableFromInline var present: UInt64 = 0
    @usableFromInline var residuals: UnsafeRawPointer

    init(residuals: UnsafeRawPointer) { self.residuals = residuals }

    /// Height in quanta; nil when void.
    @inlinable @inline(__always)
    func height(_ column: Int32, _ row: Int32) -> Int32? {
      let cell = (row & 7) &* 8 &+ (column & 7)
      guard present &>> UInt64(truncatingIfNeeded: cell) & 1 == 1 else { return nil }
      var height = (base &+ gradientX &* (column &- firstX) &+ gradientY &* (row &- firstY)) >> 8
      if width > 0 {
        let bit = Int(cell &* width)
        let word = UInt32(littleEndian: residuals.loadUnaligned(fromByteOffset: bit >> 3, as: UInt32.self))
        let bits = word &>> UInt32(truncatingIfNeeded: bit & 7)
        height &+= Int32(bitPattern: bits & (1 &<< UInt32(truncatingIfNeeded: width) &- 1))
      }
      return height
    }
  }

  /// Floors above each other in one block that are remembered; where there are more the terrain is asked.
  static let layersMost = 4

  public let terrain: Terrain
  // What the conversion to a column needs.
  @usableFromInline let originX: Double
  @usableFromInline let originY: Double
  @usableFromInline let cellsPerUnit: Double
  @usableFromInline let columnCount: Double
  @usableFromInline let rowCount: Double
  @usableFromInline let zBase: Double
  @usableFromInline let quantum: Double
  /// Number of the block by its row and column; -1 for none.
  @usableFromInline var block = -1
  @usableFromInline var layerCount = 0
  /// The first of the block's floors; void everywhere when there is none.
  @usableFromInline var first: Layer
  @usableFromInline var others: InlineArray<3, Layer>

  public init(_ terrain: Terrain) {
    self.terrain = terrain
    originX = terrain.originX
    originY = terrain.originY
    cellsPerUnit = terrain.cellsPerUnit
    columnCount = terrain.columnCount
    rowCount = terrain.rowCount
    zBase = terrain.zBase
    quantum = terrain.quantum
    first = Layer(residuals: terrain.tileStart)
    others = .init(repeating: Layer(residuals: terrain.tileStart))
  }

  /// Height of the floor under (x, y) that is nearest to `z`, at the cell's centre; nil where there is none.
  @inlinable
  public mutating func height(_ x: Double, _ y: Double, near z: Double) -> Double? {
    let alongX = (x - originX) * cellsPerUnit
    let alongY = (y - originY) * cellsPerUnit
    guard alongX >= 0, alongY >= 0, alongX < columnCount, alongY < rowCount else { return nil }
    let column = Int32(alongX)
    let row = Int32(alongY)
    let wanted = Int(row >> 3) << 32 | Int(column >> 3)
    if wanted != block || layerCount > 1 { return height(column: column, row: row, block: wanted, near: z) }
    guard let height = first.height(column, row) else { return nil }
    return zBase + Double(height) * quantum
  }

  /// The same where the block is new or has several floors.
  @usableFromInline
  @inline(never)
  mutating func height(column: Int32, row: Int32, block wanted: Int, near z: Double) -> Double? {
    if wanted != block {
      guard enter(Int(column), Int(row)) else {
        block = -1
        return terrain.floor(column: Int(column), Int(row), near: z)?.z
      }
      block = wanted
    }
    var best = first.height(column, row).map { zBase + Double($0) * quantum }
    guard layerCount > 1 else { return best }
    let z = z.isFinite ? z : 0
    for index in 0..<layerCount - 1 {
      guard let height = others[index].height(column, row) else { continue }
      let world = zBase + Double(height) * quantum
      if let nearest = best, abs(nearest - z) <= abs(world - z) { continue }
      best = world
    }
    return best
  }

  /// Remembers the floors of a block; false where there are too many or the tile was not checked yet.
  @inline(__always)
  private mutating func enter(_ column: Int, _ row: Int) -> Bool {
    let tile = (row >> TerrainFormat.tileShift) &* terrain.tilesPerRow &+ column >> TerrainFormat.tileShift
    let state = terrain.tileStates.load(tile)
    guard state >= TerrainTileStates.placed else {
      layerCount = 0
      first = Layer(residuals: terrain.tileStart)
      return state == TerrainTileStates.empty
    }
    var layer = terrain.tileStart + Int(state >> 2 &- 1) &* 8
    if state & 3 != TerrainTileStates.several {
      first = decode(layer, column, row)
      layerCount = 1
      return true
    }
    layerCount = 0
    first = Layer(residuals: terrain.tileStart)
    for _ in 0..<terrain.layerCount(tile: tile) {
      let found = decode(layer, column, row)
      if found.present != 0 {
        guard layerCount < Self.layersMost else { return false }
        if layerCount == 0 { first = found } else { others[layerCount - 1] = found }
        layerCount += 1
      }
      layer += Int(layer.load32(4))
    }
    return true
  }

  @inline(__always)
  private func decode(_ layer: UnsafeRawPointer, _ column: Int, _ row: Int) -> Layer {
    let isWhole = layer.load16(2) & 1 == 1
    let mask = isWhole ? TerrainFormat.tileSide - 1 : 7
    let block = ((row & (TerrainFormat.tileSide - 1)) >> 3) &* 4 &+ (column & (TerrainFormat.tileSide - 1)) >> 3
    let record = layer + (TerrainTile.headBytes &+ (isWhole ? 0 : block &* TerrainTile.recordBytes))
    var found = Layer(residuals: layer)
    found.base = record.load32(0)
    found.gradientX = Int32(record.load16(4))
    found.gradientY = Int32(record.load16(6))
    found.firstX = Int32(truncatingIfNeeded: column & ~mask)
    found.firstY = Int32(truncatingIfNeeded: row & ~mask)
    found.present = ~0
    guard !isWhole else { return found }
    let coding = Int(UInt16(bitPattern: record.load16(8)))
    var data =
      layer + (TerrainTile.headBytes &+ TerrainTile.recordsBytes &+ Int(UInt16(bitPattern: record.load16(10))) &* 8)
    if coding & 0x20 != 0 {
      found.present = data.load64(0)
      data += 8
    }
    switch coding >> 6 & 3 {
    case 0: break
    case 1: data += 8
    default: data += 32
    }
    found.width = Int32(truncatingIfNeeded: coding & 31)
    found.residuals = data
    return found
  }
}
