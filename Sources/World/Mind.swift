import Core

/// What an NPC or pet has in mind, and what spells do to any body.
struct Mind: Hashable {
  enum Mood: UInt8, Hashable {
    case idle
    /// Walks to `goal`.
    case roaming
    case fighting
    /// Runs away until `until`, then fights again.
    case fleeing
    /// Back to the spawn point, deaf to everything but blows.
    case returning
  }

  enum PetCommand: UInt8, Hashable { case follow, `guard` }

  var mood = Mood.idle
  var random = SeededGenerator(seed: 0)
  /// Index into the spawn points of the zone; -1 for pets, players and corpses.
  var spawn = -1
  var goal = Position.origin
  /// Step at which the mood changes or a walk is given up.
  var until = 0
  var lastStep = 0
  var nextThink = 0
  var nextSwing = 0
  var nextSpell = 0
  /// Step at which a cast is done; 0 when none is under way.
  var castEnd = 0
  var castTarget: UInt32 = 0
  var respawnStep = 0
  var patrolIndex = 0
  /// Damage that `claimant` (a player, with its pet) and that others did; experience goes by it.
  var claimant = -1
  var claimedDamage = 0
  var otherDamage = 0
  var hasFled = false
  /// Dazed before this step: neither moves, casts nor strikes.
  var stunnedUntil = 0
  /// How it goes about what stands in its way.
  var detour = Detour()
  var command = PetCommand.follow
  var status = Status()
}

/// What the effects on a body come to.
struct Status: Hashable {
  var speedFactor = 1.0
  var isRooted = false
  var isFeared = false
  var isMesmerised = false
  var armor = 0
  var health = 0
  var manaRegeneration = 0
  var healthRegeneration = 0
}
