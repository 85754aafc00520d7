import Core
import Foundation
import Nav
import TestSupport
import Testing

/// Ways through the sandbox's own terrain, where floors lie above each other: the canyon's bridge, the barrow.
@Suite(
  .enabled(if: GroundTests.isBuilt, "needs the sandbox's terrain: compass-terrain rebuild --environment sandbox"))
struct WaysTests {
  private func terrain(_ zone: String) throws -> Terrain {
    try Terrain(path: GroundTests.folder.appending(path: "\(zone).terrain").path)
  }

  /// Walks a path in small steps, each onto the floor nearest to the last one's height, and gives the first place
  /// where that is no step a body makes; nil when it comes to the path's end on the floor of its end.
  private func fault(_ path: Path, _ terrain: Terrain) -> String? {
    var z = path.points.first?.z ?? 0
    for (leg, (from, to)) in zip(path.points, path.points.dropFirst()).enumerated() {
      if path.links.contains(where: { $0.leg == leg && $0.kind != .seam }) {
        z = to.z
        continue
      }
      let count = max(Int(from.horizontalDistance(to: to) / 0.5), 1)
      for step in 0...count {
        let place = from + (to - from) * (Double(step) / Double(count))
        guard let next = terrain.height(place.x, place.y, near: z) else { return "no floor at \(place)" }
        // Between the centres of two cells: a step, or the steepest slope that carries.
        if abs(next - z) > terrain.profiles[0].step + 1.5 { return "from \(z) to \(next) at \(place)" }
        z = next
      }
      if abs(z - to.z) > 0.5 { return "at \(to) on a floor of height \(z)" }
    }
    return nil
  }

  private func floor(_ terrain: Terrain, _ x: Double, _ y: Double, near z: Double) throws -> Position {
    Position(x, y, try #require(terrain.height(x, y, near: z)))
  }

  @Test func `one walks over the bridge or under it, and the way between is the way round`() throws {
    let terrain = try terrain("canyon")
    let navigator = try Navigator(terrain: terrain)
    let deck = try [-200.0, 0, 120].map { try floor(terrain, -104, $0, near: 120) }
    #expect(deck.allSatisfy { abs($0.z - 120.5) < 0.2 })
    guard case .complete(let over) = navigator.path(from: deck[0], to: deck[2], nodeBudget: .max) else {
      Issue.record("no way over the bridge")
      return
    }
    #expect(over.points.allSatisfy { $0.z > 115 } && over.length < 321, "\(over)")
    #expect(fault(over, terrain) == nil)
    // Through the canyon, below the deck.
    let west = try floor(terrain, -160, -45, near: 40)
    let east = try floor(terrain, -50, -20, near: 40)
    guard case .complete(let under) = navigator.path(from: west, to: east, nodeBudget: .max) else {
      Issue.record("no way under the bridge")
      return
    }
    #expect(under.points.allSatisfy { $0.z < 90 } && under.length < 200, "\(under)")
    #expect(fault(under, terrain) == nil)
    // From below the deck onto it: nobody climbs eighty units.
    let below = try floor(terrain, -104, -30, near: 40)
    #expect(below.z < 60)
    guard case .complete(let up) = navigator.path(from: below, to: deck[1], nodeBudget: .max) else {
      Issue.record("no way up to the bridge")
      return
    }
    #expect(up.length > 300, "\(up.length)")
    #expect(fault(up, terrain) == nil)
  }

  @Test func `no way of a hundred changes floors where there are no stairs`() throws {
    for zone in ["canyon", "barrow", "harbour"] {
      let terrain = try terrain(zone)
      let navigator = try Navigator(terrain: terrain)
      var random = SeededGenerator(seed: 21)
      let bounds = terrain.bounds
      func place() -> Position? {
        let x = random.uniform(bounds.low.x...bounds.high.x)
        let y = random.uniform(bounds.low.y...bounds.high.y)
        let z = terrain.height(x, y, near: random.uniform(bounds.low.z...bounds.high.z))
        return z.flatMap { navigator.nearestWalkable(to: Position(x, y, $0), within: 2) }
      }
      var (complete, changed) = (0, 0)
      for _ in 0..<400 where complete < 100 {
        guard let from = place(), let to = place(),
          case .complete(let path) = navigator.path(from: from, to: to, nodeBudget: .max)
        else { continue }
        complete += 1
        if abs(from.z - to.z) > 15 { changed += 1 }
        #expect(fault(path, terrain) == nil, "\(zone): \(from) to \(to)")
        #expect(path.points.last.map { abs($0.z - to.z) < 0.5 } == true, "\(zone): \(from) to \(to)")
      }
      #expect(complete == 100 && (zone == "harbour" || changed > 10), "\(zone): \(complete), \(changed) up or down")
    }
  }

  @Test func `eyes see along floors and under a bridge, not through a deck, a ceiling or a hill`() throws {
    let canyon = try terrain("canyon")
    let navigator = try Navigator(terrain: canyon)
    func sees(_ from: Position, _ to: Position, _ navigator: Navigator, _ eye: Double = 5) -> Bool {
      let there = navigator.isVisible(from: from, to: to, eyeHeight: eye)
      #expect(there == navigator.isVisible(from: to, to: from, eyeHeight: eye), "\(from) and \(to)")
      return there
    }
    let deck = try [-200.0, -20, 60, 120].map { try floor(canyon, -104, $0, near: 120) }
    let below = try floor(canyon, -104, -30, near: 40)
    #expect(sees(deck[0], deck[3], navigator))
    #expect(sees(try floor(canyon, -120, -40, near: 40), try floor(canyon, -88, -30, near: 40), navigator))
    #expect(!sees(below, deck[2], navigator) && !sees(below, deck[0], navigator))
    let barrow = try terrain("barrow")
    let inside = try Navigator(terrain: barrow)
    let hall = try floor(barrow, 0, 150, near: 0)
    let gallery = try floor(barrow, 0, 150, near: 24)
    #expect(hall.z < 2 && abs(gallery.z - 24) < 1)
    #expect(!sees(hall, Position(gallery.x + 8, gallery.y, gallery.z), inside))
    #expect(sees(hall, try floor(barrow, 60, 200, near: 0), inside))
    #expect(sees(gallery, try floor(barrow, 60, 170, near: 24), inside))
  }
}
