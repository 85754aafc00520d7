// One expansion: scans to the sides, and along diagonals to the sides from every cell.

extension UniformSearch {
  @inline(__always)
  func key(_ x: Int, _ y: Int) -> UInt32 { UInt32(truncatingIfNeeded: y &<< 16 | x) }

  /// Two neighbouring bits of a row are set.
  @inline(__always)
  func isFree2(_ row: UnsafeRawPointer, _ bit: Int) -> Bool {
    (row + bit &>> 3).loadUnaligned(as: UInt16.self) &>> UInt16(truncatingIfNeeded: bit & 7) & 3 == 3
  }

  @inline(__always)
  private mutating func add(_ x: Int, _ y: Int, _ g: UInt32, _ parent: Int, _ directions: UInt8) {
    let node = table.offer(key(x, y), g, from: parent, directions, sheet: 0)
    if node >= 0 { open.push(g &+ StepCost.octile(x &- goalX, y &- goalY), node) }
  }

  private mutating func addGoal(_ g: UInt32, _ parent: Int) {
    add(goalX, goalY, g, parent, Directions.all)
    goalNode = table.index(of: key(goalX, goalY))
  }

  mutating func expand(_ node: Int, _ pending: UInt8) {
    let place = table.nodes[node].key
    let x = Int(place & 0xFFFF)
    let y = Int(place >> 16)
    let g = table.nodes[node].g
    let distance = StepCost.octile(x - goalX, y - goalY)
    if distance < closestDistance {
      closestDistance = distance
      closest = node
    }
    if pending & Directions.east != 0 { scan(East.self, x, y, g, node) }
    if pending & Directions.west != 0 { scan(West.self, x, y, g, node) }
    if pending & Directions.north != 0 { scan(North.self, x, y, g, node) }
    if pending & Directions.south != 0 { scan(South.self, x, y, g, node) }
    patience = g &+ distance &+ slack
    if pending & Directions.northEast != 0 { scanDiagonal(East.self, North.self, x, y, g, node) }
    if pending & Directions.northWest != 0 { scanDiagonal(West.self, North.self, x, y, g, node) }
    if pending & Directions.southEast != 0 { scanDiagonal(East.self, South.self, x, y, g, node) }
    if pending & Directions.southWest != 0 { scanDiagonal(West.self, South.self, x, y, g, node) }
  }

  /// Scans from a cell to one side, for the goal and the next jump point.
  @inline(__always)
  private mutating func scan<Side: ScanSide>(_ side: Side.Type, _ x: Int, _ y: Int, _ g: UInt32, _ parent: Int) {
    let bytes = Side.isAlongRow ? rowBytes : columnBytes
    let row =
      UnsafeRawPointer(Side.isAlongRow ? plane.rows : plane.columns) + ((Side.isAlongRow ? y : x) &+ 1) &* bytes
    scan(side, row, bytes, x, y, g, parent)
  }

  /// The same where the cell's row (or column) is at hand.
  @inline(__always)
  private mutating func scan<Side: ScanSide>(
    _ side: Side.Type, _ row: UnsafeRawPointer, _ bytes: Int, _ x: Int, _ y: Int, _ g: UInt32, _ parent: Int
  ) {
    let from = Side.isAlongRow ? x : y
    let stop = Side.isForward ? RowScan.forward(row, bytes, from &+ 1) : RowScan.backward(row, bytes, from &+ 1)
    if stop & 1 != 0 || (Side.isAlongRow ? y == goalY : x == goalX) {
      arrive(side, row, bytes, stop, x, y, g, parent)
    }
  }

  /// Takes what a scan found: the goal on its way, or a jump point within the box.
  @inline(never)
  private mutating func arrive<Side: ScanSide>(
    _ side: Side.Type, _ row: UnsafeRawPointer, _ bytes: Int, _ stop: Int, _ x: Int, _ y: Int, _ g: UInt32,
    _ parent: Int
  ) {
    let bit = stop &>> 1
    let reached = bit &- 1
    let from = Side.isAlongRow ? x : y
    let isFree = stop & 1
    if Side.isAlongRow ? y == goalY : x == goalX {
      let goal = Side.isAlongRow ? goalX : goalY
      if Side.isForward ? from < goal && goal < reached &+ isFree : from > goal && goal > reached &- isFree {
        addGoal(g &+ UInt32(truncatingIfNeeded: abs(goal &- from)) &* StepCost.straight, parent)
        return
      }
    }
    guard isFree != 0 else { return }
    if Side.isForward ? reached > (Side.isAlongRow ? right : top) : reached < (Side.isAlongRow ? left : bottom) {
      return
    }
    let behind = Side.isForward ? bit &- 1 : bit &+ 1
    var directions = Side.directions.ahead
    if RowScan.opens(row + bytes, bit, behind: behind) { directions |= Side.directions.above }
    if RowScan.opens(row + (0 &- bytes), bit, behind: behind) { directions |= Side.directions.below }
    add(
      Side.isAlongRow ? reached : x, Side.isAlongRow ? y : reached,
      g &+ UInt32(truncatingIfNeeded: abs(reached &- from)) &* StepCost.straight, parent, directions)
  }

  /// Walks a diagonal, scanning the two straight directions it is made of from every cell.
  @inline(__always)
  private mutating func scanDiagonal<Aside: ScanSide, Along: ScanSide>(
    _ aside: Aside.Type, _ along: Along.Type, _ fromX: Int, _ fromY: Int, _ fromG: UInt32, _ node: Int
  ) {
    let stepX = Aside.isForward ? 1 : -1
    let stepY = Along.isForward ? 1 : -1
    var x = fromX
    var y = fromY
    var g = fromG
    let rowBytes = rowBytes
    let columnBytes = columnBytes
    var row = UnsafeRawPointer(plane.rows) + (y &+ 1) &* rowBytes
    var column = UnsafeRawPointer(plane.columns) + (x &+ 1) &* columnBytes
    let rowStep = stepY &* rowBytes
    let columnStep = stepX &* columnBytes
    var pair = stepX > 0 ? x &+ 1 : x
    var steps = 0
    defer { work &+= steps }
    while true {
      if !isFree2(row, pair) { return }
      row += rowStep
      if !isFree2(row, pair) { return }
      column += columnStep
      pair &+= stepX
      x &+= stepX
      y &+= stepY
      g &+= StepCost.diagonal
      if x == goalX, y == goalY {
        addGoal(g, node)
        return
      }
      if stepX > 0 ? x > right : x < left { return }
      if stepY > 0 ? y > top : y < bottom { return }
      steps &+= 1
      if steps & 7 == 0, g &+ StepCost.octile(x &- goalX, y &- goalY) > patience {
        let straight = Aside.directions.ahead | Along.directions.ahead
        let diagonal =
          stepY > 0
          ? (stepX > 0 ? Directions.northEast : Directions.northWest)
          : (stepX > 0 ? Directions.southEast : Directions.southWest)
        add(x, y, g, node, straight | diagonal)
        return
      }
      scan(aside, row, rowBytes, x, y, g, node)
      scan(along, column, columnBytes, x, y, g, node)
    }
  }
}
