import Core

/// Named places and the ways between them, for ground where a grid does not do.
///
/// A graph is data: `{"nodes": [{"name": "gate", "at": [x, y, z]}, …], "edges": [{"from": "gate", "to": "hall",
/// "seconds": 4, "one_way": true}, …]}`. An edge without seconds takes the straight line at running speed.
public struct WaypointGraph: Sendable {
  public struct Node: Hashable, Sendable {
    public var name: String
    public var position: Position

    public init(name: String, position: Position) {
      self.name = name
      self.position = position
    }
  }

  public struct Edge: Hashable, Sendable {
    public var from: Int
    public var to: Int
    /// Range: `0...`.
    public var seconds: Double

    public init(from: Int, to: Int, seconds: Double) {
      self.from = from
      self.to = to
      self.seconds = seconds
    }
  }

  public let nodes: [Node]
  public let edges: [Edge]
  private let leaving: [[Int]]
  /// No edge is quicker than this per unit of distance; 0 where an edge leads further than it takes time.
  private let leastSecondsPerUnit: Double

  /// Edges that lead nowhere or cost nothing sensible are left out.
  public init(nodes: [Node], edges: [Edge]) {
    self.nodes = nodes
    self.edges = edges.filter {
      nodes.indices.contains($0.from) && nodes.indices.contains($0.to) && $0.seconds >= 0 && $0.seconds.isFinite
    }
    var leaving = [[Int]](repeating: [], count: nodes.count)
    var least = Double.infinity
    for (index, edge) in self.edges.enumerated() {
      leaving[edge.from].append(index)
      let distance = nodes[edge.from].position.distance(to: nodes[edge.to].position)
      if distance > 0 { least = min(least, edge.seconds / distance) }
    }
    self.leaving = leaving
    leastSecondsPerUnit = least == .infinity ? 0 : least
  }

  /// Reads a graph; `speed` in world units per second.
  public init(_ data: DataNode, speed: Double = 30) throws {
    try data.allowKeys(["nodes", "edges"])
    var nodes: [Node] = []
    var indices: [String: Int] = [:]
    for node in try data["nodes"].array() {
      try node.allowKeys(["name", "at"])
      let name = try node["name"].string()
      let at = try node["at"].array()
      guard at.count == 3 else { throw node["at"].error("expected [x, y, z]") }
      let numbers = try at.map { try $0.number(in: -1e6...1e6) }
      guard indices[name] == nil else { throw node["name"].error("\"\(name)\" is there twice") }
      indices[name] = nodes.count
      nodes.append(Node(name: name, position: Position(numbers[0], numbers[1], numbers[2])))
    }
    var edges: [Edge] = []
    for edge in try data["edges"].array() {
      try edge.allowKeys(["from", "to", "seconds", "one_way"])
      func end(_ key: String) throws -> Int {
        let name = try edge[key].string()
        guard let index = indices[name] else { throw edge[key].error("there is no node \"\(name)\"") }
        return index
      }
      let from = try end("from")
      let to = try end("to")
      let straight = nodes[from].position.distance(to: nodes[to].position) / speed
      let seconds = edge["seconds"].exists ? try edge["seconds"].number(in: 0...1e5) : straight
      edges.append(Edge(from: from, to: to, seconds: seconds))
      let isOneWay = edge["one_way"].exists ? try edge["one_way"].boolean() : false
      if !isOneWay { edges.append(Edge(from: to, to: from, seconds: seconds)) }
    }
    self.init(nodes: nodes, edges: edges)
  }

  /// The node nearest to a position for which `accepts` holds (can it be walked to?); nil where there is none.
  public func nearest(to position: Position, where accepts: (Node) -> Bool = { _ in true }) -> Int? {
    nodes.indices.sorted {
      (nodes[$0].position.distance(to: position), $0) < (nodes[$1].position.distance(to: position), $1)
    }.first { accepts(nodes[$0]) }
  }

  /// The quickest way between two nodes: all nodes on it, and its seconds; nil where there is none.
  ///
  /// A* with the straight line at the graph's best speed.
  /// - Complexity: O(nodes² + edges).
  public func route(from start: Int, to goal: Int) -> (nodes: [Int], seconds: Double)? {
    guard nodes.indices.contains(start), nodes.indices.contains(goal) else { return nil }
    var cost = [Double](repeating: .infinity, count: nodes.count)
    var before = [Int](repeating: -1, count: nodes.count)
    var isDone = [Bool](repeating: false, count: nodes.count)
    let target = nodes[goal].position
    cost[start] = 0
    while true {
      var next = -1
      var least = Double.infinity
      for index in nodes.indices where !isDone[index] && cost[index] < .infinity {
        let estimate = cost[index] + nodes[index].position.distance(to: target) * leastSecondsPerUnit
        if estimate < least {
          least = estimate
          next = index
        }
      }
      guard next >= 0 else { return nil }
      if next == goal { break }
      isDone[next] = true
      for index in leaving[next] {
        let edge = edges[index]
        if cost[next] + edge.seconds < cost[edge.to] {
          cost[edge.to] = cost[next] + edge.seconds
          before[edge.to] = next
          isDone[edge.to] = false
        }
      }
    }
    var way = [goal]
    while let last = way.last, last != start { way.append(before[last]) }
    return (way.reversed(), cost[goal])
  }
}
