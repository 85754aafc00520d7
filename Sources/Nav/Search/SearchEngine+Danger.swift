import Core

extension SearchEngine {
  /// Hands the field to the weighted search, in cells. A forbidden zone that holds the start is walked through at a
  /// high price instead, so that there is a way out.
  /// `margin`: every zone falls off over so many units more.
  mutating func setDanger(_ danger: DangerField, at start: Position, margin: Double = 0, _ floors: Floors) {
    discs.removeAll(keepingCapacity: true)
    let frame = floors.frame
    for var zone in danger.zones {
      zone.falloff += margin
      guard zone.center.isFinite, zone.radius.isFinite, zone.falloff.isFinite, zone.rate.isFinite else { continue }
      let holdsStart = start.horizontalDistance(to: zone.center) <= zone.radius
      let isHard = zone.isHard && !holdsStart
      let rate = zone.isHard && holdsStart ? max(zone.rate, 1) : zone.rate
      guard rate > 0 || isHard, zone.radius >= 0, zone.falloff >= 0, zone.reach > 0 else { continue }
      discs.append(
        DangerRaster.Disc(
          x: (zone.center.x - frame.originX) / frame.cellSize, y: (zone.center.y - frame.originY) / frame.cellSize,
          z: zone.center.z, halfHeight: zone.halfHeight, radius: zone.radius / frame.cellSize,
          reach: min(zone.reach / frame.cellSize, 1e5), rate: min(max(rate, 0) * ratePerSecond, DangerRaster.rateMax),
          isHard: isHard))
    }
    weighted.setDanger(discs, floors: floors)
  }

  /// True when a place lies within reach of a zone of danger, at any height.
  func isNearDanger(_ place: Place, _ floors: Floors) -> Bool {
    let corner = floors.sheets[place.sheet].corner
    return discs.contains { disc in
      let dx = Double(place.cell.x + corner.x) + 0.5 - disc.x
      let dy = Double(place.cell.y + corner.y) + 0.5 - disc.y
      return dx * dx + dy * dy < (disc.reach + 1) * (disc.reach + 1)
    }
  }

  /// True when one of the legs that begin at these places of the route comes within reach of a zone of danger, at any
  /// height.
  func isNearDanger(_ legs: Range<Int>, _ floors: Floors) -> Bool {
    for leg in legs {
      let corner = floors.sheets[route[leg].sheet].corner
      let other = floors.sheets[route[leg + 1].sheet].corner
      let x = Double(route[leg].cell.x + corner.x) + 0.5
      let y = Double(route[leg].cell.y + corner.y) + 0.5
      let alongX = Double(route[leg + 1].cell.x + other.x) + 0.5 - x
      let alongY = Double(route[leg + 1].cell.y + other.y) + 0.5 - y
      let square = max(alongX * alongX + alongY * alongY, 1e-9)
      for disc in discs {
        let part = min(max(((disc.x - x) * alongX + (disc.y - y) * alongY) / square, 0), 1)
        let (dx, dy) = (x + part * alongX - disc.x, y + part * alongY - disc.y)
        // A cell more, for what smoothing cuts off.
        if dx * dx + dy * dy < (disc.reach + 1) * (disc.reach + 1) { return true }
      }
    }
    return false
  }
}
