import Nav

/// Quake 3 maps (IBSP 46): brushes, curved patches, and what brushes are filled with.
enum QuakeMap {
  static let walker = AgentProfile(name: "quake", radius: 16, height: 56, step: 18, slope: 45.5, drop: 10000)

  private static let solid: UInt32 = 1
  private static let playerClip: UInt32 = 0x10000
  /// Corners along an edge of a patch piece.
  private static let patchSteps = 6

  static func isMap(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Array("IBSP".utf8)) }

  static func read(_ bytes: [UInt8], file: String) throws(AssetError) -> Scene {
    var reader = ByteReader(bytes, file: file)
    guard isMap(bytes) else { throw reader.error("not a Quake map") }
    try reader.skip(4, "magic")
    let version = try reader.u32("version")
    guard version == 46 else { throw reader.error("version \(version) is not supported", kind: .unsupported, at: 4) }
    var lumps: [(offset: Int, size: Int)] = []
    for index in 0..<17 {
      let offset = try reader.i32("lump")
      let size = try reader.i32("lump")
      guard offset >= 0, size >= 0, offset <= bytes.count, size <= bytes.count - offset else {
        throw reader.error("lump \(index) leaves the file")
      }
      lumps.append((offset, size))
    }
    func lump(_ index: Int, of size: Int, _ name: String) throws(AssetError) -> (ByteReader, Int) {
      let place = lumps[index]
      guard place.size % size == 0 else {
        throw AssetError(file: file, offset: place.offset, cause: "\(name) ends inside an item")
      }
      return (
        ByteReader(bytes[place.offset..<place.offset + place.size], file: "\(file):\(name)"), place.size / size
      )
    }

    var contents: [UInt32] = []
    var (shaders, shaderCount) = try lump(1, of: 72, "shaders")
    for _ in 0..<shaderCount {
      try shaders.skip(68, "shader")
      contents.append(try shaders.u32("shader"))
    }
    var planes: [SIMD4<Double>] = []
    var (planeReader, planeCount) = try lump(2, of: 16, "planes")
    for _ in 0..<planeCount {
      let normal = try planeReader.point("plane")
      planes.append(SIMD4(SIMD3<Double>(normal), Double(try planeReader.f32("plane"))))
    }
    // Model 0 is the world; the others move.
    var (models, modelCount) = try lump(7, of: 40, "models")
    guard modelCount > 0 else { throw AssetError(file: file, offset: lumps[7].offset, cause: "no model") }
    try models.skip(24, "model")
    let firstSurface = try models.i32("model")
    let surfaceCount = try models.i32("model")
    let firstBrush = try models.i32("model")
    let brushCount = try models.i32("model")

    var sides: [Int] = []
    var (sideReader, sideCount) = try lump(9, of: 8, "brush sides")
    for _ in 0..<sideCount {
      let plane = try sideReader.i32("side")
      guard plane >= 0, plane < planes.count else { throw sideReader.error("plane \(plane) of \(planes.count)") }
      sides.append(plane)
      try sideReader.skip(4, "side")
    }
    var scene = Scene()
    var volumes = BrushVolumes()
    var (brushReader, allBrushes) = try lump(8, of: 12, "brushes")
    guard firstBrush >= 0, brushCount >= 0, firstBrush <= allBrushes, brushCount <= allBrushes - firstBrush else {
      throw brushReader.error("the world has brushes that are not there")
    }
    try brushReader.skip(firstBrush * 12, "brushes")
    for _ in 0..<brushCount {
      let first = try brushReader.i32("brush")
      let count = try brushReader.i32("brush")
      let shader = try brushReader.i32("brush")
      guard first >= 0, count >= 0, first <= sides.count, count <= sides.count - first, shader >= 0,
        shader < contents.count
      else { throw brushReader.error("a brush names sides or a shader that are not there") }
      guard count <= 256 else { throw brushReader.error("a brush of \(count) sides is not possible") }
      let own = sides[first..<first + count].map { planes[$0] }
      let content = contents[shader]
      let medium: Medium? =
        content & 32 != 0 ? .water : content & 8 != 0 ? .lava : content & 16 != 0 ? .slime : nil
      guard content & (solid | playerClip) != 0 || medium != nil else { continue }
      let faces = BrushVolumes.faces(own)
      if let medium {
        volumes.add(own, faces: faces, medium: medium)
      } else {
        append(faces, content & solid != 0 ? .solid : .barrier, to: &scene)
      }
    }
    if !volumes.isEmpty { scene.volumes = volumes }
    try readPatches(
      try lump(13, of: 104, "surfaces"), vertices: try lump(10, of: 44, "vertices"), contents: contents,
      surfaces: (firstSurface, surfaceCount), to: &scene)
    scene.walker = walker
    scene.sources = [SourceFile(name: baseName(file), bytes: bytes)]
    guard !scene.triangles.isEmpty else { throw AssetError(file: file, offset: 0, cause: "nothing in it is solid") }
    return scene
  }

  private static func append(_ faces: [[SIMD3<Double>]], _ kind: Scene.Kind, to scene: inout Scene) {
    for face in faces {
      let first = Int32(scene.vertices.count)
      scene.vertices += face.map { SIMD3<Float>($0) }
      for corner in 1..<Int32(face.count - 1) {
        scene.triangles.append(.init(first, first + corner, first + corner + 1, kind))
      }
    }
  }

  private static func readPatches(
    _ lump: (ByteReader, Int), vertices vertexLump: (ByteReader, Int), contents: [UInt32],
    surfaces: (first: Int, count: Int), to scene: inout Scene
  ) throws(AssetError) {
    var (reader, count) = lump
    guard surfaces.first >= 0, surfaces.count >= 0, surfaces.first <= count, surfaces.count <= count - surfaces.first
    else { throw reader.error("the world has surfaces that are not there") }
    var points: [SIMD3<Float>] = []
    var (vertexReader, vertexCount) = vertexLump
    points.reserveCapacity(vertexCount)
    for _ in 0..<vertexCount {
      points.append(try vertexReader.point("vertex"))
      try vertexReader.skip(32, "vertex")
    }
    try reader.skip(surfaces.first * 104, "surfaces")
    for _ in 0..<surfaces.count {
      let shader = try reader.i32("surface")
      try reader.skip(4, "surface")
      let type = try reader.i32("surface")
      let first = try reader.i32("surface")
      let own = try reader.i32("surface")
      try reader.skip(76, "surface")
      let across = try reader.i32("patch")
      let down = try reader.i32("patch")
      guard type == 2 else { continue }
      guard shader >= 0, shader < contents.count, first >= 0, own >= 0, first <= points.count,
        own <= points.count - first, (3...255).contains(across), (3...255).contains(down), across % 2 == 1,
        down % 2 == 1, across * down == own
      else { throw reader.error("a patch of \(across) × \(down) corners is not possible") }
      guard contents[shader] & solid != 0 else { continue }
      for row in stride(from: 0, to: down - 2, by: 2) {
        for column in stride(from: 0, to: across - 2, by: 2) {
          let control = (0..<9).map { points[first + (row + $0 / 3) * across + column + $0 % 3] }
          append(piece: control, to: &scene)
        }
      }
    }
  }

  /// A piece with nine control points, quadratic both ways. Patches stop bodies from both sides.
  private static func append(piece control: [SIMD3<Float>], to scene: inout Scene) {
    let steps = patchSteps
    let first = Int32(scene.vertices.count)
    func weights(_ step: Int) -> [Float] {
      let t = Float(step) / Float(steps)
      return [(1 - t) * (1 - t), 2 * t * (1 - t), t * t]
    }
    for row in 0...steps {
      let v = weights(row)
      for column in 0...steps {
        let u = weights(column)
        var point = SIMD3<Float>()
        for index in 0..<9 { point += control[index] * (v[index / 3] * u[index % 3]) }
        scene.vertices.append(point)
      }
    }
    for row in 0..<Int32(steps) {
      for column in 0..<Int32(steps) {
        let a = first + row * Int32(steps + 1) + column
        let (b, c, d) = (a + 1, a + Int32(steps + 1), a + Int32(steps + 2))
        scene.triangles.append(.init(a, b, c, .solid))
        scene.triangles.append(.init(b, d, c, .solid))
        scene.triangles.append(.init(a, c, b, .solid))
        scene.triangles.append(.init(b, c, d, .solid))
      }
    }
  }
}
