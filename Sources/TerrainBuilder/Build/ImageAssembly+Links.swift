import Nav

extension ImageAssembly {
  /// A passage that a person made: from floor to floor, for every body.
  func manualLink(_ passage: Overrides.Passage) throws(BuildError) -> TerrainLink {
    func end(_ place: SIMD3<Double>) throws(BuildError) -> (cell: TerrainCell, z: Double) {
      let column = ((place.x - header.originX) / header.cellSize).rounded(.down)
      let row = ((place.y - header.originY) / header.cellSize).rounded(.down)
      guard abs(column) < 1e6, abs(row) < 1e6, let floor = floor(Int(column), Int(row), near: place.z) else {
        throw BuildError("a link of the overrides ends at (\(place.x), \(place.y)), where there is no floor")
      }
      return (TerrainCell(x: Int(column), y: Int(row), sheet: floor.sheet), floor.z)
    }
    let (from, to) = (try end(passage.from), try end(passage.to))
    return TerrainLink(
      kind: .manual, isTwoWay: passage.isTwoWay, from: from.cell, to: to.cell, fromZ: from.z, toZ: to.z)
  }

  /// A link for each place where one walks into a zone line: at the cell nearest to its middle, with the number of the
  /// zone as its tag (0: not said).
  func zoneLines(_ volumes: (any Volumes)?) -> [TerrainLink] {
    struct Entry {
      var x: Int
      var y: Int
      var sheet: Int
      var z: Double
      var profiles: UInt32
      var zone: Int32
      var isTaken = false
    }
    guard let volumes else { return [] }
    let side = TilePiece.side
    var entries: [Entry] = []
    for (index, piece) in plan.pieces.enumerated()
    where piece.encoded.surfaceMask >> UInt16(TerrainSurface.zoneLine.rawValue) & 1 == 1 {
      for cell in 0..<side * side {
        let (inX, inY) = (cell % side, cell / side)
        guard piece.encoded.surface(x: inX, y: inY) == .zoneLine, let quanta = piece.height(inX, inY) else {
          continue
        }
        var profiles: UInt32 = 0
        for profile in rules.indices where walk[index][profile * side + inY] >> UInt32(inX) & 1 == 1 {
          profiles |= 1 << UInt32(profile)
        }
        guard profiles != 0 else { continue }
        let (x, y) = (piece.tileX * side + inX, piece.tileY * side + inY)
        let z = header.zBase + Double(quanta) * header.quantum
        let place = SIMD3(
          Float(header.originX + (Double(x) + 0.5) * header.cellSize),
          Float(header.originY + (Double(y) + 0.5) * header.cellSize), Float(z + 0.05))
        entries.append(
          Entry(x: x, y: y, sheet: plan.sheet[index], z: z, profiles: profiles, zone: volumes.zone(at: place)))
      }
    }
    entries.sort { ($0.y, $0.x, $0.sheet) < ($1.y, $1.x, $1.sheet) }
    var byPlace: [SIMD3<Int32>: Int] = [:]
    for (index, entry) in entries.enumerated() {
      byPlace[SIMD3(Int32(entry.x), Int32(entry.y), Int32(entry.sheet))] = index
    }
    var links: [TerrainLink] = []
    for seed in entries.indices where !entries[seed].isTaken {
      var group = [seed]
      entries[seed].isTaken = true
      var next = 0
      while next < group.count {
        let here = entries[group[next]]
        next += 1
        for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
          let place = SIMD3(Int32(here.x + dx), Int32(here.y + dy), Int32(here.sheet))
          guard let other = byPlace[place], !entries[other].isTaken, entries[other].zone == here.zone else {
            continue
          }
          entries[other].isTaken = true
          group.append(other)
        }
      }
      let middle = group.reduce(SIMD2(0.0, 0)) { $0 + SIMD2(Double(entries[$1].x), Double(entries[$1].y)) }
      let mean = middle / Double(group.count)
      func distance(_ index: Int) -> Double {
        let offset = SIMD2(Double(entries[index].x), Double(entries[index].y)) - mean
        return (offset * offset).sum()
      }
      guard let best = group.min(by: { (distance($0), $0) < (distance($1), $1) }) else { continue }
      let entry = entries[best]
      let cell = TerrainCell(x: entry.x, y: entry.y, sheet: entry.sheet)
      links.append(
        TerrainLink(
          kind: .zoneLine, isTwoWay: false, from: cell, to: cell, fromZ: entry.z, toZ: entry.z,
          profiles: entry.profiles, tag: entry.zone))
    }
    return links
  }
}
