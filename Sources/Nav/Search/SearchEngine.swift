import Core

/// A question for one path, its ends already found on the grid.
struct Query {
  var start: Position
  var goal: Position
  var from: Place
  var to: Place
  var danger: DangerField
  /// Long routes may be planned on the far map: at most 2 % dearer than the best one, and far quicker. A plan that
  /// keeps clear of all danger is as good where there is danger; any other is given up for the exact search.
  var mayPlan = false

  /// Whether another query's answer answers this one: the same goal and dangers, from about the same place.
  func isContinued(by other: Query) -> Bool {
    to == other.to && danger == other.danger && from.sheet == other.from.sheet
      && abs(from.cell.x - other.from.cell.x) <= 2
      && abs(from.cell.y - other.from.cell.y) <= 2
  }
}

/// Chooses the search for a question, turns its answer into a path and smooths it; keeps all memory.
struct SearchEngine: ~Copyable {
  private var uniform: UniformSearch
  var weighted: WeightedSearch
  private var cells: [Cell] = []
  private var places: [Place] = []
  private var linkIndices: [Int] = []
  /// The refined part of a planned route, and the places in it from which links lead on.
  var route: [Place] = []
  private var routeLinks: [Int] = []
  var discs: [DangerRaster.Disc] = []
  private var smoother = Smoother()
  /// The query that was begun and not concluded.
  private var query: Query?
  private var phase = Phase.ended
  private var usesUniform = false
  private let farMap: FarMap?
  /// Made when a search first grows long.
  private var far: FarSearch?
  private var farBytes = 0
  /// Nodes that the plan has taken, and its steps that are not refined.
  private var planExpanded = 0
  private var stepsLeft = 0
  /// Nodes that the exact search has taken since `begin`.
  private var exactCount = 0
  /// The plan led into danger and was given up.
  private var planMetDanger = false
  /// Cost of what is refined of a plan.
  private var refinedCost: UInt32 = 0
  /// Its length. Unit: cells.
  private(set) var refinedLength = 0.0

  /// All that was ever done for paths and escapes. Unit: nodes, as budgets count them.
  private(set) var work = 0

  /// How a search goes on.
  private enum Phase {
    /// Danger is being marked for the exact search.
    case marking
    /// The exact search runs, or ran out of places to look at.
    case exact
    /// The route is to be planned on the far map.
    case connecting, planning
    /// The plan is made exact, step by step.
    case refining
    /// The plan shows that there is no route.
    case unreachable
    case ended
  }

  /// An exact search that has visited so many nodes gives way to a plan.
  private static let exactMost = 600
  /// Nodes that are as much work as measuring the ways round start and goal, and as refining a step.
  private static let connectWork = 200
  private static let refineWork = 50
  private let rates: SurfaceRates
  /// True where the uniform search answers: one class, and no link that could be a short cut.
  private let isUniform: [Bool]
  /// Which scans are worth while, of the zone's first sheet.
  private let jumps: JumpPlanes?
  /// Cost units of a second.
  private let unitsPerSecond: Double
  /// Whole-number rate of one second per world unit.
  let ratePerSecond: Double

  /// `jumps`: of the first sheet, for `uniform` searches.
  init(
    _ floors: Floors, speed: Double, rates: SurfaceRates, far map: FarMap? = nil, jumps: JumpPlanes? = nil
  ) {
    let cell = floors.frame.cellSize
    unitsPerSecond = speed / cell * SurfaceRates.base * CostUnit.cell
    ratePerSecond = speed * SurfaceRates.base
    self.rates = rates
    uniform = UniformSearch(floors.sheets.first?.walk ?? WalkPlane(width: 0, height: 0) { _, _ in false })
    weighted = WeightedSearch(floors.sheets, links: floors.links, rates: rates, unitsPerSecond: unitsPerSecond)
    farMap = map.flatMap { $0.speed == speed && $0.rates == rates ? $0 : nil }
    self.jumps = jumps
    isUniform = floors.sheets.map { Self.isUniform($0, floors, rates) }
  }

