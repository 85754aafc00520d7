import Nav

/// Puts planned pieces together: walk planes, links between sheets, tiles.
struct ImageAssembly {
  let plan: SheetPlan
  private let settings: BuildSettings
  let rules: [ProfileRules]
  let header: TerrainHeader
  private(set) var walk: [[UInt32]]
  /// What was left out, for people.
  private(set) var notes: [String] = []

  init(plan: SheetPlan, settings: BuildSettings, rules: [ProfileRules], header: TerrainHeader) {
    self.plan = plan
    self.settings = settings
    self.rules = rules
    self.header = header
    walk = plan.pieces.map(\.walk)
  }

  mutating func note(_ text: String) { notes.append(text) }

  mutating func image() -> TerrainImage {
    closeIslands()
    let areas = sheetAreas()
    var image = TerrainImage(
      header: header, sheets: areas.map { TerrainImage.Sheet(area: $0) }, profiles: settings.profiles)
    var planes: [[PlaneWords]] = rules.indices.map { profile in
      areas.indices.map { sheet in plane(profile, sheet, areas[sheet]) }
    }
    for profile in rules.indices { keepPromise(profile, areas, &planes[profile]) }
    let classes = areas.indices.map { travelClasses($0, areas[$0]) }
    for profile in rules.indices {
      for sheet in areas.indices where areas[sheet].width > 0 {
        image.addPlane(profile: profile, sheet: sheet, walk: planes[profile][sheet], classes: classes[sheet])
      }
    }
    image.links = seams(areas, planes) + drops(areas, planes)
    setTiles(&image)
    return image
  }

  // MARK: Islands

  /// Takes out what nobody can want to reach: crumbs, and the insides of solid bodies.
  private mutating func closeIslands() {
    var size: [Int: (cells: Int, buried: Int)] = [:]
    for (index, piece) in plan.pieces.enumerated() {
      size[plan.part[index], default: (0, 0)].cells += piece.walkCount
      size[plan.part[index], default: (0, 0)].buried += piece.buriedCount
    }
    var crumbs = 0
    var insides = 0
    for index in plan.pieces.indices {
      guard let (cells, buried) = size[plan.part[index]], cells > 0 else { continue }
      let isInside = buried * 10 >= cells * 9
      guard cells < settings.islandLeast || isInside else { continue }
      if isInside { insides += plan.pieces[index].walkCount } else { crumbs += plan.pieces[index].walkCount }
      walk[index] = Array(repeating: 0, count: walk[index].count)
    }
    if insides > 0 { notes.append("\(insides) cells inside solid bodies are not walkable") }
    if crumbs > 0 { notes.append("\(crumbs) cells in places of less than \(settings.islandLeast) are not walkable") }
  }

  // MARK: Planes

  /// The rectangles that hold all cells that anybody may stand on.
  private func sheetAreas() -> [TerrainRectangle] {
    let side = TilePiece.side
    var boxes = [(x0: Int, y0: Int, x1: Int, y1: Int)](
      repeating: (Int.max, Int.max, -1, -1), count: plan.sheetCount)
    for (index, piece) in plan.pieces.enumerated() {
      let sheet = plan.sheet[index]
      for row in 0..<side {
        var bits: UInt32 = 0
        for profile in rules.indices { bits |= walk[index][profile * side + row] }
        guard bits != 0 else { continue }
        boxes[sheet].x0 = min(boxes[sheet].x0, piece.tileX * side + bits.trailingZeroBitCount)
        boxes[sheet].x1 = max(boxes[sheet].x1, piece.tileX * side + 31 - bits.leadingZeroBitCount)
        boxes[sheet].y0 = min(boxes[sheet].y0, piece.tileY * side + row)
        boxes[sheet].y1 = max(boxes[sheet].y1, piece.tileY * side + row)
      }
    }
    return boxes.map { box in
      guard box.x1 >= 0 else { return TerrainRectangle(x: 0, y: 0, width: 0, height: 0) }
      return TerrainRectangle(x: box.x0, y: box.y0, width: box.x1 - box.x0 + 1, height: box.y1 - box.y0 + 1)
    }
  }

  private func plane(_ profile: Int, _ sheet: Int, _ area: TerrainRectangle) -> PlaneWords {
    var plane = PlaneWords(width: area.width, height: area.height)
    insert(sheet, area, into: &plane) { walk[$0][profile * TilePiece.side + $1] }
    return plane
  }

