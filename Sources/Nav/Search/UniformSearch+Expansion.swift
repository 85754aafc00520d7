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
    let estimate = g &+ StepCost.octile(x &- goalX, y &- goalY)
    if estimate >= upper { return }
    let node = table.offer(key(x, y), g, from: parent, directions, sheet: 0)
    if node >= 0 { open.push(estimate, node) }
  }

  private mutating func addGoal(_ g: UInt32, _ parent: Int) {
    if g >= upper { return }
    upper = g
    let node = table.offer(key(goalX, goalY), g, from: parent, Directions.all, sheet: 0)
    if node >= 0 { open.push(g, node) }
    goalNode = table.index(of: key(goalX, goalY))
    patience = min(patience, g &- 1)
  }

  mutating func expand(_ node: Int, _ pending: UInt8) {
    let place = table.nodes[node].key
    let x = Int(place & 0xFFFF)
    let y = Int(place >> 16)
    let g = table.nodes[node].g
    let distance = StepCost.octile(x &- goalX, y &- goalY)
    // Without a branch.
    let isCloser = 0 &- (distance < closestDistance ? 1 : 0)
    closestDistance = min(distance, closestDistance)
    closest = node & isCloser | closest & ~isCloser
    if pending & Directions.east != 0 { scan(East.self, x, y, g, node) }
    if pending & Directions.west != 0 { scan(West.self, x, y, g, node) }
    if pending & Directions.north != 0 { scan(North.self, x, y, g, node) }
    if pending & Directions.south != 0 { scan(South.self, x, y, g, node) }
    patience = g &+ distance &+ slack
    patience = min(patience, upper &- 1)
    if goalX >= x {
      if pending & Directions.northEast != 0 { scanDiagonal(East.self, North.self, x, y, g, node) }
      if pending & Directions.southEast != 0 { scanDiagonal(East.self, South.self, x, y, g, node) }
      if pending & Directions.northWest != 0 { scanDiagonal(West.self, North.self, x, y, g, node) }
      if pending & Directions.southWest != 0 { scanDiagonal(West.self, South.self, x, y, g, node) }
    } else {
      if pending & Directions.northWest != 0 { scanDiagonal(West.self, North.self, x, y, g, node) }
      if pending & Directions.southWest != 0 { scanDiagonal(West.self, South.self, x, y, g, node) }
      if pending & Directions.northEast != 0 { scanDiagonal(East.self, North.self, x, y, g, node) }
      if pending & Directions.southEast != 0 { scanDiagonal(East.self, South.self, x, y, g, node) }
    }
  }

  /// Scans from a cell to one side, for the goal and the next jump point.
  @inline(__always)
  private mutating func scan<Side: ScanSide>(_ side: Side.Type, _ x: Int, _ y: Int, _ g: UInt32, _ parent: Int) {
    if let jumps, Side.isAlongRow ? y != goalY : x != goalX {
      let word = jumps[((y &+ 1) &* (rowBytes &>> 3) &+ (x &+ 1) &>> 6) &* 4 &+ Side.plane]
      if word &>> UInt64(truncatingIfNeeded: (x &+ 1) & 63) & 1 == 0 { return }
    }
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
    let stop = stop(side, row, bytes, Side.isAlongRow ? x : y)
    if stop & 1 != 0 || (Side.isAlongRow ? y == goalY : x == goalX) {
      arrive(side, row, bytes, stop, x, y, g, parent)
    }
  }

  /// Where a scan from cell `from` of a row (or column) ends.
  @inline(__always)
  private func stop<Side: ScanSide>(_ side: Side.Type, _ row: UnsafeRawPointer, _ bytes: Int, _ from: Int) -> Int {
    Side.isForward
      ? RowScan.forward(row, bytes, from &+ 1, last: (Side.isAlongRow ? right : top) &+ 1)
      : RowScan.backward(row, bytes, from &+ 1, last: (Side.isAlongRow ? left : bottom) &+ 1)
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
    directions |= Side.directions.above & (0 &- RowScan.opens(row + bytes, bit, behind: behind))
    directions |= Side.directions.below & (0 &- RowScan.opens(row + (0 &- bytes), bit, behind: behind))
    add(
      Side.isAlongRow ? reached : x, Side.isAlongRow ? y : reached,
      g &+ UInt32(truncatingIfNeeded: StepCost.magnitude(reached &- from)) &* StepCost.straight, parent, directions)
  }

  /// Walks a diagonal, scanning the two straight directions it is made of from every cell: eight steps at a time.
  @inline(__always)
  private mutating func scanDiagonal<Aside: ScanSide, Along: ScanSide>(
    _ aside: Aside.Type, _ along: Along.Type, _ fromX: Int, _ fromY: Int, _ fromG: UInt32, _ node: Int
  ) {
    let stepX = Aside.isForward ? 1 : -1
    let stepY = Along.isForward ? 1 : -1
    var x = fromX
    var y = fromY
    var g = fromG
    while true {
      let inBox = min(stepX > 0 ? right &- x : x &- left, stepY > 0 ? top &- y : y &- bottom)
      let toColumn = (goalX &- x) &* stepX
      let toRow = (goalY &- y) &* stepY
      var most = min(inBox, 8)
      if toColumn == toRow, toRow > 0 { most = min(most, toRow) }
      let rowStep = stepY &* rowBytes
      let row = UnsafeRawPointer(plane.rows) + (y &+ 1) &* rowBytes
      let (count, rows, columns) = Self.probe(
        aside, along, row, jumps.map { UnsafeRawPointer($0) + (y &+ 1) &* rowBytes &* 4 }, rowStep,
        stepX > 0 ? x &+ 1 : x, most)
      if count == 0 { return }
      work &+= count
      // Bit 0 is the last cell.
      var found = rows
      var other = columns
      if UInt(bitPattern: toRow &- 1) < UInt(bitPattern: count) {
        found |= 1 &<< UInt64(truncatingIfNeeded: count &- toRow)
      }
      if UInt(bitPattern: toColumn &- 1) < UInt(bitPattern: count) {
        other |= 1 &<< UInt64(truncatingIfNeeded: count &- toColumn)
      }
      let endX = x &+ count &* stepX
      let endY = y &+ count &* stepY
      let endG = g &+ UInt32(truncatingIfNeeded: count) &* StepCost.diagonal
      var isEnd = count < most
      if !isEnd {
        if toColumn == count, toRow == count {
          addGoal(endG, node)
          found &= ~1
          other &= ~1
          isEnd = true
        } else if count == 8, endG &+ StepCost.octile(endX &- goalX, endY &- goalY) > patience {
          let straight = Aside.directions.ahead | Along.directions.ahead
          let diagonal =
            stepY > 0
            ? (stepX > 0 ? Directions.northEast : Directions.northWest)
            : (stepX > 0 ? Directions.southEast : Directions.southWest)
          add(endX, endY, endG, node, straight | diagonal)
          found &= ~1
          other &= ~1
          isEnd = true
        }
      }
      while found != 0 {
        let step = count &- found.trailingZeroBitCount
        found &= found &- 1
        scan(
          aside, row + step &* rowStep, rowBytes, x &+ step &* stepX, y &+ step &* stepY,
          g &+ UInt32(truncatingIfNeeded: step) &* StepCost.diagonal, node)
      }
      while other != 0 {
        let step = count &- other.trailingZeroBitCount
        other &= other &- 1
        let column = x &+ step &* stepX
        scan(
          along, UnsafeRawPointer(plane.columns) + (column &+ 1) &* columnBytes, columnBytes, column,
          y &+ step &* stepY, g &+ UInt32(truncatingIfNeeded: step) &* StepCost.diagonal, node)
      }
      if isEnd { return }
      x = endX
      y = endY
      g = endG
    }
  }

  /// How many steps of a diagonal are free, `most` at most, and from which of their cells scans are worth while (bit 0:
  /// the last one). `pair`: the lower of the two bits of a row that a step touches.
  @inline(__always)
  private static func probe<Aside: ScanSide, Along: ScanSide>(
    _ aside: Aside.Type, _ along: Along.Type, _ row: UnsafeRawPointer, _ jumps: UnsafeRawPointer?, _ rowStep: Int,
    _ pair: Int, _ most: Int
  ) -> (count: Int, aside: UInt64, along: UInt64) {
    var row = row
    var pair = pair
    var count = 0
    guard var jumps else {
      while count < most, isFree(row, rowStep, pair) {
        row += rowStep
        pair = Aside.isForward ? pair &+ 1 : pair &- 1
        count &+= 1
      }
      let all = 1 &<< UInt64(truncatingIfNeeded: count) &- 1 as UInt64
      return (count, all, all)
    }
    var found: UInt64 = 0
    var other: UInt64 = 0
    while count < most, isFree(row, rowStep, pair) {
      row += rowStep
      jumps += rowStep &* 4
      pair = Aside.isForward ? pair &+ 1 : pair &- 1
      count &+= 1
      let bit = Aside.isForward ? pair : pair &+ 1
      let words = jumps + (bit &>> 6) &<< 5
      let shift = UInt64(truncatingIfNeeded: bit & 63)
      found = found &<< 1 | words.load(fromByteOffset: Aside.plane &* 8, as: UInt64.self) &>> shift & 1
      other = other &<< 1 | words.load(fromByteOffset: Along.plane &* 8, as: UInt64.self) &>> shift & 1
    }
    return (count, found, other)
  }

  /// The two cells of a row, and those of the next, are free.
  @inline(__always)
  private static func isFree(_ row: UnsafeRawPointer, _ rowStep: Int, _ pair: Int) -> Bool {
    let byte = row + pair &>> 3
    let both = byte.loadUnaligned(as: UInt16.self) & (byte + rowStep).loadUnaligned(as: UInt16.self)
    return both &>> UInt16(truncatingIfNeeded: pair & 7) & 3 == 3
  }
}
