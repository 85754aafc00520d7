import Core
import Foundation
import Nav
import TestSupport
import Testing

@testable import TerrainBuilder

@Suite struct ToolTests {
  /// Two floors of 40 × 40 above each other, the upper one over half of the lower.
  private var scene: Scene {
    var scene = Scene()
    scene.vertices = [
      SIMD3(0, 0, 0), SIMD3(40, 0, 0), SIMD3(40, 40, 0), SIMD3(0, 40, 0), SIMD3(0, 0, 12), SIMD3(20, 0, 12),
      SIMD3(20, 40, 12), SIMD3(0, 40, 12),
    ]
    scene.triangles = [
      .init(0, 1, 2, .solid), .init(0, 2, 3, .solid), .init(4, 5, 6, .solid), .init(4, 6, 7, .solid),
    ]
    return scene
  }

  private func build(_ overrides: String? = nil) throws -> Terrain {
    var settings = BuildSettings()
    settings.overrides = try overrides.map { try Overrides(Array($0.utf8), file: "test.overrides") }
    let terrain = try Terrain(bytes: try TerrainBuild(settings).build(.scene(scene)).encode())
    try terrain.verify()
    return terrain
  }

  @Test func `overrides close places, name surfaces and make links`() throws {
    let plain = try build()
    let other = try build(
      """
      # a person knows better
      closed  4,4 9,9 -1,1      # the lower floor only
      surface water 30,30 39,39
      surface lava 30,4 34,8
      link    25,20,0 10,20,12
      oneway  10,30,12 25,30,0
      """)
    func walks(_ terrain: Terrain, _ x: Double, _ y: Double, _ z: Double) throws -> Bool {
      let cell = try #require(terrain.cell(at: Position(x, y, z)))
      return try terrain.planes().contains {
        $0.sheet == Int(cell.sheet) && $0.walk.isWalkable(Int(cell.x) - $0.area.x, Int(cell.y) - $0.area.y)
      }
    }
    #expect(try walks(plain, 6.5, 6.5, 0) && !walks(other, 6.5, 6.5, 0))
    #expect(try walks(other, 6.5, 6.5, 12))
    #expect(other.surface(35.5, 35.5, near: 0) == .water && plain.surface(35.5, 35.5, near: 0) == .walkable)
    #expect(try !walks(other, 32.5, 6.5, 0))
    let manual = other.links.filter { $0.kind == .manual }
    #expect(manual.map(\.isTwoWay) == [true, false])
    #expect(manual.map(\.fromZ) == [0, 12] && manual.map(\.toZ) == [12, 0])
    #expect(plain.header.sourceHash != other.header.sourceHash)
    let way = Navigator(floors: try Floors(other)).path(
      from: Position(35.5, 20.5, 0), to: Position(5.5, 20.5, 12), nodeBudget: 100_000)
    #expect(way.failure == nil)
    for bad in [
      "close 1,1 2,2", "closed 1,1", "surface mud 1,1 2,2", "link 1,2 3,4", "closed 1,1 2,nan", "link 0,0,0 1,1,1 2",
    ] {
      #expect(throws: AssetError.self, "\(bad)") { try Overrides(Array(bad.utf8), file: "bad") }
    }
    #expect(throws: BuildError.self) { try build("link 1,1,0 99,99,0") }
  }

  @Test func `a difference says what differs, and the same bytes differ in nothing`() throws {
    let plain = try build()
    #expect(try TerrainDifference(plain, build()).isEmpty)
    let difference = try TerrainDifference(plain, try build("closed 4,4 9,9 -1,1\nsurface water 30,30 35,35"))
    #expect(difference.walk.map(\.cells) == [25] && difference.surfaces == 25 && difference.heights == 0)
    #expect(difference.text.contains("25 floors of another surface"))
  }

  @Test func `an export is a mesh of the same floors`() throws {
    let terrain = try build("surface water 30,30 39,39")
    let export = try TerrainExport(terrain)
    // Corners are cells' centres: 39 × 39 and 19 × 39 squares.
    #expect(export.faceCount == 2 * (39 * 39 + 19 * 39))
    for scene in [try OBJReader.parse(export.obj, file: "out.obj"), try GLBReader.read(export.glb, file: "out.glb")] {
      let again = try Terrain(bytes: try TerrainBuild().build(.scene(scene)).encode())
      for place in [(5.2, 5.2, 0.0), (5.2, 5.2, 12.0), (30.2, 30.2, 0.0)] {
        #expect(again.height(place.0, place.1, near: place.2) == terrain.height(place.0, place.1, near: place.2))
      }
      #expect(again.floors(30.2, 10.2).count == 1)
    }
  }

  @Test(.enabled(if: NavzoneTests.path != nil, "needs the shared test data"))
  func `a zone line is a link into the other zone`() throws {
    var settings = BuildSettings()
    settings.cellSize = 3
    let input = try SceneReader.read(try #require(NavzoneTests.path))
    let terrain = try Terrain(bytes: try TerrainBuild(settings).build(input).encode())
    let lines = terrain.links.filter { $0.kind == .zoneLine }
    #expect(!lines.isEmpty && lines.allSatisfy { $0.from == $0.to && !$0.isTwoWay })
    for line in lines { #expect(terrain.floor(line.from)?.surface == .zoneLine) }
  }

  /// What a shell sees: a damaged file ends with 65 and leaves nothing behind.
  @Test(.enabled(if: NavzoneTests.path != nil, "needs the shared test data"))
  func `the program refuses a damaged file with 65 and writes nothing`() throws {
    let folder = try Repository.temporaryDirectory("damaged")
    defer { try? FileManager.default.removeItem(at: folder) }
    let sound = try Data(contentsOf: URL(filePath: try #require(NavzoneTests.path)))
    let input = folder.appending(path: "zone.s3d")
    try sound.prefix(sound.count / 2).write(to: input)
    let output = folder.appending(path: "zone.terrain").path
    func status(_ words: [String]) throws -> Int32 {
      let process = Process()
      process.executableURL = Repository.program("compass-terrain")
      process.arguments = words
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    #expect(try status(["build", "--input", input.path, "--output", output]) == 65)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["zone.s3d"])
    #expect(try status(["build", "--input", folder.appending(path: "none.s3d").path, "--output", output]) == 66)
    #expect(try status(["verify", input.path]) == 65)
  }
}
