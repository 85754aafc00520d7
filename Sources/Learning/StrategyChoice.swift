import Core
import Glibc

/// Chooses how to fight by Thompson sampling: one draw per strategy from what is believed of it against this kind of
/// enemy, the best draw wins. Nothing is tried whose risk of death is above the limit.
public enum StrategyChoice {
  /// A strategy is only tried while the upper end of its risk of death is below this. Range: `0...1`.
  public static let riskMax = 0.12
  /// Nothing is tried on a kind that was more dangerous than this, however it was fought.
  public static let dangerMax = 0.5
  /// Seconds of rest that a full bar of mana costs.
  static let manaSeconds = 60.0

  /// - Parameters:
  ///   - strategies: what can be played, the usual one first.
  ///   - health: ours. Range: `0...1`; nil is danger.
  /// - Returns: the row in `strategies`; nil when the usual one is to be used without a draw.
  public static func draw(
    _ strategies: [UInt8], against species: FixedName, difference: Int, in history: EncounterHistory, health: Double?,
    random: inout SeededGenerator
  ) -> Int? {
    guard strategies.count > 1, let health, health >= 0.8 else { return nil }
    guard let usual = history.belief(species: species, difference: difference, strategy: strategies[0]),
      usual.count >= EncounterHistory.overrideMin, usual.danger.mean < dangerMax
    else { return nil }
    var best: (row: Int, worth: Double)?
    for (row, strategy) in strategies.enumerated() {
      let belief =
        history.belief(species: species, difference: difference, strategy: strategy) ?? EncounterBelief()
      // Without evidence of its own a strategy is as risky as its prior, at our own level and below only.
      if row > 0, belief.risk > riskMax || (belief.count == 0 && difference > 0) { continue }
      let wins = sample(belief.defeat, &random)
      let seconds = sample(belief.seconds, &random) + manaSeconds * sample(belief.mana, &random)
      let worth = wins / max(1, seconds)
      if worth > best?.worth ?? -1 { best = (row, worth) }
    }
    return best?.row
  }

  /// A draw of the probability itself: the normal approximation of its Beta distribution.
  private static func sample(_ belief: BetaPosterior, _ random: inout SeededGenerator) -> Double {
    min(1, max(0, belief.mean + belief.deviation * normal(&random)))
  }

  /// A draw of the median.
  private static func sample(_ belief: LogNormalPosterior, _ random: inout SeededGenerator) -> Double {
    exp(min(20, belief.logMean + (belief.logVariance / belief.weight).squareRoot() * normal(&random)))
  }

  /// A standard normal number (Box and Muller).
  private static func normal(_ random: inout SeededGenerator) -> Double {
    let radius = (-2 * log(max(1e-300, random.unit()))).squareRoot()
    return radius * cos(2 * .pi * random.unit())
  }
}
