import Core
import Nav
import Testing

@testable import Routines

/// What routines and walks keep so that nothing is allocated anew, and that nobody sees it.
@Suite struct KeptMemoryTests {
  @Test func `a routine that is made from an ended one is as new`() {
    let (near, far) = (Position(1, 2), Position(300, 400))
    let orders: [(RoutineOrder, RoutineOrder)] = [
      (.combat(target: EntityID(1)), .engageAdd(target: EntityID(2))),
      (.pull(target: EntityID(1), mode: .pet), .pull(target: EntityID(2), mode: .spell)),
      (.acquire(target: EntityID(1)), .acquire(target: EntityID(2))),
      (.loot(corpse: EntityID(1)), .loot(corpse: EntityID(2))),
      (.flee(to: near, from: nil), .evade(to: far, from: EntityID(3))),
      (.travel(to: near, zone: ZoneID(1)), .travel(to: far, zone: ZoneID(2))),
      (.wander(around: near, radius: 20), .wander(around: far, radius: 90)),
    ]
    var store = RoutineStore()
    // Others that ended lie beside the one that is wanted.
    for (first, _) in orders { store.keep(store.make(first)) }
    for (_, second) in orders {
      var empty = RoutineStore()
      let reused = store.make(second)
      #expect(String(reflecting: reused) == String(reflecting: empty.make(second)))
      store.keep(reused)
    }
  }

  @Test func `ways are written into the same memory again, and a way that is held stays as it is`() {
    var ways = KeptWays()
    let held = ways.straight(Position(1, 1), Position(2, 2))
    let danger = ways.danger { $0.zones.append(DangerZone(center: Position(5, 5), radius: 9)) }
    var places: Set<UnsafeRawPointer?> = []
    for round in 0..<1000 {
      let way = ways.straight(Position(Double(round), 0), Position(0, Double(round)))
      #expect(way.points == [Position(Double(round), 0), Position(0, Double(round))])
      let other = ways.danger { _ in }
      #expect(other.isEmpty)
      way.points.withUnsafeBytes { if round >= KeptWays.pathsMax { _ = places.insert($0.baseAddress) } }
    }
    #expect(places.count == KeptWays.pathsMax)
    #expect(held.points == [Position(1, 1), Position(2, 2)])
    #expect(danger.zones.map(\.radius) == [9])
  }

  @Test func `kept ways are those that the navigator finds, in full, in part and out of danger`() {
    var random = SeededGenerator(seed: 12)
    let isBlocked = (0..<100 * 100).map { _ in random.chance(0.25) }
    let floors = Floors.plain(width: 100, height: 100) { x, y in !isBlocked[y * 100 + x] }
    let (plain, kept) = (Navigator(floors: floors), Navigator(floors: floors))
    var ways = KeptWays()
    var seen: Set<String> = []
    var last: (result: PathResult, copy: PathResult)?
    for round in 0..<600 {
      let from = Position(random.uniform(0...100), random.uniform(0...100))
      let to = Position(random.uniform(0...100), random.uniform(0...100))
      let danger = DangerField(
        round.isMultiple(of: 2) ? [] : [DangerZone(center: from, radius: 8, rate: 1, isHard: round % 4 == 1)])
      let budget = round % 3 == 0 ? 20 : Navigator.wholeBudget
      let (want, got): (PathResult, PathResult)
      if round % 5 == 4 {
        want = plain.escape(from: from, danger: danger, margin: 3, nodeBudget: budget)
        got = ways.escape(kept, from: from, danger: danger, margin: 3, nodeBudget: budget)
      } else {
        want = plain.path(from: from, to: to, danger: danger, nodeBudget: budget)
        got = ways.path(kept, from: from, to: to, danger: danger, nodeBudget: budget)
      }
      #expect(got == want)
      if let last { #expect(last.result == last.copy) }
      last = (got, want)
      seen.insert(got.failure?.name ?? "complete")
    }
    #expect(seen.isSuperset(of: ["complete", "budget"]))
  }
}
