import Core

/// A flight or a death with what led to it and what came of it. Fractions are in `0...1`.
public struct IncidentReport: Hashable, Sendable {
  public enum Kind: UInt8, CaseIterable, Sendable, Codable {
    /// It fled and lived.
    case escape
    /// It fled and died all the same.
    case failedEscape
    /// It died without having fled.
    case death
  }

  public var kind: Kind
  /// Why it fled; nil for a death without a flight.
  public var reason: RuleReason?
  public var threat: EntityID?
  public var name = FixedName.empty
  /// How long the fight had lasted at the trigger; nil without one. Unit: seconds.
  public var fightSeconds: Double?
  /// Who attacked at the trigger, and at most in the ten seconds before.
  public var attackers = 0
  public var hadPet = false
  /// At the trigger, and at the start of the ten seconds before it.
  public var healthBefore: Double?
  public var healthAtTrigger: Double?
  public var manaAtTrigger: Double?
  /// Health lost a second over the last ten seconds before the trigger.
  public var drain = 0.0
  /// Health of the threat at the trigger, and when it was last seen.
  public var threatHealth: Double?
  public var threatHealthAtEnd: Double?
  /// From the trigger to the end, on the map. Unit: world units.
  public var distance = 0.0
  /// From the trigger to the end.
  public var seconds = 0.0
  public var lowestHealth: Double?
  public var at: Position

  public init(kind: Kind, at: Position) {
    self.kind = kind
    self.at = at
  }

  func fields(_ put: (StaticString, FieldValue) -> Void) {
    put("kind", .word(StaticWord(kind)))
    put("reason", reason.map { .word(StaticWord($0)) } ?? .null)
    put("threat", .entity(threat))
    put("name", .name(name))
    put("fight_seconds", .optional(fightSeconds))
    put("attackers", .integer(attackers))
    put("had_pet", .flag(hadPet))
    put("health_before", .optional(healthBefore))
    put("health_at_trigger", .optional(healthAtTrigger))
    put("mana_at_trigger", .optional(manaAtTrigger))
    put("drain", .number(drain))
    put("threat_health", .optional(threatHealth))
    put("threat_health_at_end", .optional(threatHealthAtEnd))
    put("distance", .number(distance))
    put("seconds", .number(seconds))
    put("lowest_health", .optional(lowestHealth))
    put("at", .position(at))
  }
}

/// What the agent is about, seen from far: a session is a handful of these an hour.
public enum ActivityPhase: UInt8, CaseIterable, Sendable, Codable {
  /// Before the first fight is looked for.
  case startup
  /// Looking for opponents, fighting and looting them.
  case grinding
  case resting
  case travelling
  /// Fleeing, dead, or stuck.
  case incident
  /// Without an order, or on hold.
  case idle

  public var name: String { String(describing: self) }
}
