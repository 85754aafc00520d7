import Core

/// Learns how much each factor of a target's score is worth, from what the fights that were chosen by it gave.
///
/// Bayesian linear regression, one fight at a time: the prior is a normal distribution about the defaults, as wide as
/// the bound; weights never leave the bound. Lane 15 is the offset.
///
///     learner.observe(points, reward: experiencePerSecond)
///     let score = (points * learner.weights).sum()
public struct WeightLearner: Hashable, Sendable {
  /// Means of the weights.
  public private(set) var mean = SIMD16<Double>(repeating: 1)
  /// Of the weights, row by row. Shape: `[16 · 16]`.
  public private(set) var covariance: [Double]
  public private(set) var rewards = RunningMoments()
  private var scores = RunningMoments()
  /// Mean square of what the weights could not foretell, in points².
  private var noise = 400.0

  /// Weights stay within this part of their defaults.
  public static let bound = 0.2
  /// Rewards are only scaled to points after so many; weights only used after so many.
  public static let scaleMin = 10
  public static let useMin = 30
  static let lanes = 16

  public init() {
    covariance = [Double](repeating: 0, count: Self.lanes * Self.lanes)
    let variance = Self.bound * Self.bound / 3
    for lane in 0..<15 { covariance[lane * Self.lanes + lane] = variance }
    // The offset is free.
    covariance[15 * Self.lanes + 15] = 1e4
    mean[15] = 0
  }

  public var observations: Int { rewards.count }

  /// To multiply a target's points with. Range: `0.8...1.2`; 1 before enough was seen.
  public var weights: SIMD16<Double> {
    guard observations >= Self.useMin else { return SIMD16(repeating: 1) }
    var result = mean.clamped(
      lowerBound: SIMD16(repeating: 1 - Self.bound), upperBound: SIMD16(repeating: 1 + Self.bound))
    result[15] = 1
    return result
  }

  /// Standard deviation of what is believed of weight `lane`.
  public func deviation(_ lane: Int) -> Double { max(0, covariance[lane * Self.lanes + lane]).squareRoot() }

  /// A fight that was chosen for `points` gave `reward` (any unit; more is better).
  public mutating func observe(_ points: SIMD16<Double>, reward: Double) {
    guard reward.isFinite, points.sum().isFinite, abs(points.sum()) < 1e6 else { return }
    rewards.add(reward)
    scores.add(points.sum() - points[15])
    guard rewards.count > Self.scaleMin, rewards.deviation > 0 else { return }
    // In points: as far from the mean as the reward is, measured by how much scores and rewards vary.
    let spread = max(5, scores.deviation)
    let outcome = scores.mean + spread * max(-3, min(3, (reward - rewards.mean) / rewards.deviation))
    var x = points
    x[15] = 1
    update(x, outcome)
  }

  private mutating func update(_ x: SIMD16<Double>, _ outcome: Double) {
    var gain = SIMD16<Double>(repeating: 0)
    for row in 0..<Self.lanes {
      var sum = 0.0
      for column in 0..<Self.lanes { sum += covariance[row * Self.lanes + column] * x[column] }
      gain[row] = sum
    }
    let error = outcome - (x * mean).sum()
    noise += 0.05 * (min(error * error, 40_000) - noise)
    let total = (x * gain).sum() + max(25, noise)
    mean += gain * (error / total)
    for row in 0..<Self.lanes {
      for column in 0..<Self.lanes { covariance[row * Self.lanes + column] -= gain[row] * gain[column] / total }
    }
  }

  mutating func restore(
    mean: [Double], covariance: [Double], rewards: RunningMoments, scores: RunningMoments, noise: Double
  ) {
    guard mean.count == Self.lanes, covariance.count == Self.lanes * Self.lanes,
      mean.allSatisfy({ $0.isFinite }), covariance.allSatisfy({ $0.isFinite && abs($0) <= 1e4 }),
      (0..<Self.lanes).allSatisfy({ covariance[$0 * Self.lanes + $0] >= 0 }), rewards.isSound, scores.isSound,
      noise.isFinite, noise >= 0
    else { return }
    for lane in 0..<Self.lanes { self.mean[lane] = mean[lane] }
    self.covariance = covariance
    self.rewards = rewards
    self.scores = scores
    self.noise = noise
  }

  /// All of it as numbers, for the store: means, moments, noise, covariance.
  var numbers: [Double] {
    (0..<Self.lanes).map { mean[$0] } + rewards.numbers + scores.numbers + [noise] + covariance
  }

  mutating func restore(numbers: [Double]) {
    let moments = RunningMoments.numberCount
    guard numbers.count == Self.lanes + 2 * moments + 1 + Self.lanes * Self.lanes else { return }
    let first = Self.lanes
    restore(
      mean: Array(numbers[..<first]), covariance: Array(numbers[(first + 2 * moments + 1)...]),
      rewards: RunningMoments(numbers: numbers[first..<first + moments]),
      scores: RunningMoments(numbers: numbers[(first + moments)..<(first + 2 * moments)]),
      noise: numbers[first + 2 * moments])
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(observations)
    for lane in 0..<Self.lanes { hash.combine(mean[lane]) }
  }
}

/// Mean and spread of a stream of numbers (Welford).
public struct RunningMoments: Hashable, Sendable {
  public private(set) var count = 0
  public private(set) var mean = 0.0
  private var squares = 0.0

  public init() {}

  public var deviation: Double { count > 1 ? (squares / Double(count - 1)).squareRoot() : 0 }

  public mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    count += 1
    let delta = value - mean
    mean += delta / Double(count)
    squares += delta * (value - mean)
  }

  static let numberCount = 3
  var numbers: [Double] { [Double(count), mean, squares] }
  var isSound: Bool { count >= 0 && mean.isFinite && squares.isFinite && squares >= 0 }

  init(numbers: ArraySlice<Double>) {
    let numbers = Array(numbers)
    guard numbers.count == Self.numberCount, let count = Int(exactly: numbers[0]) else { return }
    self.count = count
    mean = numbers[1]
    squares = numbers[2]
  }
}
