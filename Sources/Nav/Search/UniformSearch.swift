/// Optimal paths where every cell costs the same: jump point search that scans walk planes by words.
///
/// Octile moves, no corner cut. Points where the way only turns from a diagonal into a scan are not queued: their
/// children hang on the node before (Harabor & Grastien's block-based JPS with intermediate pruning). The search is
/// confined to a box round start and goal that grows until no way outside of it can be shorter, so that a short
/// query on a large map never looks at the rest of the map.
///
/// A search is a value that advances by a node budget: `start`, then `advance` until it no longer says `running`.
struct UniformSearch: ~Copyable {
  enum State { case running, found, exhausted }

  private(set) var table = NodeTable()
  private(set) var open = OpenList()
  private var plane: WalkPlane
  private var rowBytes: Int
  private var columnBytes: Int
  private var startX = 0
  private var startY = 0
  private var goalX = 0
  private var goalY = 0
  /// The box, all sides inside.
  private var left = 0
  private var right = 0
  private var bottom = 0
  private var top = 0
  private var margin = 0
  /// No path that leaves the box costs less.
  private var outside = UInt32.max
  private var goalNode = -1
  /// The expanded node that is nearest to the goal, and its distance.
  private(set) var closest = -1
  private var closestDistance = UInt32.max
  /// Nodes expanded since `start`, those of boxes that were too small included.
  private(set) var expandedCount = 0
  private(set) var state = State.exhausted
  /// A diagonal jump is put off, as a node, when its estimate exceeds this.
  private var patience = UInt32.max
  /// How much worse than its beginning a diagonal jump may become before it is put off.
  private static let slack: UInt32 = 48 * StepCost.straight
  /// Set where the straight answer held and no node was made.
  private var directTurn: (x: Int, y: Int)?

  init(_ plane: WalkPlane) {
    self.plane = plane
    rowBytes = plane.rowStride * 8
    columnBytes = plane.columnStride * 8
  }

  var byteCount: Int { table.byteCount + open.byteCount }

  /// Takes another plane of any size, keeping the memory.
  mutating func use(_ plane: WalkPlane) {
    self.plane = plane
    rowBytes = plane.rowStride * 8
    columnBytes = plane.columnStride * 8
  }

  /// Begins a search between two cells of the plane, both walkable.
  mutating func start(from start: Cell, to goal: Cell) {
    startX = start.x
    startY = start.y
    goalX = goal.x
    goalY = goal.y
    expandedCount = 0
    directTurn = nil
    closest = -1
    if goesDirect() {
      state = .found
      return
    }
    margin = max(24, max(abs(goalX - startX), abs(goalY - startY)) / 4)
    begin()
  }

  /// Goes on for at most `nodeBudget` expanded nodes.
  mutating func advance(nodeBudget: Int) -> State {
    guard state == .running else { return state }
    var budget = nodeBudget
    while budget > 0 {
      if open.isEmpty || open.minimum > outside {
        if !widen() {
          state = .exhausted
          return state
        }
        continue
      }
      let node = open.pop()
      let pending = table.nodes[node].pending
      if node == goalNode {
        state = .found
        return state
      }
      if pending == 0 { continue }
      table.nodes[node].pending = 0
      budget &-= 1
      expandedCount &+= 1
      expand(node, pending)
    }
    return state
  }

  // MARK: - The box

  private mutating func begin() {
    table.removeAll()
    open.removeAll()
    goalNode = -1
    closest = -1
    closestDistance = .max
    state = .running
    left = max(min(startX, goalX) - margin, 0)
    right = min(max(startX, goalX) + margin, plane.width - 1)
    bottom = max(min(startY, goalY) - margin, 0)
    top = min(max(startY, goalY) + margin, plane.height - 1)
    // The cheapest way over a side goes there and back: octile over the goal's mirror image behind that side.
    outside = .max
    let dx = abs(goalX - startX)
    let dy = abs(goalY - startY)
    if left > 0 { outside = min(outside, StepCost.octile(startX - left + 1 + goalX - left + 1, dy)) }
    if right < plane.width - 1 {
      outside = min(outside, StepCost.octile(right + 1 - startX + right + 1 - goalX, dy))
    }
    if bottom > 0 { outside = min(outside, StepCost.octile(dx, startY - bottom + 1 + goalY - bottom + 1)) }
    if top < plane.height - 1 {
      outside = min(outside, StepCost.octile(dx, top + 1 - startY + top + 1 - goalY))
    }
    let index = ~table.find(key(startX, startY))
    table.nodes[index].g = 0
    table.nodes[index].parent = UInt32(truncatingIfNeeded: index)
    table.nodes[index].pending = Directions.all
    open.push(StepCost.octile(dx, dy), index)
  }

