import Core
import Nav

/// A zone of 2000 × 2000 units with boulders, two lakes and a maze of huts, the same in every run.
func benchGround() -> (floors: Floors, places: [Position]) {
  let side = 2000
  var random = SeededGenerator(seed: 11)
  var isBlocked = [Bool](repeating: false, count: side * side)
  var isWater = [Bool](repeating: false, count: side * side)
  func disc(_ x: Int, _ y: Int, _ radius: Int, _ paint: (Int) -> Void) {
    for row in max(y - radius, 0)..<min(y + radius, side) {
      for column in max(x - radius, 0)..<min(x + radius, side)
      where (row - y) * (row - y) + (column - x) * (column - x) < radius * radius {
        paint(row * side + column)
      }
    }
  }
  for _ in 0..<1500 {
    disc(random.integer(0...side - 1), random.integer(0...side - 1), random.integer(2...14)) { isBlocked[$0] = true }
  }
  disc(600, 900, 180) { isWater[$0] = true }
  disc(1400, 1100, 240) { isWater[$0] = true }
  var floors = Floors.plain(width: side, height: side) { x, y in !isBlocked[y * side + x] }
  floors.sheets[0].classes = ClassPlane(width: side, height: side) { x, y in isWater[y * side + x] ? 1 : 0 }
  let walk = floors.sheets[0].walk
  var places: [Position] = []
  while places.count < 4000 {
    let x = random.integer(0...side - 1)
    let y = random.integer(0...side - 1)
    if walk.isWalkable(x, y) { places.append(Position(Double(x) + 0.5, Double(y) + 0.5)) }
  }
  return (floors, places)
}

/// `compass-bench path-queries`: what a tick asks of the navigator.
func benchPathQueries(asJSON: Bool) throws {
  let (floors, places) = benchGround()
  var dry = floors
  dry.sheets[0].classes = nil
  let field = DangerField(
    (0..<20).map { index in
      DangerZone(center: places[index * 37], radius: 30, falloff: 30, rate: 0.5, isHard: index % 5 == 0)
    })
  var path = Path()
  func near(_ index: Int, _ reach: Double) -> Position {
    let from = places[index]
    return places.first { $0 != from && abs($0.horizontalDistance(to: from) - reach) < reach / 4 } ?? from
  }
  for (label, ground, danger) in [
    ("one class", dry, DangerField.none), ("water", floors, .none), ("water and 20 danger zones", floors, field),
  ] {
    let navigator = Navigator(floors: ground)
    for reach in [100.0, 400, 1500] {
      var index = 0
      var goal = Position.origin
      let measurement = measure(
        "path-queries", "\(label), \(Int(reach)) units", count: 400, warmUp: 400,
        prepare: {
          index = (index + 1) % 400
          goal = near(index, reach)
        },
        { _ = navigator.find(from: places[index], to: goal, danger: danger, into: &path) })
      measurement.report(asJSON: asJSON)
    }
  }
  let navigator = Navigator(floors: floors)
  measureDistances(navigator, places).report(asJSON: asJSON)
}

/// Distances to 200 places, a slice a tick: each sample is one tick's work.
private func measureDistances(_ navigator: Navigator, _ places: [Position]) -> Measurement {
  var search = DistanceSearch(navigator)
  var goals: [Position] = []
  var slices: [Double] = []
  var answered = 0
  var asked = 0
  let rounds = 100
  for index in 0..<rounds {
    goals.removeAll(keepingCapacity: true)
    for place in places where goals.count < 200 && place.horizontalDistance(to: places[index]) < 300 {
      goals.append(place)
    }
    var began = BenchClock.threadCPU.now
    try? search.begin(from: places[index], to: goals)
    var isDone = false
    while !isDone {
      isDone = search.advance(nodeBudget: DistanceSearch.nodeBudget)
      let now = BenchClock.threadCPU.now
      slices.append(Double(now - began) / 1000)
      began = BenchClock.threadCPU.now
      // Goals that cannot be reached would have the whole zone searched.
      if search.expandedCount > 12_000 { break }
    }
    asked += goals.count
    answered += goals.indices.count { search.seconds(to: $0) != nil }
  }
  var report = Measurement(
    name: "path-queries", label: "distances to 200 places within 300 units, a slice", samples: slices.sorted(),
    allocations: 0)
  report.extras = [
    ("slices_per_question", Double(slices.count) / Double(rounds)), ("answered", Double(answered) / Double(asked)),
  ]
  return report
}

/// `compass-bench los`: lines of sight over open ground.
func benchSight(asJSON: Bool) throws {
  let (floors, places) = benchGround()
  let navigator = Navigator(floors: floors)
  for reach in [50.0, 200] {
    var index = 0
    var seen = 0
    var measurement = try measure("los", "\(Int(reach)) units", count: 2000) {
      index = (index + 1) % places.count
      let from = places[index]
      if navigator.isVisible(from: from, to: Position(from.x + reach * 0.6, from.y + reach * 0.8)) { seen += 1 }
    }
    measurement.extras.append(("seen", Double(seen) / 2010))
    measurement.report(asJSON: asJSON)
  }
}
