import Lore

/// What experience or the operator say about a fight before it begins; asked once per undertaking.
public struct FightAdvice: Hashable, Sendable {
  /// How to fight; nil leaves it to the kit.
  public var strategy: StrategyID?
  /// The strategy is the operator's: no change within the fight.
  public var isFixed: Bool
  /// What such fights have taken before. Unit: seconds.
  public var seconds: Double?
  /// Two of its kind would be no danger, as far as is known: the pull goes on beside one of its kin.
  public var isEasy: Bool

  public static let none = FightAdvice()

  public init(strategy: StrategyID? = nil, isFixed: Bool = false, seconds: Double? = nil, isEasy: Bool = false) {
    self.strategy = strategy
    self.isFixed = isFixed
    self.seconds = seconds
    self.isEasy = isEasy
  }
}
