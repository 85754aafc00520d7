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
  /// Quarters of cells, so that a block reaches over numbers of one exponent whose last bits are 0.
  @usableFromInline let quartersPerUnit: SIMD2<Double>
  private let columns: TerrainColumns
  @usableFromInline let zBase: Double
  @usableFromInline let quantum: Double
  /// Eight less than the block's first column and row, quartered; NaN, which nothing is near, without a block.
  @usableFromInline var corner = SIMD2<Double>(repeating: .nan)
  @usableFromInline var block: TerrainBlock
  /// A column and row of the last tile, below 0 without one; its only layer, or the floors of several; neither where it
  /// is empty.
  private var tile = SIMD2<Int32>(repeating: -32)
  private var layer: UnsafeRawPointer?
  private var floors: TerrainLayerIndex.Floors?

  public init(_ terrain: Terrain) {
    self.terrain = terrain
    columns = terrain.columns
    origin = terrain.columns.origin
    quartersPerUnit = terrain.columns.cellsPerUnit / 4
    zBase = terrain.zBase
    quantum = terrain.quantum
    block = TerrainBlock(empty: terrain.tileStart)
  }

  /// Height of the floor under (x, y) that is nearest to `z`, at the cell's centre; nil where there is none.
  @inlinable @inline(__always)
  public mutating func height(_ x: Double, _ y: Double, near z: Double) -> Double? {
    // In the block they are 2..<4. The last difference is exact there, so that the cell is the one that the terrain
    // finds; and the cell is what the highest bits of the numbers say.
    let along = (SIMD2(x, y) - origin) * quartersPerUnit
    let bits = unsafeBitCast(along - corner, to: SIMD2<UInt64>.self) &>> 49
    let place = unsafeBitCast(SIMD2<UInt32>(truncatingIfNeeded: bits), to: TerrainBlock.Place.self)
    guard place & ~TerrainBlock.inside == TerrainBlock.biases else {
      let height = find(along, near: z)
      return height.isNaN ? nil : height
    }
    let cell = TerrainBlock.cell(place)
    guard block.isNearest(to: z, cell) || TerrainBlock.contains(block.alone, cell) else {
      guard TerrainBlock.contains(block.any, cell) else { return nil }
      let height = find(along, near: z)
      return height.isNaN ? nil : height
    }
    return zBase + Double(block.height(place)) * quantum
  }

  /// The same where the block is another one, or the floor may be; NaN where there is no floor.
  @usableFromInline
  @inline(never)
  mutating func find(_ along: SIMD2<Double>, near z: Double) -> Double {
    guard let place = columns.column(along * 4) else { return .nan }
    let isFar = (place ^ tile) &>> 5
    if isFar.x | isFar.y != 0, !enter(place) {
      // Seen for the first time, or damaged.
      tile = SIMD2(repeating: -32)
      corner = SIMD2(repeating: .nan)
      return terrain.floor(column: Int(place.x), Int(place.y), near: z)?.z ?? .nan
    }
    guard let layer else { return findAmong(place, near: z) }
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
    layer = terrain.tileStart + TerrainTileStates.place(state)
    if TerrainTileStates.hasOneLayer(state) { return true }
    layer = nil
    floors = nil
    guard state >= TerrainTileStates.placed else { return state == TerrainTileStates.empty }
    floors = terrain.layerIndex.floors(index)
    return floors != nil
  }

  /// The same in a tile of several layers, or none.
  @inline(never)
  private mutating func findAmong(_ place: SIMD2<Int32>, near z: Double) -> Double {
    guard let floors = floors?[TerrainBlock.number(place)], !floors.isEmpty else {
      block = TerrainBlock(empty: terrain.tileStart)
      remember(place)
      return .nan
    }
    let cell = TerrainBlock.cell(TerrainBlock.place(place))
    // One floor may be the nearest whatever the others are.
    for floor in floors where floor.isNearest(to: z) {
      var found = TerrainBlock(terrain.tileStart + floor.offset, isWhole: floor.isWhole, place)
      if floors.count > 1 {
        guard TerrainBlock.contains(found.present, cell) else { break }
        (found.alone, found.any) = (0, ~0)
        (found.above, found.below) = (Double(floor.above), Double(floor.below))
      }
      block = found
      remember(place)
      return height(place)
    }
    return compare(floors, cell, place, near: z.isFinite ? z : 0)
  }

  /// The same, cell by cell: the nearest of those that are there.
  @inline(never)
  private mutating func compare(
    _ floors: UnsafeBufferPointer<TerrainLayerIndex.Floor>, _ cell: UInt64, _ place: SIMD2<Int32>, near z: Double
  ) -> Double {
    var least = Double.infinity
    var best = TerrainBlock(empty: terrain.tileStart)
    var alone: UInt64 = 0
    var any: UInt64 = 0
    for floor in floors {
      let found = TerrainBlock(terrain.tileStart + floor.offset, isWhole: floor.isWhole, place)
      alone = (alone | found.present) & ~(any & found.present)
      any |= found.present
      guard TerrainBlock.contains(found.present, cell) else { continue }
      let distance = abs(zBase + Double(found.height(TerrainBlock.place(place))) * quantum - z)
      guard distance < least else { continue }
      (best, least) = (found, distance)
      (best.above, best.below) = (Double(floor.above), Double(floor.below))
    }
    best.alone = alone & best.present
    best.any = any
    block = best
    remember(place)
    return height(place)
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
    corner = isInside ? SIMD2(Double(x), Double(y)) / 4 : SIMD2(repeating: .nan)
  }

  /// In the block that was found just now.
  @inline(__always)
  private func height(_ place: SIMD2<Int32>) -> Double {
    let within = TerrainBlock.place(place)
    guard TerrainBlock.contains(block.present, TerrainBlock.cell(within)) else { return .nan }
    return zBase + Double(block.height(within)) * quantum
  }
}
