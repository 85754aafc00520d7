import Core
import WorldModel

/// How urgent it is to run, and whether a floor is broken that asks no further questions. Pure.
struct FleeUrgency: Hashable, Sendable {
  /// Range: `0...1`.
  var urgency: Double
  /// The floor that is broken; nil when none is.
  var floor: RuleReason?

  /// A pet that died within so many ticks still counts.
  static let petGriefTicks = 100
  /// Whoever is so far away and comes no faster does not get here while we cast or walk. Units: world units (per second).
  static let outrunReach = 25.0
  static let outrunSpeed = 18.0
  /// Nobody we know of runs faster. Unit: world units per second.
  static let runSpeed = 34.0

  init(_ situation: Situation, petDied: Tick?, isStalled: Bool) {
    urgency = 0
    floor = nil
    guard !situation.isDead, situation.isThreatened else { return }
    let attackers = situation.model.attackers.count
    let targetHealth = situation.model.targetTrack?.health ?? 1
    let health = situation.health
    let isWinnable = (health ?? 0) > 0.6 && targetHealth < 0.5
    let canFrighten = Self.canFrighten(situation)
    let petJustDied =
      !situation.hasPet && petDied.map { situation.tick - $0 <= Self.petGriefTicks } ?? false

    if let health { urgency += power(1 - health, 1.8) * 1.45 } else { urgency = 1 }
    if petJustDied && !isWinnable && !canFrighten { urgency += 0.4 }
    urgency += 0.15 * Double(max(0, attackers - 1))
    if targetHealth < 0.15 { urgency -= 0.25 }
    if let pet = situation.petHealth, pet < 0.3 { urgency += 0.1 }
    if situation.deadlyThreat != nil { urgency += 0.5 }
    if situation.lacksPet, situation.isAttacked, !canFrighten { urgency += 0.5 }
    urgency = min(1, max(0, urgency))
    floor = Self.floor(
      situation, attackers: attackers, petLost: petJustDied && !isWinnable && !canFrighten, isStalled: isStalled)
  }

  /// Whoever attacks us alone runs from us, or will: a fear is at hand, and health enough to cast it.
  private static func canFrighten(_ situation: Situation) -> Bool {
    guard let health = situation.health, health > 0.7, situation.model.attackers.count == 1 else { return false }
    let attacker = situation.model.tracks[situation.model.attackers[0]]
    if attacker.body == .fleeing { return true }
    // Who comes at half our pace is outrun.
    let pace = attacker.velocity.horizontalLength
    if attacker.distance > Self.outrunReach, pace > 2, pace < Self.outrunSpeed { return true }
    // Until it is here the gem has recovered.
    let grace = max(3, attacker.distance / Self.runSpeed)
    let mana = situation.state.player.mana ?? 0
    return situation.state.gems.contains { gem in
      guard gem.recast <= grace, let spell = gem.spell.flatMap(situation.lore.spell) else { return false }
      return spell.kind == .fear && mana >= spell.mana
    }
  }

  private static func floor(_ situation: Situation, attackers: Int, petLost: Bool, isStalled: Bool)
    -> RuleReason?
  {
    guard let health = situation.health else { return .healthUnknown }
    if health < situation.thresholds.fleeHealth { return .healthLow }
    if petLost, attackers > 0 { return .petMissing }
    if situation.deadlyThreat != nil, attackers > 0 { return .threatNear }
    if isStalled, attackers > 0 { return .unreachable }
    let serious = situation.model.attackers.reduce(0) {
      situation.model.tracks[$1].con > .lightBlue ? $0 + 1 : $0
    }
    if serious >= 3 { return .socialGroup }
    if serious >= 2, situation.lacksPet { return .socialGroup }
    return nil
  }
}
