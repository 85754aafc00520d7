import Nav

/// Floors by Recast's rules: the tops of its spans, walkable where its filters and its erosion leave them.
struct RecastFloors: FloorSource {
  let grid: ZoneGrid
  let lowest: Double
  let highest: Double
  private let field: RecastField
  private let walk: [ChunkFloors.Mask]

  init(_ scene: Scene, settings: BuildSettings, voxelHeight: Double) throws(BuildError) {
    guard let box = scene.bounds else { throw BuildError("there is nothing solid in the input") }
    var masks: [ChunkFloors.Mask] = []
    var first: RecastField?
    for (index, profile) in settings.profiles.enumerated() {
      let rules = RecastSettings(profile, cellSize: settings.cellSize, voxelHeight: voxelHeight)
      var field = try Self.field(scene, rules)
      field.filter()
      let eroded = field.eroded()
      if masks.isEmpty { masks = Array(repeating: 0, count: field.spans.count) }
      // The spans themselves do not depend on the body, only what is walkable does.
      for place in eroded.indices where eroded[place] && place < masks.count { masks[place] |= 1 << UInt32(index) }
      if first == nil { first = field }
    }
    guard let field = first else { throw BuildError("there must be an agent profile") }
    self.field = field
    walk = masks
    grid = ZoneGrid(
      originX: Double(field.low.x), originY: -(Double(field.low.z) + Double(field.depth) * settings.cellSize),
      cellSize: settings.cellSize, width: field.width, height: field.depth)
    lowest = Double(box.low.z)
    highest = Double(box.high.z) + voxelHeight
  }

  /// All solid triangles of a scene, before the filters.
  static func field(_ scene: Scene, _ settings: RecastSettings) throws(BuildError) -> RecastField {
    var low = SIMD3<Float>(repeating: .infinity)
    var high = -low
    for vertex in scene.vertices {
      low = pointwiseMin(low, turned(vertex))
      high = pointwiseMax(high, turned(vertex))
    }
    var field = try RecastField(low: low, high: high, settings: settings)
    for triangle in scene.triangles where triangle.kind != .passable {
      let (a, b, c) = scene.corners(triangle)
      field.add(turned(a), turned(b), turned(c))
    }
    return field
  }

  /// From z up to y up.
  private static func turned(_ point: SIMD3<Float>) -> SIMD3<Float> { SIMD3(point.x, point.z, -point.y) }

  func floors(chunk: Int) -> ChunkFloors {
    var floors = ChunkFloors(area: grid.chunk(chunk))
    let area = floors.area
    for row in 0..<area.height {
      for column in 0..<area.width {
        field.eachSpan(area.x + column, grid.height - 1 - (area.y + row)) { place in
          let span = field.spans[place]
          floors.z.append(field.low.y + Float(span.high) * field.settings.voxelHeight)
          floors.surface.append((span.isWalkable ? TerrainSurface.walkable : .obstacle).rawValue)
          floors.walk.append(walk[place])
          floors.isBuried.append(false)
        }
        floors.first[row * area.width + column + 1] = Int32(floors.z.count)
      }
    }
    return floors
  }
}
