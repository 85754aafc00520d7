import Nav
import Testing

@testable import TerrainBuilder

@Suite struct EQGTests {
  /// Level ground from (-50, -50) to (50, 50), a plank of 20 × 2 turned and lifted, a box of water and one of lava.
  private func archive(version: Int, turn: SIMD3<Float>) -> [UInt8] {
    let ground = writtenMesh(
      [SIMD3(-50, -50, 0), SIMD3(50, -50, 0), SIMD3(50, 50, 0), SIMD3(-50, 50, 0)], isModel: false)
    let plank = writtenMesh([SIMD3(0, -1, 0), SIMD3(20, -1, 0), SIMD3(20, 1, 0), SIMD3(0, 1, 0)], isModel: true)
    let zone = writtenZone(
      version: version, objects: [("PLANK.MOD", SIMD3(10, 5, 12), turn, 1.5)],
      regions: [
        ("AWT_pond", SIMD3(-30, -30, 0), 64, SIMD3(10, 2, 5)), ("ALV_pit", SIMD3(-30, 30, 0), 0, SIMD3(4, 4, 5)),
        ("ATP_1_x", SIMD3(40, -40, 0), 0, SIMD3(3, 3, 5)), ("APK_fight", SIMD3(0, 0, 0), 0, SIMD3(9, 9, 9)),
      ])
    return writtenPFS([("zone.ter", ground), ("plank.mod", plank), ("zone.zon", zone)])
  }

  @Test func `objects stand turned, scaled and moved, and boxes are what their names say`() throws {
    for version in [1, 2] {
      // A quarter turn to the left: the plank leads north, 30 long and 3 wide.
      let scene = try EQGReader.parse(archive(version: version, turn: SIMD3(.pi / 2, 0, 0)), file: "zone.eqg")
      #expect(scene.notes.count == 1 && scene.notes.first?.contains("APK_fight") == true, "\(scene.notes)")
      let terrain = try Terrain(bytes: try TerrainBuild().build(scene).encode())
      try terrain.verify()
      for (x, y) in [(10.2, 6.0), (9.2, 34.0), (11.2, 20.0)] {
        #expect(terrain.floors(x, y).map(\.z) == [0, 12], "version \(version): \(x), \(y)")
      }
      for (x, y) in [(10.2, 3.5), (10.2, 36.5), (13.2, 20.0), (25.2, 5.0)] {
        #expect(terrain.floors(x, y).map(\.z) == [0], "version \(version): \(x), \(y)")
      }
      // The pond lies along the diagonal.
      for (x, y, surface) in [
        (-30.0, -30.0, TerrainSurface.water), (-25, -25, .water), (-25, -35, .walkable), (-35, -25, .walkable),
        (-29, 31, .lava), (-24, 31, .walkable), (40, -40, .zoneLine), (45, -40, .walkable), (0, 0, .walkable),
      ] {
        #expect(terrain.surface(x + 0.2, y + 0.2, near: 0) == surface, "version \(version): \(x), \(y)")
      }
    }
  }

  @Test func `an object that lies on its side is a wall, and one without a model is named`() throws {
    let ground = writtenMesh(
      [SIMD3(-50, -50, 0), SIMD3(50, -50, 0), SIMD3(50, 50, 0), SIMD3(-50, 50, 0)], isModel: false)
    let plank = writtenMesh([SIMD3(0, -9, 0), SIMD3(20, -9, 0), SIMD3(20, 9, 0), SIMD3(0, 9, 0)], isModel: true)
    // About x by a quarter turn: it stands upright along x.
    let zone = writtenZone(
      objects: [
        ("plank.mod", SIMD3(0, 0, 0), SIMD3(0, 0, .pi / 2), 1), ("gone.mod", SIMD3(0, 0, 0), SIMD3(0, 0, 0), 1),
      ], regions: [])
    let scene = try EQGReader.parse(
      writtenPFS([("zone.ter", ground), ("plank.mod", plank), ("zone.zon", zone)]), file: "zone.eqg")
    #expect(scene.notes.count == 1 && scene.notes.first?.contains("gone.mod") == true, "\(scene.notes)")
    let terrain = try Terrain(bytes: try TerrainBuild().build(scene).encode())
    let walk = try #require(try terrain.planes().first).walk
    func isWalkable(_ x: Double, _ y: Double) -> Bool {
      terrain.column(x, y).map { walk.isWalkable($0.x, $0.y) } ?? false
    }
    #expect(!isWalkable(10, 0.2) && isWalkable(10, 8) && isWalkable(10, -8) && isWalkable(-8, 0.2))
  }

  @Test func `descriptions of zones that are not read are told from damaged ones`() throws {
    let ground = writtenMesh(
      [SIMD3(-5, -5, 0), SIMD3(5, -5, 0), SIMD3(5, 5, 0), SIMD3(-5, 5, 0)], isModel: false)
    func parse(_ zone: [UInt8]) throws -> Scene {
      try EQGReader.parse(writtenPFS([("zone.ter", ground), ("zone.zon", zone)]), file: "zone.eqg")
    }
    #expect(try parse(Array("EQTZP and text".utf8)).notes.count == 1)
    #expect(throws: AssetError.self) { try parse(Array("EQxZ".utf8)) }
    let whole = writtenZone(
      objects: [("a.mod", SIMD3(0, 0, 0), SIMD3(0, 0, 0), 1)], regions: [("AWT", SIMD3(0, 0, 0), 0, SIMD3(1, 1, 1))])
    for count in 0..<whole.count { #expect(throws: AssetError.self) { try parse(Array(whole[..<count])) } }
  }
}
