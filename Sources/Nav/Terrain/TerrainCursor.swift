/// Asks a terrain for heights of places that lie close together, and remembers the block of 8 × 8 cells that it came
/// to last.
///
///     var cursor = TerrainCursor(terrain)
///     for place in steps { heights.append(cursor.height(place.x, place.y, near: place.z)) }
///
/// The answers are those of `Terrain.height`. A value: each walker has its own.
public struct TerrainCursor: Sendable {
  public let terrain: Terrain
  // What the conversion to a column needs.
  private let originX: Double
  private let originY: Double
  private let cellsPerUnit: Double
  private let columnCount: Double
  private let rowCount: Double
  private let zBase: Double
  private let quantum: Double
  /// Number of the block by its row and column; -1 for none.
  private var block = -1
  private var base: Int32 = 0
  private var gradientX: Int32 = 0
  private var gradientY: Int32 = 0
  /// Cell (0, 0) of the block's predictor, in cells of the zone.
  private var firstX: Int32 = 0
  private var firstY: Int32 = 0
  /// Bits of a residual.
  private var width = 0
  /// Cells that have a floor.
  private var present: UInt64 = 0
  /// Residuals; the terrain's memory lives as long as `terrain`.
  private nonisolated(unsafe) var residuals: UnsafeRawPointer

  public init(_ terrain: Terrain) {
    self.terrain = terrain
    originX = terrain.originX
    originY = terrain.originY
    cellsPerUnit = terrain.cellsPerUnit
    columnCount = terrain.columnCount
    rowCount = terrain.rowCount
    zBase = terrain.zBase
    quantum = terrain.quantum
    residuals = terrain.tileStart
  }

  /// Height of the floor under (x, y) that is nearest to `z`, at the cell's centre; nil where there is none.
  @inline(__always)
  public mutating func height(_ x: Double, _ y: Double, near z: Double) -> Double? {
    let alongX = (x - originX) * cellsPerUnit
    let alongY = (y - originY) * cellsPerUnit
    guard alongX >= 0, alongY >= 0, alongX < columnCount, alongY < rowCount else { return nil }
    let column = Int32(alongX)
    let row = Int32(alongY)
    let wanted = Int(row >> 3) << 32 | Int(column >> 3)
    if wanted != block {
      guard enter(Int(column), Int(row), block: wanted) else {
        return terrain.floor(column: Int(column), Int(row), near: z)?.z
      }
    }
    let cell = Int((row & 7) &* 8 &+ (column & 7))
    guard present &>> UInt64(truncatingIfNeeded: cell) & 1 == 1 else { return nil }
    var height = (base &+ gradientX &* (column &- firstX) &+ gradientY &* (row &- firstY)) >> 8
    if width > 0 {
      let bit = cell &* width
      let bits = UInt32(bitPattern: residuals.load32(bit >> 3)) &>> UInt32(truncatingIfNeeded: bit & 7)
      height &+= Int32(bitPattern: bits & (1 &<< UInt32(truncatingIfNeeded: width) &- 1))
    }
    return zBase + Double(height) * quantum
  }

  /// Remembers a block; false where its tile has several floors, none, or was not checked yet.
  @inline(never)
  private mutating func enter(_ column: Int, _ row: Int, block wanted: Int) -> Bool {
    let state = terrain.tileStates.load(
      (row >> TerrainFormat.tileShift) &* terrain.tilesPerRow &+ column >> TerrainFormat.tileShift)
    guard state > TerrainTileStates.good else {
      block = -1
      return false
    }
    let layer = terrain.tileStart + Int(state >> 2 &- 1) &* 8
    let isWhole = state & 1 == 1
    let inX = column & (TerrainFormat.tileSide - 1)
    let inY = row & (TerrainFormat.tileSide - 1)
    let record =
      layer + (TerrainTile.headBytes &+ (isWhole ? 0 : ((inY >> 3) &* 4 &+ inX >> 3) &* TerrainTile.recordBytes))
    base = record.load32(0)
    gradientX = Int32(record.load16(4))
    gradientY = Int32(record.load16(6))
    let mask = isWhole ? TerrainFormat.tileSide - 1 : 7
    firstX = Int32(column & ~mask)
    firstY = Int32(row & ~mask)
    present = ~0
    width = 0
    block = wanted
    guard !isWhole else { return true }
    let coding = Int(UInt16(bitPattern: record.load16(8)))
    var data =
      layer + (TerrainTile.headBytes &+ TerrainTile.recordsBytes &+ Int(UInt16(bitPattern: record.load16(10))) &* 8)
    if coding & 0x20 != 0 {
      present = data.load64(0)
      data += 8
    }
    switch coding >> 6 & 3 {
    case 0: break
    case 1: data += 8
    default: data += 32
    }
    width = coding & 31
    residuals = data
    return true
  }
}
