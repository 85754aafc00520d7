import Core
import Testing

@testable import Routines

/// Every state and every failure that the sources of the routines name has a timeline.
@Suite struct EndingsCoverageTests {
  typealias Case = RoutineEndingsTests.Case

  static let cases = RoutineEndingsTests.cases + MoreEndings.cases

  /// Failures that a task could give and a routine does not pass on, and why.
  static let unheard: [String: [RoutineFailure: String]] = [
    "Combat": [
      .castFailed: "tried from nearer, then left alone for a while", .fizzled: "left alone for a while",
      .interrupted: "left alone for a while", .outOfMana: "only what there is mana for is chosen",
      .spellMissing: "only what is in the gems is chosen",
    ],
    "Flee": [
      .targetGone: "runs on", .targetNotTaken: "runs on", .castFailed: "runs on", .interrupted: "runs on",
      .fizzled: "runs on", .outOfMana: "runs on", .spellMissing: "runs on",
    ],
    "Loot": [.targetGone: "a corpse that is gone is said to be gone"],
    "MemorizeSpells": [.spellMissing: "a kit's gems hold spells of the lore only"],
    "Rest": [
      .stuck: "rests where it is", .noRoute: "rests where it is", .noTerrain: "rests where it is",
      .unreachable: "rests where it is", .castFailed: "rests all the same", .fizzled: "rests all the same",
      .interrupted: "rests all the same", .outOfMana: "rests all the same", .spellMissing: "rests all the same",
    ],
    "Wander": [.unreachable: "another point is chosen", .noRoute: "another point is chosen"],
  ]

  static func kind(_ order: RoutineOrder) -> String {
    var store = RoutineStore()
    return String(describing: type(of: store.make(order)))
  }

  struct Place: Hashable {
    var kind: String
    var phase: UInt8
  }

  /// What all timelines come to.
  struct Record {
    var failures: [String: Set<RoutineFailure>] = [:]
    var successes: Set<RoutineID> = []
    /// A timeline that comes through the state, and when.
    var phases: [Place: (test: Int, tick: Int)] = [:]
  }

  /// Plays a timeline until its end, or until `interruption`.
  static func play(
    _ test: Case, until interruption: Int = .max, _ each: (RoutineRunner, Int) -> Void = { _, _ in }
  ) -> (world: ScriptedWorld, runner: RoutineRunner, outcome: RoutineOutcome?) {
    var world = ScriptedWorld()
    test.prepare(&world)
    world.look()
    var runner = RoutineRunner(seed: 1)
    for tick in 0..<min(test.limit, interruption) {
      test.each(&world, tick)
      let decision = Decision(
        tick: world.state.tick, layer: .utility, order: test.order, credit: CreditID(1))
      let outcome = runner.run(decision, world.context)
      each(runner, tick)
      world.advance(runner.hands)
      if let outcome { return (world, runner, outcome) }
    }
    return (world, runner, nil)
  }

  static let record: Record = {
    var record = Record()
    for (row, test) in cases.enumerated() {
      let kind = kind(test.order)
      let end = play(test) { runner, tick in
        guard let phase = runner.status?.phase else { return }
        let place = Place(kind: kind, phase: phase)
        if record.phases[place] == nil { record.phases[place] = (row, tick) }
      }
      switch end.outcome?.result {
      case .succeeded: record.successes.insert(test.order.routine)
      case .failed(let failure): record.failures[kind, default: []].insert(failure)
      case .interrupted, nil: break
      }
    }
    return record
  }()

  @Test func `the seldom endings come as the table says, and leave no key down`() {
    for test in MoreEndings.cases {
      var world = ScriptedWorld()
      test.prepare(&world)
      let trace = run(test.order, in: &world, limit: test.limit, each: test.each)
      let wanted: RoutineOutcome.Result = test.failure.map { .failed($0) } ?? .succeeded
      #expect(trace.outcome?.result == wanted, "\(test.name): after \(trace.ticks) ticks, phases \(trace.phases)")
      let isLeft =
        trace.heldAfter.isEmpty && trace.events.filter { $0 == "routine.end" }.count == 1 && test.check(world)
      #expect(isLeft, "\(test.name): not left as it should be")
    }
  }

  @Test func `every failure that a routine can name has a timeline, and every routine succeeds in one`() throws {
    let sources = try RoutineSources()
    #expect(sources.kinds.count >= 15, "the sources were not understood")
    for (kind, source) in sources.kinds.sorted(by: { $0.key < $1.key }) {
      let unheard = Self.unheard[kind] ?? [:]
      let met = Self.record.failures[kind] ?? []
      for failure in RoutineFailure.allCases {
        let isNamed = source.failures.contains(failure)
        if met.contains(failure) {
          #expect(isNamed, "\(kind) ends with \(failure.name), which its sources do not name")
          #expect(unheard[failure] == nil, "\(kind) does pass on \(failure.name)")
        } else if isNamed, unheard[failure] == nil {
          Issue.record("\(kind): no timeline ends with \(failure.name)")
        }
      }
    }
    for routine in RoutineID.allCases where !Self.record.successes.contains(routine) {
      Issue.record("\(routine.name): no timeline succeeds")
    }
  }

  @Test func `an interruption in every state leaves once, and leaves nothing down, sat or open`() throws {
    let sources = try RoutineSources()
    for (kind, source) in sources.kinds.sorted(by: { $0.key < $1.key }) {
      #expect(!source.phases.isEmpty, "\(kind): no states were found")
      for phase in source.phases.sorted() {
        guard let (row, tick) = Self.record.phases[Place(kind: kind, phase: phase)] else {
          Issue.record("\(kind): no timeline comes through state \(phase)")
          continue
        }
        let name = "\(kind), state \(phase), \(Self.cases[row].name)"
        var (world, runner, outcome) = Self.play(Self.cases[row], until: tick + 1)
        #expect(outcome == nil && runner.status?.phase == phase, "\(name): not in its state")
        var ends = 0
        for slot in 0..<14 {
          let decision = Decision(tick: world.state.tick, layer: .idle)
          if let told = runner.run(decision, world.context) {
            outcome = told
            #expect(slot == 0, "\(name): told late")
          }
          ends += runner.hands.events.filter { $0.key == "routine.end" }.count
          #expect(runner.hands.held.isEmpty, "\(name): a key is down")
          world.advance(runner.hands)
        }
        // What the world shows to be done already was not interrupted.
        let isRight = outcome?.result == .interrupted || outcome?.result == .succeeded
        #expect(ends == 1 && isRight, "\(name): left \(ends) times, \(String(describing: outcome?.result))")
        #expect(world.state.isAutoAttacking == false && world.state.loot == nil, "\(name)")
        if world.sitWorks { #expect(world.state.player.stand != .sitting, "\(name): sits") }
      }
    }
  }
}
