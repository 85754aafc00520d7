import Core

/// A question for one path, its ends already found on the grid.
struct Query {
  var start: Position
  var goal: Position
  var from: Place
  var to: Place
  var danger: DangerField
  var nodeBudget: Int
}

/// Chooses the search for a question, turns its answer into a path and smooths it; keeps all memory.
struct SearchEngine: ~Copyable {
  private var uniform: UniformSearch
  private var weighted: WeightedSearch
  private var cells: [Cell] = []
  private var places: [Place] = []
  private var linkIndices: [Int] = []
  private var discs: [DangerRaster.Disc] = []
  private var smoother = Smoother()
  /// The query that was begun and not concluded.
  private var query: Query?
  private var usesUniform = false
  private let rates: SurfaceRates
  /// True where the uniform search answers: one class, and no link that could be a short cut.
  private let isUniform: [Bool]
  /// Cost units of a second.
  private let unitsPerSecond: Double
  /// Whole-number rate of one second per world unit.
  private let ratePerSecond: Double

  init(_ floors: Floors, speed: Double, rates: SurfaceRates) {
    let cell = floors.frame.cellSize
    unitsPerSecond = speed / cell * SurfaceRates.base * CostUnit.cell
    ratePerSecond = speed * SurfaceRates.base
    self.rates = rates
    uniform = UniformSearch(floors.sheets.first?.walk ?? WalkPlane(width: 0, height: 0) { _, _ in false })
    weighted = WeightedSearch(floors.sheets, links: floors.links, rates: rates, unitsPerSecond: unitsPerSecond)
    isUniform = floors.sheets.map { sheet in
      guard floors.links.isEmpty, rates.rates[0] == UInt32(SurfaceRates.base) else { return false }
      return sheet.classes.map { Set(rates.rates.prefix(1 << $0.planeCount)).count == 1 } ?? true
    }
  }

  var byteCount: Int { uniform.byteCount + weighted.byteCount }

  /// Answers a query in one go.
  mutating func find(_ query: Query, _ floors: Floors, into path: inout Path) -> Navigator.Outcome {
    begin(query, floors)
    _ = advance(nodeBudget: query.nodeBudget)
    return conclude(floors, into: &path)
  }

  /// Begins a search; `conclude` ends it, and nothing else may begin before.
  mutating func begin(_ query: Query, _ floors: Floors) {
    self.query = query
    let sheet = query.from.sheet
    usesUniform = query.danger.isEmpty && sheet == query.to.sheet && isUniform[sheet]
    if usesUniform {
      uniform.use(floors.sheets[sheet].walk)
      uniform.start(from: query.from.cell, to: query.to.cell)
    } else {
      setDanger(query.danger, at: query.start, floors)
      weighted.start(from: query.from, to: .place(query.to))
    }
  }

  /// Goes on; true when there is nothing left to do.
  mutating func advance(nodeBudget: Int) -> Bool {
    usesUniform
      ? uniform.advance(nodeBudget: nodeBudget) != .running : weighted.advance(nodeBudget: nodeBudget) != .running
  }

  /// Nodes expanded so far.
  var expandedCount: Int { usesUniform ? uniform.expandedCount : weighted.expandedCount }

  /// Ends the search with what it has found so far.
  mutating func conclude(_ floors: Floors, into path: inout Path) -> Navigator.Outcome {
    guard let query else { return .none(.noRoute) }
    self.query = nil
    if usesUniform { return concludeUniform(query, floors, into: &path) }
    defer { weighted.end() }
    let reason: PathFailure
    switch weighted.state {
    case .found:
      build(to: weighted.goalNode, query.start, query.goal, floors, into: &path)
      return .complete
    case .running: reason = .budget
    case .exhausted: reason = weighted.metForbidden ? .danger : .noRoute
    }
    build(to: weighted.closest, query.start, nil, floors, into: &path)
    return path.points.count > 1 ? .partial(reason) : .none(reason)
  }