  static func isUniform(_ sheet: Sheet, _ floors: Floors, _ rates: SurfaceRates) -> Bool {
    guard floors.links.isEmpty, rates.rates[0] == UInt32(SurfaceRates.base) else { return false }
    return sheet.classes.map { Set(rates.rates.prefix(1 << $0.planeCount)).count == 1 } ?? true
  }

  var byteCount: Int { uniform.byteCount + weighted.byteCount + farBytes }

  /// Answers a query within a budget of nodes. One that the budget ends goes on when it is asked again.
  mutating func find(
    _ query: Query, nodeBudget: Int, _ floors: Floors, into path: inout Path
  ) -> Navigator.Outcome {
    if let open = self.query, open.isContinued(by: query) {} else { begin(query, floors) }
    let hasEnded = advance(nodeBudget: nodeBudget, floors)
    let outcome = report(floors, into: &path)
    if hasEnded { end() }
    return outcome
  }

  /// Begins a search; what was under way is given up. It sees the danger of now however long it takes.
  mutating func begin(_ query: Query, _ floors: Floors) {
    end()
    self.query = query
    let sheet = query.from.sheet
    usesUniform = query.danger.isEmpty && sheet == query.to.sheet && isUniform[sheet]
    exactCount = 0
    planExpanded = 0
    stepsLeft = 0
    planMetDanger = false
    refinedCost = 0
    refinedLength = 0
    route.removeAll(keepingCapacity: true)
    routeLinks.removeAll(keepingCapacity: true)
    beginExact(query, floors)
    phase = usesUniform || weighted.unmarked.isEmpty ? .exact : .marking
  }

  private var mayPlan: Bool { farMap != nil && !planMetDanger && query.map(\.mayPlan) ?? false }

  private mutating func beginExact(_ query: Query, _ floors: Floors) {
    if usesUniform {
      uniform.use(floors.sheets[query.from.sheet].walk, jumps: query.from.sheet == 0 ? jumps : nil)
      uniform.start(from: query.from.cell, to: query.to.cell)
    } else {
      setDanger(query.danger, at: query.start, floors)
      weighted.start(from: query.from, to: .place(query.to))
      planMetDanger =
        !query.danger.isEmpty && (isNearDanger(query.from, floors) || isNearDanger(query.to, floors))
    }
  }

  /// Goes on; true when there is nothing left to do.
  mutating func advance(nodeBudget: Int, _ floors: Floors) -> Bool {
    guard let query else { return true }
    var budget = nodeBudget
    defer { work &+= nodeBudget &- budget }
    while budget > 0 {
      switch phase {
      case .marking:
        budget -= max(weighted.markDanger(nodeBudget: budget, floors), 1)
        if weighted.unmarked.isEmpty { phase = .exact }
      case .exact:
        let most = mayPlan ? min(budget, Self.exactMost - exactCount) : budget
        if advanceExact(most, &budget) { return true }
        if mayPlan, exactCount >= Self.exactMost { phase = .connecting }
      case .connecting:
        prepareFar(floors)
        far?.begin(from: query.from, to: query.to)
        budget -= Self.connectWork
        phase = .planning
      case .planning:
        let before = planExpanded
        let state = far?.advance(nodeBudget: budget) ?? .noRoute
        planExpanded = far?.expandedCount ?? 0
        stepsLeft = far?.stepsLeft ?? 0
        budget -= max(planExpanded - before, 1)
        switch state {
        case .running: break
        case .planned:
          phase = .refining
        case .noRoute:
          phase = .unreachable
          return true
        }
      case .refining:
        let known = max(route.count - 1, 0)
        guard let cost = far?.refine(into: &route, links: &routeLinks) else { return true }
        stepsLeft = far?.stepsLeft ?? 0
        refinedCost &+= cost
        for index in known..<(route.count - 1) {
          refinedLength += floors.length(route[index], route[index + 1])
        }
        budget -= Self.refineWork
        if !query.danger.isEmpty, isNearDanger(known..<(route.count - 1), floors) {
          planMetDanger = true
          phase = .exact
        }
      case .unreachable, .ended: return true
      }
    }
    return phase == .refining && isRefined
  }

