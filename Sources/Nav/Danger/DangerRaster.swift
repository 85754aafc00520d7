import Core

/// The danger of one search as whole-number rates per cell, computed tile by tile when a search first looks there.
struct DangerRaster: ~Copyable {
  /// The rate of a cell that may not be entered.
  static let forbidden: UInt32 = 0xFFFF
  /// The highest rate of a cell that may.
  static let rateMax = 4000.0
  private static let side = 16

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
  }

  private(set) var discs: [Disc] = []
  /// Per tile: 0 not looked at, 1 free of danger, else 2 + index of its rates in the pool.
  private var tiles: [UInt16] = []
  private var touched: [Int] = []
  private var pool: [UInt16] = []
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

  @inline(never)
  private mutating func raster(_ tile: Int, _ floor: (_ x: Int, _ y: Int) -> Double?) -> UInt16 {
    touched.append(tile)
    let left = tile % tilesX * Self.side
    let bottom = tile / tilesX * Self.side
    let z = floor(min(left + 8, width - 1), min(bottom + 8, height - 1))
    var index = -1
    for disc in discs {
      if let z, abs(z - disc.z) > disc.halfHeight { continue }
      let nearX = min(max(disc.x, Double(left)), Double(left + Self.side))
      let nearY = min(max(disc.y, Double(bottom)), Double(bottom + Self.side))
      let square = (nearX - disc.x) * (nearX - disc.x) + (nearY - disc.y) * (nearY - disc.y)
      guard square < disc.reach * disc.reach else { continue }
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
    for y in 0..<Self.side {
      for x in 0..<Self.side {
        let dx = Double(left + x) + 0.5 - disc.x
        let dy = Double(bottom + y) + 0.5 - disc.y
        let distance = (dx * dx + dy * dy).squareRoot()
        guard distance < disc.reach else { continue }
        let at = index + y * Self.side + x
        guard pool[at] != 0xFFFF else { continue }
        if distance <= disc.radius {
          if disc.isHard {
            pool[at] = 0xFFFF
            continue
          }
          pool[at] = UInt16(min(Double(pool[at]) + disc.rate.rounded(.up), Self.rateMax))
        } else {
          let rate = disc.rate * (1 - (distance - disc.radius) / (disc.reach - disc.radius))
          pool[at] = UInt16(min(Double(pool[at]) + rate.rounded(.up), Self.rateMax))
        }
      }
    }
  }
}
