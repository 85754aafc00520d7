/// Optimal paths over cells that cost differently, over several sheets and the links between them, and through danger.
///
/// Jump point search for weighted grids: where all cells round a cell cost the same, the uniform rules hold and scans
/// skip 64 cells at a time; cells that have a neighbour of another cost, or danger, are stops, and from them only
/// those directions are followed that no way round the stop replaces (`RingCost`). Costs are whole numbers
/// (`CostUnit`), symmetric for steps; links are directed and cost what they say.
struct WeightedSearch: ~Copyable {
  enum State { case running, found, exhausted }

  /// What the search is for.
  enum Goal {
    case place(Place)
    /// The cheapest way to any cell without danger.
    case outOfDanger
    /// Least costs to several places, cheapest first.
    case places
  }

  var table = NodeTable()
  var open = OpenList()
  var ring = RingCost()
  let sheets: [SheetGround]
  let views: UnsafeMutablePointer<View>
  let rates: UnsafeMutablePointer<UInt32>
  let hasLinks: Bool
  let leastRate: UInt32
  /// Places from which a link is cheaper than walking: zone cell, and the least cost from there to the goal.
  var shortcuts: [Shortcut] = []
  let shortcutLinks: [FloorLink]

  var goal = Goal.places
  var goalKey = UInt32.max
  var goalX = 0
  var goalY = 0
  var hasHeuristic = false
  var hasDanger = false
  var metForbidden = false
  var state = State.exhausted
  var expandedCount = 0
  /// Cells looked at one by one since it was last counted against a budget.
  var work = 0
  /// What was taken from budgets since `start`: a node each, and one for every so many cells looked at one by one.
  private(set) var spent = 0
  var goalNode = -1
  var closest = -1
  var closestDistance = UInt32.max
  var floors: Floors?
  /// Dangers whose borders are not marked yet, by sheet; none while a search advances.
  private(set) var unmarked: [(sheet: Int, disc: DangerRaster.Disc)] = []
  /// Keys of the places whose least costs are wanted, sorted once the search begins, and those not reached yet.
  var wanted: [UInt32] = []
  var isReached: [Bool] = []
  var missingCount = 0

  static let linked: UInt16 = 0x8000
  /// Successors by pattern: `pattern and origin << 8 | directions`, 0 where empty.
  let patterns: UnsafeMutablePointer<UInt64>
  static let patternBits: UInt64 = 12
  /// A diagonal jump is put off, as a node, when its estimate exceeds this.
  var patience = UInt32.max
  /// How much worse than its beginning a diagonal jump may become before it is put off, at the least rate.
  static let slack: UInt32 = 4 * 2 * RingCost.straight
  /// Steps after which a diagonal jump is put off in any case, so that the search looks where it is best first.
  static let stepsMax = 128

  /// Hot facts of one sheet.
  struct View {
    var rows: UnsafeRawPointer
    var columns: UnsafeRawPointer
    var stopRows: UnsafeRawPointer
    var stopColumns: UnsafeRawPointer
    var rowBytes: Int
    var columnBytes: Int
    var classes: UnsafeRawPointer?
    var classBytes: Int
    var planeCount: Int
    var cornerX: Int
    var cornerY: Int
    var width: Int
    var height: Int
    var base: UInt32
    var shift: Int
  }

  struct Shortcut {
    var x: Int
    var y: Int
    var rest: UInt32
  }