  private mutating func concludeUniform(
    _ query: Query, _ floors: Floors, into path: inout Path
  ) -> Navigator.Outcome {
    let isFound = uniform.state == .found
    uniform.cells(toClosest: !isFound, into: &cells)
    places.removeAll(keepingCapacity: true)
    for cell in cells { places.append(Place(sheet: query.from.sheet, cell: cell)) }
    linkIndices.removeAll(keepingCapacity: true)
    finish(query.start, isFound ? query.goal : nil, floors, into: &path)
    if isFound { return .complete }
    let reason: PathFailure = uniform.state == .running ? .budget : .noRoute
    return path.points.count > 1 ? .partial(reason) : .none(reason)
  }

  mutating func escape(
    _ start: Position, _ from: Place, _ danger: DangerField, nodeBudget: Int, _ floors: Floors, into path: inout Path
  ) -> Navigator.Outcome {
    setDanger(danger, at: start, floors)
    weighted.start(from: from, to: .outOfDanger)
    let state = weighted.advance(nodeBudget: nodeBudget)
    defer { weighted.end() }
    guard state == .found else { return .none(state == .running ? .budget : .noRoute) }
    build(to: weighted.goalNode, start, nil, floors, into: &path)
    return .complete
  }

  /// Begins a search for least costs to several places; `endDistances` ends it.
  mutating func beginDistances(_ from: Place, _ goals: [Place?], _ danger: DangerField, _ floors: Floors) {
    setDanger(danger, at: floors.position(from), floors)
    for case .some(let goal) in goals { weighted.want(goal) }
    usesUniform = false
    weighted.start(from: from, to: .places)
  }

  /// Seconds to a place that was asked for; nil while it is not certain.
  func seconds(to place: Place) -> Double? {
    weighted.finalCost(of: place).map { Double($0) / unitsPerSecond }
  }

  mutating func endDistances() { weighted.end() }

  // MARK: - Danger

  /// Hands the field to the weighted search, in cells. A forbidden zone that holds the start is walked through at a
  /// high price instead, so that there is a way out.
  private mutating func setDanger(_ danger: DangerField, at start: Position, _ floors: Floors) {
    discs.removeAll(keepingCapacity: true)
    let frame = floors.frame
    for zone in danger.zones {
      guard zone.center.isFinite, zone.radius.isFinite, zone.falloff.isFinite, zone.rate.isFinite else { continue }
      let holdsStart = start.horizontalDistance(to: zone.center) <= zone.radius
      let isHard = zone.isHard && !holdsStart
      let rate = zone.isHard && holdsStart ? max(zone.rate, 1) : zone.rate
      guard rate > 0 || isHard, zone.radius >= 0, zone.falloff >= 0, zone.reach > 0 else { continue }
      discs.append(
        DangerRaster.Disc(
          x: (zone.center.x - frame.originX) / frame.cellSize, y: (zone.center.y - frame.originY) / frame.cellSize,
          z: zone.center.z, halfHeight: zone.halfHeight, radius: zone.radius / frame.cellSize,
          reach: min(zone.reach / frame.cellSize, 1e5), rate: min(max(rate, 0) * ratePerSecond, DangerRaster.rateMax),
          isHard: isHard))
    }
    weighted.setDanger(discs, floors: floors)
  }

  // MARK: - Paths

  private mutating func build(
    to node: Int, _ start: Position, _ goal: Position?, _ floors: Floors, into path: inout Path
  ) {
    weighted.places(to: node, into: &places, links: &linkIndices)
    finish(start, goal, floors, into: &path)
  }

  /// Smooths `places` and writes the path; its ends are the very start and goal where these are walkable.
  private mutating func finish(_ start: Position, _ goal: Position?, _ floors: Floors, into path: inout Path) {
    guard !places.isEmpty else { return }
    smoother.run(
      places, linkIndices, start: start, goal: goal, floors,
      rate: { [rates] sheet, x, y in
        Double(weighted.rate(sheet, x, y, rates))
      }, into: &path)
    path.seconds = smoother.cost * CostUnit.cell / unitsPerSecond + smoother.linkSeconds
  }
}