  /// Begins again with a larger box; false when the box is the whole map.
  private mutating func widen() -> Bool {
    guard outside != .max else { return false }
    margin = margin * 3
    begin()
    return true
  }

  // MARK: - Straight answers

  /// True when one diagonal and one straight run, in either order, lead to the goal: nothing is shorter.
  private mutating func goesDirect() -> Bool {
    let dx = goalX - startX
    let dy = goalY - startY
    let stepX = dx.signum()
    let stepY = dy.signum()
    let diagonals = min(abs(dx), abs(dy))
    let midX = startX + stepX * diagonals
    let midY = startY + stepY * diagonals
    if runsDiagonally(startX, startY, stepX, stepY, diagonals), runsStraight(midX, midY, goalX, goalY) {
      directTurn = (midX, midY)
      return true
    }
    let turnX = goalX - stepX * diagonals
    let turnY = goalY - stepY * diagonals
    if runsStraight(startX, startY, turnX, turnY), runsDiagonally(turnX, turnY, stepX, stepY, diagonals) {
      directTurn = (turnX, turnY)
      return true
    }
    return false
  }

  private func runsDiagonally(_ fromX: Int, _ fromY: Int, _ stepX: Int, _ stepY: Int, _ count: Int) -> Bool {
    var row = UnsafeRawPointer(plane.rows) + (fromY &+ 1) &* rowBytes
    var pair = stepX > 0 ? fromX &+ 1 : fromX
    for _ in 0..<count {
      if !isFree2(row, pair) { return false }
      row += stepY > 0 ? rowBytes : -rowBytes
      if !isFree2(row, pair) { return false }
      pair &+= stepX
    }
    return true
  }

  /// True when all cells from one to the other, on one row or column, are free.
  private func runsStraight(_ fromX: Int, _ fromY: Int, _ toX: Int, _ toY: Int) -> Bool {
    if fromY == toY {
      return Self.isFree(
        UnsafeRawPointer(plane.rows) + (fromY + 1) * rowBytes, min(fromX, toX) + 1, max(fromX, toX) + 1)
    }
    return Self.isFree(
      UnsafeRawPointer(plane.columns) + (fromX + 1) * columnBytes, min(fromY, toY) + 1, max(fromY, toY) + 1)
  }

  /// True when the bits `first...last` of a row are all set.
  private static func isFree(_ row: UnsafeRawPointer, _ first: Int, _ last: Int) -> Bool {
    var position = first
    while position <= last {
      let shift = UInt64(position & 7)
      let blocked = ~((row + position >> 3).loadUnaligned(as: UInt64.self) >> shift)
      let free = min(blocked.trailingZeroBitCount, Int(64 - shift))
      position += free
      if position > last { return true }
      if free < Int(64 - shift) { return false }
    }
    return true
  }

  // MARK: - Expansion

  @inline(__always)
  private func key(_ x: Int, _ y: Int) -> UInt32 { UInt32(truncatingIfNeeded: y &<< 16 | x) }

  /// Two neighbouring bits of a row are set.
  @inline(__always)
  private func isFree2(_ row: UnsafeRawPointer, _ bit: Int) -> Bool {
    (row + bit &>> 3).loadUnaligned(as: UInt16.self) &>> UInt16(truncatingIfNeeded: bit & 7) & 3 == 3
  }

  @inline(__always)
  private mutating func add(_ x: Int, _ y: Int, _ g: UInt32, _ parent: Int, _ directions: UInt8) {
    let found = table.find(key(x, y))
    let index: Int
    if found < 0 {
      index = ~found
    } else {
      index = found
      let known = table.nodes[index].g
      if known < g { return }
      if known == g {
        let more = directions & ~(table.nodes[index].pending | table.nodes[index].done)
        if more == 0 { return }
        if table.nodes[index].pending == 0 {
          open.push(g &+ StepCost.octile(x &- goalX, y &- goalY), index)
        }
        table.nodes[index].pending |= more
        table.nodes[index].done |= more
        return
      }
    }
    table.nodes[index].g = g
    table.nodes[index].parent = UInt32(truncatingIfNeeded: parent)
    table.nodes[index].pending = directions
    table.nodes[index].done = directions
    open.push(g &+ StepCost.octile(x &- goalX, y &- goalY), index)
  }

  private mutating func addGoal(_ g: UInt32, _ parent: Int) {
    add(goalX, goalY, g, parent, Directions.all)
    goalNode = table.index(of: key(goalX, goalY))
  }

