import Core
import Foundation
import Testing

@testable import Learning

/// A hunter who always takes the best of six by its weights, in a world with weights of its own.
private struct WeightWorld {
  var random: SeededGenerator
  let truth: SIMD16<Double>

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    var truth = SIMD16<Double>(repeating: 1)
    for lane in 0..<15 { truth[lane] = random.uniform(0.8...1.2) }
    self.truth = truth
  }

  mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + random.unit() } }

  mutating func candidates() -> [SIMD16<Double>] {
    (0..<6).map { _ in
      var points = SIMD16<Double>(repeating: 0)
      for lane in 0..<15 { points[lane] = random.uniform(-20...30) }
      return points
    }
  }

  func worth(_ points: SIMD16<Double>) -> Double { (points * truth).sum() - points[15] * truth[15] }

  /// The mean worth of what `weights` choose, as the part of the gap between defaults and truth that they close.
  mutating func gapClosed(by weights: SIMD16<Double>) -> Double {
    var (own, plain, best) = (0.0, 0.0, 0.0)
    for _ in 0..<3000 {
      let all = candidates()
      func pick(_ by: SIMD16<Double>) -> Double {
        worth(all.max { ($0 * by).sum() < ($1 * by).sum() } ?? all[0])
      }
      own += pick(weights)
      plain += pick(SIMD16(repeating: 1))
      best += pick(truth)
    }
    return (own - plain) / (best - plain)
  }
}

@Suite struct LearnerTests {
  @Test func `regression closes the gap to the true weights, and finite differences do not`() {
    var (regression, differences) = ([Double](), [Double]())
    for seed in 0..<UInt64(8) {
      var world = WeightWorld(seed: seed)
      var learner = WeightLearner()
      var baseline = DifferenceLearner()
      for _ in 0..<600 {
        let all = world.candidates()
        let chosen = all.max { ($0 * learner.weights).sum() < ($1 * learner.weights).sum() } ?? all[0]
        learner.observe(chosen, reward: world.worth(chosen) + 2 * world.normal())
        let other = all.max { ($0 * baseline.weights).sum() < ($1 * baseline.weights).sum() } ?? all[0]
        baseline.observe(other, reward: world.worth(other) + 2 * world.normal())
      }
      for lane in 0..<15 { #expect((0.8...1.2).contains(learner.weights[lane]), "seed \(seed)") }
      for lane in 0..<15 { #expect((0.8...1.2).contains(baseline.weights[lane]), "seed \(seed)") }
      regression.append(world.gapClosed(by: learner.weights))
      differences.append(world.gapClosed(by: baseline.weights))
    }
    let (own, other) = (regression.sorted()[4], differences.sorted()[4])
    #expect(own > 0.4, "regression closed \(own) of the gap")
    #expect(other < own, "finite differences closed \(other)")
  }

  @Test func `weights stay in their bound whatever they are told`() {
    for seed in 0..<UInt64(20) {
      var random = SeededGenerator(seed: seed)
      var learner = WeightLearner()
      for _ in 0..<300 {
        var points = SIMD16<Double>(repeating: 0)
        for lane in 0..<15 { points[lane] = random.chance(0.01) ? .nan : random.uniform(-100...100) }
        learner.observe(points, reward: [1e9, -1e9, .nan, 0, 1][random.integer(0...4)])
        for lane in 0..<16 { #expect((0.8...1.2).contains(learner.weights[lane]), "seed \(seed)") }
      }
    }
  }

  @Test func `half of what comes lies in the middle half of the forecast`() {
    func normal(_ random: inout SeededGenerator) -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + random.unit() } }
    let truths: [(name: String, draw: (inout SeededGenerator) -> Double)] = [
      ("timer", { 400 + $0.uniform(0...60) }), ("wide timer", { 260 + $0.uniform(-80...80) }),
      ("memoryless", { -400 * log(max(1e-12, $0.unit())) }), ("log-normal", { exp(5.5 + 0.5 * normal(&$0)) }),
    ]
    var (inside, total) = (0, 0)
    for (name, draw) in truths {
      var (own, count) = (0, 0)
      for seed in 0..<UInt64(60) {
        var random = SeededGenerator(seed: seed)
        var belief = IntervalBelief()
        for index in 0..<30 {
          let next = draw(&random)
          if index >= 4 {
            count += 1
            if (belief.quantile(0.25)...belief.quantile(0.75)).contains(next) { own += 1 }
          }
          belief.observe(next)
        }
      }
      inside += own
      total += count
      let share = Double(own) / Double(count)
      #expect((0.45...0.55).contains(share), "\(name): \(share)")
    }
    #expect((0.45...0.55).contains(Double(inside) / Double(total)))
  }

  @Test func `a timer is foretold far better than by the memoryless model alone`() {
    var error = 0.0
    var count = 0.0
    for seed in 0..<UInt64(40) {
      var random = SeededGenerator(seed: seed)
      var belief = IntervalBelief()
      for index in 0..<20 {
        let next = 400 + random.uniform(0...60)
        if index >= 5 {
          error += abs(belief.quantile(0.5) - next)
          count += 1
        }
        belief.observe(next)
      }
      #expect(belief.weights[IntervalBelief.Model.timer.rawValue] > 0.5, "seed \(seed)")
    }
    #expect(error / count < 20, "off by \(error / count) s")
  }

  @Test func `quantiles know how long was waited already`() {
    var belief = IntervalBelief()
    for seconds in [400.0, 410, 420, 430, 440, 450] { belief.observe(seconds) }
    for elapsed in [0.0, 100, 300, 420, 600] {
      #expect(belief.quantile(0.5, elapsed: elapsed) >= elapsed)
      #expect(belief.quantile(0.75, elapsed: elapsed) >= belief.quantile(0.25, elapsed: elapsed))
    }
    #expect(abs(belief.cumulative(belief.quantile(0.3)) - 0.3) < 0.001)
  }

  @Test func `Student's t has the quantiles of the tables`() {
    for (degrees, t) in [(1.0, 12.706), (5, 2.571), (10, 2.228), (30, 2.042)] {
      #expect(abs(StudentT.cumulative(t, degrees: degrees) - 0.975) < 1e-4)
      #expect(abs(StudentT.cumulative(-t, degrees: degrees) - 0.025) < 1e-4)
    }
  }

  @Test func `a spawn point learns its time, and forecasts the next`() {
    var predictor = SpawnPredictor()
    let zone = ZoneID(2)
    var now = 0.0
    for _ in 0..<5 {
      predictor.vacated(zone: zone, place: Position(100, 100), now: now)
      now += 200
      predictor.appeared(zone: zone, place: Position(110, 100), now: now)
      now += 30
    }
    #expect(predictor.points.count == 1)
    predictor.vacated(zone: zone, place: Position(110, 100), now: now)
    func soonest(_ at: Double, radius: Double = 300) -> SpawnPredictor.Forecast? {
      predictor.soonest(zone: zone, around: .origin, radius: radius, from: .origin, speed: 30, now: at)
    }
    #expect(abs((soonest(now + 100)?.seconds ?? 0) - 100) < 15)
    #expect(soonest(now + 100)?.place == Position(110, 100))
    #expect(soonest(now, radius: 50) == nil)
    #expect(soonest(now + 2 * SpawnPredictor.patience) == nil)
  }

  @Test func `a strategy that wins faster is found, and what kills is not tried again`() {
    let strategies: [UInt8] = [1, 0, 5]
    for seed in 0..<UInt64(10) {
      var random = SeededGenerator(seed: seed)
      var history = EncounterHistory()
      var (picks, deaths) = ([0, 0, 0], 0)
      for fight in 0..<200 {
        let row =
          StrategyChoice.draw(
            strategies, against: "a rat", difference: 0, in: history, health: 1, random: &random) ?? 0
        if fight >= 100 { picks[row] += 1 }
        let dies = row == 2
        deaths += dies ? 1 : 0
        history.observe(
          EncounterKey(species: "a rat", difference: 0, strategy: strategies[row]),
          EncounterOutcome(
            end: dies ? .died : .defeated, seconds: row == 1 ? 15 : 30, manaSpent: 0.1, healthLost: 0.1, adds: 0,
            petDied: false))
      }
      #expect(picks[1] > 60, "seed \(seed): \(picks)")
      #expect(deaths <= 1, "seed \(seed): died \(deaths) times of a bad idea")
    }
    var random = SeededGenerator(seed: 1)
    #expect(
      StrategyChoice.draw(
        strategies, against: "a rat", difference: 0, in: EncounterHistory(), health: 1, random: &random)
        == nil)
  }

