import Core

/// Everything that is learned, as one value: loaded before a session, changed only by the agent's tick, stored by the
/// edge.
public struct LearnedState: Hashable, Sendable {
  public var encounters = EncounterHistory()
  public var heat = SpatialHeat()
  public var costs = CostModel()
  public var loot = LootHistory()
  public var weights = WeightLearner()
  public var differences = DifferenceLearner()
  public var spawns = SpawnPredictor()
  public var tuner = ScorecardTuner()
  /// Lives in the world model during a session; the agent puts it here.
  public var manners = Manners()
  /// Seconds on the clock of the stored evidence at which this session's tick 0 lies; from the session's header.
  public var epoch = 0.0

  public init() {}

  /// The clock of the evidence at `tick`. Unit: seconds.
  public func seconds(at tick: Tick) -> Double { epoch + Double(tick.slot) / 10 }

  public func combine(into hash: inout StableHash) {
    encounters.combine(into: &hash)
    heat.combine(into: &hash)
    costs.combine(into: &hash)
    loot.combine(into: &hash)
    weights.combine(into: &hash)
    differences.combine(into: &hash)
    spawns.combine(into: &hash)
    tuner.combine(into: &hash)
    manners.combine(into: &hash)
    hash.combine(epoch)
  }

  /// Stable over processes; names the state in a session's header.
  public var digest: UInt64 {
    var hash = StableHash()
    combine(into: &hash)
    return hash.value
  }
}
