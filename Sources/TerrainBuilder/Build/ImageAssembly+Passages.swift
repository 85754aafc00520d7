import Nav

extension ImageAssembly {
  /// A cell in which a body can stand.
  struct Standing {
    var cell: TerrainCell
    var z: Double
    /// Bit n: profile n can.
    var profiles: UInt32
  }

  /// Links for what a scene says of ways, those left out that begin or end where nobody can stand.
  mutating func links(_ passages: [ScenePassage]) -> [TerrainLink] {
    var links: [TerrainLink] = []
    for passage in passages {
      guard let from = standing(in: passage.from), let to = end(passage.to), from.cell != to.cell,
        from.profiles & to.profiles != 0
      else {
        note("the \(passage.kind.name) of part \(passage.tag) joins no floors and is left out")
        continue
      }
      links.append(
        TerrainLink(
          kind: passage.kind, isTwoWay: passage.isTwoWay, from: from.cell, to: to.cell, fromZ: from.z, toZ: to.z,
          profiles: from.profiles & to.profiles, tag: passage.tag))
    }
    return links
  }

  /// The cells of moving parts.
  func dynamics(_ movers: [SceneMover]) -> [TerrainDynamic] {
    movers.compactMap { mover in
      let (columns, rows) = cells(mover.box)
      let middle = mover.box.middle
      guard let floor = floor(column(middle.x), row(middle.y), near: mover.low) else { return nil }
      let runs = rows.map {
        TerrainDynamic.Run(x: Int32(columns.lowerBound), y: Int32($0), count: Int32(columns.count))
      }
      return TerrainDynamic(
        kind: mover.kind, tag: mover.tag, sheet: floor.sheet, low: mover.low, high: mover.high, runs: runs)
    }
  }

  private func end(_ end: ScenePassage.End) -> Standing? {
    switch end {
    case .place(let box): standing(in: box)
    case .flight(let apex, let speed, let gravity, let eyes): landing(apex, speed, gravity, eyes)
    }
  }

  private func column(_ x: Double) -> Int { index(x, header.originX, header.width) }
  private func row(_ y: Double) -> Int { index(y, header.originY, header.height) }

  /// The cell of a coordinate, the next one for what lies outside.
  private func index(_ value: Double, _ origin: Double, _ count: Int) -> Int {
    Int(min(max((value - origin) / header.cellSize, 0), Double(count - 1)))
  }

  /// Columns and rows that a box touches.
  private func cells(_ box: SceneBox) -> (ClosedRange<Int>, ClosedRange<Int>) {
    (column(box.low.x)...column(box.high.x), row(box.low.y)...row(box.high.y))
  }

  /// Where one stands nearest to the middle of a box, among the floors in it; those farther than 256 cells from the
  /// middle are not looked at.
  func standing(in box: SceneBox) -> Standing? {
    let middle = box.middle
    let (centreX, centreY) = (column(middle.x), row(middle.y))
    let (columns, rows) = cells(box)
    let side = TilePiece.side
    var best: (standing: Standing, distance: Double)?
    for y in max(rows.lowerBound, centreY - 256)...min(rows.upperBound, centreY + 256) {
      for x in max(columns.lowerBound, centreX - 256)...min(columns.upperBound, centreX + 256) {
        let offset = SIMD2(
          header.originX + (Double(x) + 0.5) * header.cellSize - middle.x,
          header.originY + (Double(y) + 0.5) * header.cellSize - middle.y)
        let distance = (offset * offset).sum()
        guard distance < best?.distance ?? .infinity else { continue }
        for index in plan.byTile[y / side * plan.tilesX + x / side] {
          let piece = Int(index)
          guard let quanta = plan.pieces[piece].height(x % side, y % side) else { continue }
          let z = header.zBase + Double(quanta) * header.quantum
          guard z >= box.low.z, z <= box.high.z else { continue }
          var profiles: UInt32 = 0
          for profile in rules.indices where walk[piece][profile * side + y % side] >> UInt32(x % side) & 1 == 1 {
            profiles |= 1 << UInt32(profile)
          }
          guard profiles != 0 else { continue }
          let isNearer = best.map { $0.distance > distance || abs($0.standing.z - middle.z) > abs(z - middle.z) }
          guard isNearer ?? true else { continue }
          let cell = TerrainCell(x: x, y: y, sheet: plan.sheet[piece])
          best = (Standing(cell: cell, z: z, profiles: profiles), distance)
        }
      }
    }
    return best?.standing
  }

  /// Where a flight that falls from its highest place meets a floor from above; walls are not looked at.
  private func landing(_ apex: SIMD3<Double>, _ speed: SIMD2<Double>, _ gravity: Double, _ eyes: Double) -> Standing?
  {
    let pace = (speed * speed).sum().squareRoot()
    let tick = min(0.02, header.cellSize / 2 / max(pace, 1e-3))
    var before = apex.z - eyes
    for step in 1...20_000 {
      let seconds = Double(step) * tick
      let feet = apex.z - eyes - gravity / 2 * seconds * seconds
      let (x, y) = (apex.x + speed.x * seconds, apex.y + speed.y * seconds)
      guard feet > header.lowest - 1 else { return nil }
      if let floor = highestFloor(column(x), row(y), below: before), floor.z >= feet {
        let reach = SIMD3(max(48, header.cellSize), max(48, header.cellSize), 18)
        return standing(in: SceneBox(low: SIMD3(x, y, floor.z), high: SIMD3(x, y, floor.z)).grown(reach))
      }
      before = feet
    }
    return nil
  }
}
