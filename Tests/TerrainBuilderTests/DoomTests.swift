import Core
import Foundation
import Nav
import TestSupport
import Testing

@testable import TerrainBuilder

@Suite struct DoomTests {
  static let folder = Repository.sharedData("terrain/freedoom")

  private func map(_ wad: String, _ name: String) throws -> DoomMap {
    let path = try #require(Self.folder).appending(path: "\(wad)_\(name).wad").path
    return try DoomMap(try FileBytes.read(path), file: path, map: name)
  }

  /// Codes of the counts: 0 void, 1 dry, 2 water or blood, 3 lava or damage, 4 slime without and 5 with damage.
  /// Ours: 1 is walkable, 2 and 4 are water, 3 is lava, 5 is slime.
  @Test(.enabled(if: folder != nil, "needs the shared test data"))
  func `cells of each surface are as many as an independent reader counted`() throws {
    let path = try #require(Self.folder).appending(path: "stats.json")
    let root = try DataNode.parse([UInt8](try Data(contentsOf: path)), file: "stats.json")
    for node in try root["maps"].array() {
      let name = try node["map"].string()
      // The largest maps take seconds in a debug build.
      guard Repository.runsLongTests || name == "MAP07" || name == "MAP31" else { continue }
      let map = try map(try node["wad"].string(), name)
      #expect(map.lines.count == (try node["linedefs"].integer()))
      #expect(map.sectors.count == (try node["sectors"].integer()))
      var settings = BuildSettings()
      settings.profiles = [DoomRules.walker]
      let floors = try DoomFloors(map, settings: settings)
      #expect(floors.grid.width * floors.grid.height == (try node["cells_1unit"].integer()))
      var counts: [TerrainSurface: Int] = [:]
      for row in 0..<floors.grid.height {
        for sector in floors.sectors(row: row, columns: 0..<floors.grid.width) {
          counts[sector < 0 ? .void : DoomRules.surface(map.sectors[Int(sector)]), default: 0] += 1
        }
      }
      func wanted(_ codes: [String]) throws -> Int {
        try codes.reduce(0) { sum, code in
          let count = node["surface_cells"][code]
          return count.exists ? sum + (try count.integer()) : sum
        }
      }
      let pairs: [(TerrainSurface, [String])] = [
        (.void, ["0"]), (.walkable, ["1"]), (.water, ["2", "4"]), (.lava, ["3"]), (.slime, ["5"]),
      ]
      for (surface, codes) in pairs {
        let (found, right) = (counts[surface] ?? 0, try wanted(codes))
        #expect(abs(found - right) <= max(right / 1000, 2), "\(name), \(surface.name): \(found), not \(right)")
      }
    }
  }

  /// The map's own tree, walked by code that shares nothing with the reader, as the game does it.
  @Test(.enabled(if: folder != nil, "needs the shared test data"))
  func `cells lie in the sector that the map's own nodes say`() throws {
    var asked = 0
    var different = 0
    for (wad, name) in [("freedoom1", "E1M1"), ("freedoom1", "E2M3"), ("freedoom2", "MAP07"), ("freedoom2", "MAP31")]
    {
      let path = try #require(Self.folder).appending(path: "\(wad)_\(name).wad").path
      let nodes = DoomNodes([UInt8](try Data(contentsOf: URL(filePath: path))))
      let map = try map(wad, name)
      var settings = BuildSettings()
      settings.profiles = [DoomRules.walker]
      let floors = try DoomFloors(map, settings: settings)
      var random = SeededGenerator(seed: 21)
      for _ in 0..<400 {
        let row = random.integer(0...floors.grid.height - 1)
        let sectors = floors.sectors(row: row, columns: 0..<floors.grid.width)
        for _ in 0..<80 {
          let column = random.integer(0...sectors.count - 1)
          guard sectors[column] >= 0 else { continue }
          asked += 1
          let own = nodes.sector(x: floors.grid.centreX(column), y: floors.grid.centreY(row))
          if own != Int(sectors[column]) { different += 1 }
        }
      }
    }
    #expect(asked > 50_000)
    #expect(Double(different) <= 0.0005 * Double(asked), "\(different) of \(asked)")
    print("Doom nodes: \(different) of \(asked) differ")
  }

  @Test(.enabled(if: folder != nil, "needs the shared test data"))
  func `a map becomes a terrain with doors and lifts`() throws {
    let map = try map("freedoom2", "MAP31")
    var settings = BuildSettings()
    settings.cellSize = 8
    settings.profiles = [DoomRules.walker]
    let terrain = try Terrain(bytes: try TerrainBuild(settings).build(.doom(DoomInput(map: map))).encode())
    try terrain.verify()
    #expect(!terrain.dynamics.isEmpty)
    let start = try #require(map.things.first { $0.type == 1 })
    let floor = try #require(terrain.floor(Double(start.x), Double(start.y), near: 0))
    #expect(floor.surface.isStandable)
    let planes = try #require(try terrain.planes().first { $0.sheet == floor.sheet })
    let column = try #require(terrain.column(Double(start.x), Double(start.y)))
    #expect(planes.walk.isWalkable(column.x - planes.area.x, column.y - planes.area.y))
  }

  @Test(.enabled(if: folder != nil, "needs the shared test data"))
  func `cut and flipped maps are errors, never traps`() throws {
    let path = try #require(Self.folder).appending(path: "freedoom2_MAP07.wad").path
    DamagedInput.survive(try FileBytes.read(path), seed: 4, rounds: 60) { _ = try DoomMap($0, file: "test") }
  }
}
