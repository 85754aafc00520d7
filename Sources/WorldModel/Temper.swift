import Core

/// Which species attack of their own, as far as we have seen: whoever passes by often and does nothing is reckoned
/// harmless, until one comes upon us unprovoked; such a species is never trusted again. Bounded, oldest first out.
struct Temper: Sendable {
  private struct Entry: Sendable {
    var species: FixedName
    /// Ticks that one of them was near and did nothing; -1 once one has attacked of its own.
    var peace = 0
  }

  private var entries: [Entry] = []

  static let capacity = 48
  /// So near, and for so many ticks in all. Unit: world units.
  static let distance = 40.0
  static let ticks = 40

  init() { entries.reserveCapacity(Self.capacity) }

  func isHarmless(_ species: FixedName) -> Bool {
    for entry in entries where entry.species == species { return entry.peace >= Self.ticks }
    return false
  }

  /// One of them is near and does nothing.
  mutating func notePeace(_ species: FixedName) {
    let row = row(species)
    guard entries[row].peace >= 0, entries[row].peace < Self.ticks else { return }
    entries[row].peace += 1
  }

  /// One of them has come upon us unprovoked.
  mutating func noteAttack(_ species: FixedName) { entries[row(species)].peace = -1 }

  private mutating func row(_ species: FixedName) -> Int {
    if let row = entries.firstIndex(where: { $0.species == species }) { return row }
    if entries.count == Self.capacity { entries.removeFirst() }
    entries.append(Entry(species: species))
    return entries.count - 1
  }
}