  /// Writes rows of the sheet's pieces into a plane; bits outside the area must be clear.
  private func insert(
    _ sheet: Int, _ area: TerrainRectangle, into plane: inout PlaneWords, _ row: (Int, Int) -> UInt32
  ) {
    let side = TilePiece.side
    for (index, piece) in plan.pieces.enumerated() where plan.sheet[index] == sheet {
      for y in 0..<side {
        let bits = row(index, y)
        guard bits != 0 else { continue }
        let x = piece.tileX * side - area.x
        if x >= 0 {
          plane.insert(bits, x: x, y: piece.tileY * side + y - area.y)
        } else {
          plane.insert(bits >> UInt32(-x), x: 0, y: piece.tileY * side + y - area.y)
        }
      }
    }
  }

  /// Bit planes of the travel class; none where all is class 0.
  private func travelClasses(_ sheet: Int, _ area: TerrainRectangle) -> [PlaneWords] {
    guard area.width > 0 else { return [] }
    let side = TilePiece.side
    let codes = TerrainSurface.allCases.filter { $0.travelClass > 0 }
    let mask = codes.reduce(UInt16(0)) { $0 | 1 << UInt16($1.rawValue) }
    var planes = [
      PlaneWords(width: area.width, height: area.height), PlaneWords(width: area.width, height: area.height),
    ]
    for (index, piece) in plan.pieces.enumerated()
    where plan.sheet[index] == sheet && piece.encoded.surfaceMask & mask != 0 {
      for y in 0..<side {
        for x in 0..<side {
          guard let surface = piece.encoded.surface(x: x, y: y), surface.travelClass > 0 else { continue }
          let (planeX, planeY) = (piece.tileX * side + x - area.x, piece.tileY * side + y - area.y)
          guard planeX >= 0, planeY >= 0, planeX < area.width, planeY < area.height else { continue }
          if surface.travelClass & 1 != 0 { planes[0][planeX, planeY] = true }
          if surface.travelClass & 2 != 0 { planes[1][planeX, planeY] = true }
        }
      }
    }
    while let last = planes.last, last.isEmpty { planes.removeLast() }
    return planes
  }

  // MARK: The promise

  /// Clears the lower of two neighbour cells that are both set but too far apart in height to be walked between.
  private func keepPromise(_ profile: Int, _ areas: [TerrainRectangle], _ planes: inout [PlaneWords]) {
    let side = TilePiece.side
    let climb = TilePieces.climb(rules[profile].climb, quantum: settings.quantum)
    let tilesX = plan.tilesX
    let tilesY = plan.byTile.count / max(tilesX, 1)
    func compare(_ a: Int, _ ax: Int, _ ay: Int, _ b: Int, _ bx: Int, _ by: Int, _ plane: inout PlaneWords) {
      let (one, two) = (plan.pieces[a], plan.pieces[b])
      let area = areas[plan.sheet[a]]
      let (oneX, oneY) = (one.tileX * side + ax - area.x, one.tileY * side + ay - area.y)
      let (twoX, twoY) = (two.tileX * side + bx - area.x, two.tileY * side + by - area.y)
      func isInside(_ x: Int, _ y: Int) -> Bool { x >= 0 && y >= 0 && x < area.width && y < area.height }
      guard isInside(oneX, oneY), isInside(twoX, twoY), plane[oneX, oneY], plane[twoX, twoY],
        let z = one.height(ax, ay), let other = two.height(bx, by), abs(z - other) > climb
      else { return }
      if z < other { plane[oneX, oneY] = false } else { plane[twoX, twoY] = false }
    }
    for tileY in 0..<tilesY {
      for tileX in 0..<tilesX {
        let here = plan.byTile[tileY * tilesX + tileX].map { Int($0) }.filter { plan.pieces[$0].walkCount > 0 }
        for a in here {
          let sheet = plan.sheet[a]
          for b in here where plan.sheet[b] == sheet && (a != b || plan.pieces[a].isRugged) {
            for y in 0..<side {
              for x in 0..<side where plan.pieces[a].isWalkable(x, y, profile) {
                if x + 1 < side { compare(a, x, y, b, x + 1, y, &planes[sheet]) }
                if y + 1 < side { compare(a, x, y, b, x, y + 1, &planes[sheet]) }
              }
            }
          }
          if tileX + 1 < tilesX {
            for b in plan.byTile[tileY * tilesX + tileX + 1].map({ Int($0) }) where plan.sheet[b] == sheet {
              for y in 0..<side { compare(a, side - 1, y, b, 0, y, &planes[sheet]) }
            }
          }
          if tileY + 1 < tilesY {
            for b in plan.byTile[(tileY + 1) * tilesX + tileX].map({ Int($0) }) where plan.sheet[b] == sheet {
              for x in 0..<side { compare(a, x, side - 1, b, x, 0, &planes[sheet]) }
            }
          }
        }
      }
    }
  }