  /// `units`: cost units of one second (see `Navigator`); a link costs `seconds × units`.
  init(_ sheets: [Sheet], links: [FloorLink], rates table: SurfaceRates, unitsPerSecond: Double) {
    var base: UInt32 = 0
    var grounds: [SheetGround] = []
    for sheet in sheets {
      grounds.append(SheetGround(sheet, base: base, rates: table))
      base += UInt32(SheetGround.keyCount(sheet))
    }
    precondition(base < 1 << 31 && sheets.count < 1 << 15, "too many cells: \(base) keys")
    views = .allocate(capacity: max(grounds.count, 1))
    rates = .allocate(capacity: 16)
    patterns = .allocate(capacity: 1 << Self.patternBits)
    patterns.initialize(repeating: 0, count: 1 << Self.patternBits)
    var least = UInt32.max
    var classCount = 1
    for ground in grounds { classCount = max(classCount, 1 << (ground.sheet.classes?.planeCount ?? 0)) }
    for index in 0..<16 {
      rates[index] = table.rates[index]
      if index < classCount, table.rates[index] > 0 { least = min(least, table.rates[index]) }
    }
    leastRate = least == .max ? 1 : least
    for (index, ground) in grounds.enumerated() {
      let walk = ground.sheet.walk
      (views + index).initialize(
        to: View(
          rows: UnsafeRawPointer(walk.rows), columns: UnsafeRawPointer(walk.columns),
          stopRows: UnsafeRawPointer(ground.stops.rows), stopColumns: UnsafeRawPointer(ground.stops.columns),
          rowBytes: walk.rowStride * 8, columnBytes: walk.columnStride * 8,
          classes: ground.sheet.classes.map { UnsafeRawPointer($0.words) },
          classBytes: (ground.sheet.classes?.planeWords ?? 0) * 8, planeCount: ground.sheet.classes?.planeCount ?? 0,
          cornerX: ground.sheet.corner.x, cornerY: ground.sheet.corner.y, width: walk.width, height: walk.height,
          base: ground.base, shift: ground.shift))
    }
    var kept: [FloorLink] = []
    var short: [FloorLink] = []
    for link in links {
      guard grounds.indices.contains(link.fromSheet), grounds.indices.contains(link.toSheet), link.seconds >= 0,
        grounds[link.fromSheet].sheet.walk.isWalkable(link.from.x, link.from.y),
        grounds[link.toSheet].sheet.walk.isWalkable(link.to.x, link.to.y)
      else { continue }
      kept.append(link)
      let from = grounds[link.fromSheet]
      from.links.append((from.base + UInt32(link.from.y << from.shift + link.from.x), link))
      from.stops.mark(link.from.x, link.from.y)
      let dx = link.from.x + from.sheet.corner.x - link.to.x - grounds[link.toSheet].sheet.corner.x
      let dy = link.from.y + from.sheet.corner.y - link.to.y - grounds[link.toSheet].sheet.corner.y
      if Self.cost(link, unitsPerSecond) < Self.octile(dx, dy, leastRate) { short.append(link) }
    }
    for ground in grounds {
      ground.links.sort {
        ($0.key, $0.link.toSheet, $0.link.to.y, $0.link.to.x) < ($1.key, $1.link.toSheet, $1.link.to.y, $1.link.to.x)
      }
    }
    hasLinks = !kept.isEmpty
    shortcutLinks = short
    self.sheets = grounds
    self.unitsPerSecond = unitsPerSecond
  }

  deinit {
    views.deallocate()
    rates.deallocate()
    patterns.deallocate()
  }

  let unitsPerSecond: Double

  var byteCount: Int {
    var sum = table.byteCount + open.byteCount
    for sheet in sheets { sum += sheet.danger.byteCount }
    return sum
  }

  /// What is kept of a sheet.
  func ground(_ sheet: Int) -> SheetGround { sheets[sheet] }
  var grounds: [SheetGround] { sheets }

  // MARK: - Beginning

  /// Begins a search from `start`. The discs of danger must have been set before (`setDanger`), and all be marked
  /// before it advances (`markDanger`).
  mutating func start(from start: Place, to goal: Goal) {
    table.removeAll()
    open.removeAll()
    expandedCount = 0
    spent = 0
    metForbidden = false
    goalNode = -1
    goalKey = .max
    closest = -1
    closestDistance = .max
    hasHeuristic = false
    self.goal = goal
    state = .running
    wanted.sort()
    isReached.removeAll(keepingCapacity: true)
    isReached.append(contentsOf: repeatElement(false, count: wanted.count))
    missingCount = wanted.isEmpty ? 0 : 1 + zip(wanted, wanted.dropFirst()).count { $0 != $1 }
    if case .place(let place) = goal {
      hasHeuristic = true
      goalKey = key(place)
      goalX = place.cell.x + sheets[place.sheet].sheet.corner.x
      goalY = place.cell.y + sheets[place.sheet].sheet.corner.y
      sheets[place.sheet].stops.markForNow(place.cell.x, place.cell.y)
      prepareShortcuts()
    }
    let index = ~table.find(key(start))
    table.nodes[index].g = 0
    table.nodes[index].parent = UInt32(truncatingIfNeeded: index)
    table.nodes[index].pending = 255
    table.nodes[index].done = 255
    table.nodes[index].sheet = UInt16(start.sheet)
    open.push(estimate(start.sheet, start.cell.x, start.cell.y), index)
  }

  /// Takes back all marks that this search made; before the next search.
  mutating func end() {
    for sheet in sheets {
      sheet.stops.restore()
    }
    wanted.removeAll(keepingCapacity: true)
    hasDanger = false
  }

