import Core
import Glibc

/// What is believed of the time between two events of one kind: three models side by side, each weighed by how well it
/// foretold what came.
///
/// Memoryless (exponential with a Gamma prior), a timer with jitter (uniform with unknown ends), and log-normal
/// (normal-inverse-gamma on the logarithm). All are conjugate: an observation costs the same however many came before.
public struct IntervalBelief: Hashable, Sendable {
  public enum Model: Int, CaseIterable, Sendable {
    case memoryless, timer, logNormal
  }

  public private(set) var count = 0
  /// Sums over all observations, of their logarithms, and of the squares of those.
  private var sum = 0.0
  private var logSum = 0.0
  private var logSquares = 0.0
  private var least = Double.infinity
  private var most = 0.0
  /// Logarithms of the models' weights, relative to each other. Most things that come back do so by a timer.
  private var evidence = SIMD4<Double>(-1.5, 0, -1.5, -.infinity)

  /// One interval of so many seconds is what the priors are worth.
  static let guess = 300.0
  static let logSpread = 0.6

  public init() {}

  /// An event came `seconds` after the one before. What is not positive and finite is not taken.
  public mutating func observe(_ seconds: Double) {
    guard seconds.isFinite, seconds > 0, seconds < 1e7 else { return }
    // Before two observations the timer model has nothing to say, and nothing to be blamed for.
    if count >= 2 {
      for model in Model.allCases {
        evidence[model.rawValue] += log(max(1e-12, density(seconds, model)))
      }
      evidence -= SIMD4(repeating: max(evidence[0], max(evidence[1], evidence[2])))
    }
    count += 1
    sum += seconds
    let logarithm = log(seconds)
    logSum += logarithm
    logSquares += logarithm * logarithm
    least = min(least, seconds)
    most = max(most, seconds)
  }

  /// How much each model counts, in the order of `Model`; they add up to 1.
  public var weights: SIMD3<Double> {
    guard count >= 3 else { return SIMD3(0.5, 0, 0.5) }
    let raw = SIMD3(exp(evidence[0]), exp(evidence[1]), exp(evidence[2]))
    return raw / raw.sum()
  }

  /// The probability that the next interval is at most `seconds`.
  public func cumulative(_ seconds: Double) -> Double {
    guard seconds > 0 else { return 0 }
    var result = 0.0
    for model in Model.allCases where weights[model.rawValue] > 1e-6 {
      result += weights[model.rawValue] * cumulative(seconds, model)
    }
    return min(1, max(0, result))
  }

  /// The interval that is not exceeded with probability `share`, given that `elapsed` seconds went by without an event.
  public func quantile(_ share: Double, elapsed: Double = 0) -> Double {
    let floor = cumulative(elapsed)
    let goal = floor + min(0.999, max(0.001, share)) * (1 - floor)
    var (low, high) = (max(0, elapsed), max(elapsed, 1) * 2)
    while cumulative(high) < goal, high < 1e8 { high *= 2 }
    for _ in 0..<24 {
      let middle = (low + high) / 2
      if cumulative(middle) < goal { low = middle } else { high = middle }
    }
    return high
  }

  /// Logarithm of the probability density of `seconds` under the average of the models.
  public func logDensity(_ seconds: Double) -> Double {
    var result = 0.0
    for model in Model.allCases { result += weights[model.rawValue] * density(seconds, model) }
    return log(max(1e-12, result))
  }

  private func density(_ seconds: Double, _ model: Model) -> Double {
    switch model {
    case .memoryless:
      let (shape, scale) = (1 + Double(count), Self.guess + sum)
      return shape / scale * pow(1 + seconds / scale, -shape - 1)
    case .timer:
      guard count >= 2 else { return 1e-12 }
      let (number, width) = (Double(count), max(1, most - least))
      let edge = (number - 1) / (number + 1) / width
      let outside = max(least - seconds, seconds - most, 0)
      return edge * pow(1 + outside / width, -number)
    case .logNormal:
      let belief = logBelief
      let t = (log(seconds) - belief.center) / belief.scale
      let constant =
        exp(lgamma((belief.degrees + 1) / 2) - lgamma(belief.degrees / 2))
        / (belief.degrees * .pi).squareRoot() / belief.scale
      return constant * pow(1 + t * t / belief.degrees, -(belief.degrees + 1) / 2) / seconds
    }
  }

