import Core
import Lore
import Perception
import Telemetry
import Testing

@testable import Brain

@Suite struct StopgapTests {
  /// A bench whose operator wishes for nobody more than two levels below us. We are of level 5.
  private func bench(phase: UInt8 = 2) -> Bench {
    var policy = Policy()
    policy.levelDifferenceMin = -2
    return Bench(phase: phase, lore: SmallLore.make(policy: policy))
  }

  private static let weak = EntityID(7)
  private static let fair = EntityID(8)

  @Test func `who is below the wished levels is hunted only after a while without anybody better`() {
    for phase in UInt8(0)...4 {
      var bench = bench(phase: phase)
      bench.state.spawns.append(Bench.npc(7, at: Position(80, 20), level: 2))
      bench.ticks(BrainMemory.stopgapTicks - 2)
      #expect(bench.brain.memory.choice == nil)
      #expect(bench.receipt.candidates.first?.reject == .scoreTooLow)
      bench.ticks(4)
      #expect(bench.brain.memory.choice?.id == Self.weak, "phase \(phase)")
      #expect(bench.brain.memory.order == .acquire(target: Self.weak))
    }
  }

  @Test func `a better one is hunted first, but no pull is broken off for it`() {
    var bench = bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20), level: 2))
    bench.state.spawns.append(Bench.npc(8, at: Position(-90, 0), level: 5))
    bench.ticks(100)
    #expect(bench.brain.memory.choice?.id == Self.fair)
    // It goes; for some seconds nobody is hunted, then the weak one.
    bench.state.spawns.removeLast()
    bench.state.target = Self.weak
    bench.ticks(BrainMemory.stopgapTicks - 2)
    #expect(bench.brain.memory.choice == nil)
    bench.ticks(4)
    #expect(bench.brain.memory.order == .pull(target: Self.weak, mode: .pet))
    bench.state.spawns.append(Bench.npc(8, at: Position(-90, 0), level: 5))
    bench.ticks(20)
    #expect(bench.brain.memory.order == .pull(target: Self.weak, mode: .pet))
  }

  @Test func `who is below the hunted colours is no stopgap`() {
    var bench = bench()
    // Four levels below us is green, which this operator does not hunt.
    bench.state.player.level = 12
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20), level: 2))
    bench.ticks(3 * BrainMemory.stopgapTicks)
    #expect(bench.brain.memory.choice == nil)
  }

  @Test func `stopgaps that give no experience are given up after two, until we are of another level`() {
    var bench = bench()
    bench.state.player.experience = 0.5
    func defeat(gain: Double) {
      bench.state.spawns.append(Bench.npc(7, at: Position(80, 20), level: 2))
      bench.ticks(2 * BrainMemory.stopgapTicks)
      #expect(bench.brain.memory.choice?.id == Self.weak)
      bench.state.player.experience! += gain
      bench.state.spawns.removeLast()
      bench.tick()
      bench.brain.learn(
        from: [
          .encounterEnd(
            EncounterEnd(
              credit: CreditID(1), target: Self.weak, name: "a rat", level: 2, outcome: .defeated, strategy: 1,
              seconds: 20, manaSpent: 0.1, healthLost: 0, casts: 1, adds: 0, petDied: false, at: Position(80, 20)))
        ], at: bench.state.tick)
      bench.tick()
    }
    // What gives something is hunted on, and one that gives nothing may be an accident.
    for gain in [0.001, 0, 0.001, 0, 0] { defeat(gain: gain) }
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20), level: 2))
    bench.ticks(10 * BrainMemory.stopgapTicks)
    #expect(bench.brain.memory.choice == nil)
    #expect(bench.receipt.candidates.first?.reject == .scoreTooLow)
    // Of another level we learn anew.
    var lessons = bench.brain.memory.experience.lessons
    #expect(lessons.isVain(-3) && lessons.isVain(-4) && !lessons.isVain(-2))
    lessons.note(-3, hasGained: false, at: 6)
    #expect(!lessons.isVain(-3))
  }
}
