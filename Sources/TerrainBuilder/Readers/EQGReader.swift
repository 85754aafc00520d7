/// Zones in EQG archives: a terrain (`.ter`), and with a `.zon` the objects (`.mod`) and the boxes of water, lava and
/// zone lines that it names.
enum EQGReader {
  static func read(_ path: String) throws(AssetError) -> Scene { try parse(try FileBytes.read(path), file: path) }

  static func parse(_ bytes: [UInt8], file path: String) throws(AssetError) -> Scene {
    let archive = try PFSArchive(bytes, file: path)
    var scene = Scene()
    scene.sources = [SourceFile(name: baseName(path), bytes: bytes)]
    let terrains = archive.entries.map(\.name).filter { $0.hasSuffix(".ter") }
    guard !terrains.isEmpty else { throw AssetError(file: path, offset: 0, cause: "holds no terrain (.ter)") }
    for name in terrains { try mesh(archive, name, path).append(to: &scene) }
    for entry in archive.entries where entry.name.hasSuffix(".zon") {
      let file = "\(path):\(entry.name)"
      do {
        let zone = try EQGZone(try archive.read(entry.name), file: file)
        try place(zone.objects, of: archive, path, into: &scene)
        add(zone.regions, of: file, to: &scene)
      } catch  where error.kind == .unsupported {
        scene.notes.append("\(file): \(error.cause); its objects and regions are left out")
      }
    }
    return scene
  }

  private static func mesh(_ archive: PFSArchive, _ name: String, _ path: String) throws(AssetError) -> EQGMesh {
    try EQGMesh(try archive.read(name), file: "\(path):\(name)")
  }

  private static func place(
    _ objects: [EQGZone.Object], of archive: PFSArchive, _ path: String, into scene: inout Scene
  ) throws(AssetError) {
    var loaded: [String: EQGMesh] = [:]
    var missing: Set<String> = []
    // The terrain stands as an object of its own too.
    for object in objects where object.model.hasSuffix(".mod") {
      guard archive.contains(object.model) else {
        missing.insert(object.model)
        continue
      }
      if loaded[object.model] == nil { loaded[object.model] = try mesh(archive, object.model, path) }
      guard let mesh = loaded[object.model] else { continue }
      guard scene.vertices.count + mesh.vertices.count <= S3DReader.vertexMost else {
        throw AssetError(file: path, offset: 0, cause: "the zone has too many corners")
      }
      mesh.append(to: &scene, at: object.place)
    }
    for name in missing.sorted() { scene.notes.append("\(path): no model \(name); its objects are left out") }
  }

  static func add(_ regions: [EQGZone.Region], of file: String, to scene: inout Scene) {
    var volumes = BrushVolumes()
    for region in regions {
      guard let medium = region.medium else {
        scene.notes.append("\(file): region \(region.name) is left out")
        continue
      }
      let planes = region.planes
      volumes.add(planes, faces: BrushVolumes.faces(planes).map(\.corners), medium: medium)
    }
    if !volumes.isEmpty { scene.volumes = volumes }
  }
}
