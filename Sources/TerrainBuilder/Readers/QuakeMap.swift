import Nav

/// Quake 3 maps (IBSP 46): brushes, curved patches, what brushes are filled with, and what entities make of them.
enum QuakeMap {
  static let walker = AgentProfile(name: "quake", radius: 16, height: 56, step: 18, slope: 45.5, drop: 10000)

  private static let solid: UInt32 = 1
  private static let playerClip: UInt32 = 0x10000
  // Flags of a side's shader: ice, and what one climbs.
  private static let slick: UInt32 = 2
  private static let ladder: UInt32 = 8
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
    var flags: [UInt32] = []
    var (shaders, shaderCount) = try lump(1, of: 72, "shaders")
    for _ in 0..<shaderCount {
      try shaders.skip(64, "shader")
      flags.append(try shaders.u32("shader"))
      contents.append(try shaders.u32("shader"))
    }
    var planes: [SIMD4<Double>] = []
    var (planeReader, planeCount) = try lump(2, of: 16, "planes")
    for _ in 0..<planeCount {
      let normal = try planeReader.point("plane")
      planes.append(SIMD4(SIMD3<Double>(normal), Double(try planeReader.f32("plane"))))
    }
    var sides: [(plane: Int, shader: Int)] = []
    var (sideReader, sideCount) = try lump(9, of: 8, "brush sides")
    for _ in 0..<sideCount {
      let side = (plane: try sideReader.i32("side"), shader: try sideReader.i32("side"))
      guard planes.indices.contains(side.plane), flags.indices.contains(side.shader) else {
        throw sideReader.error("plane \(side.plane) of \(planes.count), shader \(side.shader) of \(flags.count)")
      }
      sides.append(side)
    }
    var brushes: [(first: Int, count: Int, shader: Int)] = []
    var (brushReader, brushCount) = try lump(8, of: 12, "brushes")
    for _ in 0..<brushCount {
      let brush = (
        first: try brushReader.i32("brush"), count: try brushReader.i32("brush"),
        shader: try brushReader.i32("brush")
      )
      guard brush.first >= 0, brush.count >= 0, brush.first <= sides.count, brush.count <= sides.count - brush.first,
        contents.indices.contains(brush.shader)
      else { throw brushReader.error("a brush names sides or a shader that are not there") }
      guard brush.count <= 256 else { throw brushReader.error("a brush of \(brush.count) sides is not possible") }
      brushes.append(brush)
    }
    // Model 0 is the world; the others belong to entities.
    var models: [Model] = []
    var (modelReader, modelCount) = try lump(7, of: 40, "models")
    guard modelCount > 0 else { throw AssetError(file: file, offset: lumps[7].offset, cause: "no model") }
    for _ in 0..<modelCount {
      let box = SceneBox(
        low: SIMD3<Double>(try modelReader.point("model")), high: SIMD3<Double>(try modelReader.point("model")))
      let surfaces = (first: try modelReader.i32("model"), count: try modelReader.i32("model"))
      let (first, count) = (try modelReader.i32("model"), try modelReader.i32("model"))
      guard first >= 0, count >= 0, first <= brushes.count, count <= brushes.count - first else {
        throw modelReader.error("model \(models.count) has brushes that are not there")
      }
      models.append(Model(box: box, surfaces: surfaces, brushes: first..<first + count))
    }

    var scene = Scene()
    var volumes = BrushVolumes()
    /// Takes in a model's brushes, moved.
    func take(_ model: Int, _ way: SIMD3<Double>) {
      for index in models[model].brushes {
        let brush = brushes[index]
        let own = sides[brush.first..<brush.first + brush.count].map { side in
          let plane = planes[side.plane]
          return SIMD4(plane.x, plane.y, plane.z, plane.w + plane.x * way.x + plane.y * way.y + plane.z * way.z)
        }
        let content = contents[brush.shader]
        let medium: Medium? =
          content & 32 != 0 ? .water : content & 8 != 0 ? .lava : content & 16 != 0 ? .slime : nil
        guard content & (solid | playerClip) != 0 || medium != nil else { continue }
        let faces = BrushVolumes.faces(own)
        if let medium {
          volumes.add(own, faces: faces.map(\.corners), medium: medium)
          continue
        }
        for face in faces {
          let flags = flags[sides[brush.first + face.plane].shader]
          append(face.corners, content & solid == 0 ? .barrier : flags & slick != 0 ? .slippery : .solid, to: &scene)
          if flags & ladder != 0,
            let passage = Self.ladder(
              face.corners, normal: SIMD3(own[face.plane].x, own[face.plane].y, own[face.plane].z),
              tag: Int32(truncatingIfNeeded: index))
          {
            scene.passages.append(passage)
          }
        }
      }
    }
    take(0, .zero)
    let text = try lump(0, of: 1, "entities").0
    let entities = try EntityScene(
      try QuakeEntity.read(text.bytes, file: "\(file):entities"), models: models.map(\.box), file: file)
    for (model, way) in entities.standing { take(model, way) }
    scene.passages += entities.passages
    scene.movers = entities.movers
    scene.notes += entities.notes
    if !volumes.isEmpty { scene.volumes = volumes }
    try readPatches(
      try lump(13, of: 104, "surfaces"), vertices: try lump(10, of: 44, "vertices"), contents: contents,
      surfaces: models[0].surfaces, to: &scene)
    scene.walker = walker
    scene.sources = [SourceFile(name: baseName(file), bytes: bytes)]
    guard !scene.triangles.isEmpty else { throw AssetError(file: file, offset: 0, cause: "nothing in it is solid") }
    return scene
  }

  private struct Model {
    var box: SceneBox
    var surfaces: (first: Int, count: Int)
    var brushes: Range<Int>
  }

  private static func append(_ face: [SIMD3<Double>], _ kind: Scene.Kind, to scene: inout Scene) {
    let first = Int32(scene.vertices.count)
    scene.vertices += face.map { SIMD3<Float>($0) }
    for corner in 1..<Int32(face.count - 1) {
      scene.triangles.append(.init(first, first + corner, first + corner + 1, kind))
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
