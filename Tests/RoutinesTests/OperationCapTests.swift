import Core
import Nav
import Synchronization
import Testing

@testable import Routines

/// What a tick of each routine asks at most of the ground and of the list of who is about.
@Suite struct OperationCapTests {
  /// The expensive things of one tick.
  struct Work: Equatable {
    /// Nodes of searches, and searches.
    var nodes = 0
    var searches = 0
    /// Lines of sight and straight walks over the ground.
    var casts = 0
    /// Looks for the nearest place to stand.
    var places = 0
    /// Looks through all entities.
    var scans = 0

    mutating func formMaximum(_ other: Work) {
      nodes = max(nodes, other.nodes)
      searches = max(searches, other.searches)
      casts = max(casts, other.casts)
      places = max(places, other.places)
      scans = max(scans, other.scans)
    }

    func isWithin(_ cap: Work) -> Bool {
      nodes <= cap.nodes && searches <= cap.searches && casts <= cap.casts && places <= cap.places
        && scans <= cap.scans
    }
  }

  /// Counts of the tick under way.
  final class Counter: Sendable {
    let nodes = Atomic(0)
    let searches = Atomic(0)
    let casts = Atomic(0)
    let places = Atomic(0)
    let scans = Atomic(0)

    func note(_ question: Navigator.Question, _ work: Int) {
      nodes.add(work, ordering: .relaxed)
      switch question {
      case .path, .escape, .distances: searches.add(1, ordering: .relaxed)
      case .sight, .straightWalk: casts.add(1, ordering: .relaxed)
      case .place: places.add(1, ordering: .relaxed)
      }
    }

    func take() -> Work {
      func taken(_ counter: borrowing Atomic<Int>) -> Int { counter.exchange(0, ordering: .relaxed) }
      return Work(
        nodes: taken(nodes), searches: taken(searches), casts: taken(casts), places: taken(places),
        scans: taken(scans))
    }
  }

  /// A search may go a step of its plan over its budget: the successors of one node along a straight scan.
  static let nodes = Navigator.nodeBudget + 100

  /// A walk: one search, and one without the danger where the first finds nothing; the straight way looked at; a place to
  /// stand near a goal or start that is blocked.
  static let walk = Work(nodes: nodes, searches: 2, casts: 1, places: 2, scans: 0)

  /// What a routine does in the same tick beside its walk. Whoever takes a target or looks for danger looks through all
  /// once for each; a choice among places asks the ground once a place, and where it matters who is about, all of them.
  static func walking(nodes: Int = 0, casts: Int = 0, places: Int = 0, scans: Int = 0) -> Work {
    Work(
      nodes: walk.nodes + nodes, searches: walk.searches, casts: walk.casts + casts, places: walk.places + places,
      scans: walk.scans + scans)
  }

  /// What one tick may cost, each number from what the routine has to do, not from what it did; a routine that is not
  /// named does nothing of the kind.
  static let caps: [RoutineID: Work] = [
    // The rank among all decides how a target is taken.
    .acquire: Work(scans: 1),
    .deathRecovery: Work(),
    // Looks who is still about before it stands up.
    .feignDeath: Work(scans: 1),
    .memorizeSpells: Work(),
    .summonPet: Work(),
    .buff: Work(),
    .unstick: Work(),
    // The place to stand is chosen out of eleven, each tried on the ground and on who is about; or, while it waits, a step
    // aside out of twelve, each looked at for a straight walk and for sight of the prey. The prey's sight, the danger on
    // the way, the room where we stand.
    .pull: walking(casts: 25, places: 12, scans: 14),
    // A step back is chosen out of twelve as in the pull, ground is given to one of seven; the sight of the target; the
    // danger on the way, the target's rank, the room where we stand.
    .combat: walking(casts: 25, places: 12, scans: 16),
    .engageAdd: walking(casts: 25, places: 12, scans: 16),
    // A refuge is chosen out of twenty-four; the room where we stand and the danger on the way.
    .rest: walking(places: 24, scans: 26),
    // A way out is looked for in five directions; who keeps up is taken as target.
    .flee: walking(places: 5, scans: 1),
    .evade: walking(places: 5),
    // Four points are tried in a tick, each with who is about there; the danger on the way.
    .wander: walking(places: 4, scans: 5),
    // The merchant is looked for among all; those who would notice us, in each of two looks. A way out of their sight may
    // take three hundred nodes beside the search of the walk, and checks sight to two.
    .vendor: walking(nodes: 300, casts: 2, scans: 3),
    .travel: walking(nodes: 300, casts: 2, scans: 3),
    // The corpse's rank among all, and the danger on the way.
    .loot: walking(scans: 2),
    .recoverCorpse: walking(scans: 2),
  ]

  @Test func `no tick of any routine asks more than its cap, among walls and sixty others`() throws {
    var most: [RoutineID: Work] = [:]
    // A town of houses, and a crowd in it.
    var random = SeededGenerator(seed: 5)
    var houses: [ScriptedGround.Wall] = []
    for _ in 0..<24 {
      let (x, y) = (random.integer(-150...140), random.integer(-150...140))
      if abs(x) > 12 || abs(y) > 12 { houses.append(.init(west: x, south: y, east: x + 8, north: y + 14)) }
    }
    let town = try ScriptedGround.terrain(houses)
    for test in EndingsCoverageTests.cases {
      let counter = Counter()
      var world = ScriptedWorld()
      test.prepare(&world)
      if world.navigator == nil {
        world.navigator = try Navigator(terrain: town, ledger: { counter.note($0, $1) })
      }
      world.onScan = { _ in counter.scans.add(1, ordering: .relaxed) }
      for number in UInt32(0)..<60 {
        let place = Position(random.uniform(-150...150), random.uniform(-150...150))
        world.add(500 + number, number % 3 == 0 ? "a_wolf01" : "a_bat02", at: place)
      }
      world.look()
      var runner = RoutineRunner(seed: 5)
      for tick in 0..<200 {
        test.each(&world, tick)
        let decision = Decision(tick: world.state.tick, layer: .utility, order: test.order, credit: CreditID(1))
        let isOver = runner.run(decision, world.context) != nil
        let work = counter.take()
        most[test.order.routine, default: Work()].formMaximum(work)
        world.advance(runner.hands)
        if isOver { break }
      }
    }
    for routine in RoutineID.allCases {
      let (work, cap) = (most[routine] ?? Work(), Self.caps[routine] ?? Work())
      print("most in a tick of \(routine.name): \(work)")
      #expect(work.isWithin(cap), "\(routine.name): \(work), over \(cap)")
    }
    // The tables are no idle ones: what is counted does occur.
    #expect(most[.pull]?.scans ?? 0 > 5 && most[.rest]?.places ?? 0 > 5 && most[.travel]?.nodes ?? 0 > 50)
  }
}
