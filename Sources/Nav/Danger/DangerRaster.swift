import Core

/// The danger of one search as whole-number rates per cell, computed tile by tile when a search first looks there.
struct DangerRaster: ~Copyable {
  /// The rate of a cell that may not be entered.
  static let forbidden: UInt32 = 0xFFFF
  /// The highest rate of a cell that may.
  static let rateMax = 4000.0
  private static let side = 16
  /// A disc over more tiles than this has every cell marked.
  private static let seamTilesMost = 600

  /// A zone in cells of the sheet it is looked at in.
  struct Disc {
    var x: Double
    var y: Double
    var z: Double
    var halfHeight: Double
    var radius: Double
    var reach: Double
    var rate: Double
    var isHard: Bool

    /// Half of the falloff, at the rate of its middle, reaches so far. The falloff is two rings, so that a search
    /// need not look at every cell of it.
    var middle: Double { (radius + reach) / 2 }
  }

  private(set) var discs: [Disc] = []
  /// Per tile: 0 not looked at, 1 free of danger, else 2 + index of its rates in the pool.
  private var tiles: [UInt16] = []
  private var touched: [Int] = []
  private var pool: [UInt16] = []
  /// Whether a disc counts in the row of tiles below; for `forEachSeam`.
  private var below: [Bool] = []
  /// Cells computed since `begin`.
  private(set) var work = 0
  private var tilesX = 0
  private var width = 0
  private var height = 0

  var isEmpty: Bool { discs.isEmpty }
  var byteCount: Int { tiles.capacity * 2 + pool.capacity * 2 + touched.capacity * 8 }

  /// Takes the zones of a search on a grid of `width × height` cells. `scale`: whole-number rate of 1 second per unit.
  mutating func begin(width: Int, height: Int) {
    for tile in touched { tiles[tile] = 0 }
    touched.removeAll(keepingCapacity: true)
    pool.removeAll(keepingCapacity: true)
    discs.removeAll(keepingCapacity: true)
    work = 0
    guard width != self.width || height != self.height else { return }
    self.width = width
    self.height = height
    tilesX = (width + Self.side - 1) / Self.side
    tiles = Array(repeating: 0, count: tilesX * ((height + Self.side - 1) / Self.side))
  }

  mutating func add(_ disc: Disc) { discs.append(disc) }

  /// The danger of a cell; `floor` gives the height of a cell's floor.
  mutating func rate(_ x: Int, _ y: Int, _ floor: (_ x: Int, _ y: Int) -> Double?) -> UInt32 {
    if let known = known(x, y) { return known }
    _ = raster((y &>> 4) &* tilesX &+ x &>> 4, floor)
    return known(x, y) ?? 0
  }

  /// The danger of a cell whose tile was looked at; nil for any other.
  @inline(__always)
  func known(_ x: Int, _ y: Int) -> UInt32? {
    let state = tiles[(y &>> 4) &* tilesX &+ x &>> 4]
    if state < 2 { return state == 1 ? 0 : nil }
    return UInt32(pool[(Int(state) &- 2) &* 256 &+ (y & 15) &* 16 &+ x & 15])
  }

  /// Whether a disc counts at the height of a tile's floor.
  private func counts(_ disc: Disc, _ column: Int, _ row: Int, _ floor: (_ x: Int, _ y: Int) -> Double?) -> Bool {
    guard let z = floor(min(column * Self.side + 8, width - 1), min(row * Self.side + 8, height - 1)) else {
      return true
    }
    return abs(z - disc.z) <= disc.halfHeight
  }

  /// Calls `mark` with the cells on both sides of each border of tiles across which a disc counts no more because of
  /// its height. - Returns: false where it covers too many tiles to tell.
  mutating func forEachSeam(
    of disc: Disc, _ floor: (_ x: Int, _ y: Int) -> Double?,
    _ mark: (_ x: ClosedRange<Int>, _ y: ClosedRange<Int>) -> Void
  ) -> Bool {
    let columns = tileRange(disc.x, disc.reach, width)
    let rows = tileRange(disc.y, disc.reach, height)
    guard columns.count * rows.count <= Self.seamTilesMost else { return false }
    below.removeAll(keepingCapacity: true)
    for row in rows {
      var left = false
      for (index, column) in columns.enumerated() {
        let isIn = counts(disc, column, row, floor)
        let (x, y) = (column * Self.side, row * Self.side)
        if index > 0, left != isIn { mark(x - 1...x, y - 1...y + Self.side) }
        if below.count > index, row > rows.lowerBound, below[index] != isIn { mark(x - 1...x + Self.side, y - 1...y) }
        if row == rows.lowerBound { below.append(isIn) } else { below[index] = isIn }
        left = isIn
      }
    }
    return true
  }

  private func tileRange(_ center: Double, _ reach: Double, _ count: Int) -> Range<Int> {
    let low = max(Int((center - reach).rounded(.down)), 0) / Self.side
    let high = min(Int((center + reach).rounded(.up)), count - 1) / Self.side
    return low..<max(low, high + 1)
  }

  @inline(never)
  private mutating func raster(_ tile: Int, _ floor: (_ x: Int, _ y: Int) -> Double?) -> UInt16 {
    touched.append(tile)
    let left = tile % tilesX * Self.side
    let bottom = tile / tilesX * Self.side
    var index = -1
    for disc in discs {
      let nearX = min(max(disc.x, Double(left)), Double(left + Self.side))
      let nearY = min(max(disc.y, Double(bottom)), Double(bottom + Self.side))
      let square = (nearX - disc.x) * (nearX - disc.x) + (nearY - disc.y) * (nearY - disc.y)
      guard square < disc.reach * disc.reach, counts(disc, tile % tilesX, tile / tilesX, floor) else { continue }
      work &+= 256
      if index < 0 {
        guard pool.count / 256 < 65_000 else { break }
        index = pool.count
        pool.append(contentsOf: repeatElement(0, count: 256))
      }
      burn(disc, left, bottom, index)
    }
    let state = index < 0 ? 1 : UInt16(index / 256 + 2)
    tiles[tile] = state
    return state
  }

  private mutating func burn(_ disc: Disc, _ left: Int, _ bottom: Int, _ index: Int) {
    let full = disc.isHard ? Self.forbidden : UInt32(disc.rate.rounded(.up))
    let (inner, outer) = (UInt32((disc.rate * 0.75).rounded(.up)), UInt32((disc.rate * 0.25).rounded(.up)))
    let (radius, middle, reach) = (disc.radius * disc.radius, disc.middle * disc.middle, disc.reach * disc.reach)
    for y in 0..<Self.side {
      let dy = Double(bottom + y) + 0.5 - disc.y
      for x in 0..<Self.side {
        let dx = Double(left + x) + 0.5 - disc.x
        let square = dx * dx + dy * dy
        guard square < reach || square <= radius else { continue }
        let at = index + y * Self.side + x
        let known = UInt32(pool[at])
        guard known != Self.forbidden else { continue }
        let more = square <= radius ? full : square < middle ? inner : outer
        pool[at] = more == Self.forbidden ? UInt16.max : UInt16(min(known + more, UInt32(Self.rateMax)))
      }
    }
  }
}
