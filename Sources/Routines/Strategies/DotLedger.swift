import Core

/// Which of our lasting spells work on whom, as far as our own casts tell; bounded.
public struct DotLedger: Hashable, Sendable {
  private struct Entry: Hashable {
    var spell: SpellID
    var target: EntityID
    var until: Tick
  }

  private var entries: [Entry] = []

  static let capacity = 24

  public init() {
    entries.reserveCapacity(Self.capacity)
  }

  public mutating func note(_ spell: SpellID, on target: EntityID, until: Tick, now: Tick) {
    entries.removeAll { $0.until <= now || ($0.spell == spell && $0.target == target) }
    if entries.count == Self.capacity { entries.removeFirst() }
    entries.append(Entry(spell: spell, target: target, until: until))
  }

  /// What was noted of this spell last did not come true: it was resisted.
  public mutating func strike(_ spell: SpellID, on target: EntityID) {
    entries.removeAll { $0.spell == spell && $0.target == target }
  }

  /// The spell works on the target, and will for more than `margin` slots.
  public func isActive(_ spell: SpellID, on target: EntityID, now: Tick, margin: Int = 10) -> Bool {
    for entry in entries where entry.spell == spell && entry.target == target { return entry.until - now > margin }
    return false
  }

  /// How long the spell works on the target at most; 0 when it does not. Unit: slots.
  public func slotsLeft(_ spell: SpellID, on target: EntityID, now: Tick) -> Int {
    for entry in entries where entry.spell == spell && entry.target == target { return max(0, entry.until - now) }
    return 0
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(entries.count)
    for entry in entries {
      hash.combine(UInt64(entry.spell.raw) << 32 | UInt64(entry.target.raw))
      hash.combine(entry.until.slot)
    }
  }
}
