/// A tree of planes whose leaves are regions, some of them water, lava or a zone line.
struct RegionVolumes: Volumes {
  struct Node: Sendable {
    var normal: SIMD3<Float>
    /// In front: normal · p + distance > 0.
    var distance: Float
    /// Indices of nodes; -1 for none.
    var front: Int32
    var back: Int32
    /// What the leaf is; nil for air and for inner nodes.
    var medium: Medium?
    /// Where a zone line leads; 0: not said.
    var zone: Int32 = 0
  }

  /// Node 0 is the root.
  private let nodes: [Node]
  private let isEmpty: Bool

  init(_ nodes: [Node]) {
    // What leads to nothing but air is cut off.
    var reaches = [Bool](repeating: false, count: nodes.count)
    for index in stride(from: nodes.count - 1, through: 0, by: -1) {
      let node = nodes[index]
      reaches[index] =
        node.medium != nil || (node.front >= 0 && reaches[Int(node.front)])
        || (node.back >= 0 && reaches[Int(node.back)])
    }
    self.nodes = nodes.map { node in
      var node = node
      if node.front >= 0, !reaches[Int(node.front)] { node.front = -1 }
      if node.back >= 0, !reaches[Int(node.back)] { node.back = -1 }
      return node
    }
    isEmpty = !(reaches.first ?? false)
  }

  /// What is at a point.
  func medium(at point: SIMD3<Float>) -> Medium? { leaf(at: point)?.medium }

  func zone(at point: SIMD3<Float>) -> Int32 { leaf(at: point)?.zone ?? 0 }

  private func leaf(at point: SIMD3<Float>) -> Node? {
    var index: Int32 = nodes.isEmpty ? -1 : 0
    while index >= 0 {
      let node = nodes[Int(index)]
      if node.front < 0, node.back < 0 { return node }
      index = (node.normal * point).sum() + node.distance > 0 ? node.front : node.back
    }
    return nil
  }

  func mayReach(low: SIMD3<Float>, high: SIMD3<Float>) -> Bool {
    guard !isEmpty else { return false }
    let middle = (low + high) / 2
    let half = (high - low) / 2
    var stack: [Int32] = [0]
    while let index = stack.popLast() {
      let node = nodes[Int(index)]
      if node.medium != nil { return true }
      let distance = (node.normal * middle).sum() + node.distance
      let reach = abs(node.normal.x * half.x) + abs(node.normal.y * half.y) + abs(node.normal.z * half.z)
      if node.front >= 0, distance + reach > 0 { stack.append(node.front) }
      if node.back >= 0, distance - reach <= 0 { stack.append(node.back) }
    }
    return false
  }

  func intervals(x: Float, y: Float, into intervals: inout [MediumInterval]) {
    guard !isEmpty else { return }
    collect(0, x: x, y: y, low: -1e9, high: 1e9, into: &intervals)
  }

  private func collect(
    _ index: Int32, x: Float, y: Float, low: Float, high: Float, into intervals: inout [MediumInterval]
  ) {
    guard index >= 0, low < high else { return }
    let node = nodes[Int(index)]
    if let medium = node.medium, node.front < 0, node.back < 0 {
      if let last = intervals.last, last.medium == medium, last.high == low {
        intervals[intervals.count - 1].high = high
      } else {
        intervals.append(MediumInterval(low: low, high: high, medium: medium))
      }
      return
    }
    let base = node.normal.x * x + node.normal.y * y + node.distance
    guard abs(node.normal.z) > 1e-6 else {
      collect(base > 0 ? node.front : node.back, x: x, y: y, low: low, high: high, into: &intervals)
      return
    }
    let crossing = -base / node.normal.z
    let lower = node.normal.z > 0 ? node.back : node.front
    let upper = node.normal.z > 0 ? node.front : node.back
    collect(lower, x: x, y: y, low: low, high: min(high, crossing), into: &intervals)
    collect(upper, x: x, y: y, low: max(low, crossing), high: high, into: &intervals)
  }
}
