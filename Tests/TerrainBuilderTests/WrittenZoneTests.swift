import Foundation
import Nav
import TestSupport
import Testing

@testable import TerrainBuilder

/// Zones of both versions, written here from the format's description.
@Suite struct WrittenZoneTests {
  /// A floor of 64 × 64 with a step, an invisible wall, leaves, a pool, lava, a zone line, and a crate.
  private func write(isNew: Bool, into folder: URL) throws -> String {
    var zone = WrittenWLD(isNew: isNew)
    let materials = zone.materials([1, 0])
    var corners: [SIMD3<Float>] = [
      SIMD3(0, 0, 0), SIMD3(64, 0, 0), SIMD3(64, 64, 0), SIMD3(0, 64, 0), SIMD3(0, 32, 0), SIMD3(64, 32, 0),
    ]
    // The invisible wall along x = 20, and a leaf above.
    corners += [SIMD3(20, 0, 0), SIMD3(20, 20, 0), SIMD3(20, 20, 9), SIMD3(20, 0, 9)]
    corners += [SIMD3(40, 40, 3.25), SIMD3(50, 40, 3.25), SIMD3(45, 50, 3.25)]
    let mesh = zone.mesh(
      "R1_DMSPRITEDEF", materials: materials, center: SIMD3(32, 32, 0), shift: 4, corners: corners,
      faces: [
        .init(corners: (0, 1, 5)), .init(corners: (0, 5, 4)), .init(corners: (4, 5, 2)), .init(corners: (4, 2, 3)),
        .init(corners: (10, 11, 12), isPassable: true), .init(corners: (6, 7, 8), material: 1),
        .init(corners: (6, 8, 9), material: 1),
      ])
    #expect(mesh > 0)
    zone.regions([
      (SIMD3(2, 50, -10), SIMD3(14, 62, 2), "WT_ZONE", ""), (SIMD3(30, 50, -10), SIMD3(40, 60, 1), "LA_ZONE", ""),
      (SIMD3(56, 2, -5), SIMD3(62, 10, 20), "Z0001_ZONE", "DRNTP00042000001000002000003090"),
    ])
    var objects = WrittenWLD(isNew: isNew)
    objects.placement("CRATE", at: SIMD3(40, 12, 0), turn: 64, scale: 2)
    var models = WrittenWLD(isNew: isNew)
    let wood = models.materials([1])
    let top = models.mesh(
      "CRATE_DMSPRITEDEF", materials: wood, center: SIMD3(0, 0, 0), shift: 8,
      corners: [SIMD3(-2, -2, 1.5), SIMD3(2, -2, 1.5), SIMD3(2, 2, 1.5), SIMD3(-2, 2, 1.5)],
      faces: [.init(corners: (0, 1, 2)), .init(corners: (0, 2, 3))])
    models.model("CRATE", mesh: top)
    let path = folder.appending(path: "new.s3d").path
    try Data(
      writtenPFS([
        ("new.wld", zone.bytes), ("objects.wld", objects.bytes), ("t0.bmp", Array(repeating: 7, count: 20000)),
      ])
    ).write(to: URL(filePath: path))
    try Data(writtenPFS([("new_obj.wld", models.bytes)])).write(to: folder.appending(path: "new_obj.s3d"))
    return path
  }

