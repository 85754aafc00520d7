import Core

extension Terrain {
  /// World rectangle that the cells cover; z from the lowest to the highest floor.
  public var bounds: (low: Position, high: Position) {
    (
      Position(header.originX, header.originY, header.lowest),
      Position(
        header.originX + Double(header.width) * header.cellSize,
        header.originY + Double(header.height) * header.cellSize, header.highest)
    )
  }

  /// The column over which (x, y) lies; nil outside or for what is no number.
  @inline(__always)
  public func column(_ x: Double, _ y: Double) -> (x: Int, y: Int)? {
    columns(x, y).map { (Int($0.x), Int($0.y)) }
  }

  /// World place of a column's centre.
  public func centre(_ x: Int, _ y: Int) -> (x: Double, y: Double) {
    (
      header.originX + (Double(x) + 0.5) * header.cellSize, header.originY + (Double(y) + 0.5) * header.cellSize
    )
  }

  /// Height of the floor under (x, y) that is nearest to `z`, at the cell's centre; nil where there is none.
  public func height(_ x: Double, _ y: Double, near z: Double) -> Double? {
    guard let column = columns(x, y) else { return nil }
    let tile = tile(column)
    let state = state(tile: tile)
    guard state != TerrainTileStates.empty else { return nil }
    guard TerrainTileStates.hasOneLayer(state) else { return heightOfSeveral(column, tile, state, near: z) }
    let layer = tileStart + TerrainTileStates.place(state)
    guard let height = TerrainTile.height(layer, isWhole: TerrainTileStates.isWhole(state), column.x, column.y) else {
      return nil
    }
    return world(height)
  }

  /// The same in a tile of several layers, or one that was not asked for before.
  @inline(never)
  private func heightOfSeveral(_ column: SIMD2<Int32>, _ tile: Int, _ state: UInt32, near z: Double) -> Double? {
    guard state >= TerrainTileStates.placed else {
      return floor(column: Int(column.x), Int(column.y), near: z)?.z
    }
    guard let floors = layerIndex.floors(tile)?[TerrainBlock.number(column)] else { return nil }
    // One floor may be the nearest whatever the others are.
    for floor in floors where floor.isNearest(to: z) {
      let found = TerrainTile.height(
        tileStart + floor.offset, isWhole: floor.isWhole ? 1 : 0, column.x, column.y)
      if let found { return world(found) }
      if floors.count == 1 { return nil }
    }
    let wanted = z.isFinite ? z : 0
    var best: Double?
    var least = Double.infinity
    for floor in floors {
      let found = TerrainTile.height(
        tileStart + floor.offset, isWhole: floor.isWhole ? 1 : 0, column.x, column.y)
      guard let found else { continue }
      let height = world(found)
      if abs(height - wanted) < least {
        least = abs(height - wanted)
        best = height
      }
    }
    return best
  }

  /// The tile of a column inside the zone.
  @inline(__always)
  func tile(_ column: SIMD2<Int32>) -> Int {
    let place = column &>> SIMD2(repeating: Int32(TerrainFormat.tileShift))
    return Int(truncatingIfNeeded: place.y) &* tilesPerRow &+ Int(truncatingIfNeeded: place.x)
  }

  /// What is known of a tile.
  @inline(__always)
  func state(tile: Int) -> UInt32 { stateStart[tile].load(ordering: .relaxed) }

  /// Surface of the floor under (x, y) that is nearest to `z`; void where there is none.
  public func surface(_ x: Double, _ y: Double, near z: Double) -> TerrainSurface {
    guard let column = column(x, y) else { return .void }
    return floor(column: column.x, column.y, near: z)?.surface ?? .void
  }

  /// The floor under (x, y) that is nearest to `z`.
  public func floor(_ x: Double, _ y: Double, near z: Double) -> TerrainFloor? {
    guard let column = column(x, y) else { return nil }
    return floor(column: column.x, column.y, near: z)
  }

  /// All floors under (x, y), lowest first.
  public func floors(_ x: Double, _ y: Double) -> [TerrainFloor] {
    guard let column = column(x, y) else { return [] }
    return floors(column: column.x, column.y)
  }

  /// All floors of a column, lowest first.
  public func floors(column x: Int, _ y: Int) -> [TerrainFloor] {
    var found: [TerrainFloor] = []
    eachFloor(x, y) { z, surface, sheet in
      found.append(TerrainFloor(z: world(z), surface: TerrainSurface(rawValue: surface) ?? .void, sheet: sheet))
    }
    return found.sorted { ($0.z, $0.sheet) < ($1.z, $1.sheet) }
  }

