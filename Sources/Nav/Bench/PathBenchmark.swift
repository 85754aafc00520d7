import Core

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
    /// Passes over all problems; of each problem the least time counts.
    public var passes = 3
    /// Runs every `every`-th problem only.
    public var every = 1
    /// Nodes a search may visit; a problem that needs more counts as unreachable, not as wrong.
    public var nodeBudget = Int.max
    public var clock = PathClock(elapsed: { 0 }, processor: { 0 })
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
    /// Problems of a scaled map that were solved by a plain Dijkstra too.
    public var checked = 0
    public var setupMilliseconds = 0.0
    public var residentGrowth = 0.0
    /// The first wrong problems, for people.
    public var faults: [String] = []

    public var mean: Double { times.reduce(0, +) / Double(max(times.count, 1)) }

    public static func quantile(_ sorted: [Double], _ part: Double) -> Double {
      sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }
  }

  /// A query is short when its way is shorter than this: its length where all cells cost the same, else the distance
  /// of its ends. Unit: cells.
  public static let short = 256.0

  var options: Options
  var report = Report()
  var expanded = 0
  var cells: [Cell] = []
  private var residentBefore: Int64 = 0

  public static func run(_ options: Options) -> Report {
    var benchmark = PathBenchmark(options: options)
    benchmark.residentBefore = options.residentBytes()
    if let size = options.file.size {
      benchmark.runDynamic(width: size.width, height: size.height)
    } else if let map = options.map {
      if let costs = options.costs {
        benchmark.runWeighted(map, costs)
      } else {
        benchmark.runUniform(map)
      }
    }
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

  /// To be called while all that the searches need is still there.
  mutating func noteMemory() { report.residentGrowth = Double(options.residentBytes() - residentBefore) / 1e6 }

  func isSampled(_ index: Int) -> Bool { index % max(options.every, 1) == 0 }

  // MARK: - Results

  /// What a planned route may cost, as a multiple of the best one.
  static let ratioMost = 1.02

  mutating func noteWrong(_ fault: String) {
    report.wrong += 1
    if report.faults.count < 5 { report.faults.append(fault) }
  }

  /// Problems to be checked against a plain Dijkstra: seeded, so the same in every run.
  func sample() -> [Int] {
    var random = SeededGenerator(seed: 1)
    return (0..<6).map { _ in random.integer(0...max(options.file.commands.count - 1, 0)) }
  }

  mutating func noteCheck(_ index: Int, found: Double?, least: Double?) {
    report.checked += 1
    switch (found, least) {
    case (nil, nil): break
    case (let found?, let least?) where abs(found - least) <= max(0.011, 2e-5 * least): break
    default: noteWrong("problem \(index): \(found ?? .nan), where Dijkstra says \(least ?? .nan)")
    }
  }

  /// Cells between the ends of a problem, as if nothing stood between them.
  private func octile(_ scenario: Scenario) -> Double {
    let dx = Double(abs(scenario.start.x - scenario.goal.x)) * Double(options.scale)
    let dy = Double(abs(scenario.start.y - scenario.goal.y)) * Double(options.scale)
    return max(dx, dy) + (2.0.squareRoot() - 1) * min(dx, dy)
  }

  mutating func note(
    _ scenario: Scenario, _ index: Int, cost: Double?, length: Double? = nil, nanoseconds: Int64, firstLeg: Int64,
    expected: Double?
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
    if (length ?? octile(scenario)) < Self.short { report.shortTimes.append(time) }
    if let expected {
      if expected > 0 { report.costRatioMax = max(report.costRatioMax, cost / expected) }
      if abs(cost - expected) > max(0.011, 2e-5 * expected) {
        report.wrong += 1
        if report.faults.count < 5 { report.faults.append("problem \(index): cost \(cost), not \(expected)") }
      }
    }
    options.dump?(index, cost, cells)
  }
}

extension GridMap {
  @inline(__always)
  static func isOpen(_ symbol: UInt8) -> Bool {
    symbol == UInt8(ascii: ".") || symbol == UInt8(ascii: "G") || symbol == UInt8(ascii: "S")
      || symbol == UInt8(ascii: "W")
  }
}
