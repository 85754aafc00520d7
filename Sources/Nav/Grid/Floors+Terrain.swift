import Core

extension Floors {
  /// The floors of a terrain file, as an agent of `profile` walks them.
  ///
  /// Zone lines are no part of it: leaving the zone is a matter of the zone graph.
  public init(_ terrain: Terrain, profile: Int = 0, speed: Double = 30) throws(TerrainError) {
    let header = terrain.header
    let frame = GridFrame(
      cellSize: header.cellSize, originX: header.originX, originY: header.originY, width: header.width,
      height: header.height)
    var sheets = terrain.sheets.map { area in
      Sheet(corner: Cell(area.x, area.y), walk: WalkPlane(width: 0, height: 0) { _, _ in false })
    }
    for planes in try terrain.planes(profile: profile) {
      sheets[planes.sheet].walk = planes.walk
      sheets[planes.sheet].classes = planes.classes
    }
    var links: [FloorLink] = []
    for link in terrain.links where link.profiles >> UInt32(profile) & 1 == 1 {
      guard let kind = FloorLink.Kind(link.kind) else { continue }
      let ends = [link.from, link.to].map { ($0, terrain.sheets.indices.contains(Int($0.sheet))) }
      guard ends.allSatisfy(\.1) else { continue }
      func inSheet(_ cell: TerrainCell) -> Cell {
        let corner = sheets[Int(cell.sheet)].corner
        return Cell(Int(cell.x) - corner.x, Int(cell.y) - corner.y)
      }
      let from = frame.center(Cell(Int(link.from.x), Int(link.from.y)))
      let to = frame.center(Cell(Int(link.to.x), Int(link.to.y)))
      let distance = Position(from.x, from.y).horizontalDistance(to: Position(to.x, to.y))
      let seconds = kind.seconds(distance: distance, rise: link.toZ - link.fromZ, speed: speed)
      let forward = FloorLink(
        kind: kind, fromSheet: Int(link.from.sheet), from: inSheet(link.from), toSheet: Int(link.to.sheet),
        to: inSheet(link.to), seconds: seconds)
      links.append(forward)
      if link.isTwoWay {
        links.append(
          FloorLink(
            kind: kind, fromSheet: forward.toSheet, from: forward.to, toSheet: forward.fromSheet, to: forward.from,
            seconds: seconds))
      }
    }
    self.init(
      frame: frame, sheets: sheets, links: links,
      height: { sheet, cell in
        let corner = terrain.sheets[sheet]
        return terrain.floor(TerrainCell(x: cell.x + corner.x, y: cell.y + corner.y, sheet: sheet))?.z
      },
      sheet: { cell, z in terrain.floor(column: cell.x, cell.y, near: z)?.sheet })
    self.terrain = terrain
  }
}

extension FloorLink.Kind {
  fileprivate init?(_ kind: TerrainLink.Kind) {
    switch kind {
    case .seam, .manual: self = .seam
    case .drop: self = .drop
    case .ladder: self = .ladder
    case .jump: self = .jump
    case .teleport: self = .teleport
    case .lift: self = .lift
    case .door: self = .door
    case .zoneLine: return nil
    }
  }

  /// What a passage of this kind takes. Units: world units, seconds.
  fileprivate func seconds(distance: Double, rise: Double, speed: Double) -> Double {
    let walk = distance / speed
    return switch self {
    case .seam: walk
    case .drop: walk + 0.5
    case .jump: walk + 0.5
    case .door: walk + 1
    case .ladder: walk + abs(rise) / (speed / 3)
    case .lift: walk + 4 + abs(rise) / 10
    case .teleport: 2
    }
  }
}
