/// Runs the problems of a scenario file and compares every cost with the file's.
public struct PathBenchmark {
  /// What to run.
  public struct Options {
    public var name = ""
    public var map: GridMap?
    public var file: ScenarioFile
    public var costs: [UInt8: Double]?
    public var patches: [GridMap] = []
    /// Every cell is repeated `scale × scale` times, coordinates are multiplied.
    public var scale = 1
    /// The least time of so many passes counts.
    public var passes = 3
    /// Runs every `every`-th problem only.
    public var every = 1
    /// Nodes a search may visit; a problem that needs more counts as unreachable, not as wrong.
    public var nodeBudget = Int.max
    /// Nanoseconds of a steady clock.
    public var clock: () -> Int64 = { 0 }
    /// Resident memory. Unit: bytes.
    public var residentBytes: () -> Int64 = { 0 }
    /// Gets each problem's number, cost and turning cells.
    public var dump: ((_ scenario: Int, _ cost: Double, _ cells: [Cell]) -> Void)?

    public init(file: ScenarioFile) {
      self.file = file
    }
  }

  /// What came out. Times in microseconds; nil where the file has nothing of the kind.
  public struct Report: Sendable {
    public var map = ""
    public var scenarios = 0
    public var skipped = 0
    /// Problems whose cost is not the file's, unreachable ones included.
    public var wrong = 0
    public var unreachable = 0
    public var times: [Double] = []
    public var shortTimes: [Double] = []
    public var firstLegTimes: [Double] = []
    public var costRatioMax = 0.0
    public var patchMean: Double?
    public var expandedMean = 0.0
    public var setupMilliseconds = 0.0
    public var residentGrowth = 0.0
    /// The first wrong problems, for people.
    public var faults: [String] = []

    public var mean: Double { times.reduce(0, +) / Double(max(times.count, 1)) }

    public static func quantile(_ sorted: [Double], _ part: Double) -> Double {
      sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }
  }

  /// Shorter than this (in cells) is a short query.
  public static let short = 256.0

  private var options: Options
  private var report = Report()
  private var expanded = 0
  private var cells: [Cell] = []

  public static func run(_ options: Options) -> Report {
    var benchmark = PathBenchmark(options: options)
    let before = options.residentBytes()
    if let size = options.file.size {
      benchmark.runDynamic(width: size.width, height: size.height)
    } else if let map = options.map {
      if let costs = options.costs {
        benchmark.runWeighted(map, costs)
      } else {
        benchmark.runUniform(map)
      }
    }
    benchmark.report.residentGrowth = Double(options.residentBytes() - before) / 1e6
    return benchmark.finish()
  }

  private init(options: Options) {
    self.options = options
    report.map = options.name
  }

  private mutating func finish() -> Report {
    report.times.sort()
    report.shortTimes.sort()
    report.firstLegTimes.sort()
    report.expandedMean = Double(expanded) / Double(max(report.scenarios, 1))
    return report
  }

  private func isSampled(_ index: Int) -> Bool { index % max(options.every, 1) == 0 }

  // MARK: - Uniform

  /// Movement stays within one class: ground and swamp, or water.
  private mutating func runUniform(_ map: GridMap) {
    let began = options.clock()
    let water = Set([UInt8(ascii: "W")])
    let ground = UniformSearch(map.plane(of: Set(".GS".utf8), scale: options.scale))
    let hasWater = map.cells.contains(UInt8(ascii: "W"))
    let sea = UniformSearch(
      hasWater ? map.plane(of: water, scale: options.scale) : WalkPlane(width: 1, height: 1) { _, _ in false })
    report.setupMilliseconds = Double(options.clock() - began) / 1e6
    var searches = Pair(ground: ground, sea: sea)
    for (index, command) in options.file.commands.enumerated() where isSampled(index) {
      guard case .query(let scenario) = command else { continue }
      let start = map[scenario.start.x, scenario.start.y]
      guard GridMap.open.contains(start), GridMap.open.contains(map[scenario.goal.x, scenario.goal.y]) else {
        report.skipped += 1
        continue
      }
      if start == UInt8(ascii: "W") {
        solve(scenario, index, &searches.sea)
      } else {
        solve(scenario, index, &searches.ground)
      }
    }
  }

  private struct Pair: ~Copyable {
    var ground: UniformSearch
    var sea: UniformSearch
  }

  private mutating func solve(_ scenario: Scenario, _ index: Int, _ search: inout UniformSearch) {
    let scale = options.scale
    let from = Cell(scenario.start.x * scale, scenario.start.y * scale)
    let to = Cell(scenario.goal.x * scale, scenario.goal.y * scale)
    var least = Int64.max
    for _ in 0..<options.passes {
      let began = options.clock()
      search.start(from: from, to: to)
      _ = search.advance(nodeBudget: options.nodeBudget)
      search.cells(toClosest: search.state != .found, into: &cells)
      least = min(least, options.clock() - began)
    }
    expanded += search.expandedCount
    let steps = search.steps()
    let cost = search.state == .found ? Double(steps.straight) + Double(steps.diagonal) * 2.0.squareRoot() : nil
    note(scenario, index, cost: cost, nanoseconds: least, firstLeg: least, expected: scale == 1 ? scenario.cost : nil)
  }

