import Simulation
import TestSupport
import Testing

/// Whoever travels; needs the sandbox's terrain, which `Tools/test` builds.
@Suite struct JourneyTests {
  @Test func `a moving patrol is kept clear of, and whoever takes no notice of it meets it`() throws {
    let data = try SimulationData(environment: "sandbox")
    let marsh = try #require(data.lore.zones.first { $0.name == "marsh" })
    /// Journeys across the marsh, on whose roads a giant walks up and down.
    func journeys(isWary: Bool) throws -> (close: Int, attacks: Int, arrived: Int, stuck: Double) {
      var run = JourneyRun(data: data, seed: 2, goals: [marsh.id], isWary: isWary)
      let journeys = try run.run(count: 8) { _ in }
      return (
        journeys.reduce(0) { $0 + $1.closeCount }, journeys.reduce(0) { $0 + $1.attackCount },
        journeys.count { $0.failure == nil }, journeys.map(\.stuckLongest).max() ?? 0
      )
    }
    let wary = try journeys(isWary: true)
    let unwary = try journeys(isWary: false)
    #expect(wary.close == 0 && wary.attacks == 0 && wary.arrived == 8, "\(wary)")
    #expect(wary.stuck < 10, "\(wary)")
    #expect(unwary.close > 0, "\(unwary)")
  }
}
