import Core
import Telemetry

/// The promise that holds whatever is learned, planned or scored; checked on every decision while running.
enum Envelope {
  /// The least class that `situation` asks for; nil when anything may be done.
  static func required(_ situation: Situation) -> RuleClass? {
    if situation.isDead { return .emergency }
    if situation.isThreatened, (situation.health ?? 0) < situation.thresholds.fleeHealth { return .emergency }
    return situation.isAttacked ? .defence : nil
  }

  /// The invariant that a decision of class `chosen` breaks; nil when it keeps the promise.
  static func breach(_ chosen: RuleClass?, _ situation: Situation) -> Invariant? {
    guard let required = required(situation) else { return nil }
    guard let chosen, chosen >= required else { return .envelope }
    return nil
  }
}
