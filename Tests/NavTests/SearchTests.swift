import Core
import Testing

@testable import Nav

@Suite struct UniformSearchTests {
  @Test func `agrees with Dijkstra on random grids of every shape`() {
    for seed in 0..<150 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let sheet = randomGrid(
        &random, width: random.integer(1...90), height: random.integer(1...70), classes: 1)
      guard let start = randomCell(&random, sheet) else { continue }
      let costs = Oracle(sheets: [sheet]).costs(from: .init(sheet: 0, cell: start))
      // Every second time with what saves scans.
      var search = UniformSearch(sheet.walk, jumps: seed % 2 == 0 ? JumpPlanes(sheet.walk) : nil)
      for _ in 0..<12 {
        guard let goal = randomCell(&random, sheet) else { continue }
        search.start(from: start, to: goal)
        let state = search.advance(nodeBudget: .max)
        let steps = search.steps()
        let expected = costs[.init(sheet: 0, cell: goal)]
        let found = state == .found
        #expect(found == (expected != nil), "seed \(seed), \(start) to \(goal)")
        guard found, let expected else { continue }
        let cost = UInt64(steps.straight) * 32 * 1393 + UInt64(steps.diagonal) * 64 * 985
        #expect(cost == expected, "seed \(seed), \(start) to \(goal)")
        var cells: [Cell] = []
        search.cells(into: &cells)
        #expect(isLegal(cells, sheet.walk, steps), "seed \(seed), \(start) to \(goal): \(cells)")
      }
    }
  }

  @Test func `a search cut into slices finds what one run finds`() {
    for seed in 0..<20 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let sheet = randomGrid(&random, width: 120, height: 120, classes: 1)
      guard let start = randomCell(&random, sheet), let goal = randomCell(&random, sheet) else { continue }
      var whole = UniformSearch(sheet.walk, jumps: JumpPlanes(sheet.walk))
      whole.start(from: start, to: goal)
      let state = whole.advance(nodeBudget: .max)
      var sliced = UniformSearch(sheet.walk, jumps: JumpPlanes(sheet.walk))
      sliced.start(from: start, to: goal)
      var rounds = 0
      while sliced.advance(nodeBudget: 3) == .running, rounds < 100_000 { rounds += 1 }
      let same = sliced.state == state && sliced.steps() == whole.steps()
      #expect(same, "seed \(seed)")
    }
  }

  @Test func `jump planes say of every cell and side whether a scan from there comes to a jump point`() {
    for seed in 0..<60 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let walk = randomGrid(
        &random, width: random.integer(1...200), height: random.integer(1...140), classes: 1
      ).walk
      guard let planes = JumpPlanes(walk) else { continue }
      var wrong: [Cell] = []
      for y in 0..<walk.height {
        for x in 0..<walk.width {
          let bit = x + 1
          let word = ((y + 1) * walk.rowStride + bit >> 6) * 4
          let row = UnsafeRawPointer(walk.rows + (y + 1) * walk.rowStride)
          let column = UnsafeRawPointer(walk.columns + (x + 1) * walk.columnStride)
          let stops = [
            RowScan.forward(row, walk.rowStride * 8, x + 1), RowScan.backward(row, walk.rowStride * 8, x + 1),
            RowScan.forward(column, walk.columnStride * 8, y + 1),
            RowScan.backward(column, walk.columnStride * 8, y + 1),
          ]
          for (side, stop) in stops.enumerated()
          where planes.words[word + side] >> UInt64(bit & 63) & 1 != UInt64(stop & 1) {
            wrong.append(Cell(x, y))
          }
        }
      }
      #expect(wrong.isEmpty, "seed \(seed): \(wrong.prefix(5))")
    }
  }

  @Test func `scans stop where a walk cell by cell stops`() {
    for seed in 0..<40 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let walk = randomGrid(&random, width: random.integer(1...300), height: 5, classes: 1).walk
      let row = UnsafeRawPointer(walk.rows + 3 * walk.rowStride)
      for x in 0..<walk.width {
        for step in [1, -1] {
          var at = x + step
          while walk.isWalkable(at, 2),
            ![1, 3].contains(where: { walk.isWalkable(at, $0) && !walk.isWalkable(at - step, $0) })
          {
            at += step
          }
          let expected = (at + 1) << 1 | (walk.isWalkable(at, 2) ? 1 : 0)
          for last in [Int.max, x + 40] where step > 0 {
            let stop = RowScan.forward(row, walk.rowStride * 8, x + 1, last: last)
            #expect(stop == expected || (at + 1 > last && stop & 1 == 0 && stop >> 1 > last), "seed \(seed), \(x)")
          }
          for last in [Int.min, x - 40] where step < 0 {
            let stop = RowScan.backward(row, walk.rowStride * 8, x + 1, last: last)
            #expect(stop == expected || (at + 1 < last && stop & 1 == 0 && stop >> 1 < last), "seed \(seed), \(x)")
          }
        }
      }
    }
  }

  /// Every leg is straight or diagonal, legal cell by cell, and the steps add up.
  private func isLegal(_ cells: [Cell], _ walk: WalkPlane, _ steps: (straight: Int, diagonal: Int)) -> Bool {
    var straight = 0
    var diagonal = 0
    for (from, to) in zip(cells, cells.dropFirst()) {
      let dx = (to.x - from.x).signum()
      let dy = (to.y - from.y).signum()
      let count = max(abs(to.x - from.x), abs(to.y - from.y))
      guard dx == 0 || dy == 0 || abs(to.x - from.x) == abs(to.y - from.y) else { return false }
      for step in 0..<count {
        let x = from.x + dx * step
        let y = from.y + dy * step
        guard walk.isWalkable(x, y), walk.isWalkable(x + dx, y + dy), walk.isWalkable(x + dx, y),
          walk.isWalkable(x, y + dy)
        else { return false }
      }
      if dx != 0, dy != 0 { diagonal += count } else { straight += count }
    }
    return (straight, diagonal) == steps
  }
}

