import Glibc
import Nav

/// Floors of a scene of triangles.
///
/// Heights are those of the triangles at the centre of a cell, exactly. Whether a body fits is decided there too: the
/// part of every solid triangle that lies within the body's radius of the centre must not reach between the step
/// height and the head. So a slope is never mistaken for a wall, and a wall keeps its true distance.
struct TriangleFloors: FloorSource {
  let grid: ZoneGrid
  private let corners: [Corners]
  let rules: [ProfileRules]
  let volumes: (any Volumes)?
  let swims: Bool
  /// Triangles near chunk c are `binned[binStart[c]..<binStart[c + 1]]`.
  private let binStart: [Int32]
  private let binned: [Int32]
  /// How far from a centre triangles matter.
  private let reach: Double
  let lowest: Float
  let highest: Float

  /// Upward parts of unit normals up to this are those of walls, which no floor is made of.
  static let upright = 0.02
  /// What two surfaces of one column may differ by and still be one.
  static let mergeHeight: Float = 0.25

  init(_ scene: Scene, settings: BuildSettings) throws(BuildError) {
    guard let box = scene.bounds else { throw BuildError("there is nothing solid in the input") }
    grid = try ZoneGrid(low: box.low, high: box.high, cellSize: settings.cellSize)
    lowest = box.low.z
    highest = box.high.z
    rules = settings.profiles.map { ProfileRules($0, cellSize: settings.cellSize) }
    volumes = scene.volumes
    swims = settings.swims
    reach = max(settings.cellSize / 2, rules.map(\.radius).max() ?? 0)
    corners = scene.triangles.compactMap { triangle in
      guard triangle.kind != .passable else { return nil }
      let (a, b, c) = scene.corners(triangle)
      return Corners(SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c), triangle.kind)
    }
    (binStart, binned) = Self.bin(corners, grid: grid, reach: reach)
  }

  private static func bin(_ corners: [Corners], grid: ZoneGrid, reach: Double) -> ([Int32], [Int32]) {
    let side = Double(ZoneGrid.chunkSide) * grid.cellSize
    func range(_ low: Double, _ high: Double, _ origin: Double, _ count: Int) -> ClosedRange<Int> {
      let first = max(0, min(count - 1, Int(((low - reach - origin) / side).rounded(.down))))
      let last = max(first, min(count - 1, Int(((high + reach - origin) / side).rounded(.down))))
      return first...last
    }
    var start = [Int32](repeating: 0, count: grid.chunksX * grid.chunksY + 1)
    var items: [Int32] = []
    for pass in 0..<2 {
      for (index, triangle) in corners.enumerated() {
        for y in range(triangle.low.y, triangle.high.y, grid.originY, grid.chunksY) {
          for x in range(triangle.low.x, triangle.high.x, grid.originX, grid.chunksX) {
            let chunk = y * grid.chunksX + x
            if pass == 0 {
              start[chunk + 1] += 1
            } else {
              items[Int(start[chunk])] = Int32(index)
              start[chunk] += 1
            }
          }
        }
      }
      if pass == 0 {
        for chunk in 1..<start.count { start[chunk] += start[chunk - 1] }
        items = Array(repeating: 0, count: Int(start[start.count - 1]))
      } else {
        start.insert(0, at: 0)
        start.removeLast()
      }
    }
    return (start, items)
  }

  func floors(chunk: Int) -> ChunkFloors {
    let area = grid.chunk(chunk)
    var samples = ColumnSamples(columns: area.width * area.height)
    let near = binned[Int(binStart[chunk])..<Int(binStart[chunk + 1])]
    corners.withUnsafeBufferPointer { corners in
      for index in near { sample(corners[Int(index)], index, area, into: &samples) }
    }
    var floors = ChunkFloors(area: area)
    var owner: [Int32] = []
    let everyone = ChunkFloors.Mask(truncatingIfNeeded: UInt64(1) << UInt64(rules.count) - 1)
    let waters = swims ? reachingVolumes(area) : nil
    var intervals: [MediumInterval] = []
    for column in 0..<area.width * area.height {
      samples.gather(column)
      let start = floors.z.count
      appendColumn(samples.column, everyone: everyone, to: &floors, owner: &owner)
      if let waters, floors.z.count > start {
        intervals.removeAll(keepingCapacity: true)
        let x = grid.centreX(area.x + column % area.width)
        let y = grid.centreY(area.y + column / area.width)
        waters.intervals(x: Float(x), y: Float(y), into: &intervals)
        addSurfaces(intervals, samples.column, everyone, from: start, to: &floors, owner: &owner)
      }
      floors.first[column + 1] = Int32(floors.z.count)
    }
    var isRawBlocked = [Bool](repeating: false, count: floors.z.count)
    corners.withUnsafeBufferPointer { corners in
      for index in near { block(corners[Int(index)], index, owner, &floors, &isRawBlocked) }
    }
    fill(&floors)
    finish(&floors, isRawBlocked)
    return floors
  }

  // MARK: Heights

  /// Adds the triangle's height at every cell centre over which it lies.
  private func sample(
    _ triangle: Corners, _ index: Int32, _ area: TerrainRectangle, into samples: inout ColumnSamples
  ) {
    guard abs(triangle.up) > Self.upright else { return }
    let size = grid.cellSize
    let firstRow = max(0, Int(((triangle.low.y - grid.originY) / size - 0.5).rounded(.up)) - area.y)
    let lastRow = min(area.height - 1, Int(((triangle.high.y - grid.originY) / size - 0.5).rounded(.down)) - area.y)
    guard firstRow <= lastRow else { return }
    // Centres on an edge belong to both sides.
    let slack = 1e-6 * size
    for row in firstRow...lastRow {
      let y = grid.centreY(area.y + row)
      var from = Double.infinity
      var to = -Double.infinity
      Self.cross(triangle.a, triangle.b, y, &from, &to)
      Self.cross(triangle.b, triangle.c, y, &from, &to)
      Self.cross(triangle.c, triangle.a, y, &from, &to)
      guard from <= to else { continue }
      let firstColumn = max(0, Int(((from - slack - grid.originX) / size - 0.5).rounded(.up)) - area.x)
      let lastColumn = min(
        area.width - 1, Int(((to + slack - grid.originX) / size - 0.5).rounded(.down)) - area.x)
      guard firstColumn <= lastColumn else { continue }
      for column in firstColumn...lastColumn {
        let x = grid.centreX(area.x + column)
        let z =
          triangle.a.z + (x - triangle.a.x) * triangle.gradientX + (y - triangle.a.y) * triangle.gradientY
        samples.add(
          row * area.width + column, z: Float(min(max(z, triangle.low.z), triangle.high.z)), triangle: index,
          isUp: triangle.up > 0)
      }
    }
  }

  /// Widens from...to by where edge p-q meets the row at y.
  @inline(__always)
  private static func cross(
    _ p: SIMD3<Double>, _ q: SIMD3<Double>, _ y: Double, _ from: inout Double, _ to: inout Double
  ) {
    guard min(p.y, q.y) <= y, max(p.y, q.y) >= y else { return }
    if p.y == q.y {
      from = min(from, min(p.x, q.x))
      to = max(to, max(p.x, q.x))
    } else {
      let x = p.x + (q.x - p.x) * ((y - p.y) / (q.y - p.y))
      from = min(from, x)
      to = max(to, x)
    }
  }

  /// Makes floors of a column's surfaces, which come lowest first.
  private func appendColumn(
    _ surfaces: [ColumnSamples.Surface], everyone: ChunkFloors.Mask, to floors: inout ChunkFloors,
    owner: inout [Int32]
  ) {
    var place = 0
    while place < surfaces.count {
      let surface = surfaces[place]
      place += 1
      guard surface.isUp, corners[Int(surface.triangle)].kind != .barrier else { continue }
      var top = surface
      // Surfaces that all but touch are one; the highest is stood on.
      while place < surfaces.count, surfaces[place].isUp, surfaces[place].z - top.z <= Self.mergeHeight,
        corners[Int(surfaces[place].triangle)].kind != .barrier
      {
        top = surfaces[place]
        place += 1
      }
      let triangle = corners[Int(top.triangle)]
      var walk: ChunkFloors.Mask = 0
      for (index, rule) in rules.enumerated() where triangle.up >= rule.steepest { walk |= 1 << UInt32(index) }
      var code = triangle.up >= rules[0].steepest ? TerrainSurface.walkable : .cliff
      if triangle.kind == .lava { code = .lava }
      if triangle.kind == .slippery, code == .walkable { code = .slippery }
      floors.z.append(top.z)
      floors.surface.append(code.rawValue)
      floors.walk.append(triangle.kind == .lava ? 0 : walk & everyone)
      // An underside that lies on the floor is the beginning of the body above.
      var above = place
      while above < surfaces.count, !surfaces[above].isUp, surfaces[above].z - top.z <= Self.mergeHeight {
        above += 1
      }
      floors.isBuried.append(above < surfaces.count && surfaces[above].isUp)
      owner.append(top.triangle)
    }
  }

  // MARK: Room

  /// Takes the room from bodies that would touch the triangle.
  private func block(
    _ triangle: Corners, _ index: Int32, _ owner: [Int32], _ floors: inout ChunkFloors, _ isRawBlocked: inout [Bool]
  ) {
    let size = grid.cellSize
    let area = floors.area
    let firstRow = max(0, Int(((triangle.low.y - reach - grid.originY) / size - 0.5).rounded(.up)) - area.y)
    let lastRow = min(
      area.height - 1, Int(((triangle.high.y + reach - grid.originY) / size - 0.5).rounded(.down)) - area.y)
    let firstColumn = max(0, Int(((triangle.low.x - reach - grid.originX) / size - 0.5).rounded(.up)) - area.x)
    let lastColumn = min(
      area.width - 1, Int(((triangle.high.x + reach - grid.originX) / size - 0.5).rounded(.down)) - area.x)
    guard firstRow <= lastRow, firstColumn <= lastColumn else { return }
    let isUpright = abs(triangle.up) <= Self.upright
    let steepness = (triangle.gradientX * triangle.gradientX + triangle.gradientY * triangle.gradientY).squareRoot()
    let swing = reach * steepness
    let least = rules.reduce(Double.infinity) { min($0, $1.clearance) }
    let most = rules.reduce(0) { max($0, $1.height) }
    let firsts = floors.first
    let sink = Self.sink * rules[0].height
    for row in firstRow...lastRow {
      let y = grid.centreY(area.y + row)
      for column in firstColumn...lastColumn {
        let place = row * area.width + column
        let range = Int(firsts[place])..<Int(firsts[place + 1])
        guard !range.isEmpty else { continue }
        let x = grid.centreX(area.x + column)
        var low = triangle.low.z
        var high = triangle.high.z
        if !isUpright {
          let middle =
            triangle.a.z + (x - triangle.a.x) * triangle.gradientX + (y - triangle.a.y) * triangle.gradientY
          low = max(low, middle - swing)
          high = min(high, middle + swing)
        }
        for floor in range where owner[floor] != index {
          var z = Double(floors.z[floor])
          // A swimmer's feet hang, or stand on the bottom, which is the floor below.
          if owner[floor] < 0 { z = max(z - sink, Double(floors.z[floor - 1])) }
          guard high > z + least, low < z + most else { continue }
          touch(triangle, x, y, z, floor, &floors, &isRawBlocked)
        }
      }
    }
  }

  @inline(never)
  private func touch(
    _ triangle: Corners, _ x: Double, _ y: Double, _ z: Double, _ floor: Int, _ floors: inout ChunkFloors,
    _ isRawBlocked: inout [Bool]
  ) {
    for (index, rule) in rules.enumerated() where floors.walk[floor] >> UInt32(index) & 1 == 1 {
      if let reached = triangle.heights(within: rule.radius, ofX: x, y: y), reached.high > z + rule.clearance,
        reached.low < z + rule.height
      {
        floors.walk[floor] &= ~(1 << UInt32(index))
      }
    }
    if !isRawBlocked[floor], let reached = triangle.heights(within: grid.cellSize / 2, ofX: x, y: y),
      reached.high > z + rules[0].clearance, reached.low < z + rules[0].height
    {
      isRawBlocked[floor] = true
    }
  }

  /// Names what has no room, and drops what no body can use right below another floor.
  private func finish(_ floors: inout ChunkFloors, _ isRawBlocked: [Bool]) {
    let least = Float(rules.reduce(Double.infinity) { min($0, $1.height) })
    var kept = 0
    let count = floors.area.width * floors.area.height
    var start = 0
    for column in 0..<count {
      let end = Int(floors.first[column + 1])
      for floor in start..<end {
        if floor + 1 < end {
          // Feet on the lower of two floors within a step of each other would stand on the upper one.
          for (index, rule) in rules.enumerated()
          where Double(floors.z[floor + 1] - floors.z[floor]) <= rule.clearance {
            floors.walk[floor] &= ~(1 << UInt32(index))
          }
        }
        if floors.walk[floor] == 0, floor + 1 < end, floors.z[floor + 1] - floors.z[floor] < least,
          floors.surface[floor] != TerrainSurface.underwater.rawValue
        {
          continue
        }
        if isRawBlocked[floor], TerrainSurface(rawValue: floors.surface[floor])?.isStandable == true {
          floors.surface[floor] = TerrainSurface.obstacle.rawValue
        }
        floors.z[kept] = floors.z[floor]
        floors.surface[kept] = floors.surface[floor]
        floors.walk[kept] = floors.walk[floor]
        floors.isBuried[kept] = floors.isBuried[floor]
        kept += 1
      }
      start = end
      floors.first[column + 1] = Int32(kept)
    }
    floors.z.removeLast(floors.z.count - kept)
    floors.surface.removeLast(floors.surface.count - kept)
    floors.walk.removeLast(floors.walk.count - kept)
    floors.isBuried.removeLast(floors.isBuried.count - kept)
  }
}
