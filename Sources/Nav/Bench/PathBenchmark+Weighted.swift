import Core

extension PathBenchmark {
  /// Water and swamp are walked at their cost; a cost of 0 blocks. Long routes of large maps are planned on a far map
  /// as a navigator plans them, and compared with the exact search's.
  mutating func runWeighted(_ map: GridMap, _ costs: [UInt8: Double]) {
    let began = options.clock.begin()
    let scale = options.scale
    let levels = Set(costs.values).filter { $0 > 0 }.sorted()
    var classOf = [Int](repeating: 0, count: 256)
    for (symbol, cost) in costs where cost > 0 { classOf[Int(symbol)] = levels.firstIndex(of: cost) ?? 0 }
    let width = map.width * scale
    let height = map.height * scale
    let walk = map.plane(of: Set(costs.filter { $0.value > 0 }.keys), scale: scale)
    let classes = map.cells.withUnsafeBufferPointer { cells in
      ClassPlane(width: width, height: height) { x, y in classOf[Int(cells[y / scale * map.width + x / scale])] }
    }
    let floors = Floors(
      frame: GridFrame(cellSize: 1, originX: 0, originY: 0, width: width, height: height),
      sheets: [Sheet(walk: walk, classes: classes)], height: { _, _ in 0 }, sheet: { _, _ in 0 })
    let rates = SurfaceRates(levels)
    let far = FarMap(floors, speed: 1, rates: rates)
    var engine = SearchEngine(floors, speed: 1, rates: rates, far: far)
    engine.prepareFar(floors)
    report.setupMilliseconds = Double(options.clock.time(since: began)) / 1e6
    var places: [Place] = []
    var found: [(index: Int, cost: Double)] = []
    var least = [(whole: Int64, leg: Int64)](repeating: (.max, .max), count: options.file.commands.count)
    for pass in 1...options.passes {
      for (index, command) in options.file.commands.enumerated() where isSampled(index) {
        guard case .query(let scenario) = command else { continue }
        guard (costs[map[scenario.start.x, scenario.start.y]] ?? 0) > 0,
          (costs[map[scenario.goal.x, scenario.goal.y]] ?? 0) > 0
        else {
          if pass == 1 { report.skipped += 1 }
          continue
        }
        let query = query(scenario, mayPlan: far != nil)
        let began = options.clock.begin()
        let leg = solve(query, &engine, floors, since: began)
        let cost = engine.route(into: &places)
        let time = options.clock.time(since: began)
        least[index].whole = min(least[index].whole, time)
        least[index].leg = min(least[index].leg, leg ?? time)
        if pass == options.passes {
          expanded += engine.expandedCount
          cells = places.map(\.cell)
          let unit = CostUnit.cell * SurfaceRates.base
          note(
            scenario, index, cost: cost.map { $0 / unit }, nanoseconds: least[index].whole,
            firstLeg: least[index].leg, expected: scale == 1 ? scenario.cost : nil)
          if let cost, scale > 1 { found.append((index, cost / unit)) }
        }
        engine.end()
      }
    }
    noteMemory()
    withExtendedLifetime(far) {}
    compare(found, &engine, floors)
    check(map, costs)
  }

  private func query(_ scenario: Scenario, mayPlan: Bool) -> Query {
    let scale = options.scale
    return Query(
      start: .origin, goal: .origin,
      from: Place(sheet: 0, cell: Cell(scenario.start.x * scale, scenario.start.y * scale)),
      to: Place(sheet: 0, cell: Cell(scenario.goal.x * scale, scenario.goal.y * scale)), danger: .none,
      mayPlan: mayPlan)
  }

  /// Runs a query to its end within the budget; returns the time after which its first leg was there.
  private func solve(
    _ query: Query, _ engine: inout SearchEngine, _ floors: Floors, since began: PathClock.Instant
  ) -> Int64? {
    engine.begin(query, floors)
    guard query.mayPlan else {
      _ = engine.advance(nodeBudget: options.nodeBudget, floors)
      return nil
    }
    var leg: Int64?
    var budget = options.nodeBudget
    while budget > 0 {
      if engine.advance(nodeBudget: 50, floors) { break }
      budget -= 50
      if leg == nil, engine.refinedLength >= Self.short {
        leg = options.clock.time(since: began)
      }
    }
    return leg
  }

  /// Compares the costs on a scaled map with those of the exact search.
  private mutating func compare(_ found: [(index: Int, cost: Double)], _ engine: inout SearchEngine, _ floors: Floors)
  {
    var places: [Place] = []
    for (index, cost) in found {
      guard case .query(let scenario) = options.file.commands[index] else { continue }
      engine.begin(query(scenario, mayPlan: false), floors)
      _ = engine.advance(nodeBudget: .max, floors)
      if let least = engine.route(into: &places) {
        let ratio = least > 0 ? cost / (least / (CostUnit.cell * SurfaceRates.base)) : 1
        report.costRatioMax = max(report.costRatioMax, ratio)
        if ratio < 1 - 1e-6 || ratio > Self.ratioMost { noteWrong("problem \(index): \(ratio) times the least cost") }
      } else {
        noteWrong("problem \(index): there is no path to compare with")
      }
      engine.end()
    }
  }

  /// A sample of a scaled map's problems: the exact search against a plain Dijkstra.
  private mutating func check(_ map: GridMap, _ costs: [UInt8: Double]) {
    guard options.scale > 1 else { return }
    let scale = options.scale
    let width = map.width * scale
    let height = map.height * scale
    var rate = [UInt32](repeating: 0, count: 256)
    for (symbol, cost) in costs { rate[Int(symbol)] = UInt32((cost * SurfaceRates.base).rounded()) }
    let walk = map.plane(of: Set(costs.filter { $0.value > 0 }.keys), scale: scale)
    let levels = Set(costs.values).filter { $0 > 0 }.sorted()
    let classes = ClassPlane(width: width, height: height) { x, y in
      levels.firstIndex(of: costs[map[x / scale, y / scale]] ?? 0) ?? 0
    }
    var search = WeightedSearch(
      [Sheet(walk: walk, classes: classes)], links: [], rates: SurfaceRates(levels), unitsPerSecond: 1)
    for index in sample() {
      guard case .query(let scenario) = options.file.commands[index],
        (costs[map[scenario.start.x, scenario.start.y]] ?? 0) > 0,
        (costs[map[scenario.goal.x, scenario.goal.y]] ?? 0) > 0
      else { continue }
      let from = Cell(scenario.start.x * scale, scenario.start.y * scale)
      let to = Cell(scenario.goal.x * scale, scenario.goal.y * scale)
      let least = PlainDijkstra.cost(width: width, height: height, from: from, to: to) { x, y in
        rate[Int(map[x / scale, y / scale])]
      }
      search.start(from: Place(sheet: 0, cell: from), to: .place(Place(sheet: 0, cell: to)))
      let isFound = search.advance(nodeBudget: .max) == .found
      let cost = isFound ? Double(search.cost(node: search.goalNode)) / (CostUnit.cell * SurfaceRates.base) : nil
      search.end()
      noteCheck(index, found: cost, least: least.map { $0 / SurfaceRates.base })
    }
  }
}
