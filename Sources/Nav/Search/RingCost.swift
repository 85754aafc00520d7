/// Edge costs and pruning in the 3 × 3 cells round a node, for cells that cost differently.
///
/// Rates are whole numbers, 0 blocked. A straight step costs `straight` × the sum of the two cells' rates, a diagonal
/// one `diagonal` × the sum of the four it touches: length × mean rate, as 985 / 1393 is √2 / 2 to within 1e-7.
/// Unit: 1 / 2786 of a cell at rate 1.
struct RingCost: ~Copyable {
  static let straight: UInt32 = 1393
  static let diagonal: UInt32 = 985

  /// Rates of the eight cells round the node, clockwise from the north: N, NE, E, SE, S, SW, W, NW.
  let ring: UnsafeMutablePointer<UInt32>
  /// Rate of the node's own cell.
  var center: UInt32 = 0
  private let clockwise: UnsafeMutablePointer<UInt32>
  private let turned: UnsafeMutablePointer<UInt32>

  static let far = UInt32.max / 4

  init() {
    ring = .allocate(capacity: 24)
    ring.initialize(repeating: 0, count: 24)
    clockwise = ring + 8
    turned = ring + 16
  }

  deinit { ring.deallocate() }

  /// Cost of the step from the node to ring cell `index`; `far` where it may not be made.
  @inline(__always)
  func step(_ index: Int) -> UInt32 {
    let rate = ring[index]
    if rate == 0 { return Self.far }
    if index & 1 == 0 { return (center &+ rate) &* Self.straight }
    let before = ring[index &- 1]
    let after = ring[(index &+ 1) & 7]
    if before == 0 || after == 0 { return Self.far }
    return (center &+ rate &+ before &+ after) &* Self.diagonal
  }

  /// The directions worth following from the node when it was reached from ring cell `from`: one is left out where
  /// a way round the node, inside the ring, is cheaper, or as cheap and begins with a diagonal instead of a straight
  /// step (of equal paths the one with the earlier diagonal is kept; Carlson et al., "Optimal pathfinding on
  /// weighted grid maps", AAAI 2023, in another order of ties). Bit n: ring cell n.
  @inline(__always)
  func successors(from: Int) -> UInt8 {
    let base = step(from)
    guard base < Self.far else { return 255 }
    // `clockwise[k]`: least cost from ring cell `from` to `from + k` along the ring clockwise; `turned` the other way.
    walk(from, 1, clockwise)
    walk(from, 7, turned)
    var kept: UInt8 = 0
    let isStraight = from & 1 == 0
    for offset in 1...7 {
      let index = (from &+ offset) & 7
      let onward = step(index)
      if onward >= Self.far { continue }
      let through = base &+ onward
      let round = min(clockwise[offset], turned[8 &- offset])
      if round < through { continue }
      if round == through, isStraight, roundBeginsDiagonally(from, offset, through) { continue }
      kept |= 1 &<< UInt8(truncatingIfNeeded: index)
    }
    return kept
  }

  @inline(__always)
  private func walk(_ from: Int, _ direction: Int, _ cost: UnsafeMutablePointer<UInt32>) {
    cost[0] = 0
    var index = from
    for count in 1...7 {
      let next = (index &+ direction) & 7
      let a = ring[index]
      let b = ring[next]
      var least = a == 0 || b == 0 ? Self.far : min(cost[count &- 1] &+ (a &+ b) &* Self.straight, Self.far)
      if count >= 2, next & 1 == 0 {
        // Over the corner: from the straight neighbour before it, past the corner cell and the node's own.
        let before = (index &- direction) & 7
        let corner = a
        let c = ring[before]
        if b != 0, corner != 0, c != 0 {
          least = min(least, cost[count &- 2] &+ (b &+ corner &+ c &+ center) &* Self.diagonal)
        }
      }
      cost[count] = least
      index = next
    }
  }

  /// True when a way round the node at cost `cost` begins with a diagonal step.
  private func roundBeginsDiagonally(_ from: Int, _ offset: Int, _ cost: UInt32) -> Bool {
    for direction in [1, 7] {
      let corner = ring[(from &+ direction) & 7]
      let beside = (from &+ 2 &* direction) & 7
      guard corner != 0, ring[beside] != 0 else { continue }
      var sum = (ring[from] &+ corner &+ ring[beside] &+ center) &* Self.diagonal
      var index = beside
      let target = (from &+ offset) & 7
      var steps = 0
      while index != target, steps < 6 {
        let next = (index &+ direction) & 7
        guard ring[next] != 0 else {
          sum = Self.far
          break
        }
        sum &+= (ring[index] &+ ring[next]) &* Self.straight
        index = next
        steps &+= 1
      }
      if sum <= cost, index == target { return true }
    }
    return false
  }
}