  /// Sets the danger of the search that begins next. `discs` are in cells of the zone's grid.
  mutating func setDanger(_ discs: [DangerRaster.Disc], floors: Floors) {
    hasDanger = !discs.isEmpty
    unmarked.removeAll(keepingCapacity: true)
    guard hasDanger else { return }
    self.floors = floors
    for (index, ground) in sheets.enumerated() {
      let corner = ground.sheet.corner
      let walk = ground.sheet.walk
      ground.danger.begin(width: walk.width, height: walk.height)
      for disc in discs {
        var disc = disc
        disc.x -= Double(corner.x)
        disc.y -= Double(corner.y)
        let reach = disc.reach + 2
        guard disc.x + reach > 0, disc.y + reach > 0, disc.x - reach < Double(walk.width),
          disc.y - reach < Double(walk.height)
        else { continue }
        ground.danger.add(disc)
        unmarked.append((index, disc))
      }
    }
  }

  /// Marks where the danger of the search changes, for about so many nodes' work; what that takes.
  mutating func markDanger(nodeBudget: Int, _ floors: Floors) -> Int {
    work = 0
    while let (sheet, disc) = unmarked.popLast() {
      mark(disc, sheets[sheet], sheet, floors)
      if work &>> SearchWork.cellBits >= nodeBudget { break }
    }
    defer { work = 0 }
    return work &>> SearchWork.cellBits
  }

  /// Marks the cells that have neighbours of another danger: along the circles where a disc's rate changes.
  private mutating func mark(_ disc: DangerRaster.Disc, _ ground: SheetGround, _ index: Int, _ floors: Floors) {
    // A cell's neighbours lie within √2 of it.
    let width = 1.5
    let isWhole = ground.danger.forEachSeam(
      of: disc, { floors.height(index, Cell($0, $1)) }, { x, y in ground.stops.markForNow(x: x, y: y) })
    work &+= Int(min(disc.reach, 1e4)) &* 4
    if !isWhole {
      ground.stops.markForNow(ringAt: disc.x, disc.y, from: 0, to: disc.reach + width)
    } else if disc.reach - disc.radius < 4 * width {
      ground.stops.markForNow(ringAt: disc.x, disc.y, from: disc.radius - width, to: disc.reach + width)
    } else {
      var circle = disc.radius
      for _ in 0..<3 {
        ground.stops.markForNow(ringAt: disc.x, disc.y, from: circle - width, to: circle + width)
        circle += (disc.reach - disc.radius) / 2
      }
    }
  }

  /// Adds a place whose least cost is wanted (goal `places`).
  mutating func want(_ place: Place) {
    sheets[place.sheet].stops.markForNow(place.cell.x, place.cell.y)
    wanted.append(key(place))
  }

  /// Least cost to a place that was wanted; nil while it is not certain.
  func finalCost(of place: Place) -> UInt32? {
    let key = key(place)
    let index = wantedIndex(key)
    guard index >= 0, isReached[index] else { return nil }
    let node = table.index(of: key)
    return node >= 0 ? table.nodes[node].g : nil
  }

  /// Where a key stands among those wanted; -1 where it does not.
  func wantedIndex(_ key: UInt32) -> Int {
    var low = 0
    var high = wanted.count
    while low < high {
      let middle = (low &+ high) &>> 1
      if wanted[middle] < key { low = middle &+ 1 } else { high = middle }
    }
    return low < wanted.count && wanted[low] == key ? low : -1
  }

  /// Rate of a walkable cell under the danger of the search; what may not be entered is dearer than anything.
  mutating func rate(_ sheet: Int, _ x: Int, _ y: Int, _ table: SurfaceRates) -> UInt32 {
    let own = table.rates[sheets[sheet].sheet.classes?[x, y] ?? 0]
    let more = danger(sheet, x, y)
    return more == DangerRaster.forbidden ? more &* 2 : own &+ more
  }

  // MARK: - Advancing

  /// Goes on for at most `nodeBudget` expanded nodes.
  mutating func advance(nodeBudget: Int) -> State {
    guard state == .running else { return state }
    var budget = nodeBudget
    defer { spent &+= nodeBudget &- budget }
    while budget > 0 {
      if open.isEmpty {
        state = .exhausted
        return state
      }
      let node = open.pop()
      let arrivals = table.nodes[node].pending
      if arrivals == 0 { continue }
      let place = table.nodes[node].key
      if place == goalKey {
        goalNode = node
        state = .found
        return state
      }
      table.nodes[node].pending = 0
      budget &-= 1 &+ work &>> SearchWork.cellBits
      work = 0
      expandedCount &+= 1
      switch goal {
      case .place: break
      case .outOfDanger:
        if isOutOfDanger(node) {
          goalNode = node
          state = .found
          return state
        }
      case .places:
        let index = wantedIndex(place)
        if index >= 0, !isReached[index] {
          isReached[index] = true
          missingCount -= 1
          if missingCount == 0 {
            state = .found
            return state
          }
        }
      }
      expand(node, arrivals)
    }
    return state
  }

  mutating func isOutOfDanger(_ node: Int) -> Bool {
    let (sheet, x, y) = place(node)
    return danger(sheet, x, y) == 0
  }
}
