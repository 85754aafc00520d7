import Core
import Foundation
import TestSupport
import Testing
import World

@testable import Sandbox

@Suite struct ExportTests {
  @Test func `every zone's files hold the mesh that bodies collide with`() throws {
    let data = try WorldData.load(directory: "Data/worlds/sandbox")
    for zone in data.zones {
      let scene = AssetScene(zone, zones: data.zones)
      let files = unpackPFS(try scene.archive(.old))
      let wld = ReadWLD(try #require(files["\(zone.name).wld"]))
      func corner(_ index: UInt32) -> SIMD3<Double> {
        let vertex = zone.mesh.vertices[Int(index)]
        return SIMD3(Double(vertex.x), Double(vertex.y), Double(vertex.z))
      }
      let wanted = zone.mesh.triangles.reduce(into: [ReadTriangle: Int]()) { counts, triangle in
        let read = ReadTriangle(
          mesh: "", isPassable: triangle.material.isPassable,
          material: SurfaceMaterial.allCases.firstIndex(of: triangle.material) ?? -1,
          corners: [corner(triangle.a), corner(triangle.b), corner(triangle.c)])
        counts[read.turned, default: 0] += 1
      }
      // Sheets of water and lava come after the materials of the ground.
      let found = wld.triangles.filter { $0.material < SurfaceMaterial.allCases.count }
        .reduce(into: [ReadTriangle: Int]()) { $0[$1.turned, default: 0] += 1 }
      let areEqual = found == wanted
      #expect(areEqual, "\(zone.name)")
      let objects = ReadWLD(try #require(files["objects.wld"]))
      #expect(objects.placements.count == zone.mesh.placements.count)
      for liquid in zone.mesh.liquids {
        let middle = SIMD3(
          Double(liquid.low.x + liquid.high.x) / 2, Double(liquid.low.y + liquid.high.y) / 2,
          Double(liquid.high.z) - 0.05)
        let kind = wld.kind(at: middle)
        #expect(kind?.hasPrefix(liquid.liquid == .water ? "WT" : "LA") == true || kind?.hasPrefix("DRNTP") == true)
      }
      for line in zone.lines {
        let middle = SIMD3(
          Double(line.low.x + line.high.x) / 2, Double(line.low.y + line.high.y) / 2,
          Double(line.low.z + line.high.z) / 2)
        let target = String(data.zones[line.target].id.raw)
        #expect(wld.kind(at: middle)?.dropFirst(5).prefix(5).hasSuffix(target) == true)
      }
    }
  }

  @Test func `the export in the repository is what the world's data gives`() throws {
    let data = try WorldData.load(directory: "Data/worlds/sandbox")
    let folder = try Repository.temporaryDirectory("assets")
    defer { try? FileManager.default.removeItem(at: folder) }
    let written = try AssetExport.write(data, to: folder.path, version: .old)
    #expect(try AssetExport.write(data, to: folder.path, version: .old).isEmpty)
    var stale: [String] = []
    for name in written where name.hasSuffix(".json") {
      if fileBytes("\(folder.path)/\(name)") != fileBytes("Data/environments/sandbox/\(name)") { stale.append(name) }
    }
    #expect(stale == [], "run compass-sandbox assets")
  }
}
