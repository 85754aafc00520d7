import Core

/// A priority rule: its place among the others, its bounds, and its one pure evaluation.
struct Rule: Sendable {
  var id: RuleID
  var ruleClass: RuleClass
  /// Of ordinary rules in phase 2: the lowest tier with an eligible rule answers.
  var tier: Int
  /// Factor of the score in phases 3 and 4.
  var weight: Double
  /// A locked routine may keep other ordinary rules out for so long. Unit: seconds.
  var lockSeconds: Double
  /// After a failure by its own doing the rule is left alone for so long. Unit: seconds.
  var cooldownSeconds: Double
  var considerations: [Consideration]
  var evaluate: @Sendable (Situation, BrainMemory) -> RuleVerdict

  init(
    _ id: RuleID, _ ruleClass: RuleClass, tier: Int, weight: Double, lock: Double = 30,
    cooldown: Double = 2,
    considerations: [Consideration] = [],
    evaluate: @escaping @Sendable (Situation, BrainMemory) -> RuleVerdict
  ) {
    self.id = id
    self.ruleClass = ruleClass
    self.tier = tier
    self.weight = weight
    lockSeconds = lock
    cooldownSeconds = cooldown
    self.considerations = considerations
    self.evaluate = evaluate
  }

  /// Failures open its breaker. Emergencies never have one.
  var hasBreaker: Bool { ruleClass != .emergency }
}

/// The registered rules, in the order of `RuleID`.
enum RuleTable {
  static let rules: [Rule] = survival + combat + maintenance + navigation

  static let ruleClass: [RuleClass] = rules.map(\.ruleClass)
}
