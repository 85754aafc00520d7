/// Asks a terrain for heights of places that lie close together, and remembers the floor and the block of 8 × 8 cells
/// that it came to last.
///
///     var cursor = TerrainCursor(terrain)
///     for place in steps { heights.append(cursor.height(place.x, place.y, near: place.z)) }
///
/// The answers are those of `Terrain.height`. A value: each walker has its own.
public struct TerrainCursor: @unchecked Sendable {
  // Sendable: the pointers lead into the terrain's memory, which never changes and lives as long as `terrain`.

  public let terrain: Terrain
  @usableFromInline let origin: SIMD2<Double>
  @usableFromInline let cellsPerUnit: SIMD2<Double>
  private let columns: TerrainColumns
  @usableFromInline let zBase: Double
  @usableFromInline let quantum: Double
  /// Eight less than the block's first column and row; NaN, which nothing is near, without a block.
  @usableFromInline var corner = SIMD2<Double>(repeating: .nan)
  @usableFromInline var block: TerrainBlock
  /// A column and row of the last tile, below 0 without one; its layers, of which there may be none or several.
  private var tile = SIMD2<Int32>(repeating: -32)
  private var layer: UnsafeRawPointer
  private var layerCount = 0
  private var entries: UnsafeMutablePointer<TerrainLayerIndex.Entry>?

  public init(_ terrain: Terrain) {
    self.terrain = terrain
    columns = terrain.columns
    origin = terrain.columns.origin
    cellsPerUnit = terrain.columns.cellsPerUnit
    zBase = terrain.zBase
    quantum = terrain.quantum
    layer = terrain.tileStart
    block = TerrainBlock(empty: terrain.tileStart)
  }

  /// Height of the floor under (x, y) that is nearest to `z`, at the cell's centre; nil where there is none.
  @inlinable @inline(__always)
  public mutating func height(_ x: Double, _ y: Double, near z: Double) -> Double? {
    // In the block they are 8..<16. The last difference is exact there, so that the cell is the one that the terrain
    // finds; and the cell is what the highest bits of the numbers say.
    let along = (SIMD2(x, y) - origin) * cellsPerUnit
    let cells = unsafeBitCast(along - corner, to: SIMD2<UInt64>.self) &>> 49 &- 0x2010
    let (column, row) = (cells.x, cells.y)
    guard column | row < 8 else {
      let height = find(along, near: z)
      return height.isNaN ? nil : height
    }
    let cell = row &* 8 &+ column
    guard block.alone &>> cell & 1 == 1 || block.isNearest(to: z, cell) else {
      guard TerrainBlock.contains(block.any, cell) else { return nil }
      let height = find(along, near: z)
      return height.isNaN ? nil : height
    }
    return zBase
      + Double(block.height(Int32(truncatingIfNeeded: column), Int32(truncatingIfNeeded: row))) * quantum
  }

  /// The same where the block is another one, or the floor may be; NaN where there is no floor.
  @usableFromInline
  @inline(never)
  mutating func find(_ along: SIMD2<Double>, near z: Double) -> Double {
    guard let place = columns.column(along) else { return .nan }
    let isFar = (place ^ tile) &>> 5
    if isFar.x | isFar.y != 0, !enter(place) {
      // Seen for the first time, or damaged.
      tile = SIMD2(repeating: -32)
      corner = SIMD2(repeating: .nan)
      return terrain.floor(column: Int(place.x), Int(place.y), near: z)?.z ?? .nan
    }
    guard layerCount == 1 else { return findAmong(place, near: z) }
    block = TerrainBlock(layer, place)
    remember(place)
    return height(place)
  }

  /// Remembers a tile; false where it was not checked yet, or is damaged.
  @inline(__always)
  private mutating func enter(_ place: SIMD2<Int32>) -> Bool {
    let index = terrain.tile(place)
    let state = terrain.state(tile: index)
    tile = place
    layerCount = 1
    layer = terrain.tileStart + TerrainTileStates.place(state)
    if TerrainTileStates.hasOneLayer(state) { return true }
    layerCount = 0
    guard state >= TerrainTileStates.placed else { return state == TerrainTileStates.empty }
    entries = terrain.layerIndex.tiles[index].load(ordering: .acquiring)
    layerCount = terrain.layerCount(tile: index)
    return entries != nil
  }

