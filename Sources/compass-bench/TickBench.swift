import Agent
import CAllocations
import CLinux
import Core
import Perception
import Simulation
import Synchronization
import Telemetry
import World

/// The whole tick of an agent at play: reading and decoding its client's memory, and `Agent.tick`.
///
/// The agent plays the sandbox; what it sees is filled up to the stated number of spawns with others that walk around.
func benchTick(asJSON: Bool) throws {
  let data = try SimulationData(environment: "sandbox")
  for spawns in [300, 500] {
    for measurement in try measureTicks(data, spawns: spawns, count: 18_000) { measurement.report(asJSON: asJSON) }
  }
}

private func measureTicks(_ data: SimulationData, spawns: Int, count: Int) throws -> [Measurement] {
  let work = PathWork()
  var options = SimulationOptions()
  options.pathMeter = { work.note(begins: $0) }
  var loop = try ClosedLoop(data: data, seed: 1, players: [PlayerSetup()])
  var seat = try Seat(data: data, options: options, seed: 1)
  var samples: [Double] = []
  samples.reserveCapacity(count)
  var pathSamples: [Double] = []
  pathSamples.reserveCapacity(count)
  var allocations: UInt64 = 0
  var allocatingTicks = 0
  var steady = SteadyTicks()
  var crowd = Crowd()
  let warmUp = 600
  for slot in 0..<count + warmUp {
    let tick = Tick(slot)
    let report = loop.report(player: 0)
    let start = linux_thread_cpu_nanoseconds()
    let before = allocations_of_thread()
    var snapshot = try loop.snapshot(player: 0, tick: tick)
    let read = linux_thread_cpu_nanoseconds()
    let allocatedReading = allocations_of_thread() - before
    crowd.join(&snapshot.state, upTo: spawns)
    work.reset()
    let filled = linux_thread_cpu_nanoseconds()
    let filledAllocations = allocations_of_thread()
    let (_, output) = try seat.tick(snapshot, report: report)
    let end = linux_thread_cpu_nanoseconds()
    if slot >= warmUp {
      samples.append(Double(end - filled + read - start) / 1000)
      pathSamples.append(Double(work.nanoseconds) / 1000)
      let allocated = allocations_of_thread() - filledAllocations + allocatedReading
      allocations += allocated
      if allocated > 0 { allocatingTicks += 1 }
      steady.note(output, allocated)
    }
    loop.carryOut(output.commands, player: 0, tick: tick)
    loop.advance(tick)
  }
  return [
    Measurement(
      name: "tick", label: "\(spawns) spawns, whole tick", samples: samples.sorted(),
      allocations: Double(allocations) / Double(count),
      extras: [
        ("allocating_ticks", Double(allocatingTicks)), ("steady_ticks", Double(steady.count)),
        ("steady_allocations", Double(steady.allocations) / Double(max(1, steady.count))),
      ]),
    Measurement(
      name: "tick", label: "\(spawns) spawns, path work in it", samples: pathSamples.sorted(), allocations: 0,
      extras: [("ticks_with", Double(pathSamples.count { $0 > 0 }))]),
  ]
}

/// The ticks in which no routine begins or ends, and what they allocate.
private struct SteadyTicks {
  private(set) var count = 0
  private(set) var allocations: UInt64 = 0
  private var order: RoutineOrder?
  private var hasEnded = false

  mutating func note(_ output: TickOutput, _ allocated: UInt64) {
    let begins = hasEnded || output.receipt.decision.order != order
    hasEnded = output.events.contains { if case .routineEnd = $0 { true } else { false } }
    order = output.receipt.decision.order
    guard !begins, !hasEnded else { return }
    count += 1
    allocations += allocated
  }
}

/// Adds up the thread's CPU time between the beginnings and ends of questions to the navigator.
private final class PathWork: Sendable {
  private let began = Atomic<UInt64>(0)
  private let sum = Atomic<UInt64>(0)

  var nanoseconds: UInt64 { sum.load(ordering: .relaxed) }

  func reset() { sum.store(0, ordering: .relaxed) }

  func note(begins: Bool) {
    let now = UInt64(linux_thread_cpu_nanoseconds())
    if begins {
      began.store(now, ordering: .relaxed)
    } else {
      sum.add(now - began.load(ordering: .relaxed), ordering: .relaxed)
    }
  }
}

/// Spawns that are not in the world: they walk in circles around the player, half of them too weak to be worth a fight.
private struct Crowd {
  private var buffer: [Spawn] = []

  mutating func join(_ state: inout GameState, upTo count: Int) {
    guard let centre = state.player.position, state.validity == .valid else { return }
    buffer.removeAll(keepingCapacity: true)
    buffer.append(contentsOf: state.spawns)
    var index = 0
    while buffer.count < count {
      let heading = Heading(Double(index) * 37 + Double(state.tick.slot) * 0.2)
      let position = centre.moved(250 + Double(index % 60) * 15, along: heading)
      buffer.append(
        Spawn(
          id: EntityID(UInt32(1_000_000 + index)), name: "a passer-by", position: position,
          velocity: Position(3, 0), heading: heading, level: index.isMultiple(of: 2) ? 1 : 5))
      index += 1
    }
    swap(&state.spawns, &buffer)
  }
}
