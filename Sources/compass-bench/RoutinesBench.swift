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
/// An agent plays the benchmark's places, and some of them at half the level; beside it a second runner carries out the same decisions over the same model,
/// and is measured. It draws its own numbers and its keys go nowhere, so now and then it is a step ahead or behind. A third
/// one is given, five seconds at a time, what is seldom decided: it goes nowhere either, so that it comes to the way out
/// of being stuck as well.
func benchRoutines(asJSON: Bool) throws {
  let data = try SimulationData(environment: "sandbox")
  var samples = [[Double]](repeating: [], count: RoutineID.allCases.count)
  var allocations = [UInt64](repeating: 0, count: RoutineID.allCases.count)
  for (row, played) in data.world.benchmarks.enumerated() {
    try sample(data, played.setup, seed: UInt64(row), minutes: 40, into: &samples, &allocations)
  }
  // Far out of its depth, an agent flees, dies, and fetches what it lost.
  for (row, played) in data.world.benchmarks.enumerated() where played.level >= 10 {
    var setup = played.setup
    setup.level = played.level / 2
    try sample(data, setup, seed: 100 + UInt64(row), minutes: 40, into: &samples, &allocations)
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
  _ data: SimulationData, _ setup: PlayerSetup, seed: UInt64, minutes: Int, into samples: inout [[Double]],
  _ allocations: inout [UInt64]
) throws {
  var loop = try ClosedLoop(data: data, seed: seed, players: [setup])
  var seat = try Seat(data: data, options: SimulationOptions(), seed: seed)
  var runner = RoutineRunner(seed: seed)
  var seldom = SeldomOrders(seed: seed)
  // One each: a search goes on where it was while no other is asked for.
  var navigators: [ZoneID: [Navigator]] = [:]
  for slot in 0..<minutes * 600 {
    let tick = Tick(slot)
    let snapshot = try loop.snapshot(player: 0, tick: tick)
    let (input, output) = try seat.tick(snapshot, report: loop.report(player: 0))
    if let zone = input.state.zone, navigators[zone] == nil {
      navigators[zone] = [try data.navigator(zone: zone), try data.navigator(zone: zone)]
    }
    do {
      guard let agent = seat.agent else { return }
      func context(_ runner: Int) -> RoutineContext {
        RoutineContext(
          state: input.state, model: agent.model, lore: data.lore,
          navigator: input.state.zone.flatMap { navigators[$0]?[runner] },
          body: agent.configuration.body, chat: input.chat)
      }
      let own = context(0)
      let before = allocations_of_thread()
      let start = linux_thread_cpu_nanoseconds()
      _ = runner.run(output.receipt.decision, own)
      let end = linux_thread_cpu_nanoseconds()
      if let routine = output.receipt.decision.order?.routine {
        samples[Int(routine.rawValue)].append(Double(end - start) / 1000)
        allocations[Int(routine.rawValue)] += allocations_of_thread() - before
      }
      if let (routine, microseconds, taken) = seldom.run(context(1)) {
        samples[Int(routine.rawValue)].append(microseconds)
        allocations[Int(routine.rawValue)] += taken
      }
    }
    loop.carryOut(output.commands, player: 0, tick: tick)
    loop.advance(tick)
  }
}

/// A runner that is given the orders which a life seldom brings, one after the other.
private struct SeldomOrders {
  private var runner: RoutineRunner
  private var order: RoutineOrder?

  static let slots = 50

  init(seed: UInt64) { runner = RoutineRunner(seed: mixed(seed)) }

  /// One tick of it: what it was, and what it took.
  mutating func run(_ context: RoutineContext) -> (RoutineID, microseconds: Double, allocations: UInt64)? {
    let slot = context.state.tick.slot
    if slot % Self.slots == 0 { order = Self.order(slot / Self.slots, context.state) }
    guard let order else { return nil }
    let decision = Decision(
      tick: context.state.tick, layer: .utility, order: order, credit: CreditID(UInt32(truncatingIfNeeded: slot)))
    let before = allocations_of_thread()
    let start = linux_thread_cpu_nanoseconds()
    _ = runner.run(decision, context)
    let end = linux_thread_cpu_nanoseconds()
    return (order.routine, Double(end - start) / 1000, allocations_of_thread() - before)
  }

  /// About whoever is nearest, and places around us.
  private static func order(_ number: Int, _ state: GameState) -> RoutineOrder? {
    guard let place = state.player.position else { return .deathRecovery }
    let nearest = state.spawns.filter { $0.kind == .npc }.min {
      $0.position.horizontalDistance(to: place) < $1.position.horizontalDistance(to: place)
    }
    let away = Heading(Double(number * 97 % 512))
    switch (number % 5, nearest) {
    case (0, let foe?): return .engageAdd(target: foe.id)
    case (1, let foe?): return .evade(to: place.moved(50, along: foe.position.heading(to: place)), from: foe.id)
    case (2, _): return .unstick
    case (3, _): return .deathRecovery
    default: return .recoverCorpse(at: place.moved(220, along: away))
    }
  }
}