  private mutating func expand(_ node: Int, _ pending: UInt8) {
    let place = table.nodes[node].key
    let x = Int(place & 0xFFFF)
    let y = Int(place >> 16)
    let g = table.nodes[node].g
    let distance = StepCost.octile(x - goalX, y - goalY)
    if distance < closestDistance {
      closestDistance = distance
      closest = node
    }
    if pending & Directions.east != 0 { scanEast(x, y, g, node) }
    if pending & Directions.west != 0 { scanWest(x, y, g, node) }
    if pending & Directions.north != 0 { scanNorth(x, y, g, node) }
    if pending & Directions.south != 0 { scanSouth(x, y, g, node) }
    patience = g &+ distance &+ Self.slack
    if pending & Directions.northEast != 0 { scanDiagonal(x, y, g, node, 1, 1) }
    if pending & Directions.northWest != 0 { scanDiagonal(x, y, g, node, -1, 1) }
    if pending & Directions.southEast != 0 { scanDiagonal(x, y, g, node, 1, -1) }
    if pending & Directions.southWest != 0 { scanDiagonal(x, y, g, node, -1, -1) }
  }

  @inline(__always)
  private mutating func scanEast(_ x: Int, _ y: Int, _ g: UInt32, _ parent: Int) {
    let stop = RowScan.forward(UnsafeRawPointer(plane.rows) + (y &+ 1) &* rowBytes, rowBytes, x &+ 1)
    let reached = stop &>> 3 &- 1
    if y == goalY, x < goalX, goalX <= reached &- (stop & 1 ^ 1) {
      addGoal(g &+ UInt32(truncatingIfNeeded: goalX &- x) &* StepCost.straight, parent)
      return
    }
    guard stop & RowScan.isJump != 0, reached <= right else { return }
    add(
      reached, y, g &+ UInt32(truncatingIfNeeded: reached &- x) &* StepCost.straight, parent,
      Directions.east | Self.above(stop, Directions.north | Directions.northEast)
        | Self.below(stop, Directions.south | Directions.southEast))
  }

  @inline(__always)
  private mutating func scanWest(_ x: Int, _ y: Int, _ g: UInt32, _ parent: Int) {
    let stop = RowScan.backward(UnsafeRawPointer(plane.rows) + (y &+ 1) &* rowBytes, rowBytes, x &+ 1)
    let reached = stop &>> 3 &- 1
    if y == goalY, x > goalX, goalX >= reached &+ (stop & 1 ^ 1) {
      addGoal(g &+ UInt32(truncatingIfNeeded: x &- goalX) &* StepCost.straight, parent)
      return
    }
    guard stop & RowScan.isJump != 0, reached >= left else { return }
    add(
      reached, y, g &+ UInt32(truncatingIfNeeded: x &- reached) &* StepCost.straight, parent,
      Directions.west | Self.above(stop, Directions.north | Directions.northWest)
        | Self.below(stop, Directions.south | Directions.southWest))
  }

  @inline(__always)
  private mutating func scanNorth(_ x: Int, _ y: Int, _ g: UInt32, _ parent: Int) {
    let stop = RowScan.forward(UnsafeRawPointer(plane.columns) + (x &+ 1) &* columnBytes, columnBytes, y &+ 1)
    let reached = stop &>> 3 &- 1
    if x == goalX, y < goalY, goalY <= reached &- (stop & 1 ^ 1) {
      addGoal(g &+ UInt32(truncatingIfNeeded: goalY &- y) &* StepCost.straight, parent)
      return
    }
    guard stop & RowScan.isJump != 0, reached <= top else { return }
    add(
      x, reached, g &+ UInt32(truncatingIfNeeded: reached &- y) &* StepCost.straight, parent,
      Directions.north | Self.above(stop, Directions.east | Directions.northEast)
        | Self.below(stop, Directions.west | Directions.northWest))
  }

  @inline(__always)
  private mutating func scanSouth(_ x: Int, _ y: Int, _ g: UInt32, _ parent: Int) {
    let stop = RowScan.backward(UnsafeRawPointer(plane.columns) + (x &+ 1) &* columnBytes, columnBytes, y &+ 1)
    let reached = stop &>> 3 &- 1
    if x == goalX, y > goalY, goalY >= reached &+ (stop & 1 ^ 1) {
      addGoal(g &+ UInt32(truncatingIfNeeded: y &- goalY) &* StepCost.straight, parent)
      return
    }
    guard stop & RowScan.isJump != 0, reached >= bottom else { return }
    add(
      x, reached, g &+ UInt32(truncatingIfNeeded: y &- reached) &* StepCost.straight, parent,
      Directions.south | Self.above(stop, Directions.east | Directions.southEast)
        | Self.below(stop, Directions.west | Directions.southWest))
  }

