import Brain

extension SimulationOptions.Ablation {
  /// The switch of the brain that it turns.
  var switchPath: WritableKeyPath<BrainConfiguration.Learning, Bool> {
    switch self {
    case .encounters: \.usesEncounters
    case .heat: \.usesHeat
    case .costs: \.usesCosts
    case .loot: \.usesLoot
    case .weights: \.usesWeights
    case .differences: \.usesDifferences
    case .spawns: \.usesSpawns
    case .strategies: \.usesStrategies
    case .tuning: \.usesTuning
    }
  }
}
