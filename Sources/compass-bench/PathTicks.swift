import CAllocations
import Core
import Nav

/// Path work of single ticks where it is hardest: noise that no budget covers, goals that are walled in, and routes
/// across a zone that is planned on a far map. Each sample is what one tick spends.
func benchPathTicks(asJSON: Bool) {
  let noise = noiseGround()
  ticks("noise of 1250 x 1250 cells, 33 % blocked", Navigator(floors: noise.floors), noise.places, slices: 4)
    .report(asJSON: asJSON)
  let walled = walledGround()
  ticks("goals that are walled in", Navigator(floors: walled.floors), walled.places, slices: 40)
    .report(asJSON: asJSON)
  var (floors, places) = benchGround()
  let navigator = Navigator(floors: floors, far: FarMap(floors))
  navigator.prepare()
  ticks("routes of 2000 x 2000 cells, far map", navigator, places, slices: 40).report(asJSON: asJSON)
  let field = DangerField(
    (0..<20).map { DangerZone(center: places[$0 * 37], radius: 30, falloff: 30, rate: 0.5, isHard: $0 % 5 == 0) })
  ticks("the same with 20 danger zones", navigator, places, danger: field, slices: 40).report(asJSON: asJSON)
  floors.sheets[0].classes = nil
  ticks("the same on one surface", Navigator(floors: floors), places, slices: 40).report(asJSON: asJSON)
}

/// Asks for ways between pairs of places as a tick does, again and again until the answer is there, or `slices` times.
private func ticks(
  _ label: String, _ navigator: Navigator, _ places: [Position], danger: DangerField = .none, slices: Int
) -> Measurement {
  var path = Path()
  var samples: [Double] = []
  var firsts: [Double] = []
  var allocations: UInt64 = 0
  var (partial, complete, unreachable) = (0, 0, 0)
  let questions = 1200
  samples.reserveCapacity(questions * slices)
  for index in 0..<questions {
    let from = places[(index * 2) % places.count]
    let to = places[(index * 2 + 1) % places.count]
    for slice in 0..<slices {
      let allocated = allocations_of_thread()
      let began = BenchClock.threadCPU.now
      let outcome = navigator.find(from: from, to: to, danger: danger, into: &path)
      let time = Double(BenchClock.threadCPU.now - began) / 1000
      // Memory grows in the first questions.
      if index >= 200 {
        samples.append(time)
        allocations += allocations_of_thread() - allocated
        if slice == 0 {
          firsts.append(time)
          if case .partial = outcome { partial += 1 }
        }
      }
      if outcome == .partial(.budget) || outcome == .none(.budget) { continue }
      if index >= 200 { if outcome == .complete { complete += 1 } else { unreachable += 1 } }
      break
    }
  }
  var report = Measurement(
    name: "path-ticks", label: label, samples: samples.sorted(),
    allocations: Double(allocations) / Double(max(samples.count, 1)))
  report.extras = [
    ("first_answer_max", firsts.max() ?? .nan), ("first_answers_partial", Double(partial)),
    ("complete", Double(complete)), ("unreachable", Double(unreachable)),
    ("ticks_per_question", Double(samples.count) / Double(max(firsts.count, 1))),
  ]
  return report
}

/// Speckle, as badly cleaned slopes give: a third of all cells is blocked.
private func noiseGround() -> (floors: Floors, places: [Position]) {
  let side = 1250
  var random = SeededGenerator(seed: 33)
  let isBlocked = (0..<side * side).map { _ in random.chance(0.33) }
  let floors = Floors.plain(width: side, height: side) { x, y in !isBlocked[y * side + x] }
  return (floors, (0..<3000).map { _ in freePlace(&random, floors, side) })
}

/// Boulders and huts; every second place lies inside a closed wall.
private func walledGround() -> (floors: Floors, places: [Position]) {
  let side = 1000
  var random = SeededGenerator(seed: 5)
  var isBlocked = [Bool](repeating: false, count: side * side)
  for _ in 0..<800 {
    let (x, y, size) = (random.integer(0...side - 20), random.integer(0...side - 20), random.integer(1...9))
    for row in y..<y + size { for column in x..<x + size { isBlocked[row * side + column] = true } }
  }
  var centers: [(x: Int, y: Int)] = []
  for _ in 0..<60 {
    let (x, y) = (random.integer(20...side - 20), random.integer(20...side - 20))
    for row in y - 12...y + 12 {
      for column in x - 12...x + 12 {
        isBlocked[row * side + column] = max(abs(row - y), abs(column - x)) > 9
      }
    }
    centers.append((x, y))
  }
  let floors = Floors.plain(width: side, height: side) { x, y in !isBlocked[y * side + x] }
  let places = (0..<3000).map { index -> Position in
    guard index % 2 == 1 else { return freePlace(&random, floors, side) }
    let center = centers[index / 2 % centers.count]
    return Position(Double(center.x) + 0.5, Double(center.y) + 0.5)
  }
  return (floors, places)
}

private func freePlace(_ random: inout SeededGenerator, _ floors: Floors, _ side: Int) -> Position {
  while true {
    let (x, y) = (random.integer(0...side - 1), random.integer(0...side - 1))
    if floors.sheets[0].walk.isWalkable(x, y) { return Position(Double(x) + 0.5, Double(y) + 0.5) }
  }
}
