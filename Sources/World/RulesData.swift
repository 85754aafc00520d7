/// The numbers of rules.json that belong to no class, spell, item or NPC.
public struct RulesData: Hashable, Sendable {
  // Movement. Units per second, 512ths of a turn per second.
  public let runSpeed: Double
  public let backSpeed: Double
  public let strafeSpeed: Double
  public let turnRate: Double
  public let swimFactor: Double
  public let gravity: Double
  public let jumpSpeed: Double
  public let bodyRadius: Double
  public let bodyHeight: Double
  public let stepHeight: Double
  /// Steepest ground that carries. Unit: degrees.
  public let slopeDegrees: Double
  /// Upward part of the normal of the steepest ground that carries: the cosine of `slopeDegrees`.
  let carries: Double
  /// Feet below the surface by this much, and one swims.
  public let swimDepth: Double
  public let fallSafe: Double
  public let fallDamage: Double
  public let lavaDamage: Int

  // Melee.
  public let meleeRange: Double
  /// Half of the arc in which one hits. Unit: 512ths.
  public let meleeArc: Double
  public let hitPerLevel: Double
  public let hitMin: Double
  public let hitMax: Double
  /// Part of damage that one point of armour takes away, and the most it can.
  public let armorFactor: Double
  public let armorMax: Double
  public let sittingHitFactor: Double
  /// After a stun nobody can be stunned again for so long. Unit: seconds.
  public let stunPause: Double

  // Skills, which grow by use up to a cap.
  public let skillPerLevel: Int
  /// Chance to learn from one blow or one cast.
  public let skillGain: Double
  /// What every missing point costs: chance to hit, chance to fizzle.
  public let skillHit: Double
  public let skillFizzle: Double

  // Spells.
  public let fizzleChance: Double
  public let fizzlePerLevel: Double
  public let fizzleManaPart: Double
  public let gemRefreshSeconds: Double
  public let interruptChance: Double
  public let interruptMoveDistance: Double
  public let resistBase: Double
  public let resistPerLevel: Double
  public let resistMin: Double
  public let resistMax: Double
  /// Chance that damage breaks a root.
  public let rootBreak: Double
  public let memoriseSeconds: Double
  public let feignFailChance: Double

  // NPCs.
  public let aggroPerLevel: Double
  public let aggroHeight: Double
  public let grayNoAggro: Bool
  public let thinkSeconds: Double
  public let farDistance: Double
  /// Standing lost with a kin for one of them; below `standingHostile` its guards attack and its merchants refuse.
  public let standingPerKill: Int
  public let standingHostile: Int
  public let healIdlePart: Double
  public let spellHateFactor: Double
  public let petTauntHate: Double
  public let healHateFactor: Double

  // Pets.
  public let petFollowDistance: Double
  public let petRegenerationPart: Double

  // Experience and death.
  public let levelMax: Int
  public let experienceBase: Double
  public let experiencePower: Double
  /// Part of a defeat's experience by con, in the order of `Con`.
  public let experienceByCon: [Double]
  public let experienceLossPart: Double
  public let experienceLossFromLevel: Int
  public let releaseSeconds: Double
  public let loadingSeconds: Double

  // Corpses, goods.
  public let corpseCapacity: Int
  public let corpseSeconds: Double
  public let emptyCorpseSeconds: Double
  public let playerCorpseSeconds: Double
  public let lootRange: Double
  public let merchantRange: Double
  public let inventorySlots: Int
  public let bankSlots: Int
  public let weightBase: Int
  public let weightPerLevel: Int
  public let encumberedFactor: Double
  public let targetRange: Double
}
