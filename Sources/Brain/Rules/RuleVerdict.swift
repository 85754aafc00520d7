import Core

/// What a rule says at one tick. Condition, score and order are one value, so they cannot disagree.
public enum RuleVerdict: Hashable, Sendable {
  /// Range of the score: `0...1`; zero does not count as eligible.
  case eligible(score: Double, order: RoutineOrder)
  /// The measured value and the threshold that it missed, in the unit of the reason.
  case ineligible(RuleReason, value: Double = 0, threshold: Double = 0)

  /// A score of zero is no wish at all.
  @inlinable public var isEligible: Bool {
    if case .eligible(let score, _) = self { score > 0 } else { false }
  }

  @inlinable public var score: Double {
    if case .eligible(let score, _) = self { score } else { 0 }
  }

  @inlinable public var order: RoutineOrder? {
    if case .eligible(_, let order) = self { order } else { nil }
  }

  @inlinable public var reason: RuleReason {
    if case .ineligible(let reason, _, _) = self { reason } else { .none }
  }

  static func no(_ reason: RuleReason, _ value: Double = 0, under threshold: Double = 0)
    -> RuleVerdict
  {
    .ineligible(reason, value: value, threshold: threshold)
  }
}
