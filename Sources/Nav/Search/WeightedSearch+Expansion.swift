// From a node to the directions that are worth following.

extension WeightedSearch {
  @inline(__always)
  func key(_ place: Place) -> UInt32 { key(place.sheet, place.cell.x, place.cell.y) }

  @inline(__always)
  func key(_ sheet: Int, _ x: Int, _ y: Int) -> UInt32 {
    views[sheet].base &+ UInt32(truncatingIfNeeded: y &<< views[sheet].shift &+ x)
  }

  @inline(__always)
  func place(_ node: Int) -> (sheet: Int, x: Int, y: Int) {
    let sheet = Int(table.nodes[node].sheet & ~Self.linked)
    let local = Int(table.nodes[node].key &- views[sheet].base)
    let shift = views[sheet].shift
    return (sheet, local & (1 &<< shift &- 1), local &>> shift)
  }

  @inline(__always)
  mutating func add(
    _ sheet: Int, _ x: Int, _ y: Int, _ g: UInt32, _ parent: Int, _ arrival: UInt8, isLink: Bool = false
  ) {
    guard g < CostUnit.most else { return }
    let mark = UInt16(truncatingIfNeeded: sheet) | (isLink ? Self.linked : 0)
    let node = table.offer(key(sheet, x, y), g, from: parent, arrival, sheet: mark)
    if node >= 0 { open.push(g &+ estimate(sheet, x, y), node) }
  }

  mutating func expand(_ node: Int, _ arrivals: UInt8) {
    let (sheet, x, y) = place(node)
    let g = table.nodes[node].g
    patience = .max
    if hasHeuristic {
      let distance = estimate(sheet, x, y)
      patience = g &+ distance &+ Self.slack &* leastRate
      if distance < closestDistance {
        closestDistance = distance
        closest = node
      }
    }
    let view = views[sheet]
    let around = Neighbourhood(view, x, y)
    var directions = arrivals == 255 ? 255 : 0 as UInt8
    var bits = arrivals == 255 ? 0 : arrivals
    let isDangerous = hasDanger && !sheets[sheet].danger.isEmpty
    if isDangerous, !around.isUniform || sheets[sheet].stops.contains(x, y) {
      fill(view, around)
      addDanger(sheet, x, y)
      while bits != 0 {
        directions |= ring.successors(from: (bits.trailingZeroBitCount &+ 4) & 7)
        bits &= bits &- 1
      }
      followAll(directions, view, sheet, x, y, g, node)
    } else {
      while bits != 0 {
        directions |= successors(view, around, from: (bits.trailingZeroBitCount &+ 4) & 7)
        bits &= bits &- 1
      }
      if around.isUniform {
        var rate = rates[around.centerClass]
        if isDangerous {
          // No stop: the danger is the same all round.
          let more = danger(sheet, x, y)
          guard more != DangerRaster.forbidden else { return }
          rate &+= more
        }
        followUniform(directions & around.legal, rate, view, sheet, x, y, g, node)
      } else {
        fill(view, around)
        followAll(directions, view, sheet, x, y, g, node)
      }
    }
    if hasLinks { follow(node, sheet, g) }
  }

  /// Follows `directions` where all cells round the node cost `rate`.
  @inline(__always)
  mutating func followUniform(
    _ directions: UInt8, _ rate: UInt32, _ view: View, _ sheet: Int, _ x: Int, _ y: Int, _ g: UInt32, _ node: Int
  ) {
    var directions = directions
    let straight = g &+ rate &* (2 &* RingCost.straight)
    let diagonal = g &+ rate &* (4 &* RingCost.diagonal)
    while directions != 0 {
      let direction = directions.trailingZeroBitCount
      directions &= directions &- 1
      if direction & 1 == 0 {
        jump(view, sheet, x, y, straight, rate, direction, node)
      } else {
        jumpDiagonally(view, sheet, x, y, diagonal, rate, direction, node)
      }
    }
  }

  /// Follows `directions` at the costs that stand in `ring`.
  @inline(__always)
  mutating func followAll(
    _ directions: UInt8, _ view: View, _ sheet: Int, _ x: Int, _ y: Int, _ g: UInt32, _ node: Int
  ) {
    var directions = directions
    while directions != 0 {
      let direction = directions.trailingZeroBitCount
      directions &= directions &- 1
      let step = ring.step(direction)
      if step >= RingCost.far { continue }
      let rate = ring.ring[direction]
      if direction & 1 == 0 {
        jump(view, sheet, x, y, g &+ step, rate, direction, node)
      } else {
        jumpDiagonally(view, sheet, x, y, g &+ step, rate, direction, node)
      }
    }
  }

  /// Writes the rates of a neighbourhood into `ring`.
  @inline(__always)
  mutating func fill(_ view: View, _ around: Neighbourhood) {
    for index in 0..<8 {
      let bit = Neighbourhood.bit(index)
      ring.ring[index] = around.walk &>> bit & 1 != 0 ? rates[around.classAt(bit, view.planeCount)] : 0
    }
    ring.center = rates[around.centerClass]
  }

  /// The directions that arriving from ring cell `from` leaves; looked up by the pattern of the 3 × 3 cells.
  @inline(__always)
  mutating func successors(_ view: View, _ around: Neighbourhood, from: Int) -> UInt8 {
    let key = around.pattern &<< 3 | UInt64(truncatingIfNeeded: from)
    let slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- Self.patternBits))
    let known = patterns[slot]
    if known &>> 8 == key { return UInt8(truncatingIfNeeded: known) }
    fill(view, around)
    let directions = ring.successors(from: from)
    patterns[slot] = key &<< 8 | UInt64(directions)
    return directions
  }

  mutating func addDanger(_ sheet: Int, _ x: Int, _ y: Int) {
    let offsets: [(Int, Int)] = Self.offsets
    for index in 0..<8 where ring.ring[index] != 0 {
      let more = danger(sheet, x &+ offsets[index].0, y &+ offsets[index].1)
      if more == DangerRaster.forbidden {
        metForbidden = true
        ring.ring[index] = 0
      } else {
        ring.ring[index] &+= more
      }
    }
    let own = danger(sheet, x, y)
    ring.center &+= own == DangerRaster.forbidden ? UInt32(DangerRaster.rateMax) : own
  }

  static let offsets = [(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)]
}
