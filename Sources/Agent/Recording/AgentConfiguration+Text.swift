import Brain
import Core
import Lore
import Routines

// An agent's configuration as text, so that a session's header can hold it and a replay can change it.

extension AgentConfiguration {
  private typealias Feature = (name: String, path: WritableKeyPath<BrainConfiguration.Features, Bool>)

  private static var features: [Feature] {
    [
      ("rests", \.rests), ("loots", \.loots), ("hunts", \.hunts), ("summons", \.summons), ("buffs", \.buffs),
      ("memorizes", \.memorizes), ("trades", \.trades), ("recovers_corpses", \.recoversCorpses),
      ("travels", \.travels), ("wanders", \.wanders),
    ]
  }

  private typealias Use = (name: String, path: WritableKeyPath<BrainConfiguration.Learning, Bool>)

  private static var uses: [Use] {
    [
      ("encounters", \.usesEncounters), ("heat", \.usesHeat), ("costs", \.usesCosts), ("loot", \.usesLoot),
      ("weights", \.usesWeights), ("differences", \.usesDifferences), ("spawns", \.usesSpawns),
      ("strategies", \.usesStrategies), ("tuning", \.usesTuning),
    ]
  }

  /// - Parameters:
  ///   - turnRate: 512ths per second while a turn key is down.
  ///   - runSpeed: Units per second while the forward key is down.
  public init(turnRate: Double, runSpeed: Double, phase: UInt8) {
    self.init(body: BodyProfile(turnRate: turnRate, runSpeed: runSpeed), phase: phase)
  }

  /// JSON with every value, in the form that `init(text:)` reads.
  public var text: String {
    var json = JSONText()
    json.object { json in
      json.member("turn_rate", body.turnRate)
      json.member("run_speed", body.runSpeed)
      json.member("requires_terrain", requiresTerrain)
      json.member("phase", Int(brain.phase))
      json.member("shadow_phases", Int(brain.shadowPhases))
      json.member("uses_plans", brain.usesPlans)
      if let strategy { json.member("strategy", strategy.name) }
      if brain.mutation != .none { json.member("weakened", brain.mutation.rawValue) }
      if !brain.follows.isEmpty { json.member("follows", brain.follows.description) }
      json.key("features")
      json.object { json in
        for feature in Self.features { json.member(feature.name, brain.features[keyPath: feature.path]) }
      }
      json.key("learning")
      json.object { json in
        for use in Self.uses { json.member(use.name, brain.learning[keyPath: use.path]) }
      }
    }
    return json.text
  }

  /// Reads values over those of `base`; what is not named stays as it is there.
  /// - Throws: `DataError` for an unknown key or a value out of range.
  public init(text: String, file: String, over base: AgentConfiguration) throws(DataError) {
    self = base
    guard !text.isEmpty else { return }
    let root = try DataNode.parse(text, file: file)
    try root.allowKeys([
      "turn_rate", "run_speed", "requires_terrain", "phase", "shadow_phases", "uses_plans", "features", "learning",
      "strategy", "follows", "weakened",
    ])
    if root["turn_rate"].exists || root["run_speed"].exists {
      let turnRate = root["turn_rate"].exists ? try root["turn_rate"].number(in: 1...4096) : body.turnRate
      let runSpeed = root["run_speed"].exists ? try root["run_speed"].number(in: 0.1...1000) : body.runSpeed
      body = BodyProfile(turnRate: turnRate, runSpeed: runSpeed)
    }
    if root["requires_terrain"].exists { requiresTerrain = try root["requires_terrain"].boolean() }
    if root["phase"].exists { brain.phase = UInt8(try root["phase"].integer(in: 0...4)) }
    if root["shadow_phases"].exists { brain.shadowPhases = UInt8(try root["shadow_phases"].integer(in: 0...255)) }
    if root["uses_plans"].exists { brain.usesPlans = try root["uses_plans"].boolean() }
    if root["strategy"].exists {
      let name = try root["strategy"].string()
      guard let named = StrategyID(name: name) else { throw root["strategy"].error("\"\(name)\" is no strategy") }
      strategy = named
    }
    if root["weakened"].exists {
      let name = try root["weakened"].string()
      guard let mutation = BrainConfiguration.Mutation(rawValue: name) else {
        throw root["weakened"].error("\"\(name)\" is no way to weaken a brain")
      }
      brain.mutation = mutation
    }
    if root["follows"].exists { brain.follows = FixedName(try root["follows"].string()) }
    if root["learning"].exists {
      try root["learning"].allowKeys(Set(Self.uses.map(\.name)))
      for use in Self.uses where root["learning"][use.name].exists {
        brain.learning[keyPath: use.path] = try root["learning"][use.name].boolean()
      }
    }
    guard root["features"].exists else { return }
    try root["features"].allowKeys(Set(Self.features.map(\.name)))
    for feature in Self.features where root["features"][feature.name].exists {
      brain.features[keyPath: feature.path] = try root["features"][feature.name].boolean()
    }
  }
}
