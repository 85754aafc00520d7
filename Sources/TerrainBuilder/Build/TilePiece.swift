import Nav

/// Floors of one tile that hang together and never lie above each other: what sheets are put together from.
struct TilePiece: Sendable {
  static let side = TerrainTileLayer.side

  let tileX: Int
  let tileY: Int
  /// The floors, encoded; the sheet is not known yet.
  let encoded: TerrainEncodedTile
  /// Bit x of row y: there is a floor.
  var columns: [UInt32]
  /// The same for floors where profile p may stand, rows p · 32 ..< p · 32 + 32.
  var walk: [UInt32]
  /// Cells of any profile that have a neighbour cell in the tile at a height that cannot be walked to.
  var isRugged: Bool
  var walkCount: Int
  var buriedCount: Int

  /// Rows of one profile.
  func rows(_ profile: Int) -> ArraySlice<UInt32> { walk[profile * Self.side..<(profile + 1) * Self.side] }

  func isWalkable(_ x: Int, _ y: Int, _ profile: Int) -> Bool {
    walk[profile * Self.side + y] >> UInt32(x) & 1 == 1
  }

  /// Profiles that may stand at a cell.
  func profiles(_ x: Int, _ y: Int, count: Int) -> UInt32 {
    var mask: UInt32 = 0
    for profile in 0..<count where isWalkable(x, y, profile) { mask |= 1 << UInt32(profile) }
    return mask
  }

  /// Height in quanta of a cell; nil where the piece has no floor.
  func height(_ x: Int, _ y: Int) -> Int32? { encoded.height(x: x, y: y) }
}

/// Cuts the floors of a chunk into pieces, tile by tile.
struct TilePieces {
  let rules: [ProfileRules]
  let zBase: Double
  let quantum: Double
  /// In quanta.
  private let climb: Int32

  init(rules: [ProfileRules], zBase: Double, quantum: Double) {
    self.rules = rules
    self.zBase = zBase
    self.quantum = quantum
    climb = Self.climb(rules.map(\.climb).max() ?? 0, quantum: quantum)
  }

  /// Largest walkable difference of quantised heights.
  static func climb(_ climb: Double, quantum: Double) -> Int32 { Int32(min((climb / quantum).rounded(.up), 1e6)) }

  func pieces(of floors: ChunkFloors) -> [TilePiece] {
    let side = TilePiece.side
    var result: [TilePiece] = []
    for y in stride(from: 0, to: floors.area.height, by: side) {
      for x in stride(from: 0, to: floors.area.width, by: side) {
        cut(floors, x0: x, y0: y, into: &result)
      }
    }
    return result
  }

  /// A floor within a tile.
  private struct Floor {
    var cell: Int
    var z: Int32
    var surface: UInt8
    var walk: ChunkFloors.Mask
    var isBuried: Bool
    var piece = -1
  }

  private func cut(_ chunk: ChunkFloors, x0: Int, y0: Int, into result: inout [TilePiece]) {
    let side = TilePiece.side
    var floors: [Floor] = []
    floors.reserveCapacity(side * side)
    // Floors of cell c are first[c]..<first[c + 1].
    var first = [Int](repeating: 0, count: side * side + 1)
    for cell in 0..<side * side {
      let (x, y) = (x0 + cell % side, y0 + cell / side)
      if x < chunk.area.width, y < chunk.area.height {
        let column = y * chunk.area.width + x
        for index in Int(chunk.first[column])..<Int(chunk.first[column + 1]) {
          let z = Int32(((Double(chunk.z[index]) - zBase) / quantum).rounded())
          floors.append(
            Floor(
              cell: cell, z: z, surface: chunk.surface[index], walk: chunk.walk[index],
              isBuried: chunk.isBuried[index]))
        }
      }
      first[cell + 1] = floors.count
    }
    guard !floors.isEmpty else { return }
    var occupied: [[UInt32]] = []
    label(&floors, first, &occupied)
    gatherRest(&floors, &occupied)
    emit(
      floors, first, occupied.count, tileX: (chunk.area.x + x0) / side, tileY: (chunk.area.y + y0) / side,
      into: &result)
  }

