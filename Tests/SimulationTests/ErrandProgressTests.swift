import Core
import Routines
import Testing

@testable import Simulation

/// What counts as getting somewhere on a long walk.
@Suite struct ErrandProgressTests {
  /// Ticks at which a walk that leaves `left(tick)` units of its way gets somewhere.
  static func gains(_ errand: inout ErrandProgress, ticks: Int, goal: Position, left: (Int) -> Double) -> [Int] {
    (0..<ticks).filter { errand.gains(WayLeft(goal: goal, left: left($0))) }
  }

  @Test func `a traveller who covers new ground towards its goal gets somewhere all the time`() {
    var errand = ErrandProgress()
    // 3000 units at 30 a second, along a way that leads away from the goal as well: what is left of it counts.
    let gains = Self.gains(&errand, ticks: 1000, goal: Position(0, 0)) { 3000 - 3 * Double($0) }
    let pauses = zip([0] + gains, gains + [1000]).map { $1 - $0 }
    #expect(gains.count > 200 && pauses.max() ?? 0 <= 5)
  }

  @Test func `one that runs to and fro gets nowhere after the first time`() {
    var errand = ErrandProgress()
    // Ten times towards the merchant and driven back, each time as far as before.
    func run(_ turn: Int) -> [Int] {
      Self.gains(&errand, ticks: 200, goal: Position(0, 0)) { tick in
        1000 - 3 * Double(tick < 100 ? tick : 200 - tick)
      }
    }
    #expect(run(0).last ?? 0 >= 95)
    for turn in 1..<10 { #expect(run(turn).isEmpty, "turn \(turn)") }
  }

  @Test func `nor does one who begins another errand each time`() {
    var errand = ErrandProgress()
    let goals = [Position(1000, 0), Position(-1000, 0), Position(0, 1000)]
    var counts: [Int] = []
    for round in 0..<6 {
      counts.append(0)
      for goal in goals {
        counts[round] += Self.gains(&errand, ticks: 60, goal: goal) { 1000 - 3 * Double($0) }.count
      }
    }
    #expect(counts[0] > 0 && counts.dropFirst().allSatisfy { $0 == 0 })
  }

  @Test func `a new errand after a finished one begins anew`() {
    var errand = ErrandProgress()
    let goal = Position(500, 500)
    #expect(!Self.gains(&errand, ticks: 100, goal: goal) { 300 - 3 * Double($0) }.isEmpty)
    #expect(Self.gains(&errand, ticks: 100, goal: goal) { 300 - 3 * Double($0) }.isEmpty)
    errand.forget()
    #expect(!Self.gains(&errand, ticks: 100, goal: goal) { 300 - 3 * Double($0) }.isEmpty)
  }
}