  // MARK: Links

  /// Passages between neighbour cells of different sheets.
  private func seams(_ areas: [TerrainRectangle], _ planes: [[PlaneWords]]) -> [TerrainLink] {
    var links: [TerrainLink] = []
    for passage in plan.passages where plan.sheet[passage.a] != plan.sheet[passage.b] {
      let (sheetA, sheetB) = (plan.sheet[passage.a], plan.sheet[passage.b])
      plan.eachContact(passage.a, passage.b) { a, b, zA, zB in
        var mask: UInt32 = 0
        for profile in rules.indices {
          let climb = TilePieces.climb(rules[profile].climb, quantum: settings.quantum)
          guard abs(zA - zB) <= climb, isSet(planes[profile][sheetA], areas[sheetA], a),
            isSet(planes[profile][sheetB], areas[sheetB], b)
          else { continue }
          mask |= 1 << UInt32(profile)
        }
        guard mask != 0 else { return }
        links.append(
          TerrainLink(
            kind: .seam, isTwoWay: true, from: TerrainCell(x: a.x, y: a.y, sheet: sheetA),
            to: TerrainCell(x: b.x, y: b.y, sheet: sheetB), fromZ: header.zBase + Double(zA) * header.quantum,
            toZ: header.zBase + Double(zB) * header.quantum, profiles: mask))
      }
    }
    return links
  }

  private func isSet(_ plane: PlaneWords, _ area: TerrainRectangle, _ cell: (x: Int, y: Int)) -> Bool {
    area.contains(cell.x, cell.y) && plane[cell.x - area.x, cell.y - area.y]
  }

  /// How far apart links down the same ledge are, in cells.
  private static let dropSpacing = 8

