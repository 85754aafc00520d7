import Core

/// A candidate of the last tick with the points of all fifteen factors: why it was chosen, or was not.
public struct TargetBreakdown: Hashable, Sendable {
  /// One factor's share of the score, which is the sum of points times weights.
  public struct Part: Hashable, Sendable {
    public let name: String
    public let points: Double
    public let weight: Double
  }

  public let candidate: DecisionReceipt.Candidate
  /// The one that is hunted.
  public let isChosen: Bool
  /// All factors, in their order. The four Pareto factors of a rejected one are 0: it was not compared.
  public let parts: [Part]

  init(
    _ candidate: DecisionReceipt.Candidate, _ factors: TargetFactors, weights: SIMD16<Double>, isChosen: Bool
  ) {
    self.candidate = candidate
    self.isChosen = isChosen
    parts = TargetFactors.Factor.allCases.map {
      Part(name: String(describing: $0), points: factors[$0], weight: weights[$0.rawValue])
    }
  }

  /// The points times their weights.
  public var sum: Double { parts.reduce(0) { $0 + $1.points * $1.weight } }
}

extension Brain {
  /// Those who are rejected at first sight are weighed as well.
  public var explainsRejected: Bool {
    get { memory.explainsRejected }
    set { memory.explainsRejected = newValue }
  }

  /// Whom the last tick weighed as a target: those that were scored, best first, then those that were rejected.
  public var targetBreakdown: [TargetBreakdown] {
    let chosen = memory.choice?.id
    let weights = memory.targetWeights
    // The receipt names the best five; who is hunted may have fallen behind.
    var scored = memory.candidates.map(\.id)
    if let chosen, !scored.contains(chosen) { scored.append(chosen) }
    let entries = scored.compactMap { id in
      if let entry = memory.pool.entries.first(where: { $0.id == id }) {
        return (DecisionReceipt.Candidate(id: id, name: entry.name, score: entry.score), entry.factors)
      }
      // The enemy of one who needs help is not compared with anybody.
      guard let choice = memory.choice, choice.id == id, let named = memory.candidates.first(where: { $0.id == id })
      else { return nil }
      return (named, choice.factors)
    }
    return entries.map { TargetBreakdown($0, $1, weights: weights, isChosen: $0.id == chosen) }
      + zip(memory.rejected, memory.rejectedFactors)
      .map { TargetBreakdown($0, $1, weights: weights, isChosen: false) }
  }
}
