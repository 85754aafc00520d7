import Nav

/// Ground for the scripted world: a square plain around the origin, with walls that stop legs and eyes.
enum ScriptedGround {
  /// Half a side of the plain. Unit: world units, which are cells.
  static let reach = 160

  /// A wall: cells west to east and south to north, in world units.
  struct Wall {
    var west: Int
    var south: Int
    var east: Int
    var north: Int

    func contains(_ x: Int, _ y: Int) -> Bool { x >= west && x < east && y >= south && y < north }
  }

  /// Walls are 40 units high and nobody walks on them.
  static func terrain(_ walls: [Wall]) throws -> Terrain {
    let side = 2 * reach
    let header = TerrainHeader(
      width: side, height: side, originX: Double(-reach), originY: Double(-reach), zBase: 0, lowest: 0, highest: 40)
    var image = TerrainImage(
      header: header, sheets: [.init(area: TerrainRectangle(x: 0, y: 0, width: side, height: side))],
      profiles: [AgentProfile()])
    var walk = PlaneWords(width: side, height: side)
    for tileY in 0..<header.tilesY {
      for tileX in 0..<header.tilesX {
        var layer = TerrainTileLayer(sheet: 0)
        for index in 0..<TerrainTileLayer.cellCount {
          let (x, y) = (
            tileX * TerrainTileLayer.side + index % TerrainTileLayer.side,
            tileY * TerrainTileLayer.side + index / TerrainTileLayer.side
          )
          guard x < side, y < side else { continue }
          let isWall = walls.contains { $0.contains(x - reach, y - reach) }
          layer.heights[index] = isWall ? Int32(40 / header.quantum) : 0
          layer.surfaces[index] = (isWall ? TerrainSurface.obstacle : TerrainSurface.walkable).rawValue
          if !isWall { walk[x, y] = true }
        }
        image.setTile(tileX, tileY, TerrainEncodedTile([layer]))
      }
    }
    image.addPlane(profile: 0, sheet: 0, walk: walk)
    return try Terrain(bytes: image.encode(), name: "scripted")
  }

  static func navigator(_ walls: [Wall] = [], ledger: Navigator.Ledger? = nil) throws -> Navigator {
    try Navigator(terrain: try terrain(walls), ledger: ledger)
  }
}
