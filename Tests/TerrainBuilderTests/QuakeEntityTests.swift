import Core
import Nav
import TestSupport
import Testing

@testable import TerrainBuilder

/// What a Quake map's entities say: teleports, jump pads, lifts, doors; and ladders and ice, which its brushes say.
struct QuakeEntityTests {
  /// Ground of 600 × 600 with a terrace 128 higher in the east; two walls across the ground with a doorway each.
  private func map() -> WrittenQuake {
    var map = WrittenQuake()
    map.add([0, 0, -16], [600, 600, 0])
    map.add([600, 0, -16], [1100, 600, 128])
    for x: Float in [200, 400] {
      map.add([x, 0, 0], [x + 8, 200, 200])
      map.add([x, 264, 0], [x + 8, 600, 200])
    }
    // Climbed from the west; and a patch of ice.
    map.add([592, 480, 0], [600, 512, 128], westFlags: 8)
    map.add([900, 400, 128], [1000, 500, 136], flags: 2)
    map.add([200, 200, 0], [208, 264, 120], ["classname": "func_door", "angle": "-1"])
    map.add([400, 200, 0], [408, 264, 120], ["classname": "func_door", "angle": "90", "targetname": "gate"])
    // Drawn at its upper end.
    map.add([520, 300, 112], [600, 380, 128], ["classname": "func_plat", "height": "120"])
    map.add([64, 64, 0], [96, 96, 64], ["classname": "trigger_teleport", "target": "there"])
    map.entities.append(["classname": "misc_teleporter_dest", "targetname": "there", "origin": "900 100 152"])
    map.add([432, 100, 0], [464, 132, 16], ["classname": "trigger_push", "target": "over"])
    map.entities.append(["classname": "target_position", "targetname": "over", "origin": "592 116 220"])
    map.add([0, 0, 300], [8, 8, 308], ["classname": "func_train"])
    map.add([16, 0, 300], [24, 8, 308], ["classname": "trigger_teleport", "target": "nowhere"])
    return map
  }

  private func build(_ map: WrittenQuake) throws -> (scene: Scene, terrain: Terrain) {
    let scene = try QuakeMap.read(map.bytes(), file: "test.bsp")
    var settings = BuildSettings()
    settings.cellSize = 8
    settings.profiles = [QuakeMap.walker]
    let terrain = try Terrain(bytes: try TerrainBuild(settings).build(scene).encode())
    try terrain.verify()
    return (scene, terrain)
  }