  /// The floor of a column that is nearest to `z`; the lower sheet where two are as near.
  public func floor(column x: Int, _ y: Int, near z: Double) -> TerrainFloor? {
    let wanted = z.isFinite ? z : 0
    var best: (z: Int32, surface: UInt8, sheet: Int)?
    var least = Double.infinity
    eachFloor(x, y) { height, surface, sheet in
      let distance = abs(world(height) - wanted)
      if distance < least {
        least = distance
        best = (height, surface, sheet)
      }
    }
    guard let best else { return nil }
    return TerrainFloor(
      z: world(best.z), surface: TerrainSurface(rawValue: best.surface) ?? .void, sheet: best.sheet)
  }

  /// The floor of one sheet in a column; nil where the sheet has none.
  public func floor(_ cell: TerrainCell) -> TerrainFloor? {
    var found: TerrainFloor?
    eachFloor(Int(cell.x), Int(cell.y)) { z, surface, sheet in
      if sheet == Int(cell.sheet) {
        found = TerrainFloor(z: world(z), surface: TerrainSurface(rawValue: surface) ?? .void, sheet: sheet)
      }
    }
    return found
  }

  /// The cell that `position` stands in: its column, and the floor nearest to its height.
  public func cell(at position: Position) -> TerrainCell? {
    guard let column = column(position.x, position.y),
      let floor = floor(column: column.x, column.y, near: position.z)
    else { return nil }
    return TerrainCell(x: column.x, y: column.y, sheet: floor.sheet)
  }

  /// Centre of a cell, on its floor; nil where the sheet has none there.
  public func position(of cell: TerrainCell) -> Position? {
    guard let floor = floor(cell) else { return nil }
    let centre = centre(Int(cell.x), Int(cell.y))
    return Position(centre.x, centre.y, floor.z)
  }

  /// Calls `body` with the surface of every floor of a column, in the order of their sheets.
  public func eachSurface(column x: Int, _ y: Int, _ body: (TerrainSurface) -> Void) {
    eachFloor(x, y) { _, surface, _ in body(TerrainSurface(rawValue: surface) ?? .void) }
  }

  @inline(__always)
  func world(_ quanta: Int32) -> Double { zBase + Double(quanta) * quantum }

  /// The height in the middle between two.
  static func middle(_ one: Int32, _ other: Int32, zBase: Double, quantum: Double) -> Double {
    zBase + (Double(one) + Double(other)) / 2 * quantum
  }

  /// Calls `body` with every floor of a column: height in quanta, surface code, sheet.
  @inline(__always)
  func eachFloor(_ x: Int, _ y: Int, _ body: (Int32, UInt8, Int) -> Void) {
    guard x >= 0, y >= 0, x < header.width, y < header.height else { return }
    let tile = (y >> TerrainFormat.tileShift) * header.tilesX + x >> TerrainFormat.tileShift
    guard var rest = layers(tile: tile) else { return }
    let inX = x & (TerrainFormat.tileSide - 1)
    let inY = y & (TerrainFormat.tileSide - 1)
    while rest.count >= TerrainTile.headBytes {
      let size = Int(rest.u32(4))
      guard size >= TerrainTile.headBytes, size <= rest.count else { return }
      if let layer = rest.baseAddress, let (z, surface) = TerrainTile.sample(layer, x: inX, y: inY) {
        body(z, surface, Int(rest.u16(0)))
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[size...])
    }
  }

  /// The payload of a tile, checked; nil when it is empty or damaged.
  @inline(__always)
  private func layers(tile: Int) -> UnsafeRawBufferPointer? {
    let entry = tile * TerrainFormat.tileEntryBytes
    let offset = Int(directory.bytes.u32(entry)) * 8
    let count = Int(directory.bytes.u32(entry + 4))
    let state = state(tile: tile)
    if state < TerrainTileStates.good {
      guard state == TerrainTileStates.unchecked, firstUse(tile) else { return nil }
    }
    return UnsafeRawBufferPointer(rebasing: tileData.bytes[offset..<offset + count])
  }

