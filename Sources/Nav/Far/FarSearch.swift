/// Plans a long route on the graph and refines it window by window.
///
///     search.begin(from: start, to: goal)                      // measures the ways to the nodes round both ends
///     while search.advance(nodeBudget: 500) == .running { }    // which windows, through which of their nodes
///     while search.refine(into: &places, links: &links) != nil { }  // one step of the plan each time
struct FarSearch: ~Copyable {
  enum State { case running, planned, noRoute }

  private let graph: FarGraph
  private let grounds: [SheetGround]
  private var window: FarWindow

  /// State of a node, and the plan that it belongs to.
  private struct Reached {
    var plan: UInt32 = 0
    var cost: UInt32 = 0
    var parent: UInt32 = 0
    /// The window through which it was reached; `byLink` for a passage.
    var window: UInt32 = 0
  }
  private static let byLink = UInt32.max
  private static let byStart: UInt32 = .max - 1

  /// What a node of the goal's windows still costs.
  private struct Rest {
    var node: Int
    var cost: UInt32
    var window: Int
  }

  private var reached: [Reached]
  private var planNumber: UInt32 = 0
  private var open = OpenList()
  private var rests: [Rest] = []
  private var ends: [Rest] = []
  private var windows: [(Int, Int, Int)] = []
  private var found: [UInt32] = []
  private var cells: [Cell] = []
  private var scratch: [Place] = []
  /// The planned way: each step's end, and the window that it crosses; nil for a passage.
  private var steps: [(to: Place, window: Int?)] = []
  private var next = 0
  private var here = Place(sheet: 0, cell: Cell(0, 0))
  private var goal = Place(sheet: 0, cell: Cell(0, 0))
  /// What the landmarks say of the goal.
  private var target = SIMD8<UInt32>(repeating: 0)
  private(set) var state = State.noRoute
  /// Nodes expanded by the last plan.
  private(set) var expandedCount = 0

  init(_ graph: FarGraph, _ grounds: [SheetGround], rates: SurfaceRates) {
    self.graph = graph
    self.grounds = grounds
    var planeCount = 0
    for ground in grounds { planeCount = max(planeCount, ground.sheet.classes?.planeCount ?? 0) }
    window = FarWindow(planeCount: planeCount, rates: rates)
    reached = Array(repeating: Reached(), count: graph.nodes.count + 1)
  }

  var byteCount: Int {
    graph.byteCount + reached.count * MemoryLayout<Reached>.stride + open.byteCount + window.byteCount
  }

  /// Steps of the plan that are not refined yet.
  var stepsLeft: Int { steps.count - next }

  // MARK: - Planning

  /// Begins a plan; both ends are walkable.
  mutating func begin(from start: Place, to goal: Place) {
    planNumber &+= 1
    open.removeAll()
    steps.removeAll(keepingCapacity: true)
    next = 0
    here = start
    self.goal = goal
    expandedCount = 0
    state = .running
    connectGoal()
    connect(start)
    for index in ends.indices {
      let way = ends[index]
      offer(way.node, way.cost, parent: Self.byStart, window: UInt32(way.window))
    }
  }

  /// Goes on planning for at most `nodeBudget` nodes.
  mutating func advance(nodeBudget: Int) -> State {
    guard state == .running else { return state }
    let end = graph.nodes.count
    var budget = nodeBudget
    while budget > 0 {
      guard !open.isEmpty else {
        state = .noRoute
        return state
      }
      let estimate = open.minimum
      let node = open.pop()
      if node == end {
        trace()
        state = .planned
        return state
      }
      guard estimate == reached[node].cost &+ bound(node) else { continue }
      budget -= 1
      expandedCount += 1
      expand(node)
    }
    return state
  }

  /// Measures the ways from the nodes round the goal to it, and what the landmarks say of the goal at least.
  private mutating func connectGoal() {
    connect(goal)
    swap(&rests, &ends)
    target = SIMD8(repeating: FarGraph.unreachable)
    for rest in rests {
      target = pointwiseMin(target, graph.landmarks[rest.node] &+ SIMD8(repeating: rest.cost))
    }
  }