  private func cumulative(_ seconds: Double, _ model: Model) -> Double {
    switch model {
    case .memoryless:
      return 1 - pow(1 + seconds / (Self.guess + sum), -(1 + Double(count)))
    case .timer:
      guard count >= 2 else { return 0 }
      let (number, width) = (Double(count), max(1, most - least))
      let tail = 1 / (number + 1)
      if seconds < least { return tail * pow(1 + (least - seconds) / width, 1 - number) }
      if seconds > most { return 1 - tail * pow(1 + (seconds - most) / width, 1 - number) }
      return tail + (1 - 2 * tail) * (seconds - least) / width
    case .logNormal:
      let belief = logBelief
      return StudentT.cumulative((log(seconds) - belief.center) / belief.scale, degrees: belief.degrees)
    }
  }

  /// The logarithm's predictive distribution: Student's t with these parameters.
  private var logBelief: (center: Double, scale: Double, degrees: Double) {
    let number = Double(count)
    let prior = log(Self.guess)
    let (weight, shape) = (0.2 + number, 1 + number / 2)
    let center = (0.2 * prior + logSum) / weight
    let mean = number > 0 ? logSum / number : prior
    let within = max(0, logSquares - number * mean * mean)
    let offset: Double = (mean - prior) * (mean - prior)
    let spread: Double = Self.logSpread * Self.logSpread / 8 + within / 2 + 0.2 * number * offset / (2 * weight)
    return (center, (spread * (weight + 1) / (shape * weight)).squareRoot(), 2 * shape)
  }

  /// All of it, for the store.
  var numbers: [Double] {
    [Double(count), sum, logSum, logSquares, count > 0 ? least : 0, most, evidence[0], evidence[1], evidence[2]]
  }

  /// What is out of range leaves the belief empty.
  init(numbers: [Double]) {
    guard numbers.count == 9, numbers.allSatisfy({ $0.isFinite }), let count = Int(exactly: numbers[0]), count > 0,
      numbers[1] > 0, numbers[3] >= 0, numbers[4] > 0, numbers[5] >= numbers[4]
    else { return }
    self.count = count
    sum = numbers[1]
    logSum = numbers[2]
    logSquares = numbers[3]
    least = numbers[4]
    most = numbers[5]
    evidence = SIMD4(min(0, numbers[6]), min(0, numbers[7]), min(0, numbers[8]), -.infinity)
  }
}

/// Student's t distribution.
enum StudentT {
  /// The probability of at most `t`.
  static func cumulative(_ t: Double, degrees: Double) -> Double {
    guard t.isFinite else { return t > 0 ? 1 : 0 }
    let tail = 0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// The regularised incomplete beta function, by its continued fraction (Lentz's method).
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    guard x < (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(1 - x, b, a) }
    let gammas: Double = lgamma(a + b) - lgamma(a) - lgamma(b)
    let front: Double = exp(gammas + a * log(x) + b * log(1 - x)) / a
    let tiny = 1e-30
    var (c, d) = (1.0, 1 / nonZero(1 - (a + b) * x / (a + 1), tiny))
    var fraction = d
    for step in 1...200 {
      let m = Double(step)
      let twice: Double = a + 2 * m
      let even: Double = m * (b - m) * x / ((twice - 1) * twice)
      d = 1 / nonZero(1 + even * d, tiny)
      c = nonZero(1 + even / c, tiny)
      fraction *= d * c
      let odd: Double = -(a + m) * (a + b + m) * x / (twice * (twice + 1))
      d = 1 / nonZero(1 + odd * d, tiny)
      c = nonZero(1 + odd / c, tiny)
      fraction *= d * c
      if abs(d * c - 1) < 1e-12 { break }
    }
    return front * fraction
  }

  private static func nonZero(_ value: Double, _ tiny: Double) -> Double { abs(value) < tiny ? tiny : value }
}