  /// The same in a tile of several layers, or none.
  @inline(never)
  private mutating func findAmong(_ place: SIMD2<Int32>, near z: Double) -> Double {
    guard layerCount > 0, let entries else {
      block = TerrainBlock(empty: terrain.tileStart)
      remember(place)
      return .nan
    }
    let number = UInt32(truncatingIfNeeded: (place.y & 31) &>> 3 &* 4 &+ (place.x & 31) &>> 3)
    let cell = UInt64(truncatingIfNeeded: (place.y & 7) &* 8 &+ place.x & 7)
    // One floor may be the nearest whatever the others are.
    for index in 0..<layerCount where entries[index].blocks &>> number & 1 == 1 {
      guard z > entries[index].above, z < entries[index].below else { continue }
      let found = TerrainBlock(entries[index].layer, place)
      guard found.present &>> cell & 1 == 1 else { break }
      block = found
      block.alone = 0
      block.any = ~0
      block.above = entries[index].above
      block.below = entries[index].below
      remember(place)
      return height(place)
    }
    return compare(entries, number, cell, place, near: z.isFinite ? z : 0)
  }

  /// The same, cell by cell: the nearest of those that are there.
  @inline(never)
  private mutating func compare(
    _ entries: UnsafeMutablePointer<TerrainLayerIndex.Entry>, _ number: UInt32, _ cell: UInt64, _ place: SIMD2<Int32>,
    near z: Double
  ) -> Double {
    var least = Double.infinity
    var best = TerrainBlock(empty: layer)
    var own = -1
    var alone: UInt64 = 0
    var any: UInt64 = 0
    for index in 0..<layerCount where entries[index].blocks &>> number & 1 == 1 {
      let found = TerrainBlock(entries[index].layer, place)
      alone = (alone | found.present) & ~(any & found.present)
      any |= found.present
      guard found.present &>> cell & 1 == 1 else { continue }
      let distance = abs(zBase + Double(found.height(place.x & 7, place.y & 7)) * quantum - z)
      guard distance < least else { continue }
      (best, least, own) = (found, distance, index)
    }
    if own >= 0 {
      (best.above, best.below) = (entries[own].above, entries[own].below)
      // The tile's floors may be too uneven to tell; those of the block seldom are.
      if z <= best.above || z >= best.below {
        (best.above, best.below) = limits(of: best, own, entries, number, place)
      }
    }
    best.alone = alone & best.present
    best.any = any
    block = best
    remember(place)
    return height(place)
  }

  /// The heights from which a floor is surely the nearest one, wherever in the block they all are.
  @inline(__always)
  private func limits(
    of own: TerrainBlock, _ ownIndex: Int, _ entries: UnsafeMutablePointer<TerrainLayerIndex.Entry>, _ number: UInt32,
    _ place: SIMD2<Int32>
  ) -> (above: Double, below: Double) {
    var (above, below) = (-Double.infinity, Double.infinity)
    let (lowest, highest) = (own.least, own.most)
    for index in 0..<layerCount where entries[index].blocks &>> number & 1 == 1 && index != ownIndex {
      let other = TerrainBlock(entries[index].layer, place)
      if other.most < lowest {
        above = max(above, terrain.middle(other.most, highest) + quantum)
      } else if other.least > highest {
        below = min(below, terrain.middle(other.least, lowest) - quantum)
      } else {
        // Floors that may lie at the same height are compared anew every time.
        return (.infinity, below)
      }
    }
    return (above, below)
  }

  /// The block is where the next answer is looked for.
  @inline(__always)
  private mutating func remember(_ place: SIMD2<Int32>) {
    // In the first block differences may be rounded, and the last one may reach out of the zone: places in these are
    // looked up anew every time.
    let (x, y) = (place.x & ~7 &- 8, place.y & ~7 &- 8)
    let isInside =
      UInt32(bitPattern: x) < UInt32(bitPattern: columns.inner.x)
      && UInt32(bitPattern: y) < UInt32(bitPattern: columns.inner.y)
    corner = isInside ? SIMD2(Double(x), Double(y)) : SIMD2(repeating: .nan)
  }

  /// In the block that was found just now.
  @inline(__always)
  private func height(_ place: SIMD2<Int32>) -> Double {
    let cell = place & 7
    guard block.present &>> UInt64(truncatingIfNeeded: cell.y &* 8 &+ cell.x) & 1 == 1 else { return .nan }
    return zBase + Double(block.height(cell.x, cell.y)) * quantum
  }
}
