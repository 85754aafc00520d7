import Core
import Foundation
import Nav
import TestSupport
import Testing

@testable import TerrainBuilder

@Suite struct MeshReaderTests {
  @Test func `an OBJ file's polygons become fans, y up becomes z up`() throws {
    let text = "# a square\nv 0 1 0\nv 2 1 0\nv 2 1 -2\nv 0 1 -2\nvn 0 1 0\nf 1//1 2//1 3//1 4//1\nf -4 -3 -2\n"
    let scene = try OBJReader.parse(Array(text.utf8), file: "test.obj")
    #expect(scene.triangles.count == 3)
    #expect(scene.vertices[2] == SIMD3(2, 2, 1))
    for bad in ["v 0 0\nf 1 1 1", "v 0 0 nan", "v 0 0 0\nf 1 2 1", "v 0 0 0\nf 0 1 1", "v 0 0 0\nf 1 1", ""] {
      #expect(throws: AssetError.self, "\(bad)") { try OBJReader.parse(Array(bad.utf8), file: "test.obj") }
    }
  }

  /// A GLB of one square, built here from the format's description.
  private func square(translation: [Double] = [0, 0, 0]) -> [UInt8] {
    var binary: [UInt8] = []
    func append(_ value: Float) {
      for shift in stride(from: 0, to: 32, by: 8) {
        binary.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
      }
    }
    for corner: [Float] in [[0, 0, 0], [40, 0, 0], [40, 0, -40], [0, 0, -40]] { for part in corner { append(part) } }
    for index: UInt16 in [0, 1, 2, 0, 2, 3] { binary += [UInt8(index), 0] }
    var json =
      "{\"asset\":{\"version\":\"2.0\"},\"scene\":0,\"scenes\":[{\"nodes\":[0]}],"
      + "\"nodes\":[{\"mesh\":0,\"translation\":[\(translation.map { "\($0)" }.joined(separator: ","))]}],"
      + "\"meshes\":[{\"primitives\":[{\"attributes\":{\"POSITION\":0},\"indices\":1}]}],"
      + "\"accessors\":[{\"bufferView\":0,\"componentType\":5126,\"count\":4,\"type\":\"VEC3\"},"
      + "{\"bufferView\":1,\"componentType\":5123,\"count\":6,\"type\":\"SCALAR\"}],"
      + "\"bufferViews\":[{\"buffer\":0,\"byteLength\":48},{\"buffer\":0,\"byteOffset\":48,\"byteLength\":12}],"
      + "\"buffers\":[{\"byteLength\":60}]}"
    while json.utf8.count % 4 != 0 { json += " " }
    func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let chunks =
      word(json.utf8.count) + Array("JSON".utf8) + Array(json.utf8) + word(binary.count) + [0x42, 0x49, 0x4E, 0]
      + binary
    return Array("glTF".utf8) + word(2) + word(12 + chunks.count) + chunks
  }

  @Test func `a GLB square becomes a floor where its node puts it`() throws {
    let scene = try GLBReader.read(square(translation: [100, 7, 0]), file: "test.glb")
    #expect(scene.triangles.count == 2)
    let terrain = try Terrain(bytes: try TerrainBuild().build(scene).encode())
    #expect(terrain.height(120.5, 20.5, near: 0) == 7)
    #expect(terrain.height(99, 20.5, near: 0) == nil)
    #expect(try terrain.planes().first?.walk.walkableCount == 1600)
    for count in 0..<square().count {
      #expect(throws: AssetError.self) { try GLBReader.read(Array(square()[..<count]), file: "test.glb") }
    }
    DamagedInput.survive(square(), seed: 8, rounds: 400) { _ = try GLBReader.read($0, file: "test.glb") }
  }

  @Test(.enabled(if: DamagedArchiveTests.folder != nil, "needs the shared test data"))
  func `every EQG terrain of the collection is read`() throws {
    let folder = try #require(DamagedArchiveTests.folder)
    var count = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() where name.hasSuffix(".eqg")
    {
      let path = folder.appending(path: name).path
      let scene = try EQGReader.read(path)
      #expect(!scene.triangles.isEmpty, "\(name)")
      count += 1
    }
    #expect(count == 12)
  }

