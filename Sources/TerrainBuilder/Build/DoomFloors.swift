import Nav

/// Floors of a Doom map: every cell has the floor of the sector it lies in. One floor a column.
struct DoomFloors: FloorSource {
  let grid: ZoneGrid
  let lowest: Double
  let highest: Double
  private let map: DoomMap
  private let rules: [ProfileRules]
  /// Lines by chunk row, and by chunk with reach.
  private let linesByRow: [[Int32]]
  private let linesByChunk: [[Int32]]
  private let thingsByChunk: [[Int32]]

  init(_ map: DoomMap, settings: BuildSettings) throws(BuildError) {
    self.map = map
    guard !map.vertices.isEmpty, !map.sectors.isEmpty else { throw BuildError("map \(map.name) is empty") }
    let xs = map.vertices.map(\.x)
    let ys = map.vertices.map(\.y)
    func float(_ value: Int?) -> Float { Float(value ?? 0) }
    let grid = try ZoneGrid(
      low: SIMD3(float(xs.min()), float(ys.min()), 0), high: SIMD3(float(xs.max()), float(ys.max()), 0),
      cellSize: settings.cellSize)
    self.grid = grid
    lowest = Double(map.sectors.map(\.floor).min() ?? 0)
    highest = Double(map.sectors.map(\.floor).max() ?? 0)
    rules = settings.profiles.map { ProfileRules($0, cellSize: settings.cellSize) }
    let side = Double(ZoneGrid.chunkSide) * grid.cellSize
    let reach = max(settings.cellSize / 2, rules.map(\.radius).max() ?? 0) + 32
    func range(_ low: Int, _ high: Int, _ reach: Double, _ origin: Double, _ count: Int) -> ClosedRange<Int> {
      let first = max(0, min(count - 1, Int(((Double(low) - reach - origin) / side).rounded(.down))))
      return first...max(first, min(count - 1, Int(((Double(high) + reach - origin) / side).rounded(.down))))
    }
    var byRow = [[Int32]](repeating: [], count: grid.chunksY)
    var byChunk = [[Int32]](repeating: [], count: grid.chunksX * grid.chunksY)
    for (index, line) in map.lines.enumerated() {
      let (p, q) = (map.vertices[line.from], map.vertices[line.to])
      for row in range(min(p.y, q.y), max(p.y, q.y), 1, grid.originY, grid.chunksY) {
        byRow[row].append(Int32(index))
      }
      for row in range(min(p.y, q.y), max(p.y, q.y), reach, grid.originY, grid.chunksY) {
        for column in range(min(p.x, q.x), max(p.x, q.x), reach, grid.originX, grid.chunksX) {
          byChunk[row * grid.chunksX + column].append(Int32(index))
        }
      }
    }
    var things = [[Int32]](repeating: [], count: grid.chunksX * grid.chunksY)
    for (index, thing) in map.things.enumerated() where DoomRules.radius(thing.type) != nil {
      for row in range(thing.y, thing.y, reach, grid.originY, grid.chunksY) {
        for column in range(thing.x, thing.x, reach, grid.originX, grid.chunksX) {
          things[row * grid.chunksX + column].append(Int32(index))
        }
      }
    }
    linesByRow = byRow
    linesByChunk = byChunk
    thingsByChunk = things
  }

  /// Sectors of the cells of a row; -1 outside all. The nearest line to the west says which one it is.
  func sectors(row: Int, columns: Range<Int>) -> [Int32] {
    let y = grid.centreY(row)
    var crossings: [(x: Double, sector: Int32)] = []
    for index in linesByRow[row / ZoneGrid.chunkSide] {
      let line = map.lines[Int(index)]
      let (p, q) = (map.vertices[line.from], map.vertices[line.to])
      guard Double(min(p.y, q.y)) <= y, y < Double(max(p.y, q.y)) else { continue }
      let x = Double(p.x) + Double(q.x - p.x) * (y - Double(p.y)) / Double(q.y - p.y)
      // The right-hand side of a line that runs north looks east.
      crossings.append((x, Int32((q.y > p.y ? line.front : line.back) ?? -1)))
    }
    crossings.sort { ($0.x, $0.sector) < ($1.x, $1.sector) }
    var result = [Int32](repeating: -1, count: columns.count)
    var next = 0
    var current: Int32 = -1
    for column in columns {
      let x = grid.centreX(column)
      while next < crossings.count, crossings[next].x <= x {
        current = crossings[next].sector
        next += 1
      }
      result[column - columns.lowerBound] = current
    }
    return result
  }

