import Core

/// What kind of fight: against whom, how much above or below us, and how it was fought.
public struct EncounterKey: Hashable, Sendable {
  public var species: FixedName
  /// Its level minus ours. Range: `-20...20`.
  public var difference: Int8
  public var strategy: UInt8

  public init(species: FixedName, difference: Int, strategy: UInt8) {
    self.species = species
    self.difference = Int8(min(20, max(-20, difference)))
    self.strategy = strategy
  }
}

/// How a fight went, as learning needs it.
public struct EncounterOutcome: Hashable, Sendable {
  public enum End: UInt8, Sendable {
    case defeated, fled, died, lost
  }

  public var end: End
  public var seconds: Double
  /// As fractions of the maximum. Range: `0...1`.
  public var manaSpent: Double
  public var healthLost: Double
  public var adds: Int
  public var petDied: Bool

  public init(end: End, seconds: Double, manaSpent: Double, healthLost: Double, adds: Int, petDied: Bool) {
    self.end = end
    self.seconds = seconds
    self.manaSpent = manaSpent
    self.healthLost = healthLost
    self.adds = adds
    self.petDied = petDied
  }

  /// How dangerous it was; failures count in full. Range: `0...1`.
  public var danger: Double {
    switch end {
    case .died: return 1
    case .fled: return 0.8
    case .defeated, .lost:
      let loss = healthLost.isFinite ? max(0, healthLost) : 1
      return min(1, loss + (petDied ? 0.35 : 0))
    }
  }
}

/// What is believed of one kind of fight.
public struct EncounterBelief: Hashable, Sendable {
  public internal(set) var count = 0
  public internal(set) var danger = BetaPosterior(yes: 0.6, no: 1.4)
  public internal(set) var defeat = BetaPosterior(yes: 1, no: 1)
  public internal(set) var petDeath = BetaPosterior(yes: 1, no: 3)
  public internal(set) var death = BetaPosterior(yes: 0.2, no: 9.8)
  public internal(set) var seconds = LogNormalPosterior(guess: 25)
  public internal(set) var mana = LogNormalPosterior(guess: 0.2)

  public init() {}

  /// The upper end of what is believed of the risk of death: mean and one deviation. Range: `0...1`.
  public var risk: Double { min(1, death.mean + death.deviation) }

  mutating func observe(_ outcome: EncounterOutcome) {
    count += 1
    danger.observe(outcome.danger)
    defeat.observe(outcome.end == .defeated ? 1 : 0)
    petDeath.observe(outcome.petDied ? 1 : 0)
    death.observe(outcome.end == .died ? 1 : 0)
    guard outcome.end == .defeated else { return }
    seconds.observe(max(0.5, outcome.seconds))
    mana.observe(max(0.005, outcome.manaSpent))
  }
}

/// All fights so far, by kind. After five of a kind its beliefs override the rules of thumb.
///
/// Bounded: the kind that was seen least recently makes room.
public struct EncounterHistory: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public var key: EncounterKey
    public var belief: EncounterBelief
    /// Counts up with every observation; tells what was seen last.
    public var stamp: Int
  }

  public private(set) var entries: [Entry] = []
  public private(set) var observations = 0

  public static let overrideMin = 5
  public static let capacity = 512

  public init() { entries.reserveCapacity(64) }

  public mutating func observe(_ key: EncounterKey, _ outcome: EncounterOutcome) {
    observations += 1
    if let row = entries.firstIndex(where: { $0.key == key }) {
      entries[row].belief.observe(outcome)
      entries[row].stamp = observations
      return
    }
    if entries.count == Self.capacity, let oldest = entries.indices.min(by: { entries[$0].stamp < entries[$1].stamp })
    {
      entries.remove(at: oldest)
    }
    var belief = EncounterBelief()
    belief.observe(outcome)
    entries.append(Entry(key: key, belief: belief, stamp: observations))
  }

  /// The belief that may override a rule of thumb: that of the strategy fought most; nil below five fights.
  /// - Complexity: O(kinds).
  public func belief(species: FixedName, difference: Int) -> EncounterBelief? {
    let wanted = Int8(min(20, max(-20, difference)))
    var best: EncounterBelief?
    for entry in entries
    where entry.key.difference == wanted && entry.key.species == species
      && entry.belief.count >= Self.overrideMin && entry.belief.count > best?.count ?? 0
    {
      best = entry.belief
    }
    return best
  }

  /// The belief of fights with one strategy; nil before the first.
  public func belief(species: FixedName, difference: Int, strategy: UInt8) -> EncounterBelief? {
    let key = EncounterKey(species: species, difference: difference, strategy: strategy)
    for entry in entries where entry.key == key { return entry.belief }
    return nil
  }

  mutating func restore(_ entry: Entry) {
    guard entries.count < Self.capacity, !entries.contains(where: { $0.key == entry.key }) else { return }
    entries.append(entry)
    observations = max(observations, entry.stamp)
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(observations)
    for entry in entries {
      hash.combine(entry.key.species)
      hash.combine(Int(entry.key.difference) << 8 | Int(entry.key.strategy))
      hash.combine(entry.belief.danger.mean)
      hash.combine(entry.belief.seconds.mean)
    }
  }
}
