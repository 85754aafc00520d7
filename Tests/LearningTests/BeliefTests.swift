import Core
import Foundation
import TestSupport
import Testing

@testable import Learning

@Suite struct BeliefTests {
  @Test func `what always kills is known to be deadly after few fights`() {
    var belief = EncounterBelief()
    for _ in 0..<10 {
      belief.observe(EncounterOutcome(end: .died, seconds: 9, manaSpent: 0.5, healthLost: 1, adds: 0, petDied: true))
    }
    #expect(belief.danger.mean > 0.85)
    #expect(belief.seconds.mean < 40)
    for _ in 0..<200 {
      belief.observe(
        EncounterOutcome(end: .defeated, seconds: 9, manaSpent: 0.1, healthLost: 0, adds: 0, petDied: false))
    }
    #expect(belief.danger.mean < 0.1)
    #expect(abs(belief.seconds.mean - 9) < 1.5)
  }

  @Test func `beliefs stay in range whatever they are told`() {
    for seed in 0..<UInt64(50) {
      var random = SeededGenerator(seed: seed)
      var beta = BetaPosterior(yes: 1, no: 1)
      var amount = LogNormalPosterior(guess: 20)
      for _ in 0..<500 {
        let values = [Double.nan, .infinity, -3, 0, 1e30, random.unit(), random.uniform(0...100)]
        beta.observe(values[random.integer(0...6)])
        amount.observe(values[random.integer(0...6)])
        #expect((0...1).contains(beta.mean) && beta.deviation.isFinite, "seed \(seed)")
        #expect(
          amount.mean.isFinite && amount.mean > 0 && amount.quantile(0.9) >= amount.quantile(0.5), "seed \(seed)")
      }
    }
  }

  @Test func `five fights of a kind override, and the kind not seen for longest makes room`() {
    var history = EncounterHistory()
    let outcome = EncounterOutcome(
      end: .defeated, seconds: 10, manaSpent: 0.1, healthLost: 0, adds: 0, petDied: false)
    for count in 1...5 {
      history.observe(EncounterKey(species: "a rat", difference: -1, strategy: 1), outcome)
      #expect((history.belief(species: "a rat", difference: -1) != nil) == (count == 5))
    }
    #expect(history.belief(species: "a rat", difference: 0) == nil)
    for index in 0..<EncounterHistory.capacity {
      history.observe(EncounterKey(species: FixedName("n\(index)"), difference: 0, strategy: 0), outcome)
    }
    #expect(history.entries.count == EncounterHistory.capacity)
    #expect(history.belief(species: "a rat", difference: -1) == nil)
  }

  @Test func `heat halves every four hours, is bounded and never turns a score round`() {
    var heat = SpatialHeat()
    let zone = ZoneID(1)
    heat.note(.defeat, zone: zone, at: Position(10, 10), now: 0)
    #expect(heat.value(zone: zone, at: Position(49, 1), now: 0) == 3)
    #expect(abs(heat.value(zone: zone, at: Position(10, 10), now: SpatialHeat.halfLife) - 1.5) < 1e-9)
    #expect(heat.value(zone: zone, at: Position(51, 1), now: 0) == 0)
    #expect(heat.value(zone: ZoneID(2), at: Position(10, 10), now: 0) == 0)
    for _ in 0..<500 { heat.note(.danger, zone: zone, at: Position(10, 10), now: 1) }
    #expect(heat.value(zone: zone, at: Position(10, 10), now: 1) == -SpatialHeat.valueMax)
    #expect((0.5...1.5).contains(heat.factor(zone: zone, at: Position(10, 10), now: 1)))
    heat.note(.defeat, zone: zone, at: Position(.nan, 1e300), now: 1)
    for index in 0..<(SpatialHeat.capacity + 50) {
      heat.note(.sighting, zone: zone, at: Position(Double(index) * 50, 900), now: 2)
    }
    #expect(heat.cells.count == SpatialHeat.capacity)
    #expect(heat.value(zone: zone, at: Position(10, 10), now: 2) < -39)
  }

  @Test func `costs are learned from three on, and caution asks for more`() {
    var costs = CostModel(rows: 2)
    for seconds in [10.0, 14] { costs.observe(0, seconds: seconds) }
    #expect(costs.cost(0, default: 30) == 30)
    costs.observe(0, seconds: 12)
    #expect(costs.cost(0, default: 30) == 12)
    costs.caution = 2
    #expect(costs.cost(0, default: 30) > 12)
    costs.observe(9, seconds: 1)
    costs.observe(1, seconds: .nan)
    #expect(costs.entries[1].count == 0)
    #expect(costs.resized(rows: 1).entries.count == 1)
  }

  @Test func `the store gives back what it was given, and stays whole`() throws {
    let folder = try Repository.temporaryDirectory("learning")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "learned.sqlite").path
    var random = SeededGenerator(seed: 4)
    var state = LearnedState()
    state.costs = CostModel(rows: 14)
    for index in 0..<200 {
      state.encounters.observe(
        EncounterKey(
          species: FixedName("beast \(index % 17)"), difference: index % 5 - 2, strategy: UInt8(index % 3)),
        EncounterOutcome(
          end: index % 9 == 0 ? .died : .defeated, seconds: random.uniform(5...60), manaSpent: random.unit(),
          healthLost: random.unit(), adds: 0, petDied: false))
      state.heat.note(
        .defeat, zone: ZoneID(2), at: Position(random.uniform(-900...900), random.uniform(-900...900)),
        now: Double(index))
      state.costs.observe(index % 14, seconds: random.uniform(1...90))
      state.loot.observe(FixedName("beast \(index % 17)"), value: random.uniform(0...90))
      let place = Position(Double(index % 7) * 200, 0)
      state.spawns.vacated(zone: ZoneID(2), place: place, now: Double(index) * 100)
      state.spawns.appeared(zone: ZoneID(2), place: place, now: Double(index) * 100 + random.uniform(50...90))
      var points = SIMD16<Double>(repeating: 0)
      for lane in 0..<15 { points[lane] = random.uniform(-20...30) }
      state.weights.observe(points, reward: random.unit())
      state.differences.observe(points, reward: random.unit())
    }
    var card = Scorecard()
    card.seconds = 1800
    card.defeats = 20
    for _ in 0..<5 { state.tuner.finish(card) }
    state.manners = Manners(
      tempers: [
        Manners.Temper(species: "a wolf", peace: -1, lowest: -3),
        Manners.Temper(species: "a rat", peace: 40, lowest: nil),
      ],
      helps: [Manners.Help(species: "a wolf", helped: 30, nearest: 52, second: 41)],
      bonds: [Manners.Bond(one: "a keeper", other: "a wolf", isSure: true)])
    try LearningStore(path: path).save(state)
    let store = try LearningStore(path: path)
    let loaded = try store.load(costRows: 14)
    #expect(loaded.costs == state.costs)
    #expect(loaded.encounters.observations == state.encounters.observations)
    #expect(
      loaded.encounters.entries.sorted { $0.stamp < $1.stamp }
        == state.encounters.entries.sorted { $0.stamp < $1.stamp })
    #expect(Set(loaded.heat.cells) == Set(state.heat.cells))
    #expect(loaded.loot.value(of: "beast 3") == state.loot.value(of: "beast 3"))
    #expect(Set(loaded.spawns.points) == Set(state.spawns.points))
    #expect(loaded.weights == state.weights && loaded.differences.weights == state.differences.weights)
    #expect(loaded.tuner.parameters == state.tuner.parameters)
    #expect(loaded.manners == state.manners)
    #expect(try LearningStore.state(image: LearningStore.image(of: state)).manners == state.manners)
    try store.save(loaded)
    #expect(try store.load(costRows: 14).digest == loaded.digest)
    // What is out of range is left out, and traps nowhere.
    try store.execute("INSERT INTO temper VALUES ('a bat', -9223372036854775808, -9223372036854775808)")
    let bat = try store.load(costRows: 14).manners.tempers.last
    #expect(bat == Manners.Temper(species: "a bat", peace: -1, lowest: nil))
    #expect(throws: LearningStoreError.self) { try LearningStore(path: folder.appending(path: "no/such/x").path) }
    try Data("not a database, not at all, but long enough".utf8).write(to: folder.appending(path: "bad"))
    #expect(throws: LearningStoreError.self) { try LearningStore(path: folder.appending(path: "bad").path) }
  }

  @Test func `a store of the first version is taken over`() throws {
    let folder = try Repository.temporaryDirectory("learning-old")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "learned.sqlite").path
    var state = LearnedState()
    let key = EncounterKey(species: "a rat", difference: 0, strategy: 1)
    state.encounters.observe(
      key,
      EncounterOutcome(end: .defeated, seconds: 9, manaSpent: 0.1, healthLost: 0, adds: 0, petDied: false))
    do {
      let store = try LearningStore(path: path)
      try store.save(state)
      for table in ["loot", "number", "spawn", "temper", "help", "bond"] { try store.execute("DROP TABLE \(table)") }
      for column in ["death_yes", "death_no"] { try store.execute("ALTER TABLE encounter DROP COLUMN \(column)") }
      try store.execute("PRAGMA user_version=1")
    }
    let loaded = try LearningStore(path: path).load(costRows: 14)
    let belief = loaded.encounters.belief(species: "a rat", difference: 0, strategy: 1)
    #expect(belief?.count == 1 && abs((belief?.death.mean ?? 0) - 0.02) < 1e-9)
    #expect(loaded.weights == WeightLearner() && loaded.spawns.points.isEmpty)
    #expect(loaded.manners == Manners())
  }
}