  @Test func `a Quake map's teleports, jump pads, lifts and ladders join the floors that they lead to`() throws {
    let (scene, terrain) = try build(map())
    let expected: [(kind: TerrainLink.Kind, from: Position, to: Position, reach: Double)] = [
      (.teleport, Position(80, 80, 0), Position(900, 100, 128), 12),
      // 114 gravities of flight: up 212 in 0.73 s, down 68 in 0.41 s, at 198 a second.
      (.jump, Position(448, 116, 0), Position(673, 116, 128), 24),
      (.lift, Position(560, 340, 8), Position(612, 340, 128), 24),
      (.ladder, Position(568, 496, 0), Position(620, 496, 128), 24),
    ]
    for link in expected {
      let found = terrain.links.filter { $0.kind == link.kind }
      #expect(found.count == 1, "\(link.kind): \(found.count)")
      guard let one = found.first, let from = terrain.position(of: one.from), let to = terrain.position(of: one.to)
      else { continue }
      #expect(
        from.horizontalDistance(to: link.from) <= link.reach && from.z == link.from.z, "\(link.kind) from \(from)")
      #expect(to.horizontalDistance(to: link.to) <= link.reach && to.z == link.to.z, "\(link.kind) to \(to)")
      #expect(one.isTwoWay == (link.kind == .ladder))
      let planes = try terrain.planes()
      for cell in [one.from, one.to] {
        let plane = try #require(planes.first { $0.sheet == Int(cell.sheet) })
        #expect(plane.walk.isWalkable(Int(cell.x) - plane.area.x, Int(cell.y) - plane.area.y))
      }
    }
    #expect(terrain.surface(950, 450, near: 136) == .slippery)
    #expect(scene.notes.contains { $0.contains("func_train") } && scene.notes.contains { $0.contains("teleport") })
  }

  @Test func `a Quake map's doors and lifts are moving parts; a door that waits for a signal stands closed`() throws {
    let (_, terrain) = try build(map())
    let doors = terrain.dynamics.filter { $0.kind == .door }
    #expect(doors.map(\.low) == [0, 0] && doors.map(\.high) == [112, 120])
    let lifts = terrain.dynamics.filter { $0.kind == .lift }
    #expect(lifts.map(\.low) == [8] && lifts.map(\.high) == [128])
    for part in terrain.dynamics { #expect(!part.runs.isEmpty) }
    // Within what the doors take: cells of the one are walked over, those of the other are not.
    func isWalked(_ x: Double, _ y: Double) throws -> Bool {
      let cell = try #require(terrain.cell(at: Position(x, y, 0)))
      return try terrain.planes().contains {
        $0.sheet == Int(cell.sheet) && $0.walk.isWalkable(Int(cell.x) - $0.area.x, Int(cell.y) - $0.area.y)
      }
    }
    #expect(try isWalked(204, 232))
    #expect(try !isWalked(404, 232))
    #expect(try isWalked(300, 232))
  }

  @Test func `text that says nothing sound is an error with a place`() throws {
    let texts = [
      "{", "}", "{ {", "\"a\" \"b\"", "{ \"a\" }", "{ \"a\" \"b }", "x",
      "{ \"classname\" \"func_door\" \"model\" \"*99\" }",
      "{ \"classname\" \"func_door\" \"model\" \"*1\" } { \"classname\" \"func_door\" \"model\" \"*1\" }",
      "{ \"classname\" \"func_plat\" \"model\" \"*0\" }",
    ]
    for text in texts {
      #expect(throws: AssetError.self, "\(text)") { try QuakeMap.read(map().bytes(text: text), file: "test.bsp") }
    }
    // Numbers that are none are as if they were not said.
    let odd = "{ \"classname\" \"func_plat\" \"model\" \"*3\" \"height\" \"nan\" \"origin\" \"1 inf 0\" }"
    #expect(try QuakeMap.read(map().bytes(text: odd), file: "test.bsp").movers.first?.low == 120)
    // A part whose box is inside out is none.
    var turned = map()
    turned.add([64, 8, 308], [32, 0, 300], ["classname": "func_door"])
    #expect(try build(turned).scene.movers.map(\.box) == build(map()).scene.movers.map(\.box))
    DamagedInput.survive(map().bytes(), seed: 11, rounds: 300) { _ = try QuakeMap.read($0, file: "test.bsp") }
  }

  @Test(.enabled(if: Repository.sharedData("terrain/openarena") != nil, "needs the shared test data"))
  func `an OpenArena map's doors and lifts are found, and its lifts lead up`() throws {
    let path = try #require(Repository.sharedData("terrain/openarena/oa_bases5.bsp")).path
    let scene = try QuakeMap.read(try FileBytes.read(path), file: path)
    var settings = BuildSettings()
    settings.cellSize = 8
    settings.profiles = [QuakeMap.walker]
    let terrain = try Terrain(bytes: try TerrainBuild(settings).build(scene).encode())
    #expect(terrain.dynamics.filter { $0.kind == .door }.count == 14)
    #expect(terrain.dynamics.filter { $0.kind == .lift }.map(\.high) == [-32, -32])
    let lifts = terrain.links.filter { $0.kind == .lift }
    #expect(lifts.count == 2)
    for lift in lifts { #expect(abs(lift.fromZ + 132) < 1 && abs(lift.toZ + 32) <= 18, "\(lift)") }
  }
}
