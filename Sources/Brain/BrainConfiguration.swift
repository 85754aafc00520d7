import Core

/// How the brain is to choose; may change between ticks.
public struct BrainConfiguration: Hashable, Sendable {
  /// Selection phase. Range: `0...4`.
  public var phase: UInt8 = 2
  /// Selectors that run beside the active one and only count, as bits: bit 2 is phase 2.
  public var shadowPhases: UInt8 = 0
  /// Those that do so now: phase 1 is phase 0 with the tiers of phase 2 beside it.
  var shadowed: UInt8 { phase == 1 ? shadowPhases | 0b100 : shadowPhases }
  public var usesPlans = true
  public var features = Features()
  public var learning = Learning()
  /// The character of the party whom the agent follows, and whose fights it joins instead of hunting on its own; empty
  /// for one that goes its own ways.
  public var follows = FixedName.empty
  /// A weakened brain, to prove that the tests of the envelope notice.
  public var mutation = Mutation.none

  public init() {}

  /// What the operator lets the agent do. Emergency and defence rules cannot be switched off.
  public struct Features: Hashable, Sendable {
    public var rests = true
    public var loots = true
    public var hunts = true
    public var summons = true
    public var buffs = true
    public var memorizes = true
    public var trades = true
    public var recoversCorpses = true
    public var travels = true
    public var wanders = true

    public init() {}
  }

  /// What of the experience is used; it is gathered all the same, so that each can be ablated alone.
  public struct Learning: Hashable, Sendable {
    public var usesEncounters = true
    public var usesHeat = true
    public var usesCosts = true
    /// What corpses were worth counts in a target's score.
    public var usesLoot = true
    /// Weights of the score by regression, or by finite differences for comparison.
    public var usesWeights = false
    public var usesDifferences = false
    /// Where and when enemies come back.
    public var usesSpawns = true
    /// Strategies are tried by Thompson sampling.
    public var usesStrategies = false
    /// The scorecard turns parameters.
    public var usesTuning = false

    public init() {}
  }

  /// Faults put in on purpose.
  public enum Mutation: String, Hashable, Sendable, CaseIterable {
    case none
    /// Emergency and defence compete by score with the rest.
    case noBarrier
    case fleeNever
    case combatScoreZero
    case deathRecoveryCooldown
  }
}
