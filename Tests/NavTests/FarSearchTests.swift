import Core
import Testing

@testable import Nav

@Suite struct FarSearchTests {
  @Test func `plans reach what the exact search reaches, at nearly its cost, over surfaces and passages`() {
    var routes = 0
    var longest = 1.0
    for seed in 0..<14 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var sheets = [
        randomGrid(
          &random, width: random.integer(70...330), height: random.integer(70...330), classes: random.integer(1...4))
      ]
      var links: [FloorLink] = []
      if random.chance(0.5) {
        sheets.append(randomGrid(&random, width: 150, height: 100, classes: 2))
        for _ in 0..<4 {
          guard let from = randomCell(&random, sheets[0]), let to = randomCell(&random, sheets[1]) else { continue }
          links.append(FloorLink(kind: .door, fromSheet: 0, from: from, toSheet: 1, to: to, seconds: 1))
          links.append(FloorLink(kind: .door, fromSheet: 1, from: to, toSheet: 0, to: from, seconds: 1))
        }
      }
      let rates = SurfaceRates([1, 2.5, 1.25, 3])
      let units = 30 * SurfaceRates.base * CostUnit.cell
      let oracle = Oracle(sheets: sheets, links: links, rates: rates, unitsPerSecond: units)
      var exact = WeightedSearch(sheets, links: links, rates: rates, unitsPerSecond: units)
      let graph = FarGraph(exact.grounds, links: links, rates: rates, unitsPerSecond: units)
      var far = FarSearch(graph, exact.grounds, rates: rates)
      for _ in 0..<20 {
        let goalSheet = random.integer(0...sheets.count - 1)
        guard let start = randomCell(&random, sheets[0]), let goal = randomCell(&random, sheets[goalSheet]) else {
          continue
        }
        let from = Place(sheet: 0, cell: start)
        let to = Place(sheet: goalSheet, cell: goal)
        exact.start(from: from, to: .place(to))
        let isReachable = exact.advance(nodeBudget: .max) == .found
        let least = isReachable ? UInt64(exact.cost(node: exact.goalNode)) : 0
        exact.end()
        far.begin(from: from, to: to)
        while far.advance(nodeBudget: 7) == .running {}
        #expect((far.state == .planned) == isReachable, "seed \(seed), \(start) to \(goalSheet) \(goal)")
        guard far.state == .planned, isReachable else { continue }
        var places: [Place] = []
        var passages: [Int] = []
        var cost: UInt64 = 0
        while let step = far.refine(into: &places, links: &passages) { cost += UInt64(step) }
        let walked = costAlong(places, passages, oracle)
        let isHonest = places.first == from && places.last == to && walked == cost + passageCost(passages, units)
        #expect(isHonest, "seed \(seed), \(start) to \(goalSheet) \(goal): \(cost), walked \(walked ?? 0)")
        let whole = cost + passageCost(passages, units)
        #expect(whole >= least, "seed \(seed), \(start) to \(goalSheet) \(goal)")
        guard least > UInt64(150 * CostUnit.cell * SurfaceRates.base) else { continue }
        routes += 1
        longest = max(longest, Double(whole) / Double(least))
      }
    }
    // Random ground at its worst: short routes through noise. Real maps stay within 2 % (`compass-bench path`).
    let isNear = routes > 50 && longest < 1.08
    #expect(isNear, "\(routes) routes, the worst \(longest) times the best")
  }

  private func passageCost(_ passages: [Int], _ units: Double) -> UInt64 { UInt64(passages.count) * UInt64(units) }

  /// What the places cost cell by cell; nil where a step may not be made.
  private func costAlong(_ places: [Place], _ passages: [Int], _ oracle: Oracle) -> UInt64? {
    var sum: UInt64 = 0
    for (index, (from, to)) in zip(places, places.dropFirst()).enumerated() {
      if passages.contains(index) {
        sum += UInt64(oracle.unitsPerSecond)
        continue
      }
      let dx = (to.cell.x - from.cell.x).signum()
      let dy = (to.cell.y - from.cell.y).signum()
      let count = max(abs(to.cell.x - from.cell.x), abs(to.cell.y - from.cell.y))
      guard from.sheet == to.sheet, dx == 0 || dy == 0 || abs(to.cell.x - from.cell.x) == abs(to.cell.y - from.cell.y)
      else { return nil }
      for step in 0..<count {
        let x = from.cell.x + dx * step
        let y = from.cell.y + dy * step
        func rate(_ x: Int, _ y: Int) -> UInt64? { oracle.rate(.init(sheet: from.sheet, cell: Cell(x, y))) }
        guard let own = rate(x, y), let other = rate(x + dx, y + dy), let a = rate(x + dx, y), let b = rate(x, y + dy)
        else { return nil }
        sum +=
          dx == 0 || dy == 0
          ? (own + other) * UInt64(RingCost.straight) : (own + other + a + b) * UInt64(RingCost.diagonal)
      }
    }
    return sum
  }

  @Test func `a navigator plans long routes in slices, and goes on where it ended when it is asked again`() throws {
    var random = SeededGenerator(seed: 5)
    let sheet = randomGrid(&random, width: 1500, height: 300, classes: 3)
    var floors = Floors(
      frame: GridFrame(cellSize: 1, originX: 0, originY: 0, width: 1500, height: 300), sheets: [sheet],
      height: { _, _ in 0 }, sheet: { _, _ in 0 })
    floors.sheets[0].corner = Cell(0, 0)
    let far = try #require(FarMap(floors))
    let navigator = Navigator(floors: floors, far: far)
    var exact = PathSearch(navigator)
    var complete = 0
    for _ in 0..<12 {
      guard let start = randomCell(&random, sheet), let goal = randomCell(&random, sheet), abs(start.x - goal.x) > 700
      else { continue }
      let from = floors.position(Place(sheet: 0, cell: start))
      let to = floors.position(Place(sheet: 0, cell: goal))
      var result = navigator.path(from: from, to: to, nodeBudget: 120)
      var slices = 1
      while result.failure == .budget, slices < 200 {
        result = navigator.path(from: from, to: to, nodeBudget: 120)
        slices += 1
      }
      try exact.begin(from: from, to: to, isExact: true)
      _ = exact.advance(nodeBudget: .max)
      let best = exact.conclude()
      #expect(best.failure == result.failure, "\(start) to \(goal)")
      guard case .complete(let path) = result, case .complete(let shortest) = best else { continue }
      complete += 1
      let isGood = slices > 1 && path.points.first == from && path.end == to && path.seconds < shortest.seconds * 1.06
      #expect(isGood, "\(start) to \(goal): \(slices) slices, \(path.seconds) s, at best \(shortest.seconds)")
    }
    #expect(complete > 0)
  }

  @Test func `plans keep clear of danger, or give way to the search that weighs it`() throws {
    var random = SeededGenerator(seed: 8)
    let sheet = randomGrid(&random, width: 1400, height: 260, classes: 3)
    let floors = Floors(
      frame: GridFrame(cellSize: 1, originX: 0, originY: 0, width: 1400, height: 260), sheets: [sheet],
      height: { _, _ in 0 }, sheet: { _, _ in 0 })
    let far = try #require(FarMap(floors))
    let navigator = Navigator(floors: floors, far: far)
    var exact = PathSearch(navigator)
    var (complete, planned) = (0, 0)
    for round in 0..<30 {
      guard let start = randomCell(&random, sheet), let goal = randomCell(&random, sheet), abs(start.x - goal.x) > 500
      else { continue }
      // Few small zones mostly leave a plan alone; many large ones do not.
      let field = DangerField(
        (0..<(round % 2 == 0 ? 2 : 24)).map { index in
          DangerZone(
            center: Position(random.uniform(0...1400), random.uniform(0...260)),
            radius: random.uniform(2...(round % 2 == 0 ? 6 : 30)), falloff: random.uniform(0...20),
            rate: random.uniform(0.1...1), isHard: index % 4 == 0)
        })
      let from = floors.position(Place(sheet: 0, cell: start))
      let to = floors.position(Place(sheet: 0, cell: goal))
      var result = navigator.path(from: from, to: to, danger: field)
      var slices = 1
      while result.failure == .budget, slices < 2000 {
        result = navigator.path(from: from, to: to, danger: field)
        slices += 1
      }
      try exact.begin(from: from, to: to, danger: field, isExact: true)
      _ = exact.advance(nodeBudget: .max)
      let nodes = exact.expandedCount
      let best = exact.conclude()
      #expect((best.failure == nil) == (result.failure == nil), "round \(round), \(start) to \(goal)")
      guard case .complete(let path) = result, case .complete(let shortest) = best else { continue }
      complete += 1
      if slices * Navigator.nodeBudget < nodes { planned += 1 }
      #expect(path.seconds <= shortest.seconds * 1.06, "round \(round): \(path.seconds), at best \(shortest.seconds)")
      // What may not be entered is not, where it does not hold the start.
      for (a, b) in zip(path.points, path.points.dropFirst()) {
        for step in 0...40 {
          let point = a + (b - a) * (Double(step) / 40)
          let isForbidden = field.zones.contains {
            $0.isHard && point.horizontalDistance(to: $0.center) < $0.radius - 1
              && from.horizontalDistance(to: $0.center) > $0.radius
          }
          #expect(!isForbidden, "round \(round): \(point)")
        }
      }
    }
    #expect(complete > 5 && planned > 0, "\(complete) routes, \(planned) of them planned")
  }
}
