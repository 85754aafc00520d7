/// Why the agent decided as it did, and why not otherwise: one per tick, complete.
public struct DecisionReceipt: Hashable, Sendable {
  /// What one rule said.
  public struct Verdict: Hashable, Sendable {
    public var rule: RuleID
    public var ruleClass: RuleClass
    public var isEligible: Bool
    /// Why not; `none` when eligible.
    public var reason: RuleReason
    /// The measured value and the threshold it was held against, in the unit of the reason.
    public var value: Double
    public var threshold: Double
    public var score: Double

    public init(
      rule: RuleID, ruleClass: RuleClass, isEligible: Bool, reason: RuleReason = .none, value: Double = 0,
      threshold: Double = 0, score: Double = 0
    ) {
      self.rule = rule
      self.ruleClass = ruleClass
      self.isEligible = isEligible
      self.reason = reason
      self.value = value
      self.threshold = threshold
      self.score = score
    }
  }

  /// A candidate target with its score, or the reason of its rejection.
  public struct Candidate: Hashable, Sendable {
    public var id: EntityID
    public var name: FixedName
    public var score: Double
    /// `none` when it was scored.
    public var reject: RuleReason

    public init(id: EntityID, name: FixedName, score: Double, reject: RuleReason = .none) {
      self.id = id
      self.name = name
      self.score = score
      self.reject = reject
    }
  }

  public var decision: Decision
  /// In the order of the rule table.
  public var verdicts: [Verdict]
  /// The best five and up to five rejected ones, best first; empty when no target was sought.
  public var candidates: [Candidate]
  /// Score of the winner minus the best other score of its class; nil without a runner-up.
  public var margin: Double?
  public var runnerUp: RuleID?
  /// The selection phase (0-4).
  public var phase: UInt8

  public init(
    decision: Decision, verdicts: [Verdict] = [], candidates: [Candidate] = [], margin: Double? = nil,
    runnerUp: RuleID? = nil, phase: UInt8 = 2
  ) {
    self.decision = decision
    self.verdicts = verdicts
    self.candidates = candidates
    self.margin = margin
    self.runnerUp = runnerUp
    self.phase = phase
  }
}
