import Core

/// Entities that are left alone until a tick; bounded, oldest first out.
struct AttemptList: Sendable {
  private var entries: [(id: EntityID, until: Tick)] = []

  static let capacity = 32

  init() { entries.reserveCapacity(Self.capacity) }

  func bars(_ id: EntityID, at tick: Tick) -> Bool {
    for entry in entries where entry.id == id && entry.until > tick { return true }
    return false
  }

  mutating func bar(_ id: EntityID, until tick: Tick) {
    if let row = entries.firstIndex(where: { $0.id == id }) {
      entries.remove(at: row)
    } else if entries.count == Self.capacity {
      entries.removeFirst()
    }
    entries.append((id, tick))
  }

  mutating func clear() { entries.removeAll(keepingCapacity: true) }

  mutating func expire(at tick: Tick) {
    entries.removeAll { $0.until <= tick }
  }
}
