import World

extension AssetScene {
  /// Length of the squares that water and lava sheets are cut into. Unit: world units.
  private static let sheetSide: Float = 128

  /// A zone as its client ships it.
  public init(_ zone: ZoneData, zones: [ZoneData]) {
    let mesh = zone.mesh
    let surfaces = SurfaceMaterial.allCases
    self.init(
      name: zone.name, materials: surfaces.map(AssetMaterial.init),
      vertices: mesh.vertices.map(AssetPoint.init),
      triangles: mesh.triangles.map(AssetTriangle.init))
    materials += [
      AssetMaterial(name: "WATER1", rgb: 0x3C6E96, isTransparent: true),
      AssetMaterial(name: "LAVA001", rgb: 0xE65A1E, isTransparent: true),
    ]
    for liquid in mesh.liquids {
      append(liquid, material: UInt16(surfaces.count + (liquid.liquid == .water ? 0 : 1)))
      regions.append(
        AssetRegion(
          liquid.liquid == .water ? .water : .lava, from: AssetPoint(liquid.low), to: AssetPoint(liquid.high)))
    }
    // Zone lines before liquids: where both are, the line counts.
    regions.insert(
      contentsOf: zone.lines.map { line in
        let at = line.arrival
        return AssetRegion(
          .zoneLine(
            id: zones[line.target].id.raw, x: whole(at.x), y: whole(at.y), z: whole(at.z),
            heading: whole(line.arrivalHeading.units)), from: AssetPoint(line.low), to: AssetPoint(line.high))
      }, at: 0)
    models = mesh.models.map { model in
      let used = surfaces.filter { surface in model.triangles.contains { $0.material == surface } }
      return AssetModel(
        name: model.name.uppercased(), materials: used.map(AssetMaterial.init),
        vertices: model.vertices.map(AssetPoint.init),
        triangles: model.triangles.map { triangle in
          AssetTriangle(
            triangle.a, triangle.b, triangle.c, material: UInt16(used.firstIndex(of: triangle.material) ?? 0),
            isPassable: triangle.material.isPassable)
        })
    }
    placements = mesh.placements.map { placement in
      AssetPlacement(
        model: mesh.models[placement.model].name.uppercased(), position: AssetPoint(placement.position),
        rotation: placement.rotation, scale: placement.scale)
    }
  }

  /// The surface of a liquid as passable squares.
  private mutating func append(_ liquid: LiquidVolume, material: UInt16) {
    let z = liquid.high.z
    var y = liquid.low.y
    while y < liquid.high.y {
      let nextY = min(liquid.high.y, ((y / Self.sheetSide).rounded(.down) + 1) * Self.sheetSide)
      var x = liquid.low.x
      while x < liquid.high.x {
        let nextX = min(liquid.high.x, ((x / Self.sheetSide).rounded(.down) + 1) * Self.sheetSide)
        let first = UInt32(vertices.count)
        vertices += [
          AssetPoint(x, y, z), AssetPoint(nextX, y, z), AssetPoint(nextX, nextY, z), AssetPoint(x, nextY, z),
        ]
        triangles.append(AssetTriangle(first, first + 1, first + 2, material: material, isPassable: true))
        triangles.append(AssetTriangle(first, first + 2, first + 3, material: material, isPassable: true))
        x = nextX
      }
      y = nextY
    }
  }
}

extension AssetPoint {
  init(_ vertex: MeshVertex) { self.init(vertex.x, vertex.y, vertex.z) }
}

extension AssetTriangle {
  init(_ triangle: MeshTriangle) {
    self.init(
      triangle.a, triangle.b, triangle.c,
      material: UInt16(SurfaceMaterial.allCases.firstIndex(of: triangle.material) ?? 0),
      isPassable: triangle.material.isPassable)
  }
}

extension AssetMaterial {
  init(_ surface: SurfaceMaterial) {
    self.init(name: surface.name.uppercased(), rgb: surface.rgb)
  }
}

/// The nearest whole number; 0 for what is none.
private func whole(_ number: Double) -> Int {
  Int(exactly: number.rounded()) ?? 0
}