@Suite struct WeightedSearchTests {
  @Test func `agrees with Dijkstra on random weighted grids`() {
    for seed in 0..<120 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let sheet = randomGrid(
        &random, width: random.integer(1...50), height: random.integer(1...50), classes: random.integer(1...4))
      let rates = SurfaceRates([1, [1.5, 2.5, 4][random.integer(0...2)], 2, 1.25])
      check(seed, Oracle(sheets: [sheet], rates: rates), &random)
    }
  }

  @Test func `agrees with Dijkstra over sheets, seams, drops and teleports`() {
    for seed in 0..<100 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var sheets: [Sheet] = []
      for _ in 0..<random.integer(1...4) {
        var sheet = randomGrid(
          &random, width: random.integer(4...40), height: random.integer(4...40), classes: random.integer(1...3))
        sheet.corner = Cell(random.integer(0...30), random.integer(0...30))
        sheets.append(sheet)
      }
      var links: [FloorLink] = []
      for _ in 0..<random.integer(0...14) {
        let from = random.integer(0...sheets.count - 1)
        let to = random.integer(0...sheets.count - 1)
        guard let start = randomCell(&random, sheets[from]), let end = randomCell(&random, sheets[to]) else {
          continue
        }
        links.append(
          FloorLink(
            kind: .teleport, fromSheet: from, from: start, toSheet: to, to: end,
            seconds: random.uniform(0...3000)))
      }
      check(seed, Oracle(sheets: sheets, links: links), &random)
    }
  }

  @Test func `agrees with Dijkstra through danger, soft and hard`() {
    for seed in 0..<50 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let sheet = randomGrid(&random, width: 36, height: 36, classes: random.integer(1...3))
      var discs: [DangerRaster.Disc] = []
      for _ in 0..<random.integer(1...5) {
        let radius = random.uniform(0...(seed % 3 == 0 ? 16 : 8))
        discs.append(
          DangerRaster.Disc(
            x: random.uniform(0...36), y: random.uniform(0...36), z: 0, halfHeight: 10, radius: radius,
            reach: radius + random.uniform(0...9), rate: random.uniform(1...300), isHard: random.chance(0.3)))
      }
      // Every second ground has a step of 30 between some tiles, across which a disc counts no more.
      let steps = random.next()
      let height: @Sendable (Cell) -> Double = { cell in
        seed % 2 == 0 ? 0 : steps >> UInt64((cell.y / 16 * 3 + cell.x / 16) & 63) & 1 == 0 ? 0 : 30
      }
      var raster = DangerRaster()
      raster.begin(width: 36, height: 36)
      for disc in discs { raster.add(disc) }
      var grid: [UInt32?] = []
      for y in 0..<36 {
        for x in 0..<36 {
          let rate = raster.rate(x, y) { height(Cell($0, $1)) }
          grid.append(rate == DangerRaster.forbidden ? nil : rate)
        }
      }
      var oracle = Oracle(sheets: [sheet])
      oracle.danger = { _, cell in
        guard cell.x >= 0, cell.y >= 0, cell.x < 36, cell.y < 36 else { return 0 }
        return grid[cell.y * 36 + cell.x]
      }
      check(seed, oracle, &random, discs: discs, height: height)
    }
  }

  @Test func `there and back cost the same, uphill and downhill, unless a link leads one way`() {
    for seed in 500..<560 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let sheet = randomGrid(&random, width: 60, height: 60, classes: 4)
      let rates = SurfaceRates([1, 2.5, 1.25, 3])
      guard let a = randomCell(&random, sheet), let b = randomCell(&random, sheet) else { continue }
      var oneWay: [FloorLink] = []
      if let from = randomCell(&random, sheet), let to = randomCell(&random, sheet), random.chance(0.5) {
        // A jump down: quick, and there is no way back up.
        oneWay.append(FloorLink(kind: .drop, fromSheet: 0, from: from, toSheet: 0, to: to, seconds: 0.2))
      }
      for links in [[], oneWay] {
        let oracle = Oracle(sheets: [sheet], links: links, rates: rates)
        var search = WeightedSearch([sheet], links: links, rates: rates, unitsPerSecond: oracle.unitsPerSecond)
        var costs: [UInt64?] = []
        for (from, to) in [(a, b), (b, a)] {
          search.start(from: Place(sheet: 0, cell: from), to: .place(Place(sheet: 0, cell: to)))
          let isFound = search.advance(nodeBudget: .max) == .found
          costs.append(isFound ? UInt64(search.cost(node: search.goalNode)) : nil)
          search.end()
          #expect(costs.last == oracle.costs(from: .init(sheet: 0, cell: from))[.init(sheet: 0, cell: to)])
        }
        if links.isEmpty { #expect(costs[0] == costs[1], "seed \(seed), \(a) and \(b)") }
      }
    }
  }

  private func check(
    _ seed: UInt64, _ oracle: Oracle, _ random: inout SeededGenerator, discs: [DangerRaster.Disc] = [],
    height: @escaping @Sendable (Cell) -> Double = { _ in 0 }
  ) {
    let floors = Floors(
      frame: GridFrame(cellSize: 1, originX: 0, originY: 0, width: 100, height: 100), sheets: oracle.sheets,
      links: oracle.links, height: { height($1) }, sheet: { _, _ in 0 })
    var search = WeightedSearch(
      oracle.sheets, links: oracle.links, rates: oracle.rates, unitsPerSecond: oracle.unitsPerSecond)
    for _ in 0..<3 {
      let fromSheet = random.integer(0...oracle.sheets.count - 1)
      guard let start = randomCell(&random, oracle.sheets[fromSheet]) else { continue }
      guard oracle.rate(.init(sheet: fromSheet, cell: start)) != nil else { continue }
      let costs = oracle.costs(from: .init(sheet: fromSheet, cell: start))
      for _ in 0..<6 {
        let toSheet = random.integer(0...oracle.sheets.count - 1)
        guard let goal = randomCell(&random, oracle.sheets[toSheet]) else { continue }
        search.setDanger(discs, floors: floors)
        _ = search.markDanger(nodeBudget: .max, floors)
        search.start(from: Place(sheet: fromSheet, cell: start), to: .place(Place(sheet: toSheet, cell: goal)))
        let state = search.advance(nodeBudget: .max)
        let cost = state == .found ? UInt64(search.cost(node: search.goalNode)) : nil
        let expected = costs[.init(sheet: toSheet, cell: goal)]
        #expect(cost == expected, "seed \(seed), \(fromSheet) \(start) to \(toSheet) \(goal)")
        search.end()
      }
    }
  }
}
