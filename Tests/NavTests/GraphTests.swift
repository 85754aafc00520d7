import Core
import Testing

@testable import Nav

@Suite struct ZoneGraphTests {
  let town = ZoneID(1)
  let meadow = ZoneID(2)
  let canyon = ZoneID(3)
  let marsh = ZoneID(4)

  /// Town - marsh directly is a long walk; town - meadow - canyon - marsh is three short ones.
  private func graph(condition: Int? = nil) -> ZoneGraph {
    ZoneGraph([
      ZoneExit(from: town, to: marsh, at: Position(9000, 0), arrive: Position(0, 0)),
      ZoneExit(from: town, to: meadow, at: Position(100, 0), arrive: Position(0, 0), condition: condition),
      ZoneExit(from: meadow, to: canyon, at: Position(100, 0), arrive: Position(0, 0)),
      ZoneExit(from: canyon, to: marsh, at: Position(100, 0), arrive: Position(50, 0)),
    ])
  }

  @Test func `takes the quickest way, not the one with the fewest zones`() throws {
    let route = try graph().route(from: town, at: Position(0, 0), to: marsh, goal: Position(100, 0))
    #expect(route.exits.map(\.to) == [meadow, canyon, marsh])
    #expect(abs(route.seconds - (100 + 100 + 100 + 50) / 30 - 15) < 1e-9)
  }

  @Test func `conditions close ways, and the reason says so`() throws {
    let route = try graph(condition: 7).route(
      from: town, at: Position(0, 0), to: marsh, goal: Position(100, 0), meets: { $0 != 7 })
    #expect(route.exits.map(\.to) == [marsh])
    #expect(throws: ZoneRouteFailure.conditionsNotMet) {
      try graph(condition: 7).route(
        from: town, at: Position(0, 0), to: canyon, goal: Position(0, 0), meets: { _ in false })
    }
    #expect(throws: ZoneRouteFailure.noRoute) {
      try graph().route(from: marsh, at: Position(0, 0), to: town, goal: Position(0, 0))
    }
    #expect(throws: ZoneRouteFailure.unknownZone) {
      try graph().route(from: town, at: Position(0, 0), to: ZoneID(99), goal: Position(0, 0))
    }
  }

  @Test func `a place of the same zone may be nearer by leaving it`() throws {
    let loop = ZoneGraph([
      ZoneExit(from: town, to: meadow, at: Position(10, 0), arrive: Position(0, 0)),
      ZoneExit(from: meadow, to: town, at: Position(10, 0), arrive: Position(5000, 0)),
    ])
    let route = try loop.route(from: town, at: Position(0, 0), to: town, goal: Position(5000, 0))
    #expect(route.exits.count == 2)
  }
}

@Suite struct WaypointGraphTests {
  @Test func `reads a graph and finds the quickest way`() throws {
    let text = """
      {"nodes": [{"name": "a", "at": [0, 0, 0]}, {"name": "b", "at": [300, 0, 0]}, {"name": "c", "at": [300, 300, 0]},
        {"name": "d", "at": [0, 300, 0]}],
       "edges": [{"from": "a", "to": "b"}, {"from": "b", "to": "c"}, {"from": "a", "to": "d", "seconds": 30},
        {"from": "d", "to": "c", "one_way": true, "seconds": 1}]}
      """
    let graph = try WaypointGraph(DataNode.parse(Array(text.utf8), file: "graph.json"))
    let there = graph.route(from: 0, to: 2)
    #expect(there?.nodes == [0, 1, 2] && there?.seconds == 20)
    #expect(graph.route(from: 2, to: 3)?.nodes == [2, 1, 0, 3])
    #expect(graph.nearest(to: Position(290, 10)) == 1)
    #expect(graph.nearest(to: Position(290, 20)) { $0.name != "b" } == 2)
    #expect(throws: DataError.self) {
      try WaypointGraph(DataNode.parse(Array(#"{"nodes": [], "edges": [{"from": "x", "to": "y"}]}"#.utf8), file: "g"))
    }
  }
}
