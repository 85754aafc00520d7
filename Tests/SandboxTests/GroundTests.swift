import Core
import Foundation
import Nav
import TestSupport
import Testing

@testable import World

/// The terrain files that the builder made of the exported zones, against the mesh that the world moves bodies on.
/// Needs the sandbox's terrain, which `Tools/test` builds.
@Suite struct GroundTests {
  static let folder = Repository.root.appending(path: "Data/environments/sandbox/terrain")
  static let isBuilt = ["harbour", "meadow", "canyon", "barrow", "marsh"].allSatisfy {
    FileManager.default.fileExists(atPath: folder.appending(path: "\($0).terrain").path)
  }

  /// True when the world's own collision lets a body of this size stand at a place: ground that carries, nothing
  /// higher to step on, no wall that pushes it away.
  private func lets(_ body: AgentProfile, stand place: Position, in collision: CollisionMesh) -> Bool {
    let carries = cos(body.slope * .pi / 180)
    guard let ground = collision.ground(place.x, place.y, below: place.z + body.step),
      abs(ground.z - place.z) < 0.25, ground.up >= carries
    else { return false }
    let pushed = collision.pushedOut(
      place.x, place.y, radius: body.radius, low: ground.z + body.step, high: ground.z + body.height,
      carries: carries)
    return abs(pushed.x - place.x) < 1e-6 && abs(pushed.y - place.y) < 1e-6
  }

  /// True when what comes first above a place is the upper side of something: inside a body nobody stands.
  private func isInside(_ place: Position, _ zone: ZoneData) -> Bool {
    var lowest = Double.infinity
    var isUp = false
    func look(_ a: MeshVertex, _ b: MeshVertex, _ c: MeshVertex) {
      func point(_ v: MeshVertex) -> SIMD3<Double> { SIMD3(Double(v.x), Double(v.y), Double(v.z)) }
      let (a, b, c) = (point(a), point(b), point(c))
      let area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
      guard abs(area) > 1e-6 else { return }
      let first = ((b.x - place.x) * (c.y - place.y) - (b.y - place.y) * (c.x - place.x)) / area
      let second = ((c.x - place.x) * (a.y - place.y) - (c.y - place.y) * (a.x - place.x)) / area
      guard first >= 0, second >= 0, first + second <= 1 else { return }
      let z = first * a.z + second * b.z + (1 - first - second) * c.z
      guard z > place.z + 0.3, z < lowest + 1e-6 else { return }
      isUp = area > 0 || (z > lowest - 1e-6 && isUp)
      lowest = min(lowest, z)
    }
    let mesh = zone.mesh
    for t in mesh.triangles where !t.material.isPassable {
      look(mesh.vertices[Int(t.a)], mesh.vertices[Int(t.b)], mesh.vertices[Int(t.c)])
    }
    for placement in mesh.placements {
      let corners = mesh.corners(of: placement)
      for t in mesh.models[placement.model].triangles where !t.material.isPassable {
        look(corners[Int(t.a)], corners[Int(t.b)], corners[Int(t.c)])
      }
    }
    return isUp
  }

  @Test(.enabled(if: isBuilt, "needs the sandbox's terrain files: compass-terrain rebuild --environment sandbox"))
  func `heights are those of the world's ground, and one walks where the world lets one stand`() throws {
    let data = try WorldData.load(directory: "Data/worlds/sandbox")
    var asked = 0
    var agreed = 0
    var wrong: [String] = []
    for zone in data.zones {
      let terrain = try Terrain(path: Self.folder.appending(path: "\(zone.name).terrain").path)
      let planes = try terrain.planes()
      let body = terrain.profiles[0]
      let collision = zone.collision
      var random = SeededGenerator(seed: 4)
      var zoneAsked = 0
      var zoneAgreed = 0
      for _ in 0..<12_000 {
        // Nobody gets nearer to the edge of the world than this.
        let edge = data.rules.bodyRadius + 1
        guard
          let column = terrain.column(
            random.uniform(collision.originX + edge...collision.highX - edge),
            random.uniform(collision.originY + edge...collision.highY - edge))
        else { continue }
        let centre = terrain.centre(column.x, column.y)
        for floor in terrain.floors(column: column.x, column.y) {
          guard let ground = collision.ground(centre.x, centre.y, below: floor.z + 0.2) else {
            Issue.record("\(zone.name): the world has no ground at \(centre), \(floor.z)")
            return
          }
          if abs(ground.z - floor.z) > terrain.header.quantum {
            Issue.record("\(zone.name): floor \(floor.z) at \(centre), ground \(ground.z)")
            return
          }
          // The world lets bodies burn; the planes do not.
          guard floor.surface != .lava else { continue }
          let isWalked = planes.contains {
            $0.sheet == floor.sheet && $0.walk.isWalkable(column.x - $0.area.x, column.y - $0.area.y)
          }
          zoneAsked += 1
          if lets(body, stand: Position(centre.x, centre.y, ground.z), in: collision) == isWalked {
            zoneAgreed += 1
          } else if !isWalked, isInside(Position(centre.x, centre.y, ground.z), zone) {
            zoneAgreed += 1
          } else {
            wrong.append("\(zone.name) (\(centre.x), \(centre.y), \(ground.z)) \(isWalked ? "walked" : "closed")")
          }
        }
      }
      asked += zoneAsked
      agreed += zoneAgreed
      #expect(zoneAsked > 10_000)
    }
    #expect(Double(agreed) >= 0.999 * Double(asked), "\(agreed) of \(asked); \(wrong.prefix(12))")
  }
}