  private var isRefined: Bool { stepsLeft == 0 }

  /// Makes what long routes are planned on.
  mutating func prepareFar(_ floors: Floors) {
    guard far == nil, let farMap else { return }
    let graph = farMap.graph(weighted.grounds, links: floors.links, unitsPerSecond: unitsPerSecond)
    far = FarSearch(graph, weighted.grounds, rates: rates)
    farBytes = far?.byteCount ?? 0
  }

  /// Runs the exact search; true when it has come to its end.
  private mutating func advanceExact(_ most: Int, _ budget: inout Int) -> Bool {
    let (before, spentBefore) = (exactExpanded, exactSpent)
    let isRunning =
      usesUniform ? uniform.advance(nodeBudget: most) == .running : weighted.advance(nodeBudget: most) == .running
    exactCount += exactExpanded - before
    budget -= max(exactSpent - spentBefore, 1)
    return !isRunning
  }

  private var exactExpanded: Int { usesUniform ? uniform.expandedCount : weighted.expandedCount }
  private var exactSpent: Int { usesUniform ? uniform.spent : weighted.spent }

  /// Nodes expanded so far, of all kinds.
  var expandedCount: Int { exactCount + planExpanded }

  /// Ends the search.
  mutating func end() {
    guard query != nil else { return }
    query = nil
    phase = .ended
    weighted.end()
  }

  /// What has been found so far.
  mutating func report(_ floors: Floors, into path: inout Path) -> Navigator.Outcome {
    path.clear()
    guard let query else { return .none(.noRoute) }
    switch phase {
    case .refining:
      let isWhole = isRefined
      guard route.count > 1 else { return reportClosest(query, .budget, floors, into: &path) }
      swap(&places, &route)
      swap(&linkIndices, &routeLinks)
      defer {
        swap(&places, &route)
        swap(&linkIndices, &routeLinks)
      }
      finish(query.start, isWhole ? query.goal : nil, floors, cost: Double(refinedCost), into: &path)
      return isWhole ? .complete : .partial(.budget)
    case .unreachable: return reportClosest(query, .noRoute, floors, into: &path)
    case .marking, .connecting, .planning: return reportClosest(query, .budget, floors, into: &path)
    case .exact, .ended: break
    }
    if usesUniform {
      switch uniform.state {
      case .found:
        buildUniform(query, floors, into: &path)
        return .complete
      case .running: return reportClosest(query, .budget, floors, into: &path)
      case .exhausted: return reportClosest(query, .noRoute, floors, into: &path)
      }
    }
    switch weighted.state {
    case .found:
      build(to: weighted.goalNode, query.start, query.goal, floors, into: &path)
      return .complete
    case .running: return reportClosest(query, .budget, floors, into: &path)
    case .exhausted: return reportClosest(query, weighted.metForbidden ? .danger : .noRoute, floors, into: &path)
    }
  }

  /// The way to the place nearest to the goal that the exact search has seen.
  private mutating func reportClosest(
    _ query: Query, _ reason: PathFailure, _ floors: Floors, into path: inout Path
  ) -> Navigator.Outcome {
    if usesUniform {
      buildUniform(query, floors, into: &path)
    } else {
      build(to: weighted.closest, query.start, nil, floors, into: &path)
    }
    return path.points.count > 1 ? .partial(reason) : .none(reason)
  }

  private mutating func buildUniform(_ query: Query, _ floors: Floors, into path: inout Path) {
    let isFound = uniform.state == .found
    uniform.cells(toClosest: !isFound, into: &cells)
    places.removeAll(keepingCapacity: true)
    for cell in cells { places.append(Place(sheet: query.from.sheet, cell: cell)) }
    linkIndices.removeAll(keepingCapacity: true)
    finish(query.start, isFound ? query.goal : nil, floors, cost: uniform.closestCost, into: &path)
  }