  /// Fills `ends` with the ways between a cell and the nodes of its windows, which cost the same both ways.
  private mutating func connect(_ place: Place) {
    ends.removeAll(keepingCapacity: true)
    windows.removeAll(keepingCapacity: true)
    graph.forEachWindow(place.sheet, place.cell) { windows.append(($0, $1, $2)) }
    for (index, column, row) in windows {
      let part = graph.windows[index]
      guard part.count > 0 else { continue }
      cells.removeAll(keepingCapacity: true)
      found.removeAll(keepingCapacity: true)
      for member in part.firstMember..<(part.firstMember + part.count) {
        let node = graph.nodes[Int(graph.members[member])]
        cells.append(Cell(Int(node.x), Int(node.y)))
      }
      window.load(grounds[place.sheet], column: column, row: row)
      window.costs(from: place.cell, to: cells[...], into: &found)
      for (member, cost) in found.enumerated() where cost != .max {
        ends.append(
          Rest(
            node: Int(graph.members[part.firstMember + member]), cost: (cost &+ graph.quantum / 2) / graph.quantum,
            window: index))
      }
    }
  }

  /// A lower bound of what is left from a node.
  @inline(__always)
  private func bound(_ node: Int) -> UInt32 {
    let own = graph.landmarks[node]
    let high = pointwiseMax(own, target)
    let low = pointwiseMin(own, target)
    let bound = (high &- low).max()
    // Roundings of the costs on the way.
    return bound > 2 ? bound &- 2 : 0
  }

  private mutating func offer(_ node: Int, _ cost: UInt32, parent: UInt32, window: UInt32) {
    if reached[node].plan == planNumber, reached[node].cost <= cost { return }
    let bound = bound(node)
    guard bound < FarGraph.unreachable / 2 else { return }
    reached[node] = Reached(plan: planNumber, cost: cost, parent: parent, window: window)
    open.push(cost &+ bound, node)
  }

  private mutating func expand(_ node: Int) {
    let cost = reached[node].cost
    for rest in rests where rest.node == node {
      let end = graph.nodes.count
      let total = cost + rest.cost
      if reached[end].plan != planNumber || total < reached[end].cost {
        reached[end] = Reached(plan: planNumber, cost: total, parent: UInt32(node), window: UInt32(rest.window))
        open.push(total, end)
      }
    }
    for index in graph.firstMembership[node]..<graph.firstMembership[node + 1] {
      let place = graph.memberships[Int(index)]
      let part = graph.windows[Int(place.window)]
      let row = part.firstCost + Int(place.row) * part.count
      for member in 0..<part.count {
        let way = graph.costs[row + member]
        guard way != FarGraph.none else { continue }
        offer(
          Int(graph.members[part.firstMember + member]), cost + UInt32(way), parent: UInt32(node),
          window: UInt32(place.window))
      }
    }
    guard !graph.links.isEmpty else { return }
    var link = FarGraph.firstLink(of: node, in: graph.links)
    while link < graph.links.count, graph.links[link].from == node {
      offer(graph.links[link].to, cost + graph.links[link].cost, parent: UInt32(node), window: Self.byLink)
      link += 1
    }
  }

  /// Writes the steps of the way that was found.
  private mutating func trace() {
    var node = graph.nodes.count
    var place = goal
    while true {
      let step = reached[node]
      steps.append((place, step.window == Self.byLink ? nil : Int(step.window)))
      guard step.parent != Self.byStart else { break }
      node = Int(step.parent)
      place = Place(
        sheet: Int(graph.nodes[node].sheet), cell: Cell(Int(graph.nodes[node].x), Int(graph.nodes[node].y)))
    }
    steps.reverse()
  }

  // MARK: - Refining

  /// Appends the next step's turning cells; `links` gets the index of each cell from which a passage leads on.
  /// - Returns: the step's cost, nil when there is no step left.
  mutating func refine(into places: inout [Place], links: inout [Int]) -> UInt32? {
    if next == 0, places.isEmpty { places.append(here) }
    guard next < steps.count else { return nil }
    let step = steps[next]
    next += 1
    defer { here = step.to }
    guard let index = step.window else {
      links.append(places.count - 1)
      places.append(step.to)
      return 0
    }
    let (sheet, column, row) = graph.place(ofWindow: index)
    window.load(grounds[sheet], column: column, row: row)
    return window.path(from: here.cell, to: step.to.cell, sheet: sheet, scratch: &scratch, into: &places) ?? 0
  }
}
