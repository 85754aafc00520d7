/// Surfaces that lie over the centres of columns, in linked lists.
struct ColumnSamples {
  struct Surface {
    var z: Float
    var triangle: Int32
    /// Its front looks up.
    var isUp: Bool
  }

  private var head: [Int32]
  private var surfaces: [Surface] = []
  private var next: [Int32] = []
  /// The surfaces of the column that was gathered last, lowest first.
  private(set) var column: [Surface] = []

  init(columns: Int) {
    head = Array(repeating: -1, count: columns)
    surfaces.reserveCapacity(columns)
    next.reserveCapacity(columns)
  }

  @inline(__always)
  mutating func add(_ column: Int, z: Float, triangle: Int32, isUp: Bool) {
    next.append(head[column])
    head[column] = Int32(truncatingIfNeeded: surfaces.count)
    surfaces.append(Surface(z: z, triangle: triangle, isUp: isUp))
  }

  mutating func gather(_ index: Int) {
    column.removeAll(keepingCapacity: true)
    var at = head[index]
    while at >= 0 {
      column.append(surfaces[Int(at)])
      at = next[Int(at)]
    }
    guard column.count > 1 else { return }
    // By height; where equal, the upper side counts as lower, so that a slab without thickness is not buried.
    column.sort { ($0.z, $0.isUp ? 0 : 1, $0.triangle) < ($1.z, $1.isUp ? 0 : 1, $1.triangle) }
  }
}
