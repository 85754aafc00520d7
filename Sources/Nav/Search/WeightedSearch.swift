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

  private(set) var table = NodeTable()
  private(set) var open = OpenList()
  private var ring = RingCost()
  private let sheets: [SheetGround]
  private let views: UnsafeMutablePointer<View>
  private let rates: UnsafeMutablePointer<UInt32>
  private let hasLinks: Bool
  let leastRate: UInt32
  /// Places from which a link is cheaper than walking: zone cell, and the least cost from there to the goal.
  private var shortcuts: [Shortcut] = []
  private let shortcutLinks: [FloorLink]

  private var goal = Goal.places
  private var goalKey = UInt32.max
  private var goalX = 0
  private var goalY = 0
  private var hasHeuristic = false
  private var hasDanger = false
  private(set) var metForbidden = false
  private(set) var state = State.exhausted
  private(set) var expandedCount = 0
  private(set) var goalNode = -1
  private(set) var closest = -1
  private var closestDistance = UInt32.max
  private var floors: Floors?
  /// Keys of the places whose least costs are wanted, sorted once the search begins, and those not reached yet.
  private var wanted: [UInt32] = []
  private var isReached: [Bool] = []
  private var missingCount = 0

  private static let linked: UInt16 = 0x8000
  /// Successors by pattern: `pattern and origin << 8 | directions`, 0 where empty.
  private let patterns: UnsafeMutablePointer<UInt64>
  private static let patternBits: UInt64 = 12
  /// A diagonal jump is put off, as a node, when its estimate exceeds this.
  private var patience = UInt32.max
  /// How much worse than its beginning a diagonal jump may become before it is put off, at the least rate.
  private static let slack: UInt32 = 4 * 2 * RingCost.straight
  /// Steps after which a diagonal jump is put off in any case, so that the search looks where it is best first.
  private static let stepsMax = 128

  /// Hot facts of one sheet.
  private struct View {
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

  private struct Shortcut {
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

  private let unitsPerSecond: Double

  var byteCount: Int {
    var sum = table.byteCount + open.byteCount
    for sheet in sheets { sum += sheet.danger.byteCount }
    return sum
  }

  /// What is kept of a sheet.
  func ground(_ sheet: Int) -> SheetGround { sheets[sheet] }
  var grounds: [SheetGround] { sheets }

  // MARK: - Beginning

  /// Begins a search from `start`. The discs of `danger` must have been added before (`setDanger`).
  mutating func start(from start: Place, to goal: Goal) {
    table.removeAll()
    open.removeAll()
    expandedCount = 0
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
    guard hasDanger else { return }
    self.floors = floors
    for ground in sheets {
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
        ground.stops.markForNow(discAt: disc.x, disc.y, radius: disc.reach + 1.5)
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
  private func wantedIndex(_ key: UInt32) -> Int {
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
      budget &-= 1
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

  private mutating func isOutOfDanger(_ node: Int) -> Bool {
    let (sheet, x, y) = place(node)
    return danger(sheet, x, y) == 0
  }

  // MARK: - Costs

  @inline(__always)
  private static func octile(_ dx: Int, _ dy: Int, _ rate: UInt32) -> UInt32 {
    let x = UInt32(truncatingIfNeeded: abs(dx))
    let y = UInt32(truncatingIfNeeded: abs(dy))
    let low = min(x, y)
    let units = low &* (4 &* RingCost.diagonal) &+ (max(x, y) &- low) &* (2 &* RingCost.straight)
    let product = UInt64(units) &* UInt64(rate)
    return product < UInt64(CostUnit.most) ? UInt32(truncatingIfNeeded: product) : CostUnit.most
  }

  private static func cost(_ link: FloorLink, _ unitsPerSecond: Double) -> UInt32 {
    UInt32(min((link.seconds * unitsPerSecond).rounded(.up), Double(CostUnit.most)))
  }

  /// A lower bound of the cost to the goal; links that are cheaper than walking are counted in.
  @inline(__always)
  private func estimate(_ sheet: Int, _ x: Int, _ y: Int) -> UInt32 {
    guard hasHeuristic else { return 0 }
    let zoneX = x &+ views[sheet].cornerX
    let zoneY = y &+ views[sheet].cornerY
    var least = Self.octile(zoneX &- goalX, zoneY &- goalY, leastRate)
    for shortcut in shortcuts {
      let over = Self.octile(zoneX &- shortcut.x, zoneY &- shortcut.y, leastRate)
      least = min(least, over &+ shortcut.rest)
    }
    return least
  }

  /// Lower bounds from the beginning of each shortcut to the goal, by relaxing over all pairs.
  private mutating func prepareShortcuts() {
    shortcuts.removeAll(keepingCapacity: true)
    for link in shortcutLinks {
      let corner = sheets[link.fromSheet].sheet.corner
      let end = zone(link)
      let rest = min(
        UInt64(Self.cost(link, unitsPerSecond)) + UInt64(Self.octile(end.x - goalX, end.y - goalY, leastRate)),
        UInt64(CostUnit.most))
      shortcuts.append(Shortcut(x: link.from.x + corner.x, y: link.from.y + corner.y, rest: UInt32(rest)))
    }
    var changed = !shortcuts.isEmpty
    while changed {
      changed = false
      for (index, link) in shortcutLinks.enumerated() {
        let end = zone(link)
        for other in shortcuts {
          let over =
            UInt64(Self.cost(link, unitsPerSecond)) + UInt64(Self.octile(end.x - other.x, end.y - other.y, leastRate))
            + UInt64(other.rest)
          if over < UInt64(shortcuts[index].rest) {
            shortcuts[index].rest = UInt32(over)
            changed = true
          }
        }
      }
    }
  }

  /// Zone cell at which a link ends.
  private func zone(_ link: FloorLink) -> Cell {
    let corner = sheets[link.toSheet].sheet.corner
    return Cell(link.to.x + corner.x, link.to.y + corner.y)
  }

  private mutating func danger(_ sheet: Int, _ x: Int, _ y: Int) -> UInt32 {
    guard hasDanger, let floors, !sheets[sheet].danger.isEmpty else { return 0 }
    return sheets[sheet].danger.rate(x, y) { floors.height(sheet, Cell($0, $1)) }
  }

  // MARK: - Expansion

  @inline(__always)
  private func key(_ place: Place) -> UInt32 { key(place.sheet, place.cell.x, place.cell.y) }

  @inline(__always)
  private func key(_ sheet: Int, _ x: Int, _ y: Int) -> UInt32 {
    views[sheet].base &+ UInt32(truncatingIfNeeded: y &<< views[sheet].shift &+ x)
  }

  @inline(__always)
  private func place(_ node: Int) -> (sheet: Int, x: Int, y: Int) {
    let sheet = Int(table.nodes[node].sheet & ~Self.linked)
    let local = Int(table.nodes[node].key &- views[sheet].base)
    let shift = views[sheet].shift
    return (sheet, local & (1 &<< shift &- 1), local &>> shift)
  }

  @inline(__always)
  private mutating func add(
    _ sheet: Int, _ x: Int, _ y: Int, _ g: UInt32, _ parent: Int, _ arrival: UInt8, isLink: Bool = false
  ) {
    guard g < CostUnit.most else { return }
    let found = table.find(key(sheet, x, y))
    let index: Int
    if found < 0 {
      index = ~found
    } else {
      index = found
      let known = table.nodes[index].g
      if known < g { return }
      if known == g {
        let more = arrival & ~table.nodes[index].done
        if more == 0 { return }
        if table.nodes[index].pending == 0 { open.push(g &+ estimate(sheet, x, y), index) }
        table.nodes[index].pending |= more
        table.nodes[index].done |= more
        return
      }
    }
    table.nodes[index].g = g
    table.nodes[index].parent = UInt32(truncatingIfNeeded: parent)
    table.nodes[index].pending = arrival
    table.nodes[index].done = arrival
    table.nodes[index].sheet = UInt16(truncatingIfNeeded: sheet) | (isLink ? Self.linked : 0)
    open.push(g &+ estimate(sheet, x, y), index)
  }

  private mutating func expand(_ node: Int, _ arrivals: UInt8) {
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
    if hasDanger, sheets[sheet].stops.contains(x, y) {
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
        followUniform(directions & around.legal, rates[around.centerClass], view, sheet, x, y, g, node)
      } else {
        fill(view, around)
        followAll(directions, view, sheet, x, y, g, node)
      }
    }
    if hasLinks { follow(node, sheet, g) }
  }

  /// Follows `directions` where all cells round the node cost `rate`.
  @inline(__always)
  private mutating func followUniform(
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
  private mutating func followAll(
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
  private mutating func fill(_ view: View, _ around: Neighbourhood) {
    for index in 0..<8 {
      let bit = Neighbourhood.bit(index)
      ring.ring[index] = around.walk &>> bit & 1 != 0 ? rates[around.classAt(bit, view.planeCount)] : 0
    }
    ring.center = rates[around.centerClass]
  }

  /// The directions that arriving from ring cell `from` leaves; looked up by the pattern of the 3 × 3 cells.
  @inline(__always)
  private mutating func successors(_ view: View, _ around: Neighbourhood, from: Int) -> UInt8 {
    let key = around.pattern &<< 3 | UInt64(truncatingIfNeeded: from)
    let slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- Self.patternBits))
    let known = patterns[slot]
    if known &>> 8 == key { return UInt8(truncatingIfNeeded: known) }
    fill(view, around)
    let directions = ring.successors(from: from)
    patterns[slot] = key &<< 8 | UInt64(directions)
    return directions
  }

  /// The 3 × 3 cells round a node as bits, row by row from the north-west: which may be walked, and their classes.
  private struct Neighbourhood {
    /// Bit 4 is the node's own cell.
    var walk: UInt32
    /// Bit plane k of the classes, of the walkable cells only.
    var classes: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    var isUniform = true

    @inline(__always)
    init(_ view: View, _ x: Int, _ y: Int) {
      let offset = (y &+ 1) &* view.rowBytes &+ x &>> 3
      let shift = UInt16(truncatingIfNeeded: x & 7)
      @inline(__always) func nine(_ base: UnsafeRawPointer) -> UInt32 {
        let middle = base + offset
        let north = UInt32((middle + view.rowBytes).loadUnaligned(as: UInt16.self) &>> shift & 7)
        let south = UInt32((middle - view.rowBytes).loadUnaligned(as: UInt16.self) &>> shift & 7)
        return north | UInt32(middle.loadUnaligned(as: UInt16.self) &>> shift & 7) &<< 3 | south &<< 6
      }
      walk = nine(view.rows)
      guard let planes = view.classes else { return }
      if view.planeCount > 0 { classes.0 = nine(planes) & walk }
      if view.planeCount > 1 { classes.1 = nine(planes + view.classBytes) & walk }
      if view.planeCount > 2 { classes.2 = nine(planes + 2 &* view.classBytes) & walk }
      if view.planeCount > 3 { classes.3 = nine(planes + 3 &* view.classBytes) & walk }
      isUniform =
        (classes.0 == 0 || classes.0 == walk) && (classes.1 == 0 || classes.1 == walk)
        && (classes.2 == 0 || classes.2 == walk) && (classes.3 == 0 || classes.3 == walk)
    }

    /// All of it in one word, never 0.
    @inline(__always)
    var pattern: UInt64 {
      UInt64(walk) | UInt64(classes.0) &<< 9 | UInt64(classes.1) &<< 18 | UInt64(classes.2) &<< 27
        | UInt64(classes.3) &<< 36
    }

    @inline(__always)
    func classAt(_ bit: UInt32, _ planeCount: Int) -> Int {
      let low = classes.0 &>> bit & 1 | (classes.1 &>> bit & 1) &<< 1
      guard planeCount > 2 else { return Int(truncatingIfNeeded: low) }
      return Int(truncatingIfNeeded: low | (classes.2 &>> bit & 1) &<< 2 | (classes.3 &>> bit & 1) &<< 3)
    }

    @inline(__always)
    var centerClass: Int { classAt(4, 4) }

    /// Bit of ring cell `index` (0 north, clockwise): 1, 2, 5, 8, 7, 6, 3, 0.
    @inline(__always)
    static func bit(_ index: Int) -> UInt32 {
      UInt32(truncatingIfNeeded: 0x0367_8521 as UInt64 &>> UInt64(truncatingIfNeeded: index &* 4) & 15)
    }

    /// The steps that may be made, by ring cell.
    @inline(__always)
    var legal: UInt8 {
      let north = walk &>> 1 & 1
      let east = walk &>> 5 & 1
      let south = walk &>> 7 & 1
      let west = walk &>> 3 & 1
      let straight = north | east &<< 2 | south &<< 4 | west &<< 6
      let right = (north & east & walk &>> 2) &<< 1 | (south & east & walk &>> 8) &<< 3
      let left = (south & west & walk &>> 6) &<< 5 | (north & west & walk) &<< 7
      return UInt8(truncatingIfNeeded: straight | right | left)
    }
  }

  private mutating func addDanger(_ sheet: Int, _ x: Int, _ y: Int) {
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

  private static let offsets = [(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)]

  /// Jumps straight; `g` is the cost at the first cell, whose rate is `rate`.
  @inline(__always)
  private mutating func jump(
    _ view: View, _ sheet: Int, _ x: Int, _ y: Int, _ g: UInt32, _ rate: UInt32, _ direction: Int, _ parent: Int
  ) {
    let row = (y &+ 1) &* view.rowBytes
    let column = (x &+ 1) &* view.columnBytes
    let arrival = 1 &<< UInt8(truncatingIfNeeded: direction)
    let further = rate &* (2 &* RingCost.straight)
    switch direction {
    case 0:
      let stop = RowScan.forward(
        view.columns + column, view.columnBytes, stops: view.stopColumns + column, y &+ 1)
      guard stop & 1 != 0 else { return }
      let reached = stop &>> 1 &- 1
      add(sheet, x, reached, g &+ UInt32(truncatingIfNeeded: reached &- y &- 1) &* further, parent, arrival)
    case 4:
      let stop = RowScan.backward(
        view.columns + column, view.columnBytes, stops: view.stopColumns + column, y &+ 1)
      guard stop & 1 != 0 else { return }
      let reached = stop &>> 1 &- 1
      add(sheet, x, reached, g &+ UInt32(truncatingIfNeeded: y &- 1 &- reached) &* further, parent, arrival)
    case 2:
      let stop = RowScan.forward(view.rows + row, view.rowBytes, stops: view.stopRows + row, x &+ 1)
      guard stop & 1 != 0 else { return }
      let reached = stop &>> 1 &- 1
      add(sheet, reached, y, g &+ UInt32(truncatingIfNeeded: reached &- x &- 1) &* further, parent, arrival)
    default:
      let stop = RowScan.backward(view.rows + row, view.rowBytes, stops: view.stopRows + row, x &+ 1)
      guard stop & 1 != 0 else { return }
      let reached = stop &>> 1 &- 1
      add(sheet, reached, y, g &+ UInt32(truncatingIfNeeded: x &- 1 &- reached) &* further, parent, arrival)
    }
  }

  /// Jumps diagonally; `g` is the cost at the first cell, whose rate is `rate`.
  @inline(__always)
  private mutating func jumpDiagonally(
    _ view: View, _ sheet: Int, _ fromX: Int, _ fromY: Int, _ fromG: UInt32, _ rate: UInt32, _ direction: Int,
    _ parent: Int
  ) {
    let stepX = direction < 4 ? 1 : -1
    let stepY = direction == 1 || direction == 7 ? 1 : -1
    let acrossX = stepX > 0 ? 2 : 6
    let acrossY = stepY > 0 ? 0 : 4
    let further = rate &* (4 &* RingCost.diagonal)
    let straight = rate &* (2 &* RingCost.straight)
    var x = fromX &+ stepX
    var y = fromY &+ stepY
    var g = fromG
    var steps = 0
    while true {
      let row = (y &+ 1) &* view.rowBytes
      let bit = x &+ 1
      steps &+= 1
      if steps > 1, steps >= Self.stepsMax || (hasHeuristic && g &+ estimate(sheet, x, y) > patience) {
        add(sheet, x, y, g, parent, 1 &<< UInt8(truncatingIfNeeded: direction))
        return
      }
      if (view.stopRows + row + bit &>> 3).load(as: UInt8.self) &>> UInt8(truncatingIfNeeded: bit & 7) & 1 != 0 {
        add(sheet, x, y, g, parent, 1 &<< UInt8(truncatingIfNeeded: direction))
        return
      }
      jump(view, sheet, x, y, g &+ straight, rate, acrossX, parent)
      jump(view, sheet, x, y, g &+ straight, rate, acrossY, parent)
      let pair = stepX > 0 ? bit : bit &- 1
      let shift = UInt16(truncatingIfNeeded: pair & 7)
      let here = view.rows + row + pair &>> 3
      if here.loadUnaligned(as: UInt16.self) &>> shift & 3 != 3 { return }
      if (here + stepY &* view.rowBytes).loadUnaligned(as: UInt16.self) &>> shift & 3 != 3 { return }
      x &+= stepX
      y &+= stepY
      g &+= further
    }
  }

  /// Follows the links that begin at a node.
  private mutating func follow(_ node: Int, _ sheet: Int, _ g: UInt32) {
    let links = sheets[sheet].links
    guard !links.isEmpty else { return }
    let wanted = table.nodes[node].key
    var low = 0
    var high = links.count
    while low < high {
      let middle = (low + high) / 2
      if links[middle].key < wanted { low = middle + 1 } else { high = middle }
    }
    while low < links.count, links[low].key == wanted {
      let link = links[low].link
      add(
        link.toSheet, link.to.x, link.to.y, g &+ Self.cost(link, unitsPerSecond), node, 255, isLink: true)
      low += 1
    }
  }

  // MARK: - The answer

  /// Cost of a node in cost units.
  func cost(node: Int) -> UInt32 { table.nodes[node].g }

  /// The turning cells on the way to `node`, start first; `links` gets the index of each cell from which a link leads
  /// to the next.
  func places(to node: Int, into places: inout [Place], links: inout [Int]) {
    places.removeAll(keepingCapacity: true)
    links.removeAll(keepingCapacity: true)
    guard node >= 0 else { return }
    var node = node
    while true {
      let (sheet, x, y) = place(node)
      places.append(Place(sheet: sheet, cell: Cell(x, y)))
      let parent = Int(table.nodes[node].parent)
      if parent == node { break }
      let (parentSheet, px, py) = place(parent)
      if table.nodes[node].sheet & Self.linked != 0 {
        links.append(places.count)
      } else {
        let low = min(abs(x - px), abs(y - py))
        if low > 0, low < max(abs(x - px), abs(y - py)) {
          places.append(
            Place(sheet: parentSheet, cell: Cell(px + (x - px).signum() * low, py + (y - py).signum() * low)))
        }
      }
      node = parent
    }
    places.reverse()
    for index in links.indices { links[index] = places.count - 1 - links[index] }
    links.reverse()
  }
}