  @Test func `both versions of a zone read back triangle for triangle`() throws {
    let folder = try Repository.temporaryDirectory("written")
    defer { try? FileManager.default.removeItem(at: folder) }
    for isNew in [true, false] {
      let scene = try S3DReader.read(try write(isNew: isNew, into: folder))
      let found = scene.triangles.map { triangle in
        let (a, b, c) = scene.corners(triangle)
        return "\(triangle.kind) \([a, b, c].map { "\($0.x),\($0.y),\($0.z)" }.joined(separator: " "))"
      }
      let wanted = [
        "solid 0.0,0.0,0.0 64.0,0.0,0.0 64.0,32.0,0.0", "solid 0.0,0.0,0.0 64.0,32.0,0.0 0.0,32.0,0.0",
        "solid 0.0,32.0,0.0 64.0,32.0,0.0 64.0,64.0,0.0", "solid 0.0,32.0,0.0 64.0,64.0,0.0 0.0,64.0,0.0",
        "passable 40.0,40.0,3.25 50.0,40.0,3.25 45.0,50.0,3.25",
        "barrier 20.0,0.0,0.0 20.0,20.0,0.0 20.0,20.0,9.0", "barrier 20.0,0.0,0.0 20.0,20.0,9.0 20.0,0.0,9.0",
      ]
      #expect(Array(found.prefix(7)) == wanted)
      #expect(scene.triangles.count == 9)
      // The crate, twice as large, an eighth of a turn to the left: its corners lie on the axes.
      let crate = scene.vertices.suffix(4)
      let reach = Float(32).squareRoot()
      for corner in crate {
        #expect(abs(corner.z - 3) < 1e-4)
        let (x, y) = (abs(corner.x - 40), abs(corner.y - 12))
        #expect(abs(max(x, y) - reach) < 1e-3 && min(x, y) < 1e-3)
      }
      let volumes = try #require(scene.volumes as? RegionVolumes)
      #expect(volumes.medium(at: SIMD3(8, 55, 1)) == .water)
      #expect(volumes.medium(at: SIMD3(8, 55, 3)) == nil)
      #expect(volumes.medium(at: SIMD3(35, 55, 0.5)) == .lava)
      #expect(volumes.medium(at: SIMD3(60, 5, 3)) == .zoneLine)
      let terrain = try Terrain(bytes: try TerrainBuild().build(.scene(scene)).encode())
      try terrain.verify()
      #expect(terrain.surface(8.5, 55.5, near: 0) == .water)
      #expect(terrain.surface(35.5, 55.5, near: 0) == .lava)
      #expect(terrain.surface(60.5, 5.5, near: 0) == .zoneLine)
      #expect(terrain.surface(20.5, 10.5, near: 0) == .obstacle)
      #expect(terrain.height(40.5, 12.5, near: 3) == 3)
    }
  }

  @Test func `a glTF text finds its buffers in the text and beside it`() throws {
    let folder = try Repository.temporaryDirectory("gltf")
    defer { try? FileManager.default.removeItem(at: folder) }
    var binary = Written()
    for corner in [SIMD3<Float>(0, 5, 0), SIMD3(30, 5, 0), SIMD3(30, 5, -30), SIMD3(0, 5, -30)] {
      binary.point(corner)
    }
    var indices = Written()
    for index in [0, 1, 2, 0, 2, 3] { indices.u32(index) }
    func text(_ uri: String) -> String {
      let coded = Data(indices.bytes).base64EncodedString()
      return """
        {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0, "scale": [2, 1, 2]}],
         "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
         "accessors": [{"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3"},
                       {"bufferView": 1, "componentType": 5125, "count": 6, "type": "SCALAR"}],
         "bufferViews": [{"buffer": 0, "byteLength": 48}, {"buffer": 1, "byteLength": 24}],
         "buffers": [{"byteLength": 48, "uri": "\(uri)"},
                     {"byteLength": 24, "uri": "data:application/octet-stream;base64,\(coded)"}]}
        """
    }
    let path = folder.appending(path: "square.gltf")
    try Data(text("the%20points.bin").utf8).write(to: path)
    #expect(throws: AssetError.self, "the buffer is missing") { try SceneReader.read(path.path) }
    try Data(binary.bytes).write(to: folder.appending(path: "the points.bin"))
    guard case .scene(let scene) = try SceneReader.read(path.path) else { return }
    #expect(scene.sources.map(\.name) == ["square.gltf", "the points.bin"])
    let terrain = try Terrain(bytes: try TerrainBuild().build(.scene(scene)).encode())
    #expect(terrain.height(59.5, 59.5, near: 0) == 5 && terrain.height(60.5, 1, near: 0) == nil)
    let within = "data:;base64,\(Data(binary.bytes).base64EncodedString())"
    guard case .scene(let other) = try readText(text(within), at: path) else { return }
    #expect(other.vertices == scene.vertices && other.triangles == scene.triangles)
    for bad in ["../secret.bin", "/etc/passwd", "http://host/x.bin", "data:;base64,A?==", "data:text/plain,x", ""] {
      #expect(throws: AssetError.self, "\(bad)") { try readText(text(bad), at: path) }
    }
    try Data(binary.bytes.dropLast()).write(to: folder.appending(path: "short.bin"))
    #expect(throws: AssetError.self, "too short") { try readText(text("short.bin"), at: path) }
  }

  private func readText(_ text: String, at path: URL) throws -> ZoneInput {
    try Data(text.utf8).write(to: path)
    return try SceneReader.read(path.path)
  }
}
