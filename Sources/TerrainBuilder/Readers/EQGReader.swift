/// Zones in EQG archives: a terrain (`.ter`), and with a `.zon` the objects that stand on it (`.mod`).
enum EQGReader {
  private struct Mesh {
    var vertices: [SIMD3<Float>] = []
    var triangles: [(a: Int32, b: Int32, c: Int32, isPassable: Bool)] = []
  }

  static func read(_ path: String) throws(AssetError) -> Scene { try parse(try FileBytes.read(path), file: path) }

  static func parse(_ bytes: [UInt8], file path: String) throws(AssetError) -> Scene {
    let archive = try PFSArchive(bytes, file: path)
    var scene = Scene()
    scene.sources = [SourceFile(name: baseName(path), bytes: bytes)]
    let terrains = archive.entries.map(\.name).filter { $0.hasSuffix(".ter") }
    guard !terrains.isEmpty else { throw AssetError(file: path, offset: 0, cause: "holds no terrain (.ter)") }
    for name in terrains { append(try mesh(archive, name, path), to: &scene) { $0 } }
    for entry in archive.entries where entry.name.hasSuffix(".zon") {
      try placeObjects(archive, entry.name, path, into: &scene)
    }
    return scene
  }

  private static func mesh(_ archive: PFSArchive, _ name: String, _ path: String) throws(AssetError) -> Mesh {
    var reader = ByteReader(try archive.read(name), file: "\(path):\(name)")
    let magic = Array(try reader.take(4, "magic"))
    let isModel = magic == Array("EQGM".utf8)
    guard isModel || magic == Array("EQGT".utf8) else { throw reader.error("neither a terrain nor a model", at: 0) }
    let version = try reader.u32("version")
    guard (1...3).contains(version) else {
      throw reader.error("version \(version) is not supported", kind: .unsupported, at: 4)
    }
    let nameBytes = try reader.count("names")
    let materials = try reader.count("materials")
    let vertices = try reader.count("vertices")
    let triangles = try reader.count("triangles")
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
    try reader.checkCount(vertices, of: vertexBytes, "vertices")
    var mesh = Mesh()
    mesh.vertices.reserveCapacity(vertices)
    for _ in 0..<vertices {
      mesh.vertices.append(try reader.point("vertex"))
      try reader.skip(vertexBytes - 12, "vertex")
    }
    try reader.checkCount(triangles, of: 20, "triangles")
    for _ in 0..<triangles {
      let corners = (try reader.u32("triangle"), try reader.u32("triangle"), try reader.u32("triangle"))
      _ = try reader.u32("triangle")
      let flags = try reader.u32("triangle")
      guard max(corners.0, corners.1, corners.2) < mesh.vertices.count else {
        throw reader.error("a triangle names a vertex that is not there")
      }
      mesh.triangles.append((Int32(corners.0), Int32(corners.1), Int32(corners.2), flags & 1 != 0))
    }
    return mesh
  }

  private static func placeObjects(
    _ archive: PFSArchive, _ name: String, _ path: String, into scene: inout Scene
  ) throws(AssetError) {
    var reader = ByteReader(try archive.read(name), file: "\(path):\(name)")
    guard Array(try reader.take(4, "magic")) == Array("EQGZ".utf8) else {
      throw reader.error("no zone description", at: 0)
    }
    let version = try reader.u32("version")
    guard version == 1 else {
      scene.notes.append("\(path):\(name): version \(version); its objects and regions are left out")
      return
    }
    let nameBytes = try reader.count("names")
    let modelCount = try reader.count("models")
    let objectCount = try reader.count("objects")
    let regionCount = try reader.count("regions")
    _ = try reader.count("lights")
    let names = Array(try reader.take(nameBytes, "names"))
    try reader.checkCount(modelCount, of: 4, "models")
    var models: [String] = []
    for _ in 0..<modelCount {
      let offset = try reader.count("model")
      guard offset < names.count else { throw reader.error("model name \(offset) of \(names.count)") }
      models.append(String(decoding: names[offset...].prefix { $0 != 0 }, as: UTF8.self).lowercased())
    }
    try reader.checkCount(objectCount, of: 36, "objects")
    var loaded: [String: Mesh] = [:]
    for _ in 0..<objectCount {
      let model = try reader.i32("object")
      _ = try reader.u32("object")
      let position = try reader.point("object")
      let rotation = try reader.point("object")
      let scale = try reader.f32("object")
      guard model >= 0, model < models.count else { continue }
      let file = models[model]
      // The terrain stands as an object of its own too.
      guard file.hasSuffix(".mod") else { continue }
      guard archive.contains(file) else {
        scene.notes.append("\(path):\(name): no model \(file); its objects are left out")
        continue
      }
      if loaded[file] == nil { loaded[file] = try mesh(archive, file, path) }
      guard let mesh = loaded[file] else { continue }
      guard rotation == SIMD3(0, 0, 0) else {
        scene.notes.append("\(path):\(name): \(file) is turned; turned objects are left out")
        continue
      }
      append(mesh, to: &scene) { $0 * scale + position }
    }
    if regionCount > 0 { scene.notes.append("\(path):\(name): \(regionCount) regions are left out") }
  }

  /// Triangles are counter-clockwise seen from their front.
  private static func append(_ mesh: Mesh, to scene: inout Scene, _ place: (SIMD3<Float>) -> SIMD3<Float>) {
    let first = Int32(scene.vertices.count)
    scene.vertices += mesh.vertices.map(place)
    for triangle in mesh.triangles {
      scene.triangles.append(
        .init(first + triangle.a, first + triangle.b, first + triangle.c, triangle.isPassable ? .passable : .solid))
    }
  }
}
