import CLinux
import Command
import Core
import Lore
import Nav
import Perception

/// `compass-bench path-zones`: random routes through the sandbox's own zones, sliced as a daemon slices them.
func benchPathZones(asJSON: Bool) throws {
  let environment = try EnvironmentFile.find("sandbox")
  for zone in ["harbour", "meadow", "canyon", "barrow", "marsh"] {
    let file = environment.terrain(zone: zone).path
    guard let terrain = try? Terrain(path: file) else {
      throw CommandError(.noInput, "\(file) is missing; run: compass-terrain rebuild --environment sandbox")
    }
    let began = linux_thread_cpu_nanoseconds()
    let navigator = try Navigator(terrain: terrain)
    navigator.prepare()
    let setup = Double(linux_thread_cpu_nanoseconds() - began) / 1e6
    var random = SeededGenerator(seed: 3)
    let header = terrain.header
    func place() -> Position? {
      let x = header.originX + random.uniform(0...Double(header.width) * header.cellSize)
      let y = header.originY + random.uniform(0...Double(header.height) * header.cellSize)
      let z = terrain.height(x, y, near: random.uniform(-20...200))
      return z.flatMap { navigator.nearestWalkable(to: Position(x, y, $0), within: 2) }
    }
    var slices: [Double] = []
    var ticks: [Double] = []
    var exactNodes: [Double] = []
    var ratios: [Double] = []
    var unreachable = 0
    var exact = PathSearch(navigator)
    var path = Path()
    while ticks.count < 400 {
      guard let from = place(), let to = place() else { continue }
      var count = 0
      var outcome = Navigator.Outcome.none(.budget)
      while count < 1000 {
        count += 1
        let began = linux_thread_cpu_nanoseconds()
        outcome = navigator.find(from: from, to: to, into: &path)
        slices.append(Double(linux_thread_cpu_nanoseconds() - began) / 1000)
        if outcome != .partial(.budget), outcome != .none(.budget) { break }
      }
      ticks.append(Double(count))
      guard outcome == .complete else {
        unreachable += 1
        continue
      }
      try? exact.begin(from: from, to: to, isExact: true)
      _ = exact.advance(nodeBudget: .max)
      exactNodes.append(Double(exact.expandedCount))
      if case .complete(let best) = exact.conclude(), best.seconds > 1 {
        ratios.append(path.seconds / best.seconds)
      }
    }
    func emitCase(_ label: String, _ samples: [Double], unit: String) {
      var measurement = Measurement(
        name: "path-zones", label: "\(zone), \(label)", samples: samples.sorted(), allocations: 0)
      measurement.unit = unit
      measurement.report(asJSON: asJSON)
    }
    var slice = Measurement(name: "path-zones", label: "\(zone), a slice", samples: slices.sorted(), allocations: 0)
    slice.extras = [("setup_ms", setup), ("routes", Double(ticks.count)), ("unreachable", Double(unreachable))]
    slice.report(asJSON: asJSON)
    emitCase("ticks a route", ticks, unit: "ticks")
    emitCase("nodes of the exact search", exactNodes, unit: "nodes")
    emitCase("seconds over those of the exact search", ratios, unit: "times")
  }
}
