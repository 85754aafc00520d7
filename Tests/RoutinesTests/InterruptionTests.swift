import Core
import Perception
import Testing

@testable import Routines

/// Orders that change at random ticks: every routine that was entered is left exactly once, whatever state it was in.
@Suite struct InterruptionTests {
  static func orders(_ generator: inout SeededGenerator) -> RoutineOrder {
    let rat = EntityID(10)
    let point = Position(generator.uniform(-80...80), generator.uniform(-80...80))
    let all: [RoutineOrder] = [
      .deathRecovery, .feignDeath(spell: ScriptedWorld.feign), .flee(to: point, from: rat),
      .evade(to: point, from: rat),
      .combat(target: rat), .engageAdd(target: EntityID(11)), .rest(untilHealth: 0.95, untilMana: 0.9),
      .loot(corpse: EntityID(20)), .acquire(target: rat), .pull(target: rat, mode: .pet),
      .pull(target: EntityID(11), mode: .spell), .pull(target: rat, mode: .fear), .pull(target: rat, mode: .body),
      .memorizeSpells, .summonPet(spell: ScriptedWorld.pet), .buff(spell: ScriptedWorld.shield),
      .vendor(merchant: nil, at: Position(20, 0)), .recoverCorpse(at: point), .unstick,
      .travel(to: point, zone: ZoneID(1)), .wander(around: point, radius: 60),
    ]
    return all[generator.integer(0...all.count - 1)]
  }

  @Test func `exit comes exactly once per routine, and nothing stays held or sat`() {
    for seed in UInt64(0)..<25 {
      var generator = SeededGenerator(seed: seed)
      var world = ScriptedWorld()
      world.addPet()
      world.add(10, "a_rat01", at: Position(40, 30))
      world.add(11, "a_bat01", at: Position(-30, 50))
      world.add(20, "a_rat02", at: Position(10, -30), kind: .corpse)
      world.add(30, "Bram", at: Position(20, 0))
      world.state.gems[1].spell = nil
      world.state.player.health = 60
      world.look()
      var runner = RoutineRunner(seed: seed)
      var told = 0
      var ended = 0
      var entered = 0
      var before: Tick?
      for _ in 0..<40 {
        let order = Self.orders(&generator)
        let isHeld = generator.chance(0.1)
        for _ in 0..<generator.integer(1...60) {
          let hold: HoldReason = isHeld ? (seed % 2 == 0 ? .stale : .notArmed) : .none
          let decision = Decision(
            tick: world.state.tick, layer: isHeld ? .hold : .utility, order: isHeld ? nil : order, hold: hold,
            credit: CreditID(UInt32(world.state.tick.slot)))
          if runner.run(decision, world.context) != nil { told += 1 }
          ended += runner.hands.events.filter { $0.key == "routine.end" }.count
          #expect(runner.hands.strokes.count <= Hands.strokesMax, "seed \(seed): too much for one tick")
          let started = runner.status?.started
          if let started, started != before { entered += 1 }
          // One that was entered and ended within the tick never shows in the status; its end was counted.
          before = started
          if isHeld { #expect(runner.hands.held.isEmpty, "seed \(seed): a key is wished for while holding") }
          world.advance(isHeld ? Hands(seed: 0) : runner.hands)
        }
      }
      for _ in 0..<12 {
        if runner.run(Decision(tick: world.state.tick, layer: .idle), world.context) != nil { told += 1 }
        ended += runner.hands.events.filter { $0.key == "routine.end" }.count
        world.advance(runner.hands)
        #expect(runner.hands.held.isEmpty, "seed \(seed): a key is wished for with no routine")
      }
      #expect(runner.status == nil)
      #expect(told == ended, "seed \(seed): \(ended) ends, \(told) told")
      #expect(ended >= entered, "seed \(seed): \(entered) entered, \(ended) ended")
      #expect(world.state.player.stand == .standing, "seed \(seed)")
      #expect(world.state.isAutoAttacking == false, "seed \(seed)")
    }
  }

  @Test func `the same seed gives the same strokes`() {
    func strokes() -> [MotorCommand] {
      var world = ScriptedWorld()
      world.look()
      var runner = RoutineRunner(seed: 3)
      var all: [MotorCommand] = []
      for _ in 0..<400 {
        _ = runner.run(
          Decision(
            tick: world.state.tick, layer: .utility, order: .wander(around: .origin, radius: 90),
            credit: CreditID(1)), world.context)
        all += runner.hands.strokes
        world.advance(runner.hands)
      }
      return all
    }
    let first = strokes()
    #expect(!first.isEmpty)
    #expect(first == strokes())
  }

  @Test func `walking keeps to its line, whichever way it begins`() {
    for seed in UInt64(0)..<40 {
      var generator = SeededGenerator(seed: seed)
      var world = ScriptedWorld()
      world.state.player.heading = Heading(generator.uniform(0...511))
      world.look()
      let goal = Position.origin.moved(100, along: Heading(generator.uniform(0...511)))
      let line = Position.origin.heading(to: goal)
      var worst = 0.0
      let trace = run(.travel(to: goal, zone: ZoneID(1)), in: &world) { world, _ in
        guard let place = world.state.player.position, place.length > 3, place.distance(to: goal) > 12 else { return }
        let angle = line.turn(to: Position.origin.heading(to: place)) * .pi / 256
        worst = max(worst, abs(place.length * sine(angle)))
      }
      #expect(trace.outcome?.result == .succeeded, "seed \(seed)")
      #expect(worst < 4, "seed \(seed): \(worst) units off the line")
    }
  }
}

private func sine(_ x: Double) -> Double { x - x * x * x / 6 + x * x * x * x * x / 120 }
