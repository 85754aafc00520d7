import Core
import Foundation
import Simulation
import TestSupport
import Testing
import World

/// The closed loop on its virtual clock; needs the sandbox's terrain, which `Tools/test` builds.
@Suite struct SimulationTests {
  private static func data() throws -> SimulationData { try SimulationData(environment: "sandbox") }

  private func options(_ minutes: Double) -> SimulationOptions {
    var options = SimulationOptions()
    options.minutes = minutes
    return options
  }

  @Test func `one seed tells one story, on one thread or two`() throws {
    let data = try Self.data()
    let batch = SimulationBatch(data: data, options: options(3))
    let alone = try batch.run(seeds: 0..<3, jobs: 1) { _ in }
    let together = try batch.run(seeds: 0..<3, jobs: 2) { _ in }
    #expect(alone.map(\.seed) == [0, 1, 2])
    #expect(alone.map(\.stateHash) == together.map(\.stateHash))
    #expect(alone.map(\.decisionHash) == together.map(\.decisionHash))
    #expect(Set(alone.map(\.stateHash)).count == 3, "seeds must differ")
  }

  @Test func `the agent fights, wins and loots by what it reads and the keys it presses`() throws {
    let result = try SimulationRun(data: try Self.data(), options: options(8), seed: 1).run()
    #expect(result.defeats >= 3)
    #expect(result.loots >= 1)
    #expect(result.experience > 0)
  }

  @Test func `latency changes the story but not its sense`() throws {
    let data = try Self.data()
    var late = options(5)
    late.latency = 30_000
    let punctual = try SimulationRun(data: data, options: options(5), seed: 4).run()
    let delayed = try SimulationRun(data: data, options: late, seed: 4).run()
    #expect(punctual.stateHash != delayed.stateHash)
    #expect(delayed.defeats > 0)
  }

  @Test func `no key stays down and every decision has a reason`() throws {
    var silent: [Tick] = []
    _ = try SimulationRun(data: try Self.data(), options: options(3), seed: 2).run { input, output, _ in
      let decision = output.receipt.decision
      if decision.layer == .hold, decision.hold == .none { silent.append(decision.tick) }
      for verdict in output.receipt.verdicts where !verdict.isEligible && verdict.reason == .none {
        silent.append(decision.tick)
      }
    }
    #expect(silent.isEmpty, "ticks without a reason: \(silent.prefix(5))")
  }

  @Test func `a hundred worlds in parallel do not disturb each other`() throws {
    let data = try Self.data()
    let one = try SimulationRun(data: data, options: options(0.2), seed: 7).run()
    let many = try SimulationBatch(data: data, options: options(0.2)).run(seeds: 0..<20, jobs: 2) { _ in }
    #expect(many[7].stateHash == one.stateHash)
  }
}

@Suite struct EstimateTests {
  @Test func `the interval of known numbers is the textbook's`() {
    let estimate = Estimate([10, 12, 14])
    #expect(estimate.mean == 12)
    // t(0.975, 2) = 4.303, s = 2, n = 3.
    #expect(abs(estimate.margin - 4.303 * 2 / 3.0.squareRoot()) < 1e-9)
    #expect(Estimate([5]).margin == 0)
  }
}