  @inline(__always)
  private static func above(_ stop: Int, _ directions: UInt8) -> UInt8 {
    directions & (0 &- UInt8(truncatingIfNeeded: stop &>> 1 & 1))
  }

  @inline(__always)
  private static func below(_ stop: Int, _ directions: UInt8) -> UInt8 {
    directions & (0 &- UInt8(truncatingIfNeeded: stop &>> 2 & 1))
  }

  /// Walks a diagonal, scanning the two straight directions it is made of from every cell.
  @inline(__always)
  private mutating func scanDiagonal(
    _ fromX: Int, _ fromY: Int, _ fromG: UInt32, _ node: Int, _ stepX: Int, _ stepY: Int
  ) {
    var x = fromX
    var y = fromY
    var g = fromG
    var row = UnsafeRawPointer(plane.rows) + (y &+ 1) &* rowBytes
    let rowStep = stepY &* rowBytes
    var pair = stepX > 0 ? x &+ 1 : x
    var steps = 0
    while true {
      if !isFree2(row, pair) { return }
      row += rowStep
      if !isFree2(row, pair) { return }
      pair &+= stepX
      x &+= stepX
      y &+= stepY
      g &+= StepCost.diagonal
      if x == goalX, y == goalY {
        addGoal(g, node)
        return
      }
      if x < left || x > right || y < bottom || y > top { return }
      steps &+= 1
      if steps & 15 == 0, g &+ StepCost.octile(x &- goalX, y &- goalY) > patience {
        let straight =
          (stepX > 0 ? Directions.east : Directions.west) | (stepY > 0 ? Directions.north : Directions.south)
        let diagonal =
          stepX > 0
          ? (stepY > 0 ? Directions.northEast : Directions.southEast)
          : (stepY > 0 ? Directions.northWest : Directions.southWest)
        add(x, y, g, node, straight | diagonal)
        return
      }
      if stepX > 0 { scanEast(x, y, g, node) } else { scanWest(x, y, g, node) }
      if stepY > 0 { scanNorth(x, y, g, node) } else { scanSouth(x, y, g, node) }
    }
  }

  // MARK: - The answer

  /// Straight and diagonal steps of the path found; cost = straight + diagonal × √2 cells.
  func steps() -> (straight: Int, diagonal: Int) {
    let dx = abs(goalX - startX)
    let dy = abs(goalY - startY)
    if directTurn != nil { return (max(dx, dy) - min(dx, dy), min(dx, dy)) }
    var straight = 0
    var diagonal = 0
    var node = goalNode
    while node >= 0 {
      let parent = Int(table.nodes[node].parent)
      if parent == node { break }
      let (x, y) = Self.place(table.nodes[node].key)
      let (px, py) = Self.place(table.nodes[parent].key)
      let low = min(abs(x - px), abs(y - py))
      diagonal += low
      straight += max(abs(x - px), abs(y - py)) - low
      node = parent
    }
    return (straight, diagonal)
  }

  /// The turning cells of the path found, start first, goal last; `toClosest`: of the way to the closest node seen.
  func cells(toClosest: Bool = false, into cells: inout [Cell]) {
    cells.removeAll(keepingCapacity: true)
    if !toClosest, let turn = directTurn {
      cells.append(Cell(startX, startY))
      if (turn.x, turn.y) != (startX, startY), (turn.x, turn.y) != (goalX, goalY) {
        cells.append(Cell(turn.x, turn.y))
      }
      if (goalX, goalY) != (startX, startY) { cells.append(Cell(goalX, goalY)) }
      return
    }
    var node = toClosest ? closest : goalNode
    guard node >= 0 else { return }
    while true {
      let (x, y) = Self.place(table.nodes[node].key)
      cells.append(Cell(x, y))
      let parent = Int(table.nodes[node].parent)
      if parent == node { break }
      let (px, py) = Self.place(table.nodes[parent].key)
      // A jump is a diagonal run and then a straight one.
      let low = min(abs(x - px), abs(y - py))
      if low > 0, low < max(abs(x - px), abs(y - py)) {
        cells.append(Cell(px + (x - px).signum() * low, py + (y - py).signum() * low))
      }
      node = parent
    }
    cells.reverse()
  }

  private static func place(_ key: UInt32) -> (x: Int, y: Int) { (Int(key & 0xFFFF), Int(key >> 16)) }
}
