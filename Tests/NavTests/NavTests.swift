import Core
import Testing

@testable import Nav

@Suite struct NavigatorTests {
  /// A field of 200 × 200 with a wall from (100, 0) to (100, 150).
  let walled = Navigator(terrain: .plainFloors(200, 200) { x, y in !(x >= 98 && x < 102 && y < 150) })

  @Test func `walks round a wall, in straight legs that may be walked`() throws {
    let start = Position(50.2, 50.7)
    let goal = Position(150.1, 50.3)
    guard case .complete(let path) = walled.path(from: start, to: goal) else {
      Issue.record("no complete path")
      return
    }
    #expect(path.points.first == start)
    #expect(path.points.last == goal)
    for (from, to) in zip(path.points, path.points.dropFirst()) {
      #expect(walled.isWalkable(from: from, to: to), "\(from) to \(to)")
    }
    // The shortest way round the two upper corners of the wall, to within the width of a cell.
    let corner = Position(98, 150)
    let other = Position(102, 150)
    let least = start.horizontalDistance(to: corner) + 4 + other.horizontalDistance(to: goal)
    #expect(path.length >= least)
    #expect(path.length < least + 3)
    #expect(abs(path.seconds - path.length / 30) < 0.01)
  }

  @Test func `says why there is no path`() {
    let closed = Navigator(terrain: .plainFloors(60, 60) { x, y in !((x == 20 || x == 40) || (y == 50 && x > 40)) })
    let inside = Position(30, 30)
    #expect(closed.path(from: Position(10, 10), to: Position(1000, 0)).failure == .outsideMap)
    #expect(closed.path(from: Position(.nan, 10), to: inside).failure == .outsideMap)
    #expect(closed.path(from: Position(10, 10), to: inside).failure == .noRoute)
    #expect(closed.path(from: Position(10, 10), to: Position(12, 12, 500)).failure == .floorUnreachable)
    #expect(closed.path(from: Position(10, 10), to: Position(12, 12, 90)).failure == nil)
    let blocked = Navigator(terrain: .plainFloors(60, 60) { x, y in x < 30 })
    #expect(blocked.path(from: Position(10, 10), to: Position(50, 10)).failure == .goalBlocked)
    #expect(blocked.path(from: Position(50, 10), to: Position(10, 10)).failure == .startBlocked)
  }

  @Test func `a budget gives a partial path that ends nearer to the goal`() {
    let goal = Position(150, 190)
    let start = Position(50, 20)
    guard case .partial(let path, let closest, let reason) = walled.path(from: start, to: goal, nodeBudget: 2) else {
      Issue.record("not partial")
      return
    }
    #expect(reason == .budget)
    #expect(path.points.last == closest)
    #expect(closest.horizontalDistance(to: goal) < start.horizontalDistance(to: goal))
    #expect(walled.path(from: start, to: goal).failure == nil)
  }

  @Test func `danger is walked round, closes the way when it may not be entered, and is left by the shortest way`() {
    let open = Navigator(terrain: .plainFloors(200, 200) { _, _ in true })
    let zone = DangerZone(center: Position(100, 100), radius: 20, falloff: 10, rate: 1)
    let field = DangerField([zone])
    let start = Position(20, 100)
    let goal = Position(180, 100)
    guard
      case .complete(let path) = open.path(
        from: start, to: goal, danger: field, nodeBudget: Navigator.wholeBudget)
    else {
      Issue.record("no complete path")
      return
    }
    #expect(isClear(path, of: field))
    let corridor = Navigator(terrain: .plainFloors(200, 40) { _, _ in true })
    let plug = DangerField([DangerZone(center: Position(100, 20), radius: 40, rate: 1, isHard: true)])
    #expect(corridor.path(from: Position(20, 20), to: Position(180, 20), danger: plug).failure == .danger)
    guard case .complete(let out) = open.escape(from: Position(105, 100), danger: field, margin: 5) else {
      Issue.record("no way out")
      return
    }
    #expect(out.points.last.map { $0.x > 130 && abs($0.y - 100) < 6 } == true, "\(out.points)")
    guard case .complete = corridor.escape(from: Position(105, 20), danger: plug, margin: 5) else {
      Issue.record("no way out of a place that may not be entered")
      return
    }
  }

