import Core
import Nav
import Perception
import Testing

@testable import Routines

/// A wall between us and the enemy: nothing is cast at it until we have gone to where we see it.
@Suite struct SightTests {
  static let rat = RoutineEndingsTests.rat
  /// Between the player at the origin and a rat in the north, with ways round both ends.
  static let wall = ScriptedGround.Wall(west: -30, south: 24, east: 30, north: 28)

  private func world() throws -> ScriptedWorld {
    var world = ScriptedWorld()
    world.navigator = try ScriptedGround.navigator([Self.wall])
    world.add(10, "a_rat01", at: Position(0.5, 56.5))
    world.change(Self.rat) { $0.target = nil }
    world.look()
    return world
  }

  @Test func `casts and pulls wait until the enemy is in sight, and come to it`() throws {
    for (name, order) in [
      ("combat", RoutineOrder.combat(target: Self.rat)), ("pull", .pull(target: Self.rat, mode: .spell)),
    ] {
      var world = try world()
      let navigator = try #require(world.navigator)
      #expect(!navigator.isVisible(from: .origin, to: Position(0.5, 56.5)), "the wall hides nothing")
      var (hidden, cast) = (0, 0)
      let trace = run(order, in: &world) { world, _ in
        guard let place = world.state.player.position, let foe = world.state.spawn(Self.rat), foe.kind == .npc else {
          return
        }
        let isSeen = navigator.isVisible(from: place, to: foe.position)
        // Close by, trying is worth more than the map.
        if !isSeen, place.distance(to: foe.position) > 16 { hidden += 1 }
        guard
          world.taps.contains(where: {
            $0.rawValue >= KeyAction.gem1.rawValue && $0.rawValue <= KeyAction.gem8.rawValue
          })
        else { return }
        cast += 1
        if !isSeen, place.distance(to: foe.position) > 16 { Issue.record("\(name): cast from \(place), unseen") }
      }
      #expect(hidden > 10 && cast > 0, "\(name): hidden for \(hidden) ticks, \(cast) casts")
      #expect(trace.outcome?.result == .succeeded, "\(name): \(String(describing: trace.outcome?.result))")
      #expect(trace.heldAfter.isEmpty)
    }
  }

  @Test func `an enemy in a walled-in place is given up for a reason`() throws {
    for order in [RoutineOrder.combat(target: Self.rat), .pull(target: Self.rat, mode: .spell)] {
      var world = try world()
      world.navigator = MoreEndings.ground(MoreEndings.ring(Position(0, 56), 14))
      var casts = 0
      let trace = run(order, in: &world, limit: 3500) { world, _ in
        if world.state.player.casting != nil { casts += 1 }
      }
      let reasons: [RoutineFailure] = [.unreachable, .noRoute, .notVisible, .castFailed]
      #expect(
        trace.failure.map(reasons.contains) ?? false, "\(order.routine.name): \(trace.outcome.debugDescription)")
      #expect(casts == 0, "\(order.routine.name): something was cast through walls")
    }
  }
}
