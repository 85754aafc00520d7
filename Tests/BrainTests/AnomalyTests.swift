import Core
import Perception
import Telemetry
import Testing

@testable import Brain

@Suite struct AnomalyTests {
  private func count(_ anomaly: Anomaly, _ bench: Bench) -> Int {
    bench.brain.statistics.anomalies[Int(anomaly.rawValue)]
  }

  @Test func `a drought of defeats is noticed, once in a while`() {
    var bench = Bench()
    bench.ticks(2990)
    #expect(count(.defeatDrought, bench) == 0)
    bench.ticks(100)
    #expect(count(.defeatDrought, bench) == 1)
    bench.ticks(1800)
    #expect(count(.defeatDrought, bench) == 3)
  }

  @Test func `targets that cannot be taken, fizzles, and being stuck are noticed`() {
    let cases: [(Anomaly, RoutineOrder, RoutineFailure, Int)] = [
      (.acquireLoop, .acquire(target: EntityID(7)), .targetNotTaken, 5),
      (.fizzleStreak, .buff(spell: SmallLore.shield), .fizzled, 4),
      (.stuckOften, .wander(around: .origin, radius: 50), .stuck, 3),
    ]
    for (anomaly, order, failure, times) in cases {
      var bench = Bench()
      for turn in 1...times {
        #expect(count(anomaly, bench) == 0)
        bench.tick(
          outcome: RoutineOutcome(
            order: order, credit: CreditID(1), result: .failed(failure), started: bench.state.tick,
            ended: bench.state.tick))
        if turn == times { #expect(count(anomaly, bench) == 1, "\(anomaly.name)") }
      }
    }
  }

  @Test func `drifting off, running against a wall and an empty bar of mana are noticed`() {
    var bench = Bench()
    bench.state.player.position = Position(700, 0)
    bench.tick()
    #expect(count(.campDrift, bench) == 1)
    bench = Bench()
    bench.state.player.speed = 30
    bench.ticks(40)
    #expect(count(.headingLock, bench) == 1)
    bench = Bench()
    bench.state.player.mana = 5
    bench.tick()
    #expect(count(.manaDepletion, bench) == 1)
  }

  @Test func `a pet that would not go is replaced by a spell for a while`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.tick()
    bench.state.target = EntityID(7)
    #expect(bench.end(.succeeded).order == .pull(target: EntityID(7), mode: .pet))
    bench.end(.failed(.petRefused))
    bench.ticks(310)
    #expect(bench.tick().order == .pull(target: EntityID(7), mode: .spell))
  }

  @Test func `a pet left behind is fetched for a while, then done without`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.state.spawns[0].position = Position(300, 0)
    #expect(bench.tick().rule == .wander)
    #expect(bench.verdict(.acquire)?.reason == .petFar)
    #expect(bench.ticks(620).order == .acquire(target: EntityID(7)))
    bench.state.target = EntityID(7)
    #expect(bench.end(.succeeded).order == .pull(target: EntityID(7), mode: .spell))
  }

  @Test
  func
    `a pet that stays behind again and again is waited for once from its first loss, until it follows for half one`()
  {
    var bench = Bench()
    var waited = 0
    func stay(_ place: Double, _ ticks: Int) {
      bench.state.spawns[0].position = Position(place, 0)
      for _ in 0..<ticks {
        bench.tick()
        if bench.brain.memory.pet.sought != nil { waited += 1 }
      }
    }
    for _ in 0..<20 {
      stay(300, 100)
      stay(20, 50)
    }
    #expect(waited == PetSearch.waitTicks * 100 / 150)
    stay(20, PetSearch.followTicks)
    stay(300, 100)
    #expect(waited == PetSearch.waitTicks * 100 / 150 + 100)
  }

  @Test func `prey on whose way the pet stayed behind is left alone for a while`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.tick()
    bench.state.target = EntityID(7)
    #expect(bench.end(.succeeded).order == .pull(target: EntityID(7), mode: .pet))
    bench.state.spawns[0].position = Position(300, 0)
    #expect(bench.tick().rule == .wander)
    bench.state.spawns[0].position = Position(5, 0)
    bench.ticks(100)
    #expect(bench.brain.memory.choice == nil)
    bench.ticks(PetSearch.preyTicks)
    #expect(bench.brain.memory.choice?.id == EntityID(7))
  }

  @Test func `plans leave out what is barred for long`() {
    var bench = Bench()
    bench.state.spawns.append(Bench.npc(7, at: Position(80, 20)))
    bench.state.target = EntityID(7)
    bench.brain.gates.openBreaker(.pull, at: bench.state.tick)
    bench.ticks(50)
    #expect(bench.brain.statistics.plans.made == 0)
    #expect(bench.brain.memory.rule == .wander)
  }
}
