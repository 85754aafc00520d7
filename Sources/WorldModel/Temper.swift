import Core
import Learning

/// Which species attack of their own, as far as we have seen: whoever passes by often and does nothing is reckoned
/// harmless, until one comes upon us unprovoked; such a species is never trusted again. Bounded, oldest first out.
struct Temper: Sendable {
  private struct Entry: Sendable {
    var species: FixedName
    /// Ticks that one of them was near and did nothing; -1 once one has attacked of its own.
    var peace = 0
    /// The furthest below our level that one came upon us.
    var lowest = Int.max
  }

  private var entries: [Entry] = []
  /// The furthest below our level that anybody came upon us.
  private var lowest = Int.max

  static let capacity = 48
  /// So near, and for so many ticks in all. Unit: world units.
  static let distance = 40.0
  static let ticks = 40

  init() { entries.reserveCapacity(Self.capacity) }

  func isHarmless(_ species: FixedName) -> Bool {
    for entry in entries where entry.species == species { return entry.peace >= Self.ticks }
    return false
  }

  /// One of them has come upon us unprovoked, some time.
  func isAggressive(_ species: FixedName) -> Bool {
    for entry in entries where entry.species == species { return entry.peace < 0 }
    return false
  }

  /// One of them, so far below our level, has come upon us unprovoked.
  func hasAttacked(_ species: FixedName, difference: Int) -> Bool {
    guard difference >= lowest else { return false }
    for entry in entries where entry.species == species { return difference >= entry.lowest }
    return false
  }

  /// All that was learned.
  var kept: [Manners.Temper] {
    entries.map {
      Manners.Temper(species: $0.species, peace: $0.peace, lowest: $0.lowest == .max ? nil : $0.lowest)
    }
  }

  /// Begins with what was learned before.
  mutating func recall(_ kept: [Manners.Temper]) {
    entries.removeAll(keepingCapacity: true)
    lowest = .max
    for one in kept.suffix(Self.capacity) {
      let least = one.lowest ?? .max
      entries.append(Entry(species: one.species, peace: min(Self.ticks, max(-1, one.peace)), lowest: least))
      lowest = min(lowest, least)
    }
  }

  /// One of them is near and does nothing.
  mutating func notePeace(_ species: FixedName) {
    let row = row(species)
    guard entries[row].peace >= 0, entries[row].peace < Self.ticks else { return }
    entries[row].peace += 1
  }

  /// One of them has come upon us unprovoked.
  mutating func noteAttack(_ species: FixedName, difference: Int) {
    let row = row(species)
    entries[row].peace = -1
    entries[row].lowest = min(entries[row].lowest, difference)
    lowest = min(lowest, difference)
  }

  private mutating func row(_ species: FixedName) -> Int {
    if let row = entries.firstIndex(where: { $0.species == species }) { return row }
    if entries.count == Self.capacity { entries.removeFirst() }
    entries.append(Entry(species: species))
    return entries.count - 1
  }
}