  mutating func escape(
    _ start: Position, _ from: Place, _ danger: DangerField, margin: Double, nodeBudget: Int, _ floors: Floors,
    into path: inout Path
  ) -> Navigator.Outcome {
    end()
    usesUniform = false
    setDanger(danger, at: start, margin: margin, floors)
    _ = weighted.markDanger(nodeBudget: .max, floors)
    weighted.start(from: from, to: .outOfDanger)
    let state = weighted.advance(nodeBudget: nodeBudget)
    work &+= weighted.spent
    defer { weighted.end() }
    guard state == .found else { return .none(state == .running ? .budget : .noRoute) }
    build(to: weighted.goalNode, start, nil, floors, into: &path)
    return .complete
  }

  /// Begins a search for least costs to several places; `endDistances` ends it.
  mutating func beginDistances(_ from: Place, _ goals: [Place?], _ danger: DangerField, _ floors: Floors) {
    end()
    setDanger(danger, at: floors.position(from), floors)
    _ = weighted.markDanger(nodeBudget: .max, floors)
    for case .some(let goal) in goals { weighted.want(goal) }
    usesUniform = false
    weighted.start(from: from, to: .places)
  }

  /// Goes on with the costs; true when all places that can be reached are.
  mutating func advanceDistances(nodeBudget: Int) -> Bool { weighted.advance(nodeBudget: nodeBudget) != .running }
  var distancesExpanded: Int { weighted.expandedCount }

  /// Seconds to a place that was asked for; nil while it is not certain.
  func seconds(to place: Place) -> Double? {
    weighted.finalCost(of: place).map { Double($0) / unitsPerSecond }
  }

  mutating func endDistances() { weighted.end() }

  // MARK: - For measurements

  /// The turning cells of the way found, not smoothed, and its cost in cost units; nil while there is none.
  mutating func route(into places: inout [Place]) -> Double? {
    places.removeAll(keepingCapacity: true)
    if phase == .refining, isRefined {
      places += route
      return Double(refinedCost)
    }
    if usesUniform {
      guard uniform.state == .found else { return nil }
      uniform.cells(into: &cells)
      for cell in cells { places.append(Place(sheet: 0, cell: cell)) }
      let steps = uniform.steps()
      return (Double(steps.straight) + Double(steps.diagonal) * 2.0.squareRoot()) * CostUnit.cell * SurfaceRates.base
    }
    guard phase == .exact, weighted.state == .found else { return nil }
    weighted.places(to: weighted.goalNode, into: &places, links: &linkIndices)
    return Double(weighted.cost(node: weighted.goalNode))
  }

  // MARK: - Paths

  private mutating func build(
    to node: Int, _ start: Position, _ goal: Position?, _ floors: Floors, into path: inout Path
  ) {
    weighted.places(to: node, into: &places, links: &linkIndices)
    finish(start, goal, floors, cost: node >= 0 ? Double(weighted.cost(node: node)) : 0, into: &path)
  }

  /// Smooths `places` and writes the path; its ends are the very start and goal where these are walkable.
  /// `cost`: what the search says of a part of the way (no goal).
  private mutating func finish(
    _ start: Position, _ goal: Position?, _ floors: Floors, cost: Double, into path: inout Path
  ) {
    guard !places.isEmpty else { return }
    if usesUniform {
      smoother.run(
        places, linkIndices, start: start, goal: goal, floors, rate: { _, _, _ in SurfaceRates.base }, into: &path)
    } else {
      smoother.run(
        places, linkIndices, start: start, goal: goal, floors,
        rate: { [rates] sheet, x, y in
          Double(weighted.rate(sheet, x, y, rates))
        }, into: &path)
    }
    let whole = smoother.cost * CostUnit.cell + smoother.linkSeconds * unitsPerSecond
    path.seconds = (goal == nil ? cost : whole) / unitsPerSecond
  }
}
