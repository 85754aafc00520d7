import Core

extension Navigator {
  /// True when nothing of the terrain stands between two eyes, `eyeHeight` above their floors.
  ///
  /// The line of sight must stay above the floor it started over, and may not leave the cells that have a floor.
  public func isVisible(from: Position, to: Position, eyeHeight: Double = 5) -> Bool {
    meter?(true)
    defer { meter?(false) }
    ledger?(.sight, 0)
    guard from.isFinite, to.isFinite else { return false }
    let frame = floors.frame
    let start = floors.local(from, sheet: nil)
    let end = floors.local(to, sheet: nil)
    let span = ((end.x - start.x) * (end.x - start.x) + (end.y - start.y) * (end.y - start.y)).squareRoot()
    var walked = 0.0
    var cursor = floors.terrain.map { TerrainCursor($0) }
    return LineWalk.visit(start.x, start.y, end.x, end.y) { x, y, length in
      let share = span > 0 ? min((walked + length / 2) / span, 1) : 0
      walked += length
      guard x >= 0, y >= 0, x < frame.width, y < frame.height else { return false }
      let eye = from.z + (to.z - from.z) * share + eyeHeight
      let cell = Cell(x, y)
      if cursor != nil {
        let center = frame.center(cell)
        return cursor?.isOpen(center.x, center.y, eye: eye) ?? false
      }
      // A floor close over the line is a ceiling only while there is another one below it.
      guard let nearest = floors.sheet(cell, eye) else { return false }
      let corner = floors.sheets[nearest].corner
      guard let floor = floors.height(nearest, Cell(x - corner.x, y - corner.y)) else { return false }
      if floor <= eye { return true }
      guard let below = floors.sheet(cell, eye - 2 * (floor - eye) - 0.1), below != nearest else { return false }
      return true
    }
  }

  /// True when one can walk from here to there in a straight line on one floor.
  public func isWalkable(from: Position, to: Position) -> Bool {
    meter?(true)
    defer { meter?(false) }
    ledger?(.straightWalk, 0)
    guard let start = try? floors.place(at: from, within: 0, blocked: .startBlocked),
      let end = try? floors.place(at: to, within: 0, blocked: .goalBlocked), start.sheet == end.sheet
    else { return false }
    let a = floors.local(from, sheet: start.sheet)
    let b = floors.local(to, sheet: end.sheet)
    return LineWalk.isWalkable(floors.sheets[start.sheet].walk, a.x, a.y, b.x, b.y)
  }

  /// The floor under (or nearest to) a position: the same x and y, z on the floor. Nil where there is none.
  public func ground(at position: Position) -> Position? {
    guard position.isFinite, let cell = floors.frame.cell(x: position.x, y: position.y) else { return nil }
    guard let sheet = floors.sheet(cell, position.z) else { return nil }
    let corner = floors.sheets[sheet].corner
    guard let z = floors.height(sheet, Cell(cell.x - corner.x, cell.y - corner.y)) else { return nil }
    return Position(position.x, position.y, z)
  }

  /// Which of the floors above each other a position is on; nil where there is none.
  public func floor(at position: Position) -> Int? {
    guard position.isFinite, let cell = floors.frame.cell(x: position.x, y: position.y) else { return nil }
    return floors.sheet(cell, position.z)
  }

  /// The nearest walkable place within `radius` on the map, on a floor of about the height asked for.
  public func nearestWalkable(to position: Position, within radius: Double = 8) -> Position? {
    meter?(true)
    defer { meter?(false) }
    ledger?(.place, 0)
    guard let place = try? floors.place(at: position, within: radius, blocked: .goalBlocked) else { return nil }
    let cell = floors.frame.cell(x: position.x, y: position.y)
    let corner = floors.sheets[place.sheet].corner
    if let cell, cell.x - corner.x == place.cell.x, cell.y - corner.y == place.cell.y {
      return Position(position.x, position.y, floors.height(place.sheet, place.cell) ?? position.z)
    }
    return floors.position(place)
  }
}

extension TerrainCursor {
  /// The floor at a place lies below the eye, or there is another one below it, so that it is a ceiling.
  fileprivate mutating func isOpen(_ x: Double, _ y: Double, eye: Double) -> Bool {
    guard let floor = height(x, y, near: eye) else { return false }
    guard floor > eye else { return true }
    guard let below = height(x, y, near: eye - 2 * (floor - eye) - 0.1) else { return false }
    return below != floor
  }
}

extension Floors {
  /// Zone coordinates in cells, or those of a sheet.
  func local(_ position: Position, sheet: Int?) -> (x: Double, y: Double) {
    guard let sheet else {
      return ((position.x - frame.originX) / frame.cellSize, (position.y - frame.originY) / frame.cellSize)
    }
    return local(position, sheet: sheet)
  }
}
