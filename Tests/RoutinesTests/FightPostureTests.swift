import Core
import Perception
import Testing

@testable import Routines

/// How one stands, or sits, while the pet fights.
@Suite struct FightPostureTests {
  static let rat = RoutineEndingsTests.rat

  private func fight(_ each: @escaping (inout ScriptedWorld, Int) -> Void = { _, _ in }) -> (sat: [Int], casts: Int) {
    var world = ScriptedWorld()
    world.addPet()
    world.add(10, "a_rat01", at: Position(0, 56))
    world.change(Self.rat) { $0.target = ScriptedWorld.petID }
    world.state.player.mana = 60
    world.look()
    var (sat, casts) = ([Int](), 0)
    let trace = run(.combat(target: Self.rat), in: &world, limit: 400) { world, tick in
      each(&world, tick)
      if world.state.player.stand == .sitting { sat.append(tick) }
      if world.state.player.casting != nil { casts += 1 }
    }
    #expect(trace.heldAfter.isEmpty)
    return (sat, casts)
  }

  @Test func `who has cast what there is to cast sits while the pet has the enemy to itself`() {
    let calm = fight()
    #expect(calm.sat.count > 10, "sat for \(calm.sat.count) ticks")
    #expect(calm.casts > 0, "and cast all the same")
  }

  @Test func `nobody sits who is hit or has more than one enemy, nor with all strength there`() {
    let turned = 60
    let hit = fight { world, tick in
      if tick >= turned { world.change(Self.rat) { $0.target = ScriptedWorld.me } }
    }
    #expect(hit.sat.allSatisfy { $0 < turned + 5 }, "sat at \(hit.sat.filter { $0 >= turned + 5 })")
    let two = fight { world, tick in
      if tick == 0 { world.add(13, "a_rat02", at: Position(0, 50)) }
      world.change(EntityID(13)) { $0.target = ScriptedWorld.petID }
    }
    #expect(two.sat.isEmpty)
    let fresh = fight { world, _ in
      world.state.player.mana = 100
      world.state.player.health = 100
    }
    #expect(fresh.sat.isEmpty)
  }
}
