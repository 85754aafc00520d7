extension PathBenchmark {
  /// Movement stays within one class: ground and swamp, or water.
  mutating func runUniform(_ map: GridMap) {
    let began = options.clock.begin()
    let water = Set([UInt8(ascii: "W")])
    let ground = Self.search(map.plane(of: Set(".GS".utf8), scale: options.scale))
    let hasWater = map.cells.contains(UInt8(ascii: "W"))
    let sea = Self.search(
      hasWater ? map.plane(of: water, scale: options.scale) : WalkPlane(width: 1, height: 1) { _, _ in false })
    report.setupMilliseconds = Double(options.clock.time(since: began)) / 1e6
    var searches = Pair(ground: ground, sea: sea)
    var least = [Int64](repeating: .max, count: options.file.commands.count)
    for pass in 1...options.passes {
      for (index, command) in options.file.commands.enumerated() where isSampled(index) {
        guard case .query(let scenario) = command else { continue }
        let start = map[scenario.start.x, scenario.start.y]
        guard GridMap.open.contains(start), GridMap.open.contains(map[scenario.goal.x, scenario.goal.y]) else {
          if pass == 1 { report.skipped += 1 }
          continue
        }
        let isLast = pass == options.passes
        if start == UInt8(ascii: "W") {
          solve(scenario, index, &searches.sea, &least[index], isLast: isLast)
        } else {
          solve(scenario, index, &searches.ground, &least[index], isLast: isLast)
        }
      }
    }
    noteMemory()
    checkUniform(map, &searches)
  }

  private static func search(_ plane: WalkPlane) -> UniformSearch { UniformSearch(plane, jumps: JumpPlanes(plane)) }

  /// A sample of a scaled map's problems against a plain Dijkstra.
  private mutating func checkUniform(_ map: GridMap, _ searches: inout Pair) {
    guard options.scale > 1 else { return }
    let scale = options.scale
    for index in sample() {
      guard case .query(let scenario) = options.file.commands[index] else { continue }
      let start = map[scenario.start.x, scenario.start.y]
      guard GridMap.open.contains(start), GridMap.open.contains(map[scenario.goal.x, scenario.goal.y]) else {
        continue
      }
      let isWater = start == UInt8(ascii: "W")
      let from = Cell(scenario.start.x * scale, scenario.start.y * scale)
      let to = Cell(scenario.goal.x * scale, scenario.goal.y * scale)
      let least = PlainDijkstra.cost(width: map.width * scale, height: map.height * scale, from: from, to: to) {
        x, y in
        let cell = map[x / scale, y / scale]
        return isWater == (cell == UInt8(ascii: "W")) && GridMap.open.contains(cell) ? 1 : 0
      }
      let found = isWater ? cost(from, to, &searches.sea) : cost(from, to, &searches.ground)
      noteCheck(index, found: found, least: least)
    }
  }

  private func cost(_ from: Cell, _ to: Cell, _ search: inout UniformSearch) -> Double? {
    search.start(from: from, to: to)
    guard search.advance(nodeBudget: .max) == .found else { return nil }
    let steps = search.steps()
    return Double(steps.straight) + Double(steps.diagonal) * 2.0.squareRoot()
  }

  private struct Pair: ~Copyable {
    var ground: UniformSearch
    var sea: UniformSearch
  }

  /// Solves a problem; notes it when it is the last time.
  mutating func solve(
    _ scenario: Scenario, _ index: Int, _ search: inout UniformSearch, _ least: inout Int64, isLast: Bool
  ) {
    let scale = options.scale
    let from = Cell(scenario.start.x * scale, scenario.start.y * scale)
    let to = Cell(scenario.goal.x * scale, scenario.goal.y * scale)
    let began = options.clock.begin()
    search.start(from: from, to: to)
    _ = search.advance(nodeBudget: options.nodeBudget)
    search.cells(toClosest: search.state != .found, into: &cells)
    least = min(least, options.clock.time(since: began))
    guard isLast else { return }
    expanded += search.expandedCount
    let steps = search.steps()
    let cost = search.state == .found ? Double(steps.straight) + Double(steps.diagonal) * 2.0.squareRoot() : nil
    note(
      scenario, index, cost: cost, length: cost, nanoseconds: least, firstLeg: least,
      expected: scale == 1 ? scenario.cost : nil)
  }

  mutating func runDynamic(width: Int, height: Int) {
    var least = [Int64](repeating: .max, count: options.file.commands.count)
    for pass in 1...options.passes {
      runDynamic(width: width, height: height, &least, isLast: pass == options.passes)
    }
    let patches = zip(options.file.commands, least).compactMap { command, time -> Double? in
      if case .patch = command, time < .max { Double(time) / 1000 } else { nil }
    }
    if !patches.isEmpty { report.patchMean = patches.reduce(0, +) / Double(patches.count) }
  }

  /// One pass over all patches and queries, on a plane that is all open at first.
  private mutating func runDynamic(width: Int, height: Int, _ least: inout [Int64], isLast: Bool) {
    let began = options.clock.begin()
    var plane = WalkPlane(width: width, height: height) { _, _ in true }
    var search = UniformSearch(WalkPlane(width: 1, height: 1) { _, _ in false })
    report.setupMilliseconds = Double(options.clock.time(since: began)) / 1e6
    for (index, command) in options.file.commands.enumerated() {
      switch command {
      case .patch(let number, let at):
        guard options.patches.indices.contains(number) else {
          if isLast { noteWrong("command \(index): there is no patch \(number)") }
          continue
        }
        let patch = options.patches[number]
        // The search lets go of the plane, so that it is changed in place.
        search.use(WalkPlane(width: 1, height: 1) { _, _ in false })
        let began = options.clock.begin()
        patch.cells.withUnsafeBufferPointer { cells in
          plane.set(x: at.x..<at.x + patch.width, y: at.y..<at.y + patch.height) { x, y in
            GridMap.isOpen(cells[(y - at.y) * patch.width + x - at.x])
          }
        }
        least[index] = min(least[index], options.clock.time(since: began))
      case .query(let scenario):
        guard isSampled(index) else { continue }
        search.use(plane)
        solve(scenario, index, &search, &least[index], isLast: isLast)
      }
    }
    if isLast { noteMemory() }
    withExtendedLifetime(plane) {}
  }
}
