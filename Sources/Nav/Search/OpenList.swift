/// A priority queue of (cost estimate, node): a four-way heap of words; keeps its memory.
///
/// A node may stand in it several times; whoever takes it out tells stale entries by the node's own state. Equal
/// estimates come out newest first (the newer one is mostly nearer to the goal), the same in every run.
struct OpenList: ~Copyable {
  private var heap: UnsafeMutablePointer<UInt64>
  private var count = 0
  /// An entry below all in the heap, or `none`: what was pushed last is often what is taken out next.
  private var hand = Self.none
  private static let none = UInt64.max
  private var capacity: Int

  init(capacity: Int = 1024) {
    self.capacity = capacity
    heap = .allocate(capacity: capacity)
  }

  deinit { heap.deallocate() }

  var byteCount: Int { capacity * 8 }
  var isEmpty: Bool { count == 0 && hand == Self.none }
  /// The least estimate; only while not empty.
  var minimum: UInt32 { UInt32(truncatingIfNeeded: (hand != Self.none ? hand : heap[0]) >> 32) }

  mutating func removeAll() {
    count = 0
    hand = Self.none
  }

  @inline(__always)
  mutating func push(_ estimate: UInt32, _ node: Int) {
    var entry = UInt64(estimate) &<< 32 | UInt64(truncatingIfNeeded: 0xFFFF_FFFF &- node)
    if entry < hand, count == 0 || entry < heap[0] {
      swap(&entry, &hand)
      if entry == Self.none { return }
    }
    if _slowPath(count == capacity) { grow() }
    var hole = count
    count = hole &+ 1
    while hole > 0 {
      let parent = (hole &- 1) &>> 2
      let above = heap[parent]
      if above <= entry { break }
      heap[hole] = above
      hole = parent
    }
    heap[hole] = entry
  }

  /// Takes the node with the least estimate out.
  @inline(__always)
  mutating func pop() -> Int {
    if hand != Self.none {
      defer { hand = Self.none }
      return 0xFFFF_FFFF &- Int(truncatingIfNeeded: hand & 0xFFFF_FFFF)
    }
    let top = heap[0]
    count &-= 1
    let last = heap[count]
    var hole = 0
    let end = count
    while true {
      let first = hole &<< 2 &+ 1
      if first &+ 3 < end {
        let a = heap[first]
        let b = heap[first &+ 1]
        let c = heap[first &+ 2]
        let d = heap[first &+ 3]
        let left = a <= b
        let right = c <= d
        let low = left ? a : b
        let high = right ? c : d
        let lowIndex = left ? first : first &+ 1
        let highIndex = right ? first &+ 2 : first &+ 3
        let isLow = low <= high
        let least = isLow ? low : high
        if least >= last { break }
        heap[hole] = least
        hole = isLow ? lowIndex : highIndex
      } else {
        var child = first
        guard child < end else { break }
        var other = child &+ 1
        while other < end {
          if heap[other] < heap[child] { child = other }
          other &+= 1
        }
        if heap[child] >= last { break }
        heap[hole] = heap[child]
        hole = child
      }
    }
    heap[hole] = last
    return 0xFFFF_FFFF &- Int(truncatingIfNeeded: top & 0xFFFF_FFFF)
  }

  @inline(never)
  private mutating func grow() {
    let wider = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity * 2)
    wider.moveInitialize(from: heap, count: count)
    heap.deallocate()
    heap = wider
    capacity *= 2
  }
}
