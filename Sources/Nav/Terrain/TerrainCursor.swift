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
    /// Of column and row 0 of the zone. Unit: 1/256 quanta.
    @usableFromInline var base: Int32 = 0
    @usableFromInline var gradientX: Int32 = 0
    @usableFromInline var gradientY: Int32 = 0
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
      let plane = (base &+ gradientX &* column &+ gradientY &* row) &>> 8
      let bit = cell &* width
      let offset = Int(truncatingIfNeeded: bit &>> 3)
      let word = Int32(littleEndian: residuals.loadUnaligned(fromByteOffset: offset, as: Int32.self))
      return plane &+ (word &>> (bit & 7)) & (1 &<< width &- 1)
    }
  }

  /// Floors above each other in one block that are remembered; where there are more the terrain is asked.
  static let layersMost = 4

  public let terrain: Terrain
  @usableFromInline let columns: TerrainColumns
  @usableFromInline let zBase: Double
  @usableFromInline let quantum: Double
  /// A column and row of the block, if it has one floor or none; below 0 else.
  @usableFromInline var simpleColumn: Int32 = -8
  @usableFromInline var simpleRow: Int32 = -8
  /// The same of a block of several floors.
  private var column: Int32 = -8
  private var row: Int32 = -8
  private var layerCount = 0
  /// The first of the block's floors; void everywhere when there is none.
  @usableFromInline var first: Layer
  private var others: InlineArray<3, Layer>

  public init(_ terrain: Terrain) {
    self.terrain = terrain
    columns = terrain.columns
    zBase = terrain.zBase
    quantum = terrain.quantum
    first = Layer(residuals: terrain.tileStart)
    others = .init(repeating: Layer(residuals: terrain.tileStart))
  }

  /// Height of the floor under (x, y) that is nearest to `z`, at the cell's centre; nil where there is none.
  @inlinable @inline(__always)
  public mutating func height(_ x: Double, _ y: Double, near z: Double) -> Double? {
    guard let place = columns(x, y) else { return nil }
    guard ((place.x ^ simpleColumn) | (place.y ^ simpleRow)) &>> 3 == 0 else {
      return height(column: place.x, row: place.y, near: z)
    }
    guard let height = first.height(place.x, place.y) else { return nil }
    return zBase + Double(height) * quantum
  }

  /// The same where the block is new or has several floors.
  @usableFromInline
  @inline(never)
  mutating func height(column: Int32, row: Int32, near z: Double) -> Double? {
    if ((column ^ self.column) | (row ^ self.row)) &>> 3 != 0, !enter(column, row) {
      return terrain.floor(column: Int(column), Int(row), near: z)?.z
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
  private mutating func enter(_ column: Int32, _ row: Int32) -> Bool {
    (simpleColumn, simpleRow, self.column, self.row) = (-8, -8, -8, -8)
    let shift = Int32(TerrainFormat.tileShift)
    let tile = Int(row &>> shift) &* terrain.tilesPerRow &+ Int(column &>> shift)
    let state = terrain.tileStates.load(tile)
    if TerrainTileStates.hasOneLayer(state) {
      first = decode(terrain.tileStart + TerrainTileStates.place(state), column, row)
      layerCount = 1
    } else if state >= TerrainTileStates.placed {
      guard enterSeveral(tile, terrain.tileStart + TerrainTileStates.place(state), column, row) else { return false }
    } else {
      guard state == TerrainTileStates.empty else { return false }
      layerCount = 0
      first = Layer(residuals: terrain.tileStart)
    }
    if layerCount > 1 {
      (self.column, self.row) = (column, row)
    } else {
      (simpleColumn, simpleRow) = (column, row)
    }
    return true
  }

  /// The same of a tile of several layers, of which few reach into the block.
  private mutating func enterSeveral(
    _ tile: Int, _ start: UnsafeRawPointer, _ column: Int32, _ row: Int32
  ) -> Bool {
    var layer = start
    layerCount = 0
    first = Layer(residuals: start)
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
  private func decode(_ layer: UnsafeRawPointer, _ column: Int32, _ row: Int32) -> Layer {
    let isWhole = Int32(truncatingIfNeeded: layer.load16(2) & 1)
    let reach = 7 | isWhole &* 24
    let block = ((row & 31) &>> 3 &* 4 &+ (column & 31) &>> 3) & (isWhole &- 1)
    let record = layer + (TerrainTile.headBytes &+ Int(truncatingIfNeeded: block) &* TerrainTile.recordBytes)
    let residual = TerrainTile.Residual(record, layer)
    var found = Layer(residuals: residual.start)
    found.gradientX = Int32(truncatingIfNeeded: record.load16(4))
    found.gradientY = Int32(truncatingIfNeeded: record.load16(6))
    found.base =
      record.load32(0) &- found.gradientX &* (column & ~reach) &- found.gradientY &* (row & ~reach)
    found.present = residual.present
    found.width = residual.width
    return found
  }
}
