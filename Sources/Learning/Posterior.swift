import Glibc

/// What is believed of a probability: a Beta distribution, with old evidence fading as new comes in.
public struct BetaPosterior: Hashable, Sendable {
  public private(set) var yes: Double
  public private(set) var no: Double
  let priorYes: Double
  let priorNo: Double

  /// Each observation leaves so much of the weight of all before it.
  static let memory = 0.98

  public init(yes: Double, no: Double) {
    self.yes = yes
    self.no = no
    priorYes = yes
    priorNo = no
  }

  /// Range: `0...1`.
  public var mean: Double { yes / (yes + no) }

  public var deviation: Double {
    let sum = yes + no
    return (yes * no / (sum * sum * (sum + 1))).squareRoot()
  }

  /// Takes in one observation. Range: `0...1`; a part counts as part of each.
  public mutating func observe(_ share: Double) {
    guard share.isFinite else { return }
    let share = min(1, max(0, share))
    yes = priorYes + (yes - priorYes) * Self.memory + share
    no = priorNo + (no - priorNo) * Self.memory + (1 - share)
  }

  mutating func restore(yes: Double, no: Double) {
    guard yes.isFinite, no.isFinite, yes >= priorYes, no >= priorNo, yes + no < 1e6 else { return }
    self.yes = yes
    self.no = no
  }
}

/// What is believed of a positive quantity: a log-normal with fading evidence around a prior guess.
public struct LogNormalPosterior: Hashable, Sendable {
  /// Sum of weights, and weighted sums of the logarithm and its square; the prior is in them.
  public private(set) var weight: Double
  public private(set) var sum: Double
  public private(set) var squares: Double

  /// - Parameters:
  ///   - guess: the median before anything was seen. Range: above 0.
  ///   - spread: standard deviation of the logarithm.
  ///   - weight: how many observations the guess is worth.
  public init(guess: Double, spread: Double = 0.5, weight: Double = 1) {
    let center = log(max(guess, 1e-6))
    self.weight = weight
    sum = center * weight
    squares = (center * center + spread * spread) * weight
  }

  public var logMean: Double { sum / weight }
  public var logVariance: Double { max(1e-4, squares / weight - logMean * logMean) }
  /// The expected value.
  public var mean: Double { exp(min(50, logMean + logVariance / 2)) }
  /// The value that is not exceeded in a part `share` of cases, roughly. `share` is one of the usual 0.5, 0.8, 0.9.
  public func quantile(_ share: Double) -> Double {
    let z = share >= 0.9 ? 1.2816 : share >= 0.8 ? 0.8416 : 0
    return exp(min(50, logMean + z * logVariance.squareRoot()))
  }

  /// Takes in one observation; what is not positive and finite is not taken.
  public mutating func observe(_ value: Double) {
    guard value.isFinite, value > 0, value < 1e9 else { return }
    let memory = BetaPosterior.memory
    let x = log(value)
    weight = weight * memory + 1
    sum = sum * memory + x
    squares = squares * memory + x * x
  }

  mutating func restore(weight: Double, sum: Double, squares: Double) {
    guard weight.isFinite, sum.isFinite, squares.isFinite, weight > 0, weight < 1e6 else { return }
    self.weight = weight
    self.sum = sum
    self.squares = squares
  }
}
