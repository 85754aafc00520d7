import Core

/// The weights by finite differences, as a baseline to measure `WeightLearner` against: every fifteen fights each
/// weight moves towards the half of the last fights in which its factor was higher, if those paid better.
public struct DifferenceLearner: Hashable, Sendable {
  private struct Fight: Hashable, Sendable {
    var points: SIMD16<Double>
    var reward: Double
  }

  public private(set) var weights = SIMD16<Double>(repeating: 1)
  public private(set) var observations = 0
  private var window: [Fight] = []
  private var next = 0
  private var rate = 0.05
  private var lastStep = SIMD16<Double>(repeating: 0)

  static let stepEvery = 15
  static let windowMax = 200
  /// A factor is only judged with so many fights on either side.
  static let sideMin = 5
  static let rateRange = 0.005...0.15
  static let swingDamping = 0.7
  static let settleDamping = 0.9

  public init() { window.reserveCapacity(Self.windowMax) }

  public mutating func observe(_ points: SIMD16<Double>, reward: Double) {
    guard reward.isFinite, points.sum().isFinite else { return }
    observations += 1
    if window.count < Self.windowMax {
      window.append(Fight(points: points, reward: reward))
    } else {
      window[next] = Fight(points: points, reward: reward)
      next = (next + 1) % Self.windowMax
    }
    if observations % Self.stepEvery == 0 { step() }
  }

  private mutating func step() {
    var moments = RunningMoments()
    for fight in window { moments.add(fight.reward) }
    guard moments.deviation > 0 else { return }
    var change = SIMD16<Double>(repeating: 0)
    for lane in 0..<15 {
      var middle = RunningMoments()
      for fight in window { middle.add(fight.points[lane]) }
      var (high, low) = (RunningMoments(), RunningMoments())
      for fight in window {
        if fight.points[lane] > middle.mean { high.add(fight.reward) } else { low.add(fight.reward) }
      }
      guard high.count >= Self.sideMin, low.count >= Self.sideMin else { continue }
      change[lane] = max(-1, min(1, (high.mean - low.mean) / moments.deviation))
    }
    let isSwinging = (change * lastStep).sum() < 0
    rate = min(
      Self.rateRange.upperBound,
      max(Self.rateRange.lowerBound, rate * (isSwinging ? Self.swingDamping : Self.settleDamping)))
    lastStep = change
    weights = (weights + change * rate).clamped(
      lowerBound: SIMD16(repeating: 1 - WeightLearner.bound), upperBound: SIMD16(repeating: 1 + WeightLearner.bound))
  }

  /// For the store: weights, fights, step width. The window itself begins anew.
  var numbers: [Double] { (0..<16).map { weights[$0] } + [Double(observations), rate] }

  mutating func restore(numbers: [Double]) {
    guard numbers.count == 18, numbers.allSatisfy({ $0.isFinite }), let count = Int(exactly: numbers[16]), count >= 0
    else { return }
    for lane in 0..<16 {
      weights[lane] = max(1 - WeightLearner.bound, min(1 + WeightLearner.bound, numbers[lane]))
    }
    observations = count
    rate = max(Self.rateRange.lowerBound, min(Self.rateRange.upperBound, numbers[17]))
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(observations)
    for lane in 0..<16 { hash.combine(weights[lane]) }
  }
}
