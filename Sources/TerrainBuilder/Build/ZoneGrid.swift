import Nav

/// The cells of a zone, and the chunks in which they are made: 4 × 4 tiles.
struct ZoneGrid: Sendable {
  static let chunkTiles = 4
  static let chunkSide = chunkTiles * TerrainTileLayer.side
  /// More cells than this are refused.
  static let cellsMost = 1 << 28

  let originX: Double
  let originY: Double
  let cellSize: Double
  let width: Int
  let height: Int

  var tilesX: Int { (width + TerrainTileLayer.side - 1) / TerrainTileLayer.side }
  var tilesY: Int { (height + TerrainTileLayer.side - 1) / TerrainTileLayer.side }
  var chunksX: Int { (tilesX + Self.chunkTiles - 1) / Self.chunkTiles }
  var chunksY: Int { (tilesY + Self.chunkTiles - 1) / Self.chunkTiles }

  /// The cells over a box, aligned to whole multiples of the cell size.
  init(low: SIMD3<Float>, high: SIMD3<Float>, cellSize: Double) throws(BuildError) {
    self.cellSize = cellSize
    let firstX = (Double(low.x) / cellSize).rounded(.down)
    let firstY = (Double(low.y) / cellSize).rounded(.down)
    let lastX = (Double(high.x) / cellSize).rounded(.up)
    let lastY = (Double(high.y) / cellSize).rounded(.up)
    let columns = max(lastX - firstX, 1)
    let rows = max(lastY - firstY, 1)
    guard columns <= Double(WalkPlane.sideMax), rows <= Double(WalkPlane.sideMax),
      columns * rows <= Double(Self.cellsMost)
    else {
      throw BuildError("the zone has \(columns) × \(rows) cells, which is too many; choose a larger cell")
    }
    originX = firstX * cellSize
    originY = firstY * cellSize
    width = Int(columns)
    height = Int(rows)
  }

  /// Cells from a corner that is given.
  init(originX: Double, originY: Double, cellSize: Double, width: Int, height: Int) {
    self.originX = originX
    self.originY = originY
    self.cellSize = cellSize
    self.width = width
    self.height = height
  }

  func centreX(_ column: Int) -> Double { originX + (Double(column) + 0.5) * cellSize }
  func centreY(_ row: Int) -> Double { originY + (Double(row) + 0.5) * cellSize }

  /// Cells of a chunk, cut at the zone's edge.
  func chunk(_ index: Int) -> TerrainRectangle {
    let x = index % chunksX * Self.chunkSide
    let y = index / chunksX * Self.chunkSide
    return TerrainRectangle(
      x: x, y: y, width: min(Self.chunkSide, width - x), height: min(Self.chunkSide, height - y))
  }
}
