extension Terrain {
  /// A flat zone in memory, for tests: cells of one unit, south-west corner at (0, 0), one sheet, one profile.
  ///
  /// - Parameters:
  ///   - blocked: cells that are obstacles and not set in the plane.
  ///   - z: height of all floors.
  public static func plain(
    width: Int, height: Int, blocked: [TerrainRectangle] = [], z: Double = 0, originX: Double = 0,
    originY: Double = 0
  ) -> Terrain {
    precondition((1...TerrainFormat.sideMost).contains(width) && (1...TerrainFormat.sideMost).contains(height))
    let header = TerrainHeader(
      width: width, height: height, originX: originX, originY: originY, zBase: z, lowest: z, highest: z)
    var image = TerrainImage(
      header: header, sheets: [.init(area: TerrainRectangle(x: 0, y: 0, width: width, height: height))],
      profiles: [AgentProfile()])
    func isBlocked(_ x: Int, _ y: Int) -> Bool { blocked.contains { $0.contains(x, y) } }
    let side = TerrainTileLayer.side
    for tileY in 0..<header.tilesY {
      for tileX in 0..<header.tilesX {
        var layer = TerrainTileLayer(sheet: 0)
        for index in 0..<TerrainTileLayer.cellCount {
          let (x, y) = (tileX * side + index % side, tileY * side + index / side)
          guard x < width, y < height else { continue }
          layer.heights[index] = 0
          layer.surfaces[index] =
            (isBlocked(x, y) ? TerrainSurface.obstacle : TerrainSurface.walkable).rawValue
        }
        image.setTile(tileX, tileY, TerrainEncodedTile([layer]))
      }
    }
    var walk = PlaneWords(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width where !isBlocked(x, y) { walk[x, y] = true }
    }
    image.addPlane(profile: 0, sheet: 0, walk: walk)
    do {
      return try Terrain(bytes: image.encode(), name: "plain")
    } catch {
      preconditionFailure("a plain terrain does not open: \(error)")
    }
  }
}