  @Test func `a change of parameters is undone when the window after it was worse`() {
    func card(_ defeats: Int) -> Scorecard {
      var card = Scorecard()
      card.seconds = 1800
      card.defeats = defeats
      return card
    }
    var tuner = ScorecardTuner()
    tuner.finish(card(30))
    let changed = tuner.parameters
    #expect(changed != TunedParameters())
    tuner.finish(card(10))
    #expect(tuner.parameters == TunedParameters() && tuner.undone == 1)
    tuner.finish(card(30))
    tuner.finish(card(40))
    #expect(tuner.kept == 1)
    for _ in 0..<100 { tuner.finish(card(30)) }
    #expect((0.5...1.5).contains(tuner.parameters.roam) && (0...2).contains(tuner.parameters.thrift))
    #expect(Scorecard().total.isFinite && (0...100).contains(card(60).total))
  }

  @Test func `the worth of corpses is known from three on, and bounded in number`() {
    var loot = LootHistory()
    for value in [10.0, 20, .nan, -5] { loot.observe("a rat", value: value) }
    #expect(loot.value(of: "a rat") == 0)
    loot.observe("a rat", value: 30)
    #expect(abs(loot.value(of: "a rat") - 20) < 1e-9)
    for index in 0..<200 { loot.observe(FixedName("n\(index)"), value: 1) }
    #expect(loot.entries.count == LootHistory.capacity && loot.value(of: "a rat") == 0)
  }
}
