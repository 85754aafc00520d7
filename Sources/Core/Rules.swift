/// A priority rule. The order is that of the rule table: survival, combat, maintenance, navigation.
public enum RuleID: UInt8, CaseIterable, Sendable, Codable {
  case deathRecovery, feignDeath, flee, evade
  case inCombat, engageAdd
  case rest, loot, pull, acquire
  case memorizeSpells, summonPet, buff, vendor
  case recoverCorpse, unstick, returnToCamp, travel, wander

  public var name: String { String(describing: self) }
}

/// What may outvote what: no score, plan, lock or learned value lifts a class over a higher one.
public enum RuleClass: UInt8, CaseIterable, Comparable, Sendable, Codable {
  case ordinary, defence, emergency

  public static func < (left: RuleClass, right: RuleClass) -> Bool { left.rawValue < right.rawValue }
  public var name: String { String(describing: self) }
}

/// Why a rule is not eligible this tick. Every declining branch has its own.
public enum RuleReason: UInt8, CaseIterable, Sendable, Codable {
  case none
  // Gates that hold for any rule.
  case cooldown, breakerOpen, lockedOut, lockTimedOut, snapshotPartial, featureOff, masked
  // State of the player.
  case alive, dead, engaged, notEngaged, casting, sitting, moving, loading
  case healthHigh, healthLow, manaHigh, manaLow, healthUnknown, recovered
  // Pet.
  case petAlive, petMissing, petFar, petWeak, petBusy, noPetSpell
  // Targets.
  case noTarget, noCandidate, noAttacker, attackerPresent, targetPresent, targetInvalid, targetTooFar, scoreTooLow
  case damagedNPCNear, socialGroup, playerNear, threatNear, conTooHigh, avoided, unreachable
  // Corpses and goods.
  case noCorpse, corpseUnlooted, corpseTooFar, bagsFull, bagsNotFull, nothingToSell, noVendor, noReagent
  // Spells.
  case spellNotReady, spellUnknown, spellNotMemorised, buffPresent, buffRecent, allMemorised
  // Places and plans.
  case noThreat, notUrgent, urgencyFalling, atCamp, farFromCamp, noCamp, noRoute, noDestination, arrived, notStuck
  case planPending, noPlan, suppressedAfterBuff, suppressedAfterFlee, noFleePoint, recentAttempt
  // The party.
  case peerTarget, following

  public var name: String { String(describing: self) }
}

/// The layer that made a decision.
public enum DecisionLayer: UInt8, CaseIterable, Sendable, Codable {
  /// Keys up, nothing new: loading, stale or disarmed.
  case hold
  case emergency, defence, plan, utility
  /// A locked routine goes on.
  case locked
  /// No rule was eligible.
  case idle

  public var name: String { String(describing: self) }
}

/// Why the agent holds.
public enum HoldReason: UInt8, CaseIterable, Sendable, Codable {
  case none, notArmed, loading, stale, noFocus, motorNotReady, noZoneData, commanded

  public var name: String { String(describing: self) }
}
