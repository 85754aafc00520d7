import Core
import Simulation
import World

/// The simulator: agent, world, mirror and decoding together, per tick of 100 ms.
func benchSim(asJSON: Bool) throws {
  let data = try SimulationData(environment: "sandbox")
  var options = SimulationOptions()
  options.minutes = 10
  _ = try SimulationRun(data: data, options: options, seed: 0).run()
  var ticks = 0
  var measurement = try measure("sim", "agent and world, 10 minutes, per run", count: 5, warmUp: 0) {
    ticks += try SimulationRun(data: data, options: options, seed: 1).run().ticks
  }
  let seconds = measurement.samples.reduce(0, +) / 1e6
  measurement.extras = [
    ("realtime_factor", Double(ticks) / Double(Tick.perSecond) / seconds),
    ("us_per_tick", seconds * 1e6 / Double(ticks)),
  ]
  measurement.allocations /= Double(ticks) / 5
  measurement.label += ", allocations per tick"
  measurement.report(asJSON: asJSON)
}

/// The world alone, and the three steps of a tick with mirror and decoding.
func benchWorld(asJSON: Bool) throws {
  let data = try SimulationData(environment: "sandbox")
  var world = try World(data: data.world, seed: 1, players: [PlayerSetup()])
  var steps = try measure("world", "one step, \(data.world.zones.count) zones", count: 60_000, warmUp: 3000) {
    world.step([])
  }
  steps.extras = [
    ("steps_per_second", 1e6 / steps.mean), ("entities", Double(world.entities.filter(\.isPresent).count)),
  ]
  steps.report(asJSON: asJSON)
  var loop = try ClosedLoop(data: data, seed: 1, players: [PlayerSetup()])
  var slot = 0
  try measure("world", "three steps with mirror and decoding", count: 20_000, warmUp: 1000) {
    loop.advance(Tick(slot))
    slot += 1
    _ = try loop.snapshot(player: 0, tick: Tick(slot))
  }.report(asJSON: asJSON)
}
