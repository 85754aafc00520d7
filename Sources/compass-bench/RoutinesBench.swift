import CAllocations
import CLinux
import Core
import Nav
import Perception
import Routines
import Simulation
import World

/// The tick of each routine by itself, at play in the sandbox.
///
/// An agent plays the benchmark's places; beside it a second runner carries out the same decisions over the same model,
/// and is measured. It draws its own numbers and its keys go nowhere, so now and then it is a step ahead or behind.
func benchRoutines(asJSON: Bool) throws {
  let data = try SimulationData(environment: "sandbox")
  var samples = [[Double]](repeating: [], count: RoutineID.allCases.count)
  var allocations = [UInt64](repeating: 0, count: RoutineID.allCases.count)
  for (row, played) in data.world.benchmarks.enumerated() {
    try sample(data, played, seed: UInt64(row), minutes: 40, into: &samples, &allocations)
  }
  for routine in RoutineID.allCases {
    let own = samples[Int(routine.rawValue)]
    Measurement(
      name: "routines", label: routine.name, samples: own.sorted(),
      allocations: Double(allocations[Int(routine.rawValue)]) / Double(max(1, own.count)),
      extras: [("ticks", Double(own.count))]
    ).report(asJSON: asJSON)
  }
}

private func sample(
  _ data: SimulationData, _ played: BenchmarkCase, seed: UInt64, minutes: Int, into samples: inout [[Double]],
  _ allocations: inout [UInt64]
) throws {
  var loop = try ClosedLoop(data: data, seed: seed, players: [played.setup])
  var seat = try Seat(data: data, options: SimulationOptions(), seed: seed)
  var runner = RoutineRunner(seed: seed)
  var navigators: [ZoneID: Navigator] = [:]
  for slot in 0..<minutes * 600 {
    let tick = Tick(slot)
    let snapshot = try loop.snapshot(player: 0, tick: tick)
    let (input, output) = try seat.tick(snapshot, report: loop.report(player: 0))
    if let zone = input.state.zone, navigators[zone] == nil { navigators[zone] = try data.navigator(zone: zone) }
    do {
      guard let agent = seat.agent else { return }
      let context = RoutineContext(
        state: input.state, model: agent.model, lore: data.lore,
        navigator: input.state.zone.flatMap { navigators[$0] },
        body: agent.configuration.body, chat: input.chat)
      let before = allocations_of_thread()
      let start = linux_thread_cpu_nanoseconds()
      _ = runner.run(output.receipt.decision, context)
      let end = linux_thread_cpu_nanoseconds()
      if let routine = output.receipt.decision.order?.routine {
        samples[Int(routine.rawValue)].append(Double(end - start) / 1000)
        allocations[Int(routine.rawValue)] += allocations_of_thread() - before
      }
    }
    loop.carryOut(output.commands, player: 0, tick: tick)
    loop.advance(tick)
  }
}
