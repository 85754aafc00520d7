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
  /// Open addressing: `key << 33 | generation << 25 | index`. A slot of another generation is empty, so that
  /// forgetting all nodes is counting on.
  private var slots: UnsafeMutablePointer<UInt64>
  private var slotBits: UInt64
  private var generation: UInt64 = 1

  private static let indexBits: UInt64 = 25
  private static let generationMax: UInt64 = 255

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
  /// - Complexity: O(1), but O(capacity) once in 255 times.
  mutating func removeAll() {
    count = 0
    generation &+= 1
    if generation > Self.generationMax { forgetGenerations() }
  }

  @inline(never)
  private mutating func forgetGenerations() {
    generation = 1
    slots.update(repeating: 0, count: 1 << Int(slotBits))
  }

  @inline(__always)
  private func home(_ key: UInt32) -> Int {
    Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- slotBits))
  }

  @inline(__always)
  private func tag(_ key: UInt32) -> UInt64 { (UInt64(key) &<< 8 | generation) &<< Self.indexBits }

  @inline(__always)
  private static func index(_ slot: UInt64) -> Int {
    Int(truncatingIfNeeded: slot & (1 &<< indexBits &- 1))
  }

  /// The node of `key`: its index where known, the complement of its new index where not.
  @inline(__always)
  mutating func find(_ key: UInt32) -> Int {
    let mask = 1 &<< Int(truncatingIfNeeded: slotBits) &- 1
    let tag = tag(key)
    var slot = home(key)
    while true {
      // What two words of one generation differ in above their indices is the key.
      let difference = (slots[slot] ^ tag) &>> Self.indexBits
      if difference == 0 { return Self.index(slots[slot]) }
      if difference & Self.generationMax != 0 { break }
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

  /// Takes in that a place can be reached at cost `g` from node `parent`, with `directions` to be looked into.
  /// - Returns: its node where it must be queued for that, else -1.
  @inline(__always)
  mutating func offer(_ key: UInt32, _ g: UInt32, from parent: Int, _ directions: UInt8, sheet: UInt16) -> Int {
    let found = find(key)
    let index: Int
    if found < 0 {
      index = ~found
    } else {
      index = found
      let known = nodes[index].g
      if known < g { return -1 }
      if known == g {
        let more = directions & ~nodes[index].done
        if more == 0 { return -1 }
        let isQueued = nodes[index].pending != 0
        nodes[index].pending |= more
        nodes[index].done |= more
        return isQueued ? -1 : index
      }
    }
    nodes[index].g = g
    nodes[index].parent = UInt32(truncatingIfNeeded: parent)
    nodes[index].pending = directions
    nodes[index].done = directions
    nodes[index].sheet = sheet
    return index
  }

  /// The node of `key`, or -1; adds nothing.
  func index(of key: UInt32) -> Int {
    let mask = 1 << Int(slotBits) - 1
    let tag = tag(key)
    var slot = home(key)
    while true {
      let difference = (slots[slot] ^ tag) >> Self.indexBits
      if difference == 0 { return Self.index(slots[slot]) }
      if difference & Self.generationMax != 0 { return -1 }
      slot = (slot + 1) & mask
    }
  }

  @inline(never)
  private mutating func insertAfterGrowth(_ key: UInt32) -> Int { find(key) }

  @inline(never)
  private mutating func grow() {
    precondition(capacity < 1 << Int(Self.indexBits), "more nodes than any map that fits in memory has")
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
      slots[slot] = tag(nodes[index].key) | UInt64(index)
    }
  }
}