  @Test func `smoothing keeps a path out of danger it kept out of`() {
    for seed in 0..<60 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let sheet = randomGrid(&random, width: 90, height: 90, classes: 1)
      let navigator = Navigator(terrain: .plainFloors(90, 90) { sheet.walk.isWalkable($0, $1) })
      var field = DangerField()
      for _ in 0..<random.integer(1...5) {
        field.zones.append(
          DangerZone(
            center: Position(random.uniform(0...90), random.uniform(0...90)), radius: random.uniform(2...12),
            falloff: random.uniform(0...6), rate: random.uniform(0.1...3), isHard: random.chance(0.2)))
      }
      guard let a = randomCell(&random, sheet), let b = randomCell(&random, sheet) else { continue }
      let start = Position(Double(a.x) + 0.5, Double(a.y) + 0.5)
      let goal = Position(Double(b.x) + 0.5, Double(b.y) + 0.5)
      guard !field.isForbidden(start) else { continue }
      guard case .complete(let path) = navigator.path(from: start, to: goal, danger: field) else { continue }
      for point in samples(path) {
        #expect(!field.isForbidden(point) || cellRate(field, point) == nil, "seed \(seed), at \(point)")
      }
      // Never dearer than the unsmoothed optimum, which is the cost of the straightest legal cells.
      #expect(path.seconds <= cost(navigator, start, goal, field) * 1.0001, "seed \(seed)")
    }
  }

  @Test func `distances are those of the paths`() {
    for seed in 0..<20 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let sheet = randomGrid(&random, width: 90, height: 90, classes: 1)
      let navigator = Navigator(terrain: .plainFloors(90, 90) { sheet.walk.isWalkable($0, $1) })
      guard let a = randomCell(&random, sheet) else { continue }
      let start = Position(Double(a.x) + 0.5, Double(a.y) + 0.5)
      var goals: [Position] = []
      for _ in 0..<30 {
        guard let b = randomCell(&random, sheet) else { continue }
        goals.append(Position(Double(b.x) + 0.5, Double(b.y) + 0.5))
      }
      let distances = navigator.distances(from: start, to: goals)
      for (goal, distance) in zip(goals, distances) {
        let expected = cost(navigator, start, goal, .none)
        if let distance {
          #expect(abs(distance - expected) < 1e-3, "seed \(seed)")
        } else {
          #expect(expected == .infinity, "seed \(seed), \(goal)")
        }
      }
    }
  }

  @Test func `slices find what one search finds, and a cancelled search leaves nothing behind`() throws {
    for seed in 0..<12 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let sheet = randomGrid(&random, width: 80, height: 80, classes: 3)
      var floors = Floors.plain(width: 80, height: 80) { sheet.walk.isWalkable($0, $1) }
      floors.sheets[0].classes = sheet.classes
      let navigator = Navigator(floors: floors)
      let field = DangerField([DangerZone(center: Position(40, 40), radius: 6, falloff: 8, rate: 0.4)])
      var search = PathSearch(navigator)
      var distances = DistanceSearch(navigator)
      for round in 0..<6 {
        guard let a = randomCell(&random, sheet), let b = randomCell(&random, sheet) else { continue }
        let start = Position(Double(a.x) + 0.5, Double(a.y) + 0.5)
        let goal = Position(Double(b.x) + 0.5, Double(b.y) + 0.5)
        let danger = round % 2 == 0 ? field : .none
        try search.begin(from: goal, to: start, danger: field)
        _ = search.advance(nodeBudget: 5)
        try search.begin(from: start, to: goal, danger: danger)
        while !search.advance(nodeBudget: 7) {}
        let whole = navigator.path(from: start, to: goal, danger: danger, nodeBudget: .max)
        let sliced = search.conclude()
        #expect(sliced == whole, "seed \(seed), round \(round)")
        try distances.begin(from: start, to: [goal, start], danger: danger)
        while !distances.advance(nodeBudget: 9) {}
        let seconds = distances.seconds(to: 0)
        #expect(seconds == navigator.distances(from: start, to: [goal], danger: danger)[0], "seed \(seed)")
        #expect(distances.seconds(to: 1) == 0)
      }
    }
  }

  @Test func `a look ahead sees what has changed on the way`() throws {
    var floors = Floors.plain(width: 200, height: 60) { _, _ in true }
    let navigator = Navigator(floors: floors)
    let path = Path(points: [Position(10, 30), Position(60, 30), Position(180, 30)], seconds: 170.0 / 30)
    let here = Position(20, 30)
    #expect(navigator.check(path, leg: 0, from: here, danger: .none) == .clear)
    var zone = DangerZone(center: Position(120, 30), radius: 10, rate: 1)
    guard case .dearer(let seconds) = navigator.check(path, leg: 0, from: here, danger: DangerField([zone])) else {
      Issue.record("danger not seen")
      return
    }
    #expect(abs(seconds - 20) < 2)
    zone.isHard = true
    guard case .forbidden(leg: 1, _) = navigator.check(path, leg: 0, from: here, danger: DangerField([zone])) else {
      Issue.record("forbidden danger not seen")
      return
    }
    #expect(navigator.check(path, leg: 0, from: here, danger: DangerField([zone]), ahead: 30) == .clear)
    for y in 0..<60 { floors.sheets[0].walk.set(150, y, false) }
    guard case .blocked(leg: 1, _) = Navigator(floors: floors).check(path, leg: 0, from: here, danger: .none) else {
      Issue.record("closed door not seen")
      return
    }
    // A patrol that comes: the field a few seconds ahead covers where it will be.
    var patrol = DangerZone(center: Position(120, 0), radius: 5, rate: 1, velocityY: 10)
    #expect(navigator.check(path, leg: 0, from: here, danger: DangerField([patrol])) == .clear)
    patrol.isHard = true
    let soon = DangerField([patrol]).swept(seconds: 4)
    guard case .forbidden = navigator.check(path, leg: 0, from: here, danger: soon) else {
      Issue.record("the patrol is not seen coming")
      return
    }
  }

  @Test func `nearest walkable ground, and sight`() {
    let navigator = Navigator(terrain: .plainFloors(100, 100) { x, _ in x < 50 })
    #expect(navigator.nearestWalkable(to: Position(20.25, 20.5)) == Position(20.25, 20.5))
    let near = navigator.nearestWalkable(to: Position(55, 20.5), within: 8)
    #expect(near == Position(49.5, 20.5))
    #expect(navigator.nearestWalkable(to: Position(70, 20), within: 8) == nil)
    #expect(navigator.isVisible(from: Position(5, 5), to: Position(95, 95)))
    // A ridge across the middle, 20 high, stands in the way of eyes at 5 but not of eyes at 30.
    var floors = Floors.plain(width: 100, height: 100) { _, _ in true }
    floors.height = { _, cell in (48..<52).contains(cell.x) ? 20 : 0 }
    let ridge = Navigator(floors: floors)
    #expect(!ridge.isVisible(from: Position(10, 50), to: Position(90, 50)))
    #expect(ridge.isVisible(from: Position(10, 50), to: Position(90, 50), eyeHeight: 30))
    #expect(ridge.isVisible(from: Position(10, 50), to: Position(40, 90)))
  }

  // MARK: - Helpers

  private func samples(_ path: Path) -> [Position] {
    zip(path.points, path.points.dropFirst()).flatMap { from, to in
      (0...100).map { from + (to - from) * (Double($0) / 100) }
    }
  }

  private func isClear(_ path: Path, of field: DangerField) -> Bool {
    samples(path).allSatisfy { field.rate(at: $0) == 0 }
  }

  /// The rate at the centre of the cell that holds a point: what a search knows of it; nil where it may not be entered.
  private func cellRate(_ field: DangerField, _ point: Position) -> Double? {
    let center = Position(point.x.rounded(.down) + 0.5, point.y.rounded(.down) + 0.5)
    return field.isForbidden(center) ? Double.nan : nil
  }

  /// Least cost between two points in seconds, by the search itself, unsmoothed.
  private func cost(_ navigator: Navigator, _ start: Position, _ goal: Position, _ field: DangerField) -> Double {
    let distances = navigator.distances(from: start, to: [goal], danger: field, nodeBudget: .max)
    return distances[0] ?? .infinity
  }
}

extension Floors {
  static func plainFloors(_ width: Int, _ height: Int, _ isWalkable: (_ x: Int, _ y: Int) -> Bool) -> Floors {
    plain(width: width, height: height, isWalkable: isWalkable)
  }
}

extension Navigator {
  convenience init(terrain floors: Floors) {
    self.init(floors: floors)
  }
}