  /// Floors that one can walk between become a piece each, unless one lies above another.
  private func label(_ floors: inout [Floor], _ first: [Int], _ occupied: inout [[UInt32]]) {
    let side = TilePiece.side
    var stack: [Int] = []
    for seed in floors.indices where floors[seed].piece < 0 && floors[seed].walk != 0 {
      let piece = occupied.count
      occupied.append(Array(repeating: 0, count: side))
      stack.append(seed)
      floors[seed].piece = piece
      occupied[piece][floors[seed].cell / side] |= 1 << UInt32(floors[seed].cell % side)
      while let index = stack.popLast() {
        let (cell, z) = (floors[index].cell, floors[index].z)
        for neighbour in neighbours(cell) {
          let bit = UInt32(1) << UInt32(neighbour % side)
          guard occupied[piece][neighbour / side] & bit == 0 else { continue }
          for other in first[neighbour]..<first[neighbour + 1]
          where floors[other].piece < 0 && floors[other].walk != 0 && abs(floors[other].z - z) <= climb {
            floors[other].piece = piece
            occupied[piece][neighbour / side] |= bit
            stack.append(other)
            break
          }
        }
      }
    }
  }

  /// Floors that nobody stands on become pieces of their own, as few as there can be: it does not matter on which
  /// sheet they are, and they must not keep what is walked on apart.
  private func gatherRest(_ floors: inout [Floor], _ occupied: inout [[UInt32]]) {
    let side = TilePiece.side
    let walked = occupied.count
    for index in floors.indices where floors[index].piece < 0 {
      let cell = floors[index].cell
      let bit = UInt32(1) << UInt32(cell % side)
      var piece = walked
      while piece < occupied.count, occupied[piece][cell / side] & bit != 0 { piece += 1 }
      if piece == occupied.count { occupied.append(Array(repeating: 0, count: side)) }
      floors[index].piece = piece
      occupied[piece][cell / side] |= bit
    }
  }

  private func neighbours(_ cell: Int) -> [Int] {
    let side = TilePiece.side
    var found: [Int] = []
    if cell % side > 0 { found.append(cell - 1) }
    if cell % side < side - 1 { found.append(cell + 1) }
    if cell >= side { found.append(cell - side) }
    if cell < side * (side - 1) { found.append(cell + side) }
    return found
  }

  private func emit(
    _ floors: [Floor], _ first: [Int], _ count: Int, tileX: Int, tileY: Int, into result: inout [TilePiece]
  ) {
    let side = TilePiece.side
    for piece in 0..<count {
      var layer = TerrainTileLayer(sheet: 0)
      var columns = [UInt32](repeating: 0, count: side)
      var walk = [UInt32](repeating: 0, count: side * rules.count)
      var walkCount = 0
      var buriedCount = 0
      for floor in floors where floor.piece == piece {
        layer.heights[floor.cell] = floor.z
        layer.surfaces[floor.cell] = floor.surface
        let bit = UInt32(1) << UInt32(floor.cell % side)
        columns[floor.cell / side] |= bit
        guard floor.walk != 0 else { continue }
        walkCount += 1
        if floor.isBuried { buriedCount += 1 }
        for profile in rules.indices where floor.walk >> UInt32(profile) & 1 == 1 {
          walk[profile * side + floor.cell / side] |= bit
        }
      }
      result.append(
        TilePiece(
          tileX: tileX, tileY: tileY, encoded: TerrainEncodedTile([layer]), columns: columns, walk: walk,
          isRugged: isRugged(layer, walk), walkCount: walkCount, buriedCount: buriedCount))
    }
  }

  /// True when two neighbour cells that both may be stood on are too far apart in height for some profile.
  private func isRugged(_ layer: TerrainTileLayer, _ walk: [UInt32]) -> Bool {
    let side = TilePiece.side
    for (profile, rule) in rules.enumerated() {
      let climb = Self.climb(rule.climb, quantum: quantum)
      for y in 0..<side {
        let row = walk[profile * side + y]
        guard row != 0 else { continue }
        for x in 0..<side where row >> UInt32(x) & 1 == 1 {
          let z = layer.heights[y * side + x]
          if x + 1 < side, row >> UInt32(x + 1) & 1 == 1, abs(layer.heights[y * side + x + 1] - z) > climb {
            return true
          }
          if y + 1 < side, walk[profile * side + y + 1] >> UInt32(x) & 1 == 1,
            abs(layer.heights[(y + 1) * side + x] - z) > climb
          {
            return true
          }
        }
      }
    }
    return false
  }
}
