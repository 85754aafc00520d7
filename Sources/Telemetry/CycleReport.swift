import Core

/// One round of the agent's work, from the search of an opponent to the search of the next: found, pulled, fought,
/// looted, rested. Joined by the credit of its first order. Units: seconds.
public struct CycleReport: Hashable, Sendable {
  public var credit: CreditID
  /// Whom the first fight of the round was with.
  public var name = FixedName.empty
  public var seconds = 0.0
  /// Parts of `seconds`; `other` is the rest.
  public var acquire = 0.0
  public var pull = 0.0
  public var fight = 0.0
  public var loot = 0.0
  public var rest = 0.0
  public var other = 0.0
  /// Over all fights of the round; fractions.
  public var manaSpent = 0.0
  public var healthLost = 0.0
  public var casts = 0
  public var adds = 0
  public var defeats = 0
  /// Pulls that came to nothing.
  public var pullsFailed = 0

  public init(credit: CreditID) {
    self.credit = credit
  }

  func fields(_ put: (StaticString, FieldValue) -> Void) {
    put("credit", .integer(Int(credit.raw)))
    put("name", .name(name))
    put("seconds", .number(seconds))
    put("acquire", .number(acquire))
    put("pull", .number(pull))
    put("fight", .number(fight))
    put("loot", .number(loot))
    put("rest", .number(rest))
    put("other", .number(other))
    put("mana_spent", .number(manaSpent))
    put("health_lost", .number(healthLost))
    put("casts", .integer(casts))
    put("adds", .integer(adds))
    put("defeats", .integer(defeats))
    put("pulls_failed", .integer(pullsFailed))
  }
}