  @Test(.enabled(if: Repository.sharedData("terrain/openarena") != nil, "needs the shared test data"))
  func `a Quake map becomes floors with water, and survives damage`() throws {
    let path = try #require(Repository.sharedData("terrain/openarena/oa_bases5.bsp")).path
    let bytes = try FileBytes.read(path)
    var scene = try QuakeMap.read(bytes, file: path)
    #expect(scene.volumes != nil)
    // Brushes are closed: every face's corners lie on or inside all planes, so up- and down-facing areas are equal.
    var up = 0.0
    var down = 0.0
    for triangle in scene.triangles {
      let (a, b, c) = scene.corners(triangle)
      let area = Double((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) / 2
      if area > 0 { up += area } else { down -= area }
    }
    #expect(abs(up - down) < 1e-3 * up, "\(up) up, \(down) down")
    var settings = BuildSettings()
    settings.cellSize = 16
    settings.profiles = [QuakeMap.walker]
    scene.notes = []
    let terrain = try Terrain(bytes: try TerrainBuild(settings).build(scene).encode())
    try terrain.verify()
    let statistics = TerrainStatistics(terrain)
    #expect(statistics.surfaces[Int(TerrainSurface.water.rawValue)] > 0)
    #expect(statistics.surfaces[Int(TerrainSurface.walkable.rawValue)] > 1000)
    DamagedInput.survive(bytes, seed: 7, rounds: 24) { _ = try QuakeMap.read($0, file: "test") }
  }

  @Test func `deep water is swum on, its bottom lies under water, and one gets in and out at the shore`() throws {
    var scene = Scene()
    // A basin of 40 × 40 with its bottom at -10; a beach rises from it to the shore in the east; a pillar stands in it.
    func quad(_ points: [SIMD3<Float>]) {
      let first = Int32(scene.vertices.count)
      scene.vertices += points
      scene.triangles += [.init(first, first + 1, first + 2, .solid), .init(first, first + 2, first + 3, .solid)]
    }
    quad([SIMD3(0, 0, -10), SIMD3(40, 0, -10), SIMD3(40, 40, -10), SIMD3(0, 40, -10)])
    quad([SIMD3(40, 0, -10), SIMD3(60, 0, 2), SIMD3(60, 40, 2), SIMD3(40, 40, -10)])
    quad([SIMD3(60, 0, 2), SIMD3(80, 0, 2), SIMD3(80, 40, 2), SIMD3(60, 40, 2)])
    for (a, b) in [((18, 18), (22, 18)), ((22, 18), (22, 22)), ((22, 22), (18, 22)), ((18, 22), (18, 18))] {
      let (p, q) = (SIMD3(Float(a.0), Float(a.1), -10), SIMD3(Float(b.0), Float(b.1), -10))
      quad([p, q, q + SIMD3(0, 0, 14), p + SIMD3(0, 0, 14)])
    }
    quad([SIMD3(18, 18, 4), SIMD3(22, 18, 4), SIMD3(22, 22, 4), SIMD3(18, 22, 4)])
    scene.volumes = RegionVolumes([
      .init(normal: SIMD3(0, 0, 1), distance: 0, front: -1, back: 1, medium: nil),
      .init(normal: SIMD3(0, 0, 0), distance: 0, front: -1, back: -1, medium: .water),
    ])
    func build(_ swims: Bool, threads: Int = 1) throws -> Terrain {
      var settings = BuildSettings()
      settings.swims = swims
      settings.threads = threads
      settings.profiles.append(AgentProfile(name: "giant", radius: 3, height: 12, step: 3, slope: 40))
      let terrain = try Terrain(bytes: try TerrainBuild(settings).build(.scene(scene)).encode())
      try terrain.verify()
      return terrain
    }
    let terrain = try build(true)
    #expect(terrain.floors(10.5, 10.5).map(\.z) == [-10, 0])
    #expect(terrain.floors(10.5, 10.5).map(\.surface) == [.underwater, .water])
    #expect(terrain.floors(70.5, 10.5).map(\.surface) == [.walkable])
    // At the beach, less than a step deep: one wades.
    #expect(terrain.floors(55.5, 10.5).map(\.surface) == [.water])
    for profile in 0..<2 {
      let planes = try terrain.planes(profile: profile)
      func walks(_ x: Int, _ y: Int, _ z: Double) -> Bool {
        let floor = terrain.floor(column: x, y, near: z)
        return planes.contains { $0.sheet == floor?.sheet && $0.walk.isWalkable(x - $0.area.x, y - $0.area.y) }
      }
      #expect(walks(10, 10, 0) && !walks(10, 10, -10), "profile \(profile)")
      #expect(!walks(17, 20, 0), "the pillar keeps swimmers off")
    }
    // The larger body keeps farther away.
    let (small, large) = (try terrain.planes(profile: 0), try terrain.planes(profile: 1))
    #expect(large.reduce(0) { $0 + $1.walk.walkableCount } < small.reduce(0) { $0 + $1.walk.walkableCount })
    let way = Navigator(floors: try Floors(terrain)).path(
      from: Position(70.5, 20.5, 2), to: Position(5.5, 20.5, 0), nodeBudget: 100_000)
    #expect(way.failure == nil)
    let dry = try build(false)
    #expect(dry.floors(10.5, 10.5).map(\.surface) == [.water] && dry.floors(10.5, 10.5).map(\.z) == [-10])
    #expect(try TerrainDifference(terrain, build(true, threads: 3)).isEmpty)
  }

  @Test func `a bridge and the road below it are two floors, walked apart`() throws {
    var scene = Scene()
    func box(_ low: SIMD3<Float>, _ high: SIMD3<Float>) {
      let first = Int32(scene.vertices.count)
      for corner in 0..<8 {
        scene.vertices.append(
          SIMD3(corner & 1 == 0 ? low.x : high.x, corner & 2 == 0 ? low.y : high.y, corner & 4 == 0 ? low.z : high.z))
      }
      for face: [Int32] in [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]] {
        scene.triangles.append(.init(first + face[0], first + face[1], first + face[2], .solid))
        scene.triangles.append(.init(first + face[0], first + face[2], first + face[3], .solid))
      }
    }
    box(SIMD3(0, 0, -1), SIMD3(100, 60, 0))
    box(SIMD3(20, 25, 9), SIMD3(80, 35, 10))
    // A ramp of 26 degrees up to the bridge.
    let first = Int32(scene.vertices.count)
    scene.vertices += [SIMD3(0, 25, 0), SIMD3(20, 25, 10), SIMD3(20, 35, 10), SIMD3(0, 35, 0)]
    scene.triangles += [.init(first, first + 1, first + 2, .solid), .init(first, first + 2, first + 3, .solid)]
    var settings = BuildSettings()
    settings.keepsAllDrops = true
    let terrain = try Terrain(bytes: try TerrainBuild(settings).build(scene).encode())
    let plain = try Terrain(bytes: try TerrainBuild().build(scene).encode())
    #expect(!plain.links.contains { $0.kind == .drop }, "all of it can be walked to")
    try terrain.verify()
    #expect(terrain.floors(50.5, 30.5).map(\.z) == [0, 10])
    #expect(terrain.height(50.5, 30.5, near: 8) == 10)
    let floors = terrain.floors(50.5, 30.5)
    #expect(floors[0].sheet != floors[1].sheet)
    for floor in floors {
      let planes = try #require(try terrain.planes().first { $0.sheet == floor.sheet })
      #expect(planes.walk.isWalkable(50 - planes.area.x, 30 - planes.area.y))
    }
    #expect(terrain.links.contains { $0.kind == .seam && $0.isTwoWay })
    #expect(terrain.links.contains { $0.kind == .drop && !$0.isTwoWay && $0.fromZ == 10 && $0.toZ == 0 })
    // A cursor says what the terrain says, wherever it comes from.
    var cursor = TerrainCursor(terrain)
    var random = SeededGenerator(seed: 3)
    for step in 0..<20_000 {
      let x = random.uniform(-3...103)
      let y = step % 2 == 0 ? 30.5 : random.uniform(-3...63)
      let z = random.uniform(-20...20)
      let (found, wanted) = (cursor.height(x, y, near: z), terrain.floor(x, y, near: z)?.z)
      if found != wanted || terrain.height(x, y, near: z) != wanted {
        Issue.record("at (\(x), \(y), \(z)): \(String(describing: found)), not \(String(describing: wanted))")
        return
      }
    }
    // One walks up the ramp, not through it.
    let navigator = Navigator(floors: try Floors(terrain))
    let way = navigator.path(from: Position(60.5, 10.5, 0), to: Position(60.5, 30.5, 10), nodeBudget: 1_000_000)
    let path = try #require(way.path)
    #expect(way.failure == nil && path.length > 100)
  }
}
