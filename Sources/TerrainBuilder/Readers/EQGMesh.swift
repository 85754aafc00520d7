/// The triangles of a terrain (`.ter`) or a model (`.mod`) of an EQG archive.
struct EQGMesh {
  var vertices: [SIMD3<Float>] = []
  /// Counter-clockwise seen from their front.
  var triangles: [(a: Int32, b: Int32, c: Int32, isPassable: Bool)] = []

  init(_ bytes: [UInt8], file: String) throws(AssetError) {
    var reader = ByteReader(bytes, file: file)
    let magic = Array(try reader.take(4, "magic"))
    let isModel = magic == Array("EQGM".utf8)
    guard isModel || magic == Array("EQGT".utf8) else { throw reader.error("neither a terrain nor a model", at: 0) }
    let version = try reader.u32("version")
    guard (1...3).contains(version) else {
      throw reader.error("version \(version) is not supported", kind: .unsupported, at: 4)
    }
    let nameBytes = try reader.count("names")
    let materials = try reader.count("materials")
    let vertexCount = try reader.count("vertices")
    let triangleCount = try reader.count("triangles")
    if isModel { _ = try reader.count("bones") }
    try reader.skip(nameBytes, "names")
    try reader.checkCount(materials, of: 16, "materials")
    for _ in 0..<materials {
      try reader.skip(12, "material")
      let properties = try reader.count("properties")
      try reader.checkCount(properties, of: 12, "properties")
      try reader.skip(properties * 12, "properties")
    }
    let vertexBytes = version < 3 ? 32 : 44
    try reader.checkCount(vertexCount, of: vertexBytes, "vertices")
    vertices.reserveCapacity(vertexCount)
    for _ in 0..<vertexCount {
      vertices.append(try reader.point("vertex"))
      try reader.skip(vertexBytes - 12, "vertex")
    }
    try reader.checkCount(triangleCount, of: 20, "triangles")
    for _ in 0..<triangleCount {
      let corners = (try reader.u32("triangle"), try reader.u32("triangle"), try reader.u32("triangle"))
      _ = try reader.u32("triangle")
      let flags = try reader.u32("triangle")
      guard max(corners.0, corners.1, corners.2) < vertices.count else {
        throw reader.error("a triangle names a vertex that is not there")
      }
      triangles.append((Int32(corners.0), Int32(corners.1), Int32(corners.2), flags & 1 != 0))
    }
  }

  func append(to scene: inout Scene, at place: ObjectPlace? = nil) {
    let first = Int32(scene.vertices.count)
    scene.vertices += place?.placed(vertices) ?? vertices
    for triangle in triangles {
      scene.triangles.append(
        .init(first + triangle.a, first + triangle.b, first + triangle.c, triangle.isPassable ? .passable : .solid))
    }
  }
}
