/// A zone in S3D archives: `Z.s3d` with the terrain and the placements, `Z_obj.s3d` with the models.
enum S3DReader {
  /// Corners that a scene may have at most.
  static let vertexMost = 64 << 20

  static func read(_ path: String) throws(AssetError) -> Scene {
    var scene = Scene()
    let bytes = try FileBytes.read(path)
    scene.sources.append(SourceFile(name: baseName(path), bytes: bytes))
    let archive = try PFSArchive(bytes, file: path)
    let stem = baseName(path).lowercased().replacing(".s3d", with: "")
    let terrainName = try terrainName(archive, stem: stem, path: path)
    let terrain = try WLDFile(try archive.read(terrainName), file: "\(path):\(terrainName)")
    try append(terrain, to: &scene)

    let models = objectPath(path)
    let modelBytes = FileBytes.exists(models) ? try FileBytes.read(models) : nil
    if let modelBytes { scene.sources.append(SourceFile(name: baseName(models), bytes: modelBytes)) }
    guard archive.contains("objects.wld") else { return scene }
    let objects = try WLDFile(try archive.read("objects.wld"), file: "\(path):objects.wld")
    var placements: [WLDPlacement] = []
    for fragment in objects.fragments where fragment.type == 0x15 {
      if let placement = try WLDPlacement(fragment, in: objects) { placements.append(placement) }
    }
    guard !placements.isEmpty else { return scene }
    guard let modelBytes else {
      throw AssetError(
        .unreadable, file: models, offset: 0,
        cause: "\(baseName(path)) places objects, but their models are not there")
    }
    try place(placements, models: modelBytes, path: models, into: &scene)
    return scene
  }

  /// The meshes and the regions of a zone's terrain.
  static func append(_ terrain: WLDFile, to scene: inout Scene) throws(AssetError) {
    for fragment in terrain.fragments where fragment.type == 0x36 {
      append(try WLDMesh(fragment, in: terrain), to: &scene)
    }
    scene.volumes = try WLDRegions(terrain).volumes
  }

  private static func terrainName(_ archive: PFSArchive, stem: String, path: String) throws(AssetError) -> String {
    if archive.contains("\(stem).wld") { return "\(stem).wld" }
    let others = archive.entries.map(\.name).filter {
      $0.hasSuffix(".wld") && $0 != "objects.wld" && $0 != "lights.wld"
    }
    guard others.count == 1 else {
      throw AssetError(file: path, offset: 0, cause: "holds no \(stem).wld, so it is no zone")
    }
    return others[0]
  }

  /// The files that `read` takes in, in its order.
  static func files(_ path: String) -> [String] {
    let models = objectPath(path)
    return FileBytes.exists(models) ? [path, models] : [path]
  }

  private static func objectPath(_ path: String) -> String {
    let stem = path.lowercased().hasSuffix(".s3d") ? String(path.dropLast(4)) : path
    return stem + "_obj.s3d"
  }

  private static func place(
    _ placements: [WLDPlacement], models bytes: [UInt8], path: String, into scene: inout Scene
  ) throws(AssetError) {
    let archive = try PFSArchive(bytes, file: path)
    var meshes: [String: [WLDMesh]] = [:]
    for entry in archive.entries where entry.name.hasSuffix(".wld") {
      let file = try WLDFile(try archive.read(entry.name), file: "\(path):\(entry.name)")
      let models = try WLDModels(file)
      meshes.merge(models.meshes) { $1 }
      scene.notes += models.notes
    }
    var missing: Set<String> = []
    for placement in placements {
      guard let model = meshes[placement.model] else {
        missing.insert(placement.model)
        continue
      }
      for var mesh in model {
        guard scene.vertices.count + mesh.vertices.count <= vertexMost else {
          throw AssetError(file: path, offset: 0, cause: "the zone has too many corners")
        }
        mesh.vertices = placement.placed(mesh.vertices)
        append(mesh, to: &scene)
      }
    }
    for name in missing.sorted() { scene.notes.append("\(path): no model \(name); its objects are left out") }
  }

  private static func append(_ mesh: WLDMesh, to scene: inout Scene) {
    let first = Int32(scene.vertices.count)
    scene.vertices += mesh.vertices
    for face in mesh.faces {
      let isInvisible = mesh.isInvisible.indices.contains(face.material) && mesh.isInvisible[face.material]
      let kind: Scene.Kind =
        face.flags & WLDMesh.passable != 0 ? .passable : isInvisible ? .barrier : .solid
      scene.triangles.append(.init(first + face.a, first + face.b, first + face.c, kind))
    }
  }
}

/// The part of a path behind its last slash.
func baseName(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}