  /// Ways down ledges: from the last cell that is walked on, straight out, to the first below that is.
  ///
  /// Only every eighth cell of a ledge has one, and none leads farther out than the body's width and three cells.
  private func drops(_ areas: [TerrainRectangle], _ planes: [[PlaneWords]]) -> [TerrainLink] {
    let all = allDrops(areas, planes)
    guard !settings.keepsAllDrops else { return all }
    // From the largest part of the zone on, through drops that lead to other parts.
    let ends = all.map { (part($0.from), part($0.to)) }
    var size: [Int: Int] = [:]
    for (index, piece) in plan.pieces.enumerated() { size[plan.part[index], default: 0] += piece.walkCount }
    guard let home = size.keys.min(by: { (-(size[$0] ?? 0), $0) < (-(size[$1] ?? 0), $1) }) else { return [] }
    var reached: Set<Int> = [home]
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for (from, to) in ends where reached.contains(from) && reached.insert(to).inserted { isGrowing = true }
    }
    return zip(all, ends).filter { $0.1.0 != $0.1.1 && reached.contains($0.1.0) }.map(\.0)
  }

  /// The number of the part of the zone that a cell is in.
  private func part(_ cell: TerrainCell) -> Int {
    let side = TilePiece.side
    let (x, y) = (Int(cell.x), Int(cell.y))
    let index = plan.byTile[y / side * plan.tilesX + x / side].first { index in
      plan.sheet[Int(index)] == Int(cell.sheet)
        && plan.pieces[Int(index)].columns[y % side] >> UInt32(x % side) & 1 == 1
    }
    return index.map { plan.part[Int($0)] } ?? -1
  }

  private func allDrops(_ areas: [TerrainRectangle], _ planes: [[PlaneWords]]) -> [TerrainLink] {
    var links: [TerrainLink] = []
    let side = TilePiece.side
    for (index, piece) in plan.pieces.enumerated() where piece.walkCount > 0 {
      let sheet = plan.sheet[index]
      for profile in rules.indices where settings.profiles[profile].drop > settings.profiles[profile].step {
        for y in 0..<side {
          // Cells of the piece whose neighbour to the left, right, below or above is not walked on.
          let row = walk[index][profile * side + y]
          guard row != 0 else { continue }
          for x in 0..<side where row >> UInt32(x) & 1 == 1 {
            let (cellX, cellY) = (piece.tileX * side + x, piece.tileY * side + y)
            for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
              guard (dx == 0 ? cellX : cellY) % Self.dropSpacing == 0,
                !isSet(planes[profile][sheet], areas[sheet], (cellX + dx, cellY + dy)),
                isSet(planes[profile][sheet], areas[sheet], (cellX, cellY)), let quanta = piece.height(x, y),
                let link = drop(from: (cellX, cellY), sheet, quanta, (dx, dy), profile, areas, planes)
              else { continue }
              links.append(link)
            }
          }
        }
      }
    }
    return links
  }

  private func drop(
    from cell: (x: Int, y: Int), _ sheet: Int, _ quanta: Int32, _ way: (x: Int, y: Int), _ profile: Int,
    _ areas: [TerrainRectangle], _ planes: [[PlaneWords]]
  ) -> TerrainLink? {
    let z = header.zBase + Double(quanta) * header.quantum
    let reach = Int((2 * rules[profile].radius / header.cellSize).rounded(.up)) + 3
    for step in 1...reach {
      let (x, y) = (cell.x + way.x * step, cell.y + way.y * step)
      guard let top = highestFloor(x, y, below: z + rules[profile].clearance) else { continue }
      // A wall, a parapet: something to climb is no ledge.
      guard top.z <= z + header.quantum else { return nil }
      guard isSet(planes[profile][top.sheet], areas[top.sheet], (x, y)) else { continue }
      let depth = z - top.z
      guard depth > rules[profile].climb, depth <= settings.profiles[profile].drop else { return nil }
      return TerrainLink(
        kind: .drop, isTwoWay: false, from: TerrainCell(x: cell.x, y: cell.y, sheet: sheet),
        to: TerrainCell(x: x, y: y, sheet: top.sheet), fromZ: z, toZ: top.z, profiles: 1 << UInt32(profile))
    }
    return nil
  }

  /// The highest floor of a column that is not above `z`.
  func highestFloor(_ x: Int, _ y: Int, below z: Double) -> (sheet: Int, z: Double)? {
    let side = TilePiece.side
    guard x >= 0, y >= 0, x < header.width, y < header.height else { return nil }
    var best: (sheet: Int, z: Double)?
    for index in plan.byTile[y / side * plan.tilesX + x / side] {
      guard let quanta = plan.pieces[Int(index)].height(x % side, y % side) else { continue }
      let height = header.zBase + Double(quanta) * header.quantum
      if height <= z, height > best?.z ?? -.infinity { best = (plan.sheet[Int(index)], height) }
    }
    return best
  }

  /// The floor of a column that is nearest to a height.
  func floor(_ x: Int, _ y: Int, near z: Double) -> (sheet: Int, z: Double)? {
    let side = TilePiece.side
    guard x >= 0, y >= 0, x < header.width, y < header.height else { return nil }
    var best: (sheet: Int, z: Double)?
    for index in plan.byTile[y / side * plan.tilesX + x / side] {
      guard let quanta = plan.pieces[Int(index)].height(x % side, y % side) else { continue }
      let height = header.zBase + Double(quanta) * header.quantum
      if abs(height - z) < abs((best?.z ?? .infinity) - z) { best = (plan.sheet[Int(index)], height) }
    }
    return best
  }

  /// The lowest floor under a point of the world.
  func place(_ x: Double, _ y: Double) -> (cell: TerrainCell, z: Double)? {
    let column = Int(((x - header.originX) / header.cellSize).rounded(.down))
    let row = Int(((y - header.originY) / header.cellSize).rounded(.down))
    guard let floor = floor(column, row, near: header.lowest) else { return nil }
    return (TerrainCell(x: column, y: row, sheet: floor.sheet), floor.z)
  }

  // MARK: Tiles

  private func setTiles(_ image: inout TerrainImage) {
    for (tile, indices) in plan.byTile.enumerated() where !indices.isEmpty {
      var bySheet: [Int: [Int]] = [:]
      for index in indices { bySheet[plan.sheet[Int(index)], default: []].append(Int(index)) }
      let parts = bySheet.keys.sorted().map { sheet in
        let own = bySheet[sheet] ?? []
        return own.count == 1
          ? plan.pieces[own[0]].encoded.onSheet(sheet)
          : TerrainEncodedTile([
            TerrainEncodedTile.merged(own.map { plan.pieces[$0].encoded }, sheet: sheet)
          ])
      }
      image.setTile(tile % plan.tilesX, tile / plan.tilesX, TerrainEncodedTile(stacked: parts))
    }
  }
}
