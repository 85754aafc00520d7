import Foundation
import Nav
import TestSupport
import Testing

@testable import TerrainBuilder

/// Every reader with damaged copies of sound files. A trap ends the test program; an odd error fails.
///
/// The long run takes ten minutes of processor time a reader: `COMPASS_LONG_TESTS=1`. In release builds
/// `compass-terrain fuzz` makes many more executions of the same targets.
@Suite struct FuzzTests {
  private func corpus(_ target: FuzzTarget) throws -> [[UInt8]] {
    func shared(_ paths: String...) throws -> [[UInt8]] {
      try paths.flatMap { path in
        try Repository.sharedData("terrain/\(path)").map { try FuzzCorpus.read($0.path, for: target) } ?? []
      }
    }
    switch target {
    case .pfs: return [writtenPFS([("a.txt", Array(repeating: 65, count: 9000)), ("b", [])])]
    case .wld:
      var wld = WrittenWLD(isNew: true)
      let materials = wld.materials([1, 0])
      let mesh = wld.mesh(
        "R1", materials: materials, center: SIMD3(0, 0, 0), shift: 3,
        corners: [SIMD3(0, 0, 0), SIMD3(9, 0, 0), SIMD3(0, 9, 1)], faces: [.init(corners: (0, 1, 2))])
      wld.model("M", mesh: mesh)
      wld.placement("M", at: SIMD3(1, 2, 3), turn: 9, scale: 1)
      wld.regions([(SIMD3(0, 0, -1), SIMD3(5, 5, 1), "WT_ZONE", "")])
      return [wld.bytes]
    case .eqg: return try shared("pfs/oasis.eqg", "pfs/triangle_material.eqg", "pfs/box.eqg")
    case .eqgMesh: return try shared("pfs/oasis.eqg", "pfs/triangle_material.eqg", "pfs/box.eqg")
    case .eqgZone:
      return [
        writtenZone(
          objects: [("a.mod", SIMD3(1, 2, 3), SIMD3(1, 0, 0), 2)],
          regions: [
            ("AWT_a", SIMD3(0, 0, 0), 64, SIMD3(5, 5, 5)), ("ATP_b", SIMD3(20, 0, 0), 0, SIMD3(3, 3, 3)),
          ])
      ]
    case .wad: return try shared("freedoom/freedoom2_MAP07.wad")
    case .bsp: return try shared("openarena/oa_bases5.bsp")
    case .obj: return [Array("v 0 0 0\nv 9 0 0\nv 9 1 -9\nv 0 0 -9\nvn 0 1 0\nf 1//1 2//1 3//1 -1//1\n".utf8)]
    case .glb:
      var json =
        "{\"scenes\":[{\"nodes\":[0]}],\"nodes\":[{\"mesh\":0,\"rotation\":[0,0,0,1]}],\"meshes\":[{\"primitives\":"
      json +=
        "[{\"attributes\":{\"POSITION\":0}}]}],\"accessors\":[{\"bufferView\":0,\"componentType\":5126,\"count\":3,"
      json +=
        "\"type\":\"VEC3\"}],\"bufferViews\":[{\"buffer\":0,\"byteLength\":36}],\"buffers\":[{\"byteLength\":36}]}"
      while json.utf8.count % 4 != 0 { json += " " }
      var file = Written()
      file.bytes = Array("glTF".utf8)
      file.u32(2)
      file.u32(12 + 8 + json.utf8.count + 8 + 36)
      file.u32(json.utf8.count)
      file.bytes += Array("JSON".utf8) + Array(json.utf8)
      file.u32(36)
      file.bytes += [0x42, 0x49, 0x4E, 0]
      for corner in [SIMD3<Float>(0, 0, 0), SIMD3(9, 0, 0), SIMD3(0, 1, -9)] { file.point(corner) }
      return [file.bytes]
    case .raster:
      return [Array("ncols 3\nnrows 2\nxllcorner 1\nyllcorner 2\ncellsize .5\nNODATA_value -9\n1 2 3\n4 -9 6\n".utf8)]
        + (try shared("dem/jacksboro_strip.tif", "dem/jacksboro_cog.tif"))
    case .zip: return [writtenZip([("a.txt", Array("abc".utf8)), ("maps/b.bsp", Array(repeating: 66, count: 900))])]
    case .terrain:
      var scene = Scene()
      scene.vertices = [
        SIMD3(0, 0, 0), SIMD3(40, 0, 3), SIMD3(0, 40, 0), SIMD3(0, 0, 9), SIMD3(40, 0, 9), SIMD3(0, 40, 9),
      ]
      scene.triangles = [.init(0, 1, 2, .solid), .init(3, 4, 5, .solid)]
      return [try TerrainBuild().build(scene).encode()]
    }
  }

  @Test func `no reader traps, and none throws what is no error of its format`() throws {
    for target in FuzzTarget.allCases {
      let files = try corpus(target)
      guard !files.isEmpty else { continue }
      let run = FuzzRun(target, corpus: files, seed: 77)
      for file in files { #expect(try target.run(file), "\(target.rawValue): a file of the corpus is not sound") }
      let result =
        Repository.runsLongTests
        ? try run.run(seconds: 600) : try run.run(count: 3000, seconds: 1.5)
      print("fuzz \(target.rawValue): \(result.executions) executions, \(result.accepted) accepted")
      #expect(result.executions > (result.seconds > 1 ? 10 : 1000))
    }
  }

  @Test func `files that end anywhere are errors, or what is left is whole`() throws {
    for target in [FuzzTarget.pfs, .wld, .eqg, .eqgMesh, .eqgZone, .obj, .glb, .raster, .zip, .terrain] {
      let files = try corpus(target).filter { Repository.runsLongTests || $0.count < 1 << 16 }
      guard !files.isEmpty else { continue }
      let result = try FuzzRun(target, corpus: files).cuts()
      // Text may end in the middle and still say something; a last line break or mark may be missing.
      #expect(
        target == .obj || result.accepted <= 2 * files.count,
        "\(target.rawValue): \(result.accepted) of \(result.executions)")
    }
  }

  @Test func `what promises to inflate to much is refused before it is held`() throws {
    let bomb = writtenPFS([("bomb.wld", Array(repeating: 0, count: 300_000))])
    var reader = bomb
    // The index says 200 MB where there are 300 KB.
    let size: [UInt8] = [0xE0, 0x93, 0x04, 0]
    let place = try #require(reader.indices.last { reader[$0...].starts(with: size) })
    reader.replaceSubrange(place..<place + 4, with: [0, 0, 0, 0x0C])
    #expect(throws: AssetError.self) { try PFSArchive(reader, file: "bomb").read("bomb.wld") }
    // A gzip of twenty bytes that says 250 MB.
    let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0x0F]
    #expect(Inflate.gunzip(gzip, most: 256 << 20) == nil)
    for text in ["v nan 0 0\n", "v 1e39 0 0\n", "v inf 0 0\n"] {
      #expect(throws: AssetError.self, "\(text)") { try OBJReader.parse(Array(text.utf8), file: "nan.obj") }
    }
  }
}