  private mutating func note(
    _ scenario: Scenario, _ index: Int, cost: Double?, nanoseconds: Int64, firstLeg: Int64, expected: Double?
  ) {
    report.scenarios += 1
    let time = Double(nanoseconds) / 1000
    report.times.append(time)
    report.firstLegTimes.append(Double(firstLeg) / 1000)
    guard let cost else {
      report.unreachable += 1
      guard options.nodeBudget == .max else { return }
      report.wrong += 1
      if report.faults.count < 5 { report.faults.append("problem \(index): no path") }
      return
    }
    let dx = Double(abs(scenario.start.x - scenario.goal.x)) * Double(options.scale)
    let dy = Double(abs(scenario.start.y - scenario.goal.y)) * Double(options.scale)
    if max(dx, dy) + (2.0.squareRoot() - 1) * min(dx, dy) < Self.short { report.shortTimes.append(time) }
    if let expected {
      if expected > 0 { report.costRatioMax = max(report.costRatioMax, cost / expected) }
      if abs(cost - expected) > max(0.011, 2e-5 * expected) {
        report.wrong += 1
        if report.faults.count < 5 { report.faults.append("problem \(index): cost \(cost), not \(expected)") }
      }
    }
    options.dump?(index, cost, cells)
  }

  // MARK: - Dynamic

  private mutating func runDynamic(width: Int, height: Int) {
    let began = options.clock()
    var plane = WalkPlane(width: width, height: height) { _, _ in true }
    var search = UniformSearch(WalkPlane(width: 1, height: 1) { _, _ in false })
    report.setupMilliseconds = Double(options.clock() - began) / 1e6
    var patched: Int64 = 0
    var patchCount = 0
    for (index, command) in options.file.commands.enumerated() {
      switch command {
      case .patch(let number, let at):
        guard options.patches.indices.contains(number) else {
          report.wrong += 1
          report.faults.append("command \(index): there is no patch \(number)")
          continue
        }
        let patch = options.patches[number]
        // The search lets go of the plane, so that it is changed in place.
        search.use(WalkPlane(width: 1, height: 1) { _, _ in false })
        let began = options.clock()
        patch.cells.withUnsafeBufferPointer { cells in
          plane.set(x: at.x..<at.x + patch.width, y: at.y..<at.y + patch.height) { x, y in
            GridMap.isOpen(cells[(y - at.y) * patch.width + x - at.x])
          }
        }
        patched += options.clock() - began
        patchCount += 1
      case .query(let scenario):
        guard isSampled(index) else { continue }
        search.use(plane)
        solve(scenario, index, &search)
      }
    }
    if patchCount > 0 { report.patchMean = Double(patched) / 1000 / Double(patchCount) }
  }

  // MARK: - Weighted

  /// Water and swamp are walked at their cost; a cost of 0 blocks.
  private mutating func runWeighted(_ map: GridMap, _ costs: [UInt8: Double]) {
    let began = options.clock()
    let scale = options.scale
    let levels = Set(costs.values).filter { $0 > 0 }.sorted()
    var classOf = [Int](repeating: -1, count: 256)
    for (symbol, cost) in costs where cost > 0 { classOf[Int(symbol)] = levels.firstIndex(of: cost) ?? -1 }
    let width = map.width * scale
    let walk = map.plane(of: Set(costs.filter { $0.value > 0 }.keys), scale: scale)
    let classes = map.cells.withUnsafeBufferPointer { cells in
      ClassPlane(width: width, height: map.height * scale) { x, y in
        max(classOf[Int(cells[y / scale * map.width + x / scale])], 0)
      }
    }
    let sheet = Sheet(walk: walk, classes: classes)
    var search = WeightedSearch([sheet], links: [], rates: SurfaceRates(levels), unitsPerSecond: 1)
    report.setupMilliseconds = Double(options.clock() - began) / 1e6
    var places: [Place] = []
    var links: [Int] = []
    for (index, command) in options.file.commands.enumerated() where isSampled(index) {
      guard case .query(let scenario) = command else { continue }
      guard (costs[map[scenario.start.x, scenario.start.y]] ?? 0) > 0,
        (costs[map[scenario.goal.x, scenario.goal.y]] ?? 0) > 0
      else {
        report.skipped += 1
        continue
      }
      let from = Place(sheet: 0, cell: Cell(scenario.start.x * scale, scenario.start.y * scale))
      let to = Place(sheet: 0, cell: Cell(scenario.goal.x * scale, scenario.goal.y * scale))
      var least = Int64.max
      for _ in 0..<options.passes {
        let began = options.clock()
        search.start(from: from, to: .place(to))
        if search.advance(nodeBudget: options.nodeBudget) == .found {
          search.places(to: search.goalNode, into: &places, links: &links)
        }
        search.end()
        least = min(least, options.clock() - began)
      }
      expanded += search.expandedCount
      cells = places.map(\.cell)
      let cost =
        search.state == .found
        ? Double(search.cost(node: search.goalNode)) / (CostUnit.cell * SurfaceRates.base) : nil
      note(
        scenario, index, cost: cost, nanoseconds: least, firstLeg: least, expected: scale == 1 ? scenario.cost : nil)
    }
  }
}

extension GridMap {
  @inline(__always)
  static func isOpen(_ symbol: UInt8) -> Bool {
    symbol == UInt8(ascii: ".") || symbol == UInt8(ascii: "G") || symbol == UInt8(ascii: "S")
      || symbol == UInt8(ascii: "W")
  }
}
