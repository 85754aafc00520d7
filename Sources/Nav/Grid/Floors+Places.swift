import Core

/// A cell of one sheet, in the sheet's coordinates.
struct Place: Hashable, Sendable {
  var sheet: Int
  var cell: Cell
}

extension Floors {
  /// How far off in height the floor of the column asked for may lie: whoever names a point far away on hilly ground
  /// knows its height badly. Unit: world units.
  static let heightTolerance = 150.0
  /// How far off in height a floor nearby may lie from that of the column asked for.
  static let snapTolerance = 25.0

  /// The walkable cell at a position, or the nearest one within `radius` world units on a floor of about its height.
  ///
  /// - Throws: `outsideMap`, `floorUnreachable` where there is no floor near the height, else `blocked`.
  func place(
    at position: Position, within radius: Double, blocked: PathFailure
  ) throws(PathFailure) -> Place {
    guard position.isFinite, let cell = frame.cell(x: position.x, y: position.y) else { throw .outsideMap }
    if let place = walkable(cell, z: position.z, Self.heightTolerance) { return place }
    let own = floor(cell, z: position.z, Self.heightTolerance)
    let z = own.flatMap { height($0.sheet, $0.cell) } ?? position.z
    let tolerance = own == nil ? Self.heightTolerance : Self.snapTolerance
    let reach = Int(min(radius / frame.cellSize, 512).rounded(.up))
    var best: Place?
    var least = radius * radius
    var hasFloor = own != nil
    var ring = 1
    while ring <= reach {
      let nearest = (Double(ring) - 0.5) * frame.cellSize
      if nearest * nearest > least { break }
      // The four sides of the ring: y = ±ring with their corners, then x = ±ring without them.
      for step in 0..<(8 * ring) {
        let (x, y) = Self.ringCell(ring, step)
        let other = Cell(cell.x + x, cell.y + y)
        guard other.x >= 0, other.y >= 0, other.x < frame.width, other.y < frame.height else { continue }
        let center = frame.center(other)
        let square =
          (center.x - position.x) * (center.x - position.x) + (center.y - position.y) * (center.y - position.y)
        guard square < least || (square == least && best == nil) else { continue }
        if let place = walkable(other, z: z, tolerance) {
          best = place
          least = square
        } else if !hasFloor, floor(other, z: z, tolerance) != nil {
          hasFloor = true
        }
      }
      ring += 1
    }
    guard let best else { throw hasFloor ? blocked : .floorUnreachable }
    return best
  }

  /// Cells between two places on the map, by the longer side.
  func cells(_ from: Place, _ to: Place) -> Int {
    let start = sheets[from.sheet].corner
    let end = sheets[to.sheet].corner
    return max(
      abs(from.cell.x + start.x - to.cell.x - end.x), abs(from.cell.y + start.y - to.cell.y - end.y))
  }

  /// Length of a leg of a way. Unit: cells; 0 where it leads to another sheet.
  func length(_ from: Place, _ to: Place) -> Double {
    guard from.sheet == to.sheet else { return 0 }
    let dx = Double(to.cell.x - from.cell.x)
    let dy = Double(to.cell.y - from.cell.y)
    return (dx * dx + dy * dy).squareRoot()
  }

  /// World position of a cell's centre on its floor.
  func position(_ place: Place) -> Position {
    let corner = sheets[place.sheet].corner
    let center = frame.center(Cell(place.cell.x + corner.x, place.cell.y + corner.y))
    return Position(center.x, center.y, height(place.sheet, place.cell) ?? 0)
  }

  /// Sheet coordinates of a world position, in cells and parts of them.
  func local(_ position: Position, sheet: Int) -> (x: Double, y: Double) {
    let corner = sheets[sheet].corner
    return (
      (position.x - frame.originX) / frame.cellSize - Double(corner.x),
      (position.y - frame.originY) / frame.cellSize - Double(corner.y)
    )
  }

  /// The floor of a zone cell that is meant by height `z`.
  private func floor(_ cell: Cell, z: Double, _ tolerance: Double) -> Place? {
    guard let index = sheet(cell, z), sheets.indices.contains(index) else { return nil }
    let corner = sheets[index].corner
    let local = Cell(cell.x - corner.x, cell.y - corner.y)
    guard let floor = height(index, local), abs(floor - z) <= tolerance else { return nil }
    return Place(sheet: index, cell: local)
  }

  private func walkable(_ cell: Cell, z: Double, _ tolerance: Double) -> Place? {
    guard let place = floor(cell, z: z, tolerance), sheets[place.sheet].walk.isWalkable(place.cell.x, place.cell.y)
    else {
      return nil
    }
    return place
  }

  /// Offset `step` of the `8 × radius` cells at distance `radius` by the larger coordinate.
  @inline(__always)
  private static func ringCell(_ radius: Int, _ step: Int) -> (x: Int, y: Int) {
    let long = 2 * radius + 1
    if step < 2 * long { return (step / 2 - radius, step & 1 == 0 ? -radius : radius) }
    let rest = step - 2 * long
    return (rest & 1 == 0 ? -radius : radius, rest / 2 - radius + 1)
  }
}
