/// The nodes that one search has seen, found by key; keeps its memory from search to search.
struct NodeTable: ~Copyable {
  struct Node {
    /// What the search calls the place; below 2^31.
    var key: UInt32
    /// Least cost known from the start.
    var g: UInt32
    /// Index of the node it was reached from; its own index at the start.
    var parent: UInt32
    /// Directions still to be looked into.
    var pending: UInt8
    /// Directions looked into at this cost.
    var done: UInt8
    var sheet: UInt16
  }

  private(set) var nodes: UnsafeMutablePointer<Node>
  private(set) var count = 0
  private var capacity: Int
  /// Open addressing: `(key | 2^31) << 32 | index`, 0 where empty.
  private var slots: UnsafeMutablePointer<UInt64>
  private var slotBits: UInt64

  init(capacity: Int = 1024) {
    let bits = max(10, Int.bitWidth - (capacity - 1).leadingZeroBitCount)
    self.capacity = 1 << bits
    nodes = .allocate(capacity: 1 << bits)
    slotBits = UInt64(bits + 1)
    slots = .allocate(capacity: 1 << (bits + 1))
    slots.initialize(repeating: 0, count: 1 << (bits + 1))
  }

  deinit {
    nodes.deallocate()
    slots.deallocate()
  }

  var byteCount: Int { capacity * MemoryLayout<Node>.stride + 8 << Int(slotBits) }

  /// Forgets all nodes.
  /// - Complexity: O(nodes seen), never O(capacity).
  mutating func removeAll() {
    if count * 4 > 1 << Int(slotBits) {
      slots.update(repeating: 0, count: 1 << Int(slotBits))
    } else {
      // Every slot between a node's home and its slot is that of another node, so zeroing forward from each home,
      // in any order, reaches all of them once all homes are visited; a gap only ends a run already cleared.
      let mask = 1 << Int(slotBits) - 1
      for index in 0..<count {
        var slot = home(nodes[index].key)
        let wanted = UInt64(truncatingIfNeeded: index)
        var steps = 0
        while slots[slot] & 0xFFFF_FFFF != wanted || slots[slot] == 0, steps <= count {
          slot = (slot + 1) & mask
          steps += 1
        }
        slots[slot] = 0
      }
    }
    count = 0
  }

  @inline(__always)
  private func home(_ key: UInt32) -> Int {
    Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- slotBits))
  }

  /// The node of `key`: its index where known, the complement of its new index where not.
  @inline(__always)
  mutating func find(_ key: UInt32) -> Int {
    let mask = 1 &<< Int(truncatingIfNeeded: slotBits) &- 1
    let tag = UInt64(key | 0x8000_0000) &<< 32
    var slot = home(key)
    while true {
      let value = slots[slot]
      if value == 0 { break }
      if value & 0xFFFF_FFFF_0000_0000 == tag { return Int(truncatingIfNeeded: value & 0xFFFF_FFFF) }
      slot = (slot &+ 1) & mask
    }
    let index = count
    if _slowPath(index == capacity) {
      grow()
      return insertAfterGrowth(key)
    }
    slots[slot] = tag | UInt64(truncatingIfNeeded: index)
    nodes[index].key = key
    count = index &+ 1
    return ~index
  }

  /// The node of `key`, or -1; adds nothing.
  func index(of key: UInt32) -> Int {
    let mask = 1 << Int(slotBits) - 1
    var slot = home(key)
    while slots[slot] != 0 {
      if slots[slot] >> 32 == UInt64(key | 0x8000_0000) { return Int(slots[slot] & 0xFFFF_FFFF) }
      slot = (slot + 1) & mask
    }
    return -1
  }

  @inline(never)
  private mutating func insertAfterGrowth(_ key: UInt32) -> Int { find(key) }

  @inline(never)
  private mutating func grow() {
    let wider = UnsafeMutablePointer<Node>.allocate(capacity: capacity * 2)
    wider.moveInitialize(from: nodes, count: count)
    nodes.deallocate()
    nodes = wider
    capacity *= 2
    slots.deallocate()
    slotBits += 1
    slots = .allocate(capacity: 1 << Int(slotBits))
    slots.initialize(repeating: 0, count: 1 << Int(slotBits))
    let mask = 1 << Int(slotBits) - 1
    for index in 0..<count {
      var slot = home(nodes[index].key)
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt64(nodes[index].key | 0x8000_0000) << 32 | UInt64(index)
    }
  }
}
