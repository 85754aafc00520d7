import Glibc

/// Recast's height field: per column, solid stretches of voxels from below, each with the walkability of its top.
///
/// Every step rounds as Recast's does (32-bit floats, the same order), so that spans equal its own. Frame of this
/// file: Recast's, x right, y up, z towards the viewer.
struct RecastField {
  struct Span: Hashable {
    /// In voxels from the field's floor; the top is `high`.
    var low: Int32
    var high: Int32
    var isWalkable: Bool
    /// Index of the next span above; -1 for none.
    var next: Int32
  }

  /// More voxels upwards than this Recast does not count.
  static let heightMost = 8191
  static let columnsMost = 1 << 24
  static let open = 0xFFFF

  let settings: RecastSettings
  let low: SIMD3<Float>
  let high: SIMD3<Float>
  let width: Int
  let depth: Int
  private(set) var head: [Int32]
  var spans: [Span] = []
  private var free: Int32 = -1

  init(low: SIMD3<Float>, high: SIMD3<Float>, settings: RecastSettings) throws(BuildError) {
    let columns = ((high.x - low.x) / settings.cellSize + 0.5).rounded(.down)
    let rows = ((high.z - low.z) / settings.cellSize + 0.5).rounded(.down)
    guard columns >= 1, rows >= 1, columns * rows <= Float(Self.columnsMost) else {
      throw BuildError("Recast's rules take at most \(Self.columnsMost) columns, not \(columns) × \(rows)")
    }
    self.low = low
    self.high = high
    self.settings = settings
    width = Int(columns)
    depth = Int(rows)
    head = Array(repeating: -1, count: width * depth)
  }

  /// The spans of column (x, z), lowest first.
  func eachSpan(_ x: Int, _ z: Int, _ body: (Int) -> Void) {
    var index = head[z * width + x]
    while index >= 0 {
      body(Int(index))
      index = spans[Int(index)].next
    }
  }

  func first(_ x: Int, _ z: Int) -> Int32 { head[z * width + x] }

  /// Adds every voxel that a triangle touches.
  mutating func add(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) {
    let (u, v) = (b - a, c - a)
    let normal = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
    let length = 1 / (normal.x * normal.x + normal.y * normal.y + normal.z * normal.z).squareRoot()
    let isWalkable = normal.y * length > settings.steepest
    let (least, most) = (pointwiseMin(a, pointwiseMin(b, c)), pointwiseMax(a, pointwiseMax(b, c)))
    guard all(least .<= high), all(most .>= low) else { return }
    let size = settings.cellSize
    let perSize = 1 / size
    let firstRow = min(max(Int((least.z - low.z) * perSize), -1), depth - 1)
    let lastRow = min(max(Int((most.z - low.z) * perSize), 0), depth - 1)
    guard firstRow <= lastRow else { return }
    var rest = RecastPolygon(a, b, c)
    for row in firstRow...lastRow {
      var strip = RecastPolygon()
      var beyond = RecastPolygon()
      rest.divide(at: low.z + Float(row) * size + size, axis: 2, into: &strip, &beyond)
      rest = beyond
      guard strip.count >= 3, row >= 0 else { continue }
      let (left, right) = strip.bounds(axis: 0)
      let (from, to) = (Int((left - low.x) * perSize), Int((right - low.x) * perSize))
      guard to >= 0, from < width else { continue }
      let firstColumn = min(max(from, -1), width - 1)
      let lastColumn = min(max(to, 0), width - 1)
      guard firstColumn <= lastColumn else { continue }
      for column in firstColumn...lastColumn {
        var cell = RecastPolygon()
        var further = RecastPolygon()
        strip.divide(at: low.x + Float(column) * size + size, axis: 0, into: &cell, &further)
        strip = further
        guard cell.count >= 3, column >= 0 else { continue }
        add(cell, column, row, isWalkable)
      }
    }
  }

  private mutating func add(_ cell: RecastPolygon, _ column: Int, _ row: Int, _ isWalkable: Bool) {
    var (bottom, top) = cell.bounds(axis: 1)
    let height = high.y - low.y
    bottom -= low.y
    top -= low.y
    guard top >= 0, bottom <= height else { return }
    bottom = max(bottom, 0)
    top = min(top, height)
    let perHeight = 1 / settings.voxelHeight
    let from = min(max(Int((bottom * perHeight).rounded(.down)), 0), Self.heightMost)
    let to = min(max(Int((top * perHeight).rounded(.up)), from + 1), Self.heightMost)
    merge(column, row, Span(low: Int32(from), high: Int32(to), isWalkable: isWalkable, next: -1))
  }

  /// Puts a span into its column; what it touches becomes one with it.
  private mutating func merge(_ column: Int, _ row: Int, _ added: Span) {
    var span = added
    var before: Int32 = -1
    var at = head[row * width + column]
    while at >= 0 {
      let other = spans[Int(at)]
      if other.low > span.high { break }
      if other.high < span.low {
        before = at
        at = other.next
        continue
      }
      span.low = min(span.low, other.low)
      span.high = max(span.high, other.high)
      if abs(Int(span.high) - Int(other.high)) <= settings.climb {
        span.isWalkable = span.isWalkable || other.isWalkable
      }
      spans[Int(at)].next = free
      free = at
      if before >= 0 { spans[Int(before)].next = other.next } else { head[row * width + column] = other.next }
      at = other.next
    }
    span.next = at
    let place: Int32
    if free >= 0 {
      place = free
      free = spans[Int(free)].next
      spans[Int(place)] = span
    } else {
      place = Int32(spans.count)
      spans.append(span)
    }
    if before >= 0 { spans[Int(before)].next = place } else { head[row * width + column] = place }
  }
}

/// A polygon of at most twelve corners, cut along the axes.
struct RecastPolygon {
  private var corners: InlineArray<12, SIMD3<Float>> = .init(repeating: SIMD3())
  private(set) var count = 0

  init() {}

  init(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) {
    corners[0] = a
    corners[1] = b
    corners[2] = c
    count = 3
  }

  private mutating func append(_ corner: SIMD3<Float>) {
    guard count < 12 else { return }
    corners[count] = corner
    count += 1
  }

  func bounds(axis: Int) -> (low: Float, high: Float) {
    var low = corners[0][axis]
    var high = low
    for index in 1..<count {
      low = min(low, corners[index][axis])
      high = max(high, corners[index][axis])
    }
    return (low, high)
  }

  /// The parts on both sides of a plane across an axis; corners on the plane belong to both.
  func divide(at offset: Float, axis: Int, into below: inout RecastPolygon, _ above: inout RecastPolygon) {
    guard count > 0 else { return }
    var before = count - 1
    for index in 0..<count {
      let (here, there) = (offset - corners[index][axis], offset - corners[before][axis])
      if (here >= 0) != (there >= 0) {
        let part = there / (there - here)
        let cut = corners[before] + (corners[index] - corners[before]) * part
        below.append(cut)
        above.append(cut)
        if here > 0 { below.append(corners[index]) } else if here < 0 { above.append(corners[index]) }
      } else {
        if here >= 0 { below.append(corners[index]) }
        if here <= 0 { above.append(corners[index]) }
      }
      before = index
    }
  }
}
