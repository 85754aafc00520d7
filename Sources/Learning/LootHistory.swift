import Core

/// What corpses were worth, by species; bounded, least recently seen first out.
public struct LootHistory: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public var species: FixedName
    public var count: Int
    /// Unit: copper.
    public var mean: Double
    /// Counts up with every observation.
    public var stamp: Int
  }

  public private(set) var entries: [Entry] = []
  private var observations = 0

  public static let capacity = 128
  /// Below so many corpses nothing is said.
  public static let observationsMin = 3
  /// The newest corpse counts at least so much.
  static let shareMin = 0.05

  public init() { entries.reserveCapacity(64) }

  /// A corpse of `species` was emptied. Unit of `value`: copper. Range: `0...`.
  public mutating func observe(_ species: FixedName, value: Double) {
    guard value.isFinite, value >= 0, value < 1e9 else { return }
    observations += 1
    if let row = entries.firstIndex(where: { $0.species == species }) {
      entries[row].count += 1
      entries[row].mean += (value - entries[row].mean) * max(Self.shareMin, 1 / Double(entries[row].count))
      entries[row].stamp = observations
      return
    }
    if entries.count == Self.capacity, let oldest = entries.indices.min(by: { entries[$0].stamp < entries[$1].stamp })
    {
      entries.remove(at: oldest)
    }
    entries.append(Entry(species: species, count: 1, mean: value, stamp: observations))
  }

  /// The mean worth of a corpse; 0 when too few were seen. Unit: copper.
  public func value(of species: FixedName) -> Double {
    for entry in entries where entry.species == species {
      return entry.count >= Self.observationsMin ? entry.mean : 0
    }
    return 0
  }

  mutating func restore(_ entry: Entry) {
    guard entries.count < Self.capacity, entry.count > 0, entry.mean.isFinite, entry.mean >= 0,
      !entries.contains(where: { $0.species == entry.species })
    else { return }
    entries.append(entry)
    observations = max(observations, entry.stamp)
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(observations)
    for entry in entries {
      hash.combine(entry.species)
      hash.combine(entry.mean)
    }
  }
}
