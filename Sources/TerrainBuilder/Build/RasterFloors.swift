import Nav

/// Floors of an elevation raster: a pixel is a cell, its south-western corner at (0, 0).
struct RasterFloors: FloorSource {
  let grid: ZoneGrid
  let lowest: Double
  let highest: Double
  private let raster: ElevationRaster
  private let rules: [ProfileRules]

  init(_ raster: ElevationRaster, settings: BuildSettings) throws(BuildError) {
    self.raster = raster
    var low = Float.infinity
    var high = -Float.infinity
    for height in raster.heights where height.isFinite {
      low = min(low, height)
      high = max(high, height)
    }
    guard low <= high else { throw BuildError("no pixel has a height") }
    lowest = Double(low)
    highest = Double(high)
    let cell = Float(settings.cellSize)
    grid = try ZoneGrid(
      low: SIMD3(0, 0, 0), high: SIMD3(Float(raster.width) * cell, Float(raster.height) * cell, 0),
      cellSize: settings.cellSize)
    rules = settings.profiles.map { ProfileRules($0, cellSize: settings.cellSize) }
  }

  func floors(chunk: Int) -> ChunkFloors {
    var floors = ChunkFloors(area: grid.chunk(chunk))
    let area = floors.area
    for row in 0..<area.height {
      for column in 0..<area.width {
        let (x, y) = (area.x + column, raster.height - 1 - (area.y + row))
        let z = raster.height(x, y)
        if z.isFinite {
          let up = upward(x, y, z)
          var walk: ChunkFloors.Mask = 0
          for (index, rule) in rules.enumerated() where up >= rule.steepest { walk |= 1 << UInt32(index) }
          floors.z.append(z)
          floors.surface.append((walk & 1 == 1 ? TerrainSurface.walkable : .cliff).rawValue)
          floors.walk.append(walk)
          floors.isBuried.append(false)
        }
        floors.first[row * area.width + column + 1] = Int32(floors.z.count)
      }
    }
    return floors
  }

  /// z component of the ground's unit normal, from the neighbour pixels.
  private func upward(_ x: Int, _ y: Int, _ z: Float) -> Double {
    func slope(_ before: Float, _ after: Float) -> Double {
      switch (before.isFinite, after.isFinite) {
      case (true, true): Double(after - before) / (2 * grid.cellSize)
      case (true, false): Double(z - before) / grid.cellSize
      case (false, true): Double(after - z) / grid.cellSize
      case (false, false): 0
      }
    }
    let alongX = slope(raster.height(x - 1, y), raster.height(x + 1, y))
    let alongY = slope(raster.height(x, y + 1), raster.height(x, y - 1))
    return 1 / (1 + alongX * alongX + alongY * alongY).squareRoot()
  }
}