  func floors(chunk: Int) -> ChunkFloors {
    var floors = ChunkFloors(area: grid.chunk(chunk))
    let area = floors.area
    var sectorOf = [Int32](repeating: -1, count: area.width * area.height)
    for row in 0..<area.height {
      let sectors = sectors(row: area.y + row, columns: area.x..<area.x + area.width)
      for column in 0..<area.width {
        let place = row * area.width + column
        sectorOf[place] = sectors[column]
        if sectors[column] >= 0 { append(map.sectors[Int(sectors[column])], to: &floors) }
        floors.first[place + 1] = Int32(floors.z.count)
      }
    }
    for index in linesByChunk[chunk] { block(map.lines[Int(index)], &floors) }
    for index in thingsByChunk[chunk] {
      let thing = map.things[Int(index)]
      guard let radius = DoomRules.radius(thing.type) else { continue }
      let place = (Double(thing.x), Double(thing.y))
      eachCell(place, place, radius, &floors) { _ in true }
    }
    return floors
  }

  private func append(_ sector: DoomMap.Sector, to floors: inout ChunkFloors) {
    let surface = DoomRules.surface(sector)
    var walk: ChunkFloors.Mask = 0
    if surface.isStandable {
      for (index, rule) in rules.enumerated() where Double(sector.ceiling - sector.floor) >= rule.height {
        walk |= 1 << UInt32(index)
      }
    }
    floors.z.append(Float(sector.floor))
    floors.surface.append((surface.isStandable && walk & 1 == 0 ? TerrainSurface.obstacle : surface).rawValue)
    floors.walk.append(walk)
    floors.isBuried.append(false)
  }

  /// Takes the room beside a line that stops bodies: from both sides, or from the lower one of a step.
  private func block(_ line: DoomMap.Line, _ floors: inout ChunkFloors) {
    let (p, q) = (map.vertices[line.from], map.vertices[line.to])
    let ends = ((Double(p.x), Double(p.y)), (Double(q.x), Double(q.y)))
    guard let front = line.front.map({ map.sectors[$0] }), let back = line.back.map({ map.sectors[$0] }),
      line.flags & 1 == 0
    else {
      eachCell(ends.0, ends.1, 0, &floors) { _ in true }
      return
    }
    let top = Double(max(front.floor, back.floor))
    let opening = Double(min(front.ceiling, back.ceiling)) - top
    eachCell(ends.0, ends.1, 0, &floors) { [rules] profile, z in
      opening < rules[profile].height || top - z > rules[profile].clearance
    }
  }

  private func eachCell(
    _ p: (Double, Double), _ q: (Double, Double), _ thickness: Double, _ floors: inout ChunkFloors,
    _ stops: (Int) -> Bool
  ) {
    eachCell(p, q, thickness, &floors) { profile, _ in stops(profile) }
  }

  /// Clears profiles that `stops` names at cells whose centre lies within the body's radius of the line from p to q.
  private func eachCell(
    _ p: (Double, Double), _ q: (Double, Double), _ thickness: Double, _ floors: inout ChunkFloors,
    _ stops: (_ profile: Int, _ z: Double) -> Bool
  ) {
    let area = floors.area
    let half = grid.cellSize / 2
    let reach = thickness + max(half, rules.map(\.radius).max() ?? 0)
    func cells(_ low: Double, _ high: Double, _ origin: Double, _ first: Int, _ count: Int) -> Range<Int> {
      let from = max(0, Int(((low - reach - origin) / grid.cellSize - 0.5).rounded(.up)) - first)
      let to = min(count, Int(((high + reach - origin) / grid.cellSize - 0.5).rounded(.down)) - first + 1)
      return from..<max(from, to)
    }
    let (dx, dy) = (q.0 - p.0, q.1 - p.1)
    let length = dx * dx + dy * dy
    for row in cells(min(p.1, q.1), max(p.1, q.1), grid.originY, area.y, area.height) {
      for column in cells(min(p.0, q.0), max(p.0, q.0), grid.originX, area.x, area.width) {
        let place = row * area.width + column
        let floor = Int(floors.first[place])
        guard floor < Int(floors.first[place + 1]) else { continue }
        let (x, y) = (grid.centreX(area.x + column) - p.0, grid.centreY(area.y + row) - p.1)
        let along = length > 0 ? min(max((x * dx + y * dy) / length, 0), 1) : 0
        let (offX, offY) = (x - along * dx, y - along * dy)
        let distance = (offX * offX + offY * offY).squareRoot() - thickness
        guard distance < reach else { continue }
        let z = Double(floors.z[floor])
        for (index, rule) in rules.enumerated() where distance < rule.radius && stops(index, z) {
          floors.walk[floor] &= ~(1 << UInt32(index))
        }
        if distance < half, stops(0, z), TerrainSurface(rawValue: floors.surface[floor])?.isStandable == true {
          floors.surface[floor] = TerrainSurface.obstacle.rawValue
        }
      }
    }
  }

