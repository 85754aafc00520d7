import Core
import Simulation
import TestSupport
import Testing
import World

/// The players against whom the agent is measured; needs the sandbox's terrain, which `Tools/test` builds.
@Suite struct ReferencePlayerTests {
  private func run(
    _ player: SimulationOptions.PlayerKind, minutes: Double, seed: UInt64 = 1, setup: PlayerSetup = PlayerSetup()
  ) throws -> SimulationResult {
    var options = SimulationOptions()
    options.player = player
    options.minutes = minutes
    options.setup = setup
    return try SimulationRun(data: try SimulationData(environment: "sandbox"), options: options, seed: seed).run()
  }

  @Test func `whoever presses nothing gains nothing`() throws {
    let result = try run(.idle, minutes: 5)
    #expect(result.defeats == 0)
    #expect(result.experience == 0)
    #expect(result.loots == 0)
  }

  @Test func `the reckless die within minutes`() throws {
    let setup = PlayerSetup(level: 5, zone: "meadow", position: Position(380, 300, 900))
    let result = try run(.reckless, minutes: 5, setup: setup)
    #expect(result.deaths >= 1)
  }

  @Test func `the careful win fights, loot, rest and live`() throws {
    let result = try run(.careful, minutes: 8)
    #expect(result.defeats >= 3)
    #expect(result.loots >= 1)
    #expect(result.experience > 0)
    #expect(result.deaths == 0)
  }

  @Test func `a reference player's story is its seed's alone`() throws {
    let first = try run(.careful, minutes: 1)
    let second = try run(.careful, minutes: 1)
    #expect(first.stateHash == second.stateHash)
    #expect(first.decisionHash == second.decisionHash)
  }

  @Test func `two agents in one world each live a life, and their sum is told`() throws {
    var options = SimulationOptions()
    options.agents = 2
    options.minutes = 1
    let data = try SimulationData(environment: "sandbox")
    let result = try SimulationRun(data: data, options: options, seed: 1).run()
    #expect(result.agents.count == 2)
    #expect(result.counters.first { $0.name == "pulls_shared" }?.value == 0)
    #expect(Set(result.agents.map(\.decisionHash)).count == 2)
    #expect(result.agents.reduce(0) { $0 + $1.decisionChanges } == result.decisionChanges)
    #expect(try SimulationRun(data: data, options: options, seed: 1).run().stateHash == result.stateHash)
  }
}
