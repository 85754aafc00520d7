import Core
import Simulation
import TestSupport
import Testing
import World

@testable import Agent
@testable import Routines

/// Turning and walking as the world answers to the keys, at ten looks a second.
@Suite struct TurningTests {
  /// Turns to random headings; what is left of the error when the turner is content. Unit: degrees, ascending.
  private func errors(latency: Int) throws -> [Double] {
    let data = try SimulationData(environment: "sandbox")
    var loop = try ClosedLoop(data: data, seed: 1, players: [PlayerSetup()], latency: latency)
    var generator = SeededGenerator(seed: 5)
    var hands = Hands(seed: 1)
    var ledger = KeyLedger()
    var slot = 0
    var errors: [Double] = []
    for _ in 0..<150 {
      let wish = Heading(generator.uniform(0...512))
      var turner = Turner()
      var quiet = 0
      var left = 0.0
      for _ in 0..<80 where quiet < 4 {
        let tick = Tick(slot)
        let heading = try #require(try loop.snapshot(player: 0, tick: tick).state.player.heading)
        left = heading.turn(to: wish)
        hands.begin(tick)
        turner.turn(left, rate: data.environment.turnRate, &hands)
        quiet = hands.held.isEmpty && hands.strokes.isEmpty ? quiet + 1 : 0
        ledger.settle(hands)
        loop.carryOut(ledger.commands, player: 0, tick: tick)
        loop.advance(tick)
        slot += 1
      }
      errors.append(abs(left) * 360 / 512)
    }
    return errors.sorted()
  }

  @Test func `a turn ends within two degrees at the 95th percentile, with and without latency`() throws {
    for latency in [0, 20_000, 40_000] {
      let errors = try errors(latency: latency)
      let p95 = errors[errors.count * 95 / 100]
      print(
        "turning with \(latency / 1000) ms: p50 \(errors[errors.count / 2])°, p95 \(p95)°, most \(errors.last ?? 0)°")
      #expect(p95 <= 2, "latency \(latency) µs")
    }
  }
}
