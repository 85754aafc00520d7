import Core

/// One aspect of a rule's worth: an input, how desire follows from it, and how much it counts.
public struct Consideration: Hashable, Sendable {
  /// What can be measured of a situation. Fractions in `0...1`, distances in world units, times in seconds.
  public enum Input: UInt8, CaseIterable, Sendable {
    case health, mana, petHealth, healthDeficit, manaDeficit
    case attackers, targetHealth, candidateScore, corpseDistance, campDistance
    case bagsFull, buffMissing
    case one
  }

  public var input: Input
  public var curve: ResponseCurve
  /// Range: `0...`.
  public var weight: Double

  public init(_ input: Input, _ curve: ResponseCurve, weight: Double = 1) {
    self.input = input
    self.curve = curve
    self.weight = weight
  }
}

extension Consideration {
  /// The weighted geometric mean of all desires, lifted for their number; a desire of zero is a hard gate.
  ///
  /// The lift keeps a rule with many considerations comparable with one that has few (Mark and Dill, "Improving AI
  /// Decision Modeling Through Utility Theory", GDC 2010): score + (1 − score) · (1 − 1/n) · score.
  static func score(_ considerations: [Consideration], value: (Input) -> Double) -> Double {
    guard !considerations.isEmpty else { return 0 }
    var sum = 0.0
    var weights = 0.0
    for consideration in considerations {
      let desire = consideration.curve.desire(value(consideration.input))
      guard desire > 0 else { return 0 }
      sum += consideration.weight * logarithm(desire)
      weights += consideration.weight
    }
    guard weights > 0 else { return 0 }
    let mean = exponential(sum / weights)
    let lift = 1 - 1 / Double(considerations.count)
    return min(1, mean + (1 - mean) * lift * mean)
  }
}

extension Situation {
  func value(_ input: Consideration.Input, _ memory: BrainMemory) -> Double {
    switch input {
    case .health: health ?? 0
    case .mana: mana ?? 1
    case .petHealth: petHealth ?? (wantsPet ? 0 : 1)
    case .healthDeficit: 1 - (health ?? 0)
    case .manaDeficit: 1 - (mana ?? 1)
    case .attackers: Double(model.attackers.count)
    case .targetHealth: model.targetTrack?.health ?? 1
    case .candidateScore: memory.choice.map { $0.score / 200 } ?? 0
    case .corpseDistance: memory.corpse.flatMap { model.track($0)?.distance } ?? 1000
    case .campDistance: memory.campDistance ?? 0
    case .bagsFull: bagsFullness ?? 0
    case .buffMissing: 1
    case .one: 1
    }
  }

  /// Range: `0...1`; nil when the bags are unknown.
  var bagsFullness: Double? {
    guard let free = state.inventory.slotsFree, let total = state.inventory.slotsTotal, total > 0 else { return nil }
    return 1 - Double(free) / Double(total)
  }
}
