import Core
import Lore
import Perception
import Testing

@testable import Brain

/// When a merchant is worth the way. The meadow has none; the town, over one zone line, has one.
@Suite struct ErrandTests {
  /// At the camp in the meadow with so many fangs of 100 copper; the operator finds 600 worth a way.
  private func bench(fangs: Int, free: Int = 6) -> Bench {
    var policy = Policy()
    policy.tradeValue = 600
    policy.items[SmallLore.reagent] = .keep
    var bench = Bench(lore: SmallLore.make(policy: policy))
    bench.state.inventory = Inventory(
      items: [
        ItemStack(item: SmallLore.reagent, count: 10, slot: 0),
        ItemStack(item: SmallLore.fang, count: fangs, slot: 1),
      ], slotsFree: free, slotsTotal: 8)
    return bench
  }

  @Test func `a merchant of another zone is worth the way for six times what one of this zone is`() {
    // Fangs, slots free, in town: is there an errand?
    let cases: [(Int, Int, Bool, Bool)] = [
      (5, 6, true, false), (6, 6, true, true), (6, 6, false, false), (35, 6, false, false), (36, 6, false, true),
      // Who has no room left goes with less.
      (5, 1, false, true),
    ]
    for (fangs, free, inTown, isWorthIt) in cases {
      var bench = bench(fangs: fangs, free: free)
      if inTown { bench.state.zone = SmallLore.town }
      bench.ticks(3)
      let errand = bench.brain.memory.errand
      #expect((errand != nil) == isWorthIt, "\(fangs) fangs, \(free) free, in town: \(inTown)")
      #expect(errand == nil || errand?.zone == SmallLore.town)
    }
  }

  @Test func `who had to run on the way to another zone's merchant, or died of it, leaves it for longer each time`() {
    var bench = bench(fangs: 40)
    func isWanted(after ticks: Int) -> Bool {
      bench.ticks(ticks)
      return bench.brain.memory.errand != nil
    }
    #expect(isWanted(after: 3))
    for health in [15, 0] {
      bench.state.spawns.append(Bench.npc(7, at: Position(20, 0), target: Bench.player))
      bench.state.player.health = health
      bench.state.player.stand = health > 0 ? .standing : .dead
      bench.ticks(3)
      #expect(bench.brain.memory.flight.isOn == (health > 0) && bench.brain.memory.errand == nil)
      bench.state.spawns.removeLast()
      bench.state.player.health = 100
      bench.state.player.stand = .standing
      let bar = health > 0 ? Errand.barTicks : 2 * Errand.barTicks
      #expect(!isWanted(after: bar - 10))
      #expect(isWanted(after: 20))
    }
    // Who made it there begins anew.
    bench.state.zone = SmallLore.town
    bench.ticks(3)
    #expect(bench.brain.memory.rule == .vendor && bench.brain.memory.errandsGivenUp == 2)
    bench.end(.succeeded)
    #expect(bench.brain.memory.errandsGivenUp == 0)
  }
}