  /// Doors and lifts: the cells of their sectors, and how far they move.
  var dynamics: [(dynamic: TerrainDynamic, z: Double)] {
    var kinds: [Int: TerrainDynamic.Kind] = [:]
    for line in map.lines where line.special != 0 {
      let kind: TerrainDynamic.Kind
      if DoomRules.doors.contains(line.special) {
        kind = .door
      } else if DoomRules.lifts.contains(line.special) {
        kind = .lift
      } else {
        continue
      }
      if DoomRules.doorsAtLine.contains(line.special) {
        if let back = line.back { kinds[back] = kind }
      } else if line.tag != 0 {
        for (index, sector) in map.sectors.enumerated() where sector.tag == line.tag { kinds[index] = kind }
      }
    }
    guard !kinds.isEmpty else { return [] }
    var neighbours: [Int: Set<Int>] = [:]
    for line in map.lines {
      guard let front = line.front, let back = line.back, front != back else { continue }
      neighbours[front, default: []].insert(back)
      neighbours[back, default: []].insert(front)
    }
    var runs: [Int: [TerrainDynamic.Run]] = [:]
    for row in 0..<grid.height {
      let sectors = sectors(row: row, columns: 0..<grid.width)
      var column = 0
      while column < sectors.count {
        let sector = Int(sectors[column])
        let start = column
        while column < sectors.count, Int(sectors[column]) == sector { column += 1 }
        guard sector >= 0, kinds[sector] != nil else { continue }
        runs[sector, default: []].append(.init(x: Int32(start), y: Int32(row), count: Int32(column - start)))
      }
    }
    return kinds.keys.sorted().compactMap { index in
      guard let kind = kinds[index], let runs = runs[index] else { return nil }
      let sector = map.sectors[index]
      let around = (neighbours[index] ?? []).map { map.sectors[$0] }
      let low = kind == .lift ? min(around.map(\.floor).min() ?? sector.floor, sector.floor) : sector.ceiling
      let high = kind == .lift ? sector.floor : (around.map(\.ceiling).min() ?? sector.ceiling) - 4
      return (
        TerrainDynamic(
          kind: kind, tag: Int32(sector.tag), sheet: 0, low: Double(low), high: Double(max(low, high)), runs: runs),
        Double(sector.floor)
      )
    }
  }

  /// From the middle of teleport lines to where they lead.
  var teleports: [(from: (x: Double, y: Double), to: (x: Double, y: Double), tag: Int32)] {
    let places = map.things.filter { $0.type == DoomRules.teleportPlace }
    return map.lines.compactMap { line in
      guard DoomRules.teleports.contains(line.special) else { return nil }
      let (p, q) = (map.vertices[line.from], map.vertices[line.to])
      let place = places.first { thing in
        sector(x: Double(thing.x), y: Double(thing.y)).map { map.sectors[$0].tag == line.tag } ?? false
      }
      guard let place else { return nil }
      return (
        (Double(p.x + q.x) / 2, Double(p.y + q.y) / 2), (Double(place.x), Double(place.y)), Int32(line.tag)
      )
    }
  }

  /// The sector of the cell over which a point lies.
  func sector(x: Double, y: Double) -> Int? {
    let column = Int(((x - grid.originX) / grid.cellSize).rounded(.down))
    let row = Int(((y - grid.originY) / grid.cellSize).rounded(.down))
    guard column >= 0, row >= 0, column < grid.width, row < grid.height else { return nil }
    let found = sectors(row: row, columns: column..<column + 1)[0]
    return found >= 0 ? Int(found) : nil
  }
}
