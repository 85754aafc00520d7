import Core
import Nav
import Perception
import Testing
import WorldModel

@testable import Routines

/// No second is lost before a fight: on the way while the way is looked for, turned while the client answers.
@Suite struct QuickBeginningsTests {
  private static let rat = EntityID(10)

  @Test func `the nearest of all is taken by one key, and another of its kind by its name`() {
    var world = ScriptedWorld()
    world.add(10, "a_rat01", at: Position(30, 0))
    world.add(11, "a_bat01", at: Position(60, 0))
    world.look()
    var hands = Hands(seed: 1)
    var take = TakeTarget(Self.rat)
    hands.begin(world.state.tick)
    #expect(take.tick(world.context, &hands) == .running)
    #expect(hands.strokes == [.tap(.targetNextNPC)])
    // A target of the same kind is gone on from: the key would take the bat.
    world.state.target = EntityID(11)
    take = TakeTarget(Self.rat)
    hands.begin(world.state.tick + 1)
    #expect(take.tick(world.context, &hands) == .running)
    #expect(hands.strokes == [.type("/target a_rat01")])
  }

  @Test func `whoever takes a target turns to it meanwhile`() {
    var world = ScriptedWorld()
    world.add(10, "a_rat01", at: Position(0, -30))
    world.look()
    var hands = Hands(seed: 1)
    var acquire = Acquire(Self.rat)
    hands.begin(world.state.tick)
    acquire.enter(world.context, &hands)
    #expect(acquire.tick(world.context, &hands) == .running)
    #expect(hands.held.contains(.turnLeft) || hands.held.contains(.turnRight))
  }

  @Test func `a search for a way around somebody is no reason to stand, unless he is near`() throws {
    /// Ticks that the walk stood with the search under way, and walked, in the first ten.
    func beginning(enemies center: Position, setsOut: Bool = true) throws -> (stood: Int, walked: Int) {
      var world = ScriptedWorld()
      world.navigator = try ScriptedGround.navigator()
      world.state.player.position = Position(-120, 0)
      world.state.player.heading = Position(-120, 0).heading(to: Position(120, 0))
      // They bar the straight way on a broad front, so that the search takes its time.
      for row in 0..<7 {
        world.add(UInt32(20 + row), "a_wolf01", at: Position(center.x, center.y + 40 * Double(row - 3)))
      }
      world.look()
      var walk = Walk()
      var result = (stood: 0, walked: 0)
      for _ in 0..<10 {
        var hands = Hands(seed: 1)
        hands.begin(world.state.tick)
        #expect(
          walk.tick(
            to: Position(120, 0), within: 5, setsOut: setsOut, clearOf: .all(except: nil), world.context, &hands)
            == .running)
        if hands.held.contains(.forward) { result.walked += 1 } else { result.stood += 1 }
        world.advance(hands)
        world.look()
      }
      return result
    }
    #expect(try beginning(enemies: Position(40, 0)).stood == 0)
    #expect(try beginning(enemies: Position(40, 0), setsOut: false).stood > 0)
    // Towards one beside whom we stand nobody walks before the way is known.
    #expect(try beginning(enemies: Position(-60, 0)).walked < 10)
  }

  @Test func `whose blows begin the fight is ready to strike before he is there`() {
    var world = ScriptedWorld()
    world.add(10, "a_rat01", at: Position(60, 0))
    world.state.target = Self.rat
    world.state.player.heading = Position.origin.heading(to: Position(60, 0))
    world.look()
    var pull = Pull(target: Self.rat, mode: .body)
    var hands = Hands(seed: 1)
    hands.begin(world.state.tick)
    pull.enter(world.context, &hands)
    for _ in 0..<40 where world.state.isAutoAttacking != true {
      hands.begin(world.state.tick)
      guard pull.tick(world.context, &hands) == .running else { break }
      world.advance(hands)
      world.look()
    }
    let distance = world.state.player.position?.distance(to: Position(60, 0)) ?? 0
    #expect(world.state.isAutoAttacking == true)
    #expect((12.0...24).contains(distance), "\(distance) units off")
  }

  @Test func `beside one of the kin of easy prey the pull goes on, beside two it waits`() {
    for (easy, kin, waits) in [(false, 1, true), (true, 1, false), (true, 2, true)] {
      var world = ScriptedWorld()
      world.add(10, "a_rat01", at: Position(60, 0))
      world.state.target = Self.rat
      world.look()
      let context = world.context
      var pull = Pull(target: Self.rat, mode: .body)
      var hands = Hands(seed: 1)
      hands.begin(world.state.tick)
      pull.enter(
        RoutineContext(
          state: context.state, model: context.model, lore: context.lore, navigator: nil, body: context.body,
          advice: FightAdvice(isEasy: easy)), &hands)
      for number in 0..<kin { world.add(UInt32(20 + number), "a_rat01", at: Position(75, 5 * Double(number))) }
      world.look()
      for _ in 0..<3 {
        hands.begin(world.state.tick)
        _ = pull.tick(world.context, &hands)
      }
      #expect((pull.phase == 5) == waits, "easy \(easy), \(kin) of its kin")
    }
  }
}
