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

  var table = NodeTable()
  var open = OpenList()
  var plane: WalkPlane
  var rowBytes: Int
  var columnBytes: Int
  /// Which scans are worth while, where that is known of this plane.
  private var jumpPlanes: JumpPlanes?
  var jumps: UnsafePointer<UInt64>?
  private var startX = 0
  private var startY = 0
  var goalX = 0
  var goalY = 0
  /// The box, all sides inside.
  var left = 0
  var right = 0
  var bottom = 0
  var top = 0
  private var margin = 0
  /// No path that leaves the box costs less.
  private var outside = UInt32.max
  var goalNode = -1
  var upper = UInt32.max
  /// The expanded node that is nearest to the goal, and its distance.
  var closest = -1
  var closestDistance = UInt32.max
  /// Nodes expanded since `start`, those of boxes that were too small included.
  private(set) var expandedCount = 0
  /// Cells looked at one by one since it was last counted against a budget.
  var work = 0
  /// What was taken from budgets since `start`: a node each, and one for every so many cells looked at one by one.
  private(set) var spent = 0
  private(set) var state = State.exhausted
  /// A diagonal jump is put off, as a node, when its estimate exceeds this.
  var patience = UInt32.max
  /// How much worse than its beginning a diagonal jump may become before it is put off: less where the way is short.
  private(set) var slack: UInt32 = 0
  /// Set where the straight answer held and no node was made.
  private var directTurn: (x: Int, y: Int)?

  init(_ plane: WalkPlane, jumps: JumpPlanes? = nil) {
    self.plane = plane
    jumpPlanes = jumps
    self.jumps = jumps.map { UnsafePointer($0.words) }
    rowBytes = plane.rowStride * 8
    columnBytes = plane.columnStride * 8
  }

  var byteCount: Int { table.byteCount + open.byteCount }

  /// Takes another plane of any size, keeping the memory.
  mutating func use(_ plane: WalkPlane, jumps: JumpPlanes? = nil) {
    self.plane = plane
    jumpPlanes = jumps
    self.jumps = jumps.map { UnsafePointer($0.words) }
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
    spent = 0
    directTurn = nil
    closest = -1
    if goesDirect() {
      state = .found
      return
    }
    let reach = max(abs(goalX - startX), abs(goalY - startY))
    margin = max(24, reach / 4)
    slack = UInt32(min(max(reach / 8, 8), 48)) * StepCost.straight
    begin()
  }

  /// Goes on for at most `nodeBudget` expanded nodes.
  mutating func advance(nodeBudget: Int) -> State {
    guard state == .running else { return state }
    var budget = nodeBudget
    defer { spent &+= nodeBudget &- budget }
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
      budget &-= 1 &+ work &>> SearchWork.cellBits
      work = 0
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
    upper = .max
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
    table.nodes[index].done = Directions.all
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

  // MARK: - The answer

  /// Cost to the closest node seen, in cost units of a weighted search.
  var closestCost: Double {
    closest < 0
      ? 0 : Double(table.nodes[closest].g) / Double(StepCost.straight) * CostUnit.cell * SurfaceRates.base
  }

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
