import Core

/// Pulls a path of turning cells straight: a leg is replaced by a shorter one where that costs no more.
///
/// The cost of a line is the sum over the cells it touches of length in the cell × rate, for the original legs as for
/// the new ones. A new leg also may not touch a cell that is dearer than the dearest on the part it replaces, so that
/// a path that keeps out of danger keeps out of it.
struct Smoother {
  /// A point of the path in cells and parts of them.
  private struct Point {
    var sheet: Int
    var x: Double
    var y: Double
  }

  private var points: [Point] = []
  private var kept: [Int] = []
  /// What the walked legs cost: length in cells × rate. Only of whole paths.
  private(set) var cost = 0.0
  /// What the links cost. Unit: seconds.
  private(set) var linkSeconds = 0.0

  /// At most so many turning points ahead are tried from each.
  private static let ahead = 24
  /// Cells that trials may touch in one path; the rest of a longer one stays as it was found. Fewer for a path that
  /// leads only a part of the way.
  private static let workMost = 5_000
  private static let partialWorkMost = 800
  private var work = 0
  private var workMost = 0
  private var isPartial = false

  mutating func run(
    _ places: [Place], _ links: [Int], start: Position, goal: Position?, _ floors: Floors,
    rate: (_ sheet: Int, _ x: Int, _ y: Int) -> Double, into path: inout Path
  ) {
    points.removeAll(keepingCapacity: true)
    for place in places {
      points.append(Point(sheet: place.sheet, x: Double(place.cell.x) + 0.5, y: Double(place.cell.y) + 0.5))
    }
    // The ends are where the walker stands and wants to stand, if these lie in the cells that were found.
    move(0, to: start, places[0], floors)
    if let goal, places.count > 1 { move(places.count - 1, to: goal, places[places.count - 1], floors) }
    kept.removeAll(keepingCapacity: true)
    kept.append(0)
    cost = 0
    linkSeconds = 0
    work = 0
    isPartial = goal == nil
    workMost = isPartial ? Self.partialWorkMost : Self.workMost
    var from = 0
    var link = 0
    while from < points.count - 1 {
      while link < links.count, links[link] < from { link += 1 }
      var next = from + 1
      if link < links.count, links[link] == from {
        let passage = passage(places[from], places[from + 1], floors)
        path.links.append(PathLink(leg: kept.count - 1, kind: passage?.kind ?? .seam))
        linkSeconds += passage?.seconds ?? 0
      } else {
        let end = link < links.count ? min(links[link], points.count - 1) : points.count - 1
        next = furthest(from, end, floors, rate)
      }
      kept.append(next)
      from = next
    }
    for index in kept {
      let point = points[index]
      let corner = floors.sheets[point.sheet].corner
      let cell = Cell(Int(point.x.rounded(.down)), Int(point.y.rounded(.down)))
      let z = floors.height(point.sheet, cell) ?? path.points.last?.z ?? start.z
      path.points.append(
        Position(
          floors.frame.originX + (point.x + Double(corner.x)) * floors.frame.cellSize,
          floors.frame.originY + (point.y + Double(corner.y)) * floors.frame.cellSize, z))
    }
  }

  private mutating func move(_ index: Int, to position: Position, _ place: Place, _ floors: Floors) {
    let local = floors.local(position, sheet: place.sheet)
    if Int(local.x.rounded(.down)) == place.cell.x, Int(local.y.rounded(.down)) == place.cell.y {
      points[index].x = local.x
      points[index].y = local.y
    }
  }

  private func passage(_ from: Place, _ to: Place, _ floors: Floors) -> FloorLink? {
    floors.links.lazy.filter {
      $0.fromSheet == from.sheet && $0.from == from.cell && $0.toSheet == to.sheet && $0.to == to.cell
    }.min { $0.seconds < $1.seconds }
  }

  /// The last point that can be walked to in a straight line from `from` at no higher cost.
  private mutating func furthest(
    _ from: Int, _ end: Int, _ floors: Floors, _ rate: (_ sheet: Int, _ x: Int, _ y: Int) -> Double
  ) -> Int {
    // Nobody asks what smoothing spares of a part.
    if isPartial, work >= workMost { return from + 1 }
    let sheet = points[from].sheet
    let walk = floors.sheets[sheet].walk
    var best = from + 1
    var along = line(from, from + 1, walk, sheet, rate, upTo: .infinity) ?? (cost: .infinity, dearest: .infinity)
    var least = along.cost
    defer { cost += least }
    guard from + 1 < end, work < workMost else { return from + 1 }
    var misses = 0
    for next in (from + 2)...min(end, from + Self.ahead) {
      guard work < workMost, let leg = line(next - 1, next, walk, sheet, rate, upTo: .infinity) else { break }
      work += cells(from, next) + cells(next - 1, next)
      along.cost += leg.cost
      along.dearest = max(along.dearest, leg.dearest)
      if let direct = line(from, next, walk, sheet, rate, upTo: along.dearest),
        direct.cost <= along.cost * (1 + 1e-9)
      {
        best = next
        least = direct.cost
        misses = 0
      } else {
        misses += 1
        if misses > 3 { break }
      }
    }
    return best
  }

  /// Cells that a line touches, about.
  private func cells(_ from: Int, _ to: Int) -> Int {
    Int(abs(points[from].x - points[to].x) + abs(points[from].y - points[to].y))
  }

  /// Cost of a straight line and the dearest rate on it; nil where it is blocked or dearer than `upTo` anywhere.
  private func line(
    _ from: Int, _ to: Int, _ walk: WalkPlane, _ sheet: Int, _ rate: (_ sheet: Int, _ x: Int, _ y: Int) -> Double,
    upTo limit: Double
  ) -> (cost: Double, dearest: Double)? {
    var cost = 0.0
    var dearest = 0.0
    let isFree = LineWalk.visit(points[from].x, points[from].y, points[to].x, points[to].y) { x, y, length in
      guard walk.isWalkable(x, y) else { return false }
      let rate = rate(sheet, x, y)
      guard rate <= limit else { return false }
      dearest = max(dearest, rate)
      cost += rate * length
      return true
    }
    return isFree ? (cost, dearest) : nil
  }
}
