import Core

/// Remembers whom we fought, and which corpses are theirs; bounded, oldest first out.
struct FallenList: Sendable {
  private var fought: [(id: EntityID, tick: Tick)] = []
  private var kills: [EntityID] = []

  static let capacity = 64

  init() {
    fought.reserveCapacity(Self.capacity)
    kills.reserveCapacity(Self.capacity)
  }

  mutating func clear() {
    fought.removeAll(keepingCapacity: true)
    kills.removeAll(keepingCapacity: true)
  }

  /// `id` is being fought at `tick`.
  mutating func note(_ id: EntityID, tick: Tick) {
    if let row = fought.firstIndex(where: { $0.id == id }) {
      fought[row].tick = tick
      return
    }
    if fought.count == Self.capacity { fought.removeFirst() }
    fought.append((id, tick))
    // A living body bears this id again: an older corpse of that id is gone.
    if let row = kills.firstIndex(of: id) { kills.remove(at: row) }
  }

  func wasFought(_ id: EntityID, since tick: Tick) -> Bool {
    fought.contains { $0.id == id && $0.tick >= tick }
  }

  func isKill(_ corpse: EntityID) -> Bool { kills.contains(corpse) }

  mutating func noteKill(_ corpse: EntityID) {
    if kills.count == Self.capacity { kills.removeFirst() }
    kills.append(corpse)
  }
}
