import Core

/// Finds a track's row by its entity's id; open addressing over arrays that are reused, so that a tick allocates
/// nothing once they are large enough.
struct TrackIndex: Sendable {
  private var keys: [UInt32] = []
  private var rows: [Int32] = []
  private var mask = 0

  init() {}

  /// Forgets everything and makes room for `count` entries.
  mutating func reset(count: Int) {
    var capacity = max(64, keys.count)
    while capacity < count * 2 { capacity *= 2 }
    if capacity != keys.count {
      keys = [UInt32](repeating: 0, count: capacity)
      rows = [Int32](repeating: -1, count: capacity)
      mask = capacity - 1
    } else {
      for slot in rows.indices { rows[slot] = -1 }
    }
  }

  /// The first entry of an id stays.
  mutating func insert(_ id: EntityID, row: Int) {
    var slot = Int(mixed(UInt64(id.raw)) & UInt64(mask))
    while rows[slot] >= 0 {
      if keys[slot] == id.raw { return }
      slot = (slot + 1) & mask
    }
    keys[slot] = id.raw
    rows[slot] = Int32(row)
  }

  func row(_ id: EntityID) -> Int? {
    guard mask > 0 else { return nil }
    var slot = Int(mixed(UInt64(id.raw)) & UInt64(mask))
    while rows[slot] >= 0 {
      if keys[slot] == id.raw { return Int(rows[slot]) }
      slot = (slot + 1) & mask
    }
    return nil
  }
}