  /// Checks a tile that was not asked for before; false when it is damaged.
  @inline(never)
  private func firstUse(_ tile: Int) -> Bool {
    do {
      try check(tile: tile)
      let state = goodState(tile)
      if state >= TerrainTileStates.placed {
        layerIndex.add(
          tile, data: tileStart, place: Int(directory.bytes.u32(tile * TerrainFormat.tileEntryBytes)),
          count: Int(directory.bytes[tile * TerrainFormat.tileEntryBytes + 12]), zBase: zBase, quantum: quantum)
      }
      tileStates.store(tile, state)
      return true
    } catch {
      tileStates.store(tile, TerrainTileStates.damaged)
      report(error)
      return false
    }
  }

  /// The state of a tile that was found good.
  private func goodState(_ tile: Int) -> UInt32 {
    let entry = tile * TerrainFormat.tileEntryBytes
    let place = Int(directory.bytes.u32(entry))
    let layers = directory.bytes[entry + 12]
    guard layers > 0 else { return TerrainTileStates.empty }
    let end = tileStart + (place * 8 + Int(directory.bytes.u32(entry + 4)) + TerrainTile.slack)
    guard place < TerrainTileStates.placeMost, end <= memory.readableEnd else { return TerrainTileStates.good }
    let state = UInt32(place + 2) << 1
    if layers > 1 { return state | TerrainTileStates.several }
    return state | UInt32(tileData.bytes.u16(place * 8 + 2) & 1)
  }

  /// Checksum and layer heads of a tile.
  func check(tile: Int) throws(TerrainError) {
    let entry = tile * TerrainFormat.tileEntryBytes
    let offset = Int(directory.bytes.u32(entry)) * 8
    let count = Int(directory.bytes.u32(entry + 4))
    func damaged(_ cause: String) -> TerrainError {
      .damaged(
        file: file, offset: offset,
        cause: "TDAT, tile \(tile % header.tilesX), \(tile / header.tilesX): \(cause)")
    }
    guard offset <= tileData.bytes.count, count <= tileData.bytes.count - offset else {
      throw damaged("leaves its section")
    }
    var rest = UnsafeRawBufferPointer(rebasing: tileData.bytes[offset..<offset + count])
    guard TerrainChecksum.crc32c(rest) == directory.bytes.u32(entry + 8) else { throw damaged("checksum differs") }
    var layerCount = 0
    var sheetBefore = -1
    while !rest.isEmpty {
      guard rest.count >= TerrainTile.headBytes, Int(rest.u32(4)) <= rest.count,
        Int(rest.u32(4)) >= TerrainTile.headBytes + TerrainTile.recordBytes
      else { throw damaged("layer \(layerCount) does not fit") }
      let sheet = Int(rest.u16(0))
      guard sheet > sheetBefore, sheet < sheets.count else { throw damaged("layer \(layerCount) has sheet \(sheet)") }
      guard TerrainTile.isSound(UnsafeRawBufferPointer(rebasing: rest[0..<Int(rest.u32(4))])) else {
        throw damaged("blocks of layer \(layerCount) leave it")
      }
      sheetBefore = sheet
      layerCount += 1
      rest = UnsafeRawBufferPointer(rebasing: rest[Int(rest.u32(4))...])
    }
    guard layerCount == Int(directory.bytes[entry + 12]) else { throw damaged("count of layers differs") }
  }

  /// The border of a plane is blocked, every set cell has a floor, and both orientations say the same.
  func check(_ planes: TerrainPlanes) throws(TerrainError) {
    let walk = planes.walk
    func damaged(_ cause: String) -> TerrainError {
      .damaged(file: file, offset: 0, cause: "plane of sheet \(planes.sheet): \(cause)")
    }
    var count = 0
    for y in -1...walk.height {
      for word in 0..<walk.rowStride {
        var bits = walk.rows[(y + 1) * walk.rowStride + word]
        while bits != 0 {
          let x = word * 64 + bits.trailingZeroBitCount - 1
          bits &= bits - 1
          count += 1
          guard walk.isWalkable(x, y) else { throw damaged("border is not blocked") }
          guard walk.columns[(x + 1) * walk.columnStride + (y + 1) >> 6] >> UInt64((y + 1) & 63) & 1 == 1 else {
            throw damaged("orientations differ at \(x), \(y)")
          }
          let cell = TerrainCell(x: planes.area.x + x, y: planes.area.y + y, sheet: planes.sheet)
          guard floor(cell) != nil else { throw damaged("no floor at \(x), \(y)") }
        }
      }
    }
    var columnCount = 0
    for index in 0..<(walk.width + 2) * walk.columnStride { columnCount += walk.columns[index].nonzeroBitCount }
    guard columnCount == count else { throw damaged("orientations differ") }
  }
}
