import Core
import Testing

@testable import Nav

@Suite struct TerrainFileTests {
  @Test func `a plain zone reads back`() throws {
    let terrain = Terrain.plain(
      width: 70, height: 45, blocked: [TerrainRectangle(x: 10, y: 5, width: 3, height: 20)], z: 12.5, originX: -20)
    try terrain.verify()
    #expect(terrain.height(-19.5, 0.5, near: 0) == 12.5)
    #expect(terrain.height(49.5, 44.9, near: 0) == 12.5)
    #expect(terrain.height(50, 0, near: 0) == nil)
    #expect(terrain.height(.nan, 0, near: 0) == nil)
    #expect(terrain.surface(-9, 7, near: 0) == .obstacle)
    let planes = try terrain.planes()
    let walk = try #require(planes.first).walk
    #expect(walk.walkableCount == 70 * 45 - 60)
    #expect(!walk.isWalkable(10, 5) && walk.isWalkable(9, 5) && !walk.isWalkable(-1, 0))
    #expect(terrain.damage == nil)
  }

  @Test func `tiles keep every height and surface`() throws {
    for seed in UInt64(1)...40 {
      var random = SeededGenerator(seed: seed)
      var layer = TerrainTileLayer(sheet: 0)
      let roughness = Int32(1) << Int32.random(in: 0...22, using: &random)
      let gradient = Int32.random(in: -300...300, using: &random)
      let hasVoid = Bool.random(using: &random)
      for index in 0..<TerrainTileLayer.cellCount {
        if hasVoid, Int.random(in: 0..<5, using: &random) == 0 { continue }
        layer.heights[index] =
          max(
            -4_000_000, min(4_000_000, Int32(index % 32) * gradient + Int32.random(in: 0..<roughness, using: &random))
          )
        layer.surfaces[index] = UInt8.random(in: 1...(seed % 3 == 0 ? 1 : 5), using: &random)
      }
      let payload = TerrainTile.encode([layer])
      (payload + [UInt8](repeating: 0xFF, count: TerrainTile.slack)).withUnsafeBytes { memory in
        let bytes = UnsafeRawBufferPointer(rebasing: memory[..<payload.count])
        #expect(TerrainTile.isSound(bytes), "seed \(seed)")
        for index in 0..<TerrainTileLayer.cellCount {
          let found = bytes.baseAddress.flatMap { TerrainTile.sample($0, x: index % 32, y: index / 32) }
          let wanted = layer.heights[index]
          if wanted == TerrainTileLayer.void
            ? found != nil : found?.z != wanted || found?.surface != layer.surfaces[index]
          {
            Issue.record("seed \(seed), cell \(index): wanted \(wanted), found \(String(describing: found))")
            return
          }
          let height = bytes.baseAddress.flatMap {
            TerrainTile.height($0, isWhole: Int32($0.load16(2) & 1), Int32(index % 32) + 64, Int32(index / 32) + 32)
          }
          if height != found?.z {
            Issue.record("seed \(seed), cell \(index): height \(String(describing: height)), sample \(wanted)")
            return
          }
        }
      }
    }
  }

  @Test func `sloping planes cost no bits`() {
    var layer = TerrainTileLayer(sheet: 0)
    for index in 0..<TerrainTileLayer.cellCount {
      layer.heights[index] = Int32((Double(index % 32) * 1.7 - Double(index / 32) * 0.3).rounded())
      layer.surfaces[index] = 1
    }
    #expect(TerrainTile.encode([layer]).count < 400)
  }

  @Test func `a walker's cursor gives the terrain's heights, and sight by it what cells by themselves give`() throws {
    for seed in UInt64(1)...12 {
      var random = SeededGenerator(seed: seed)
      let sheetCount = random.integer(1...6)
      var image = TerrainImage(
        header: TerrainHeader(
          width: 96, height: 70, cellSize: [0.5, 1, 1.7][random.integer(0...2)], originX: random.uniform(-99...99),
          originY: random.uniform(-99...99), sheetCount: sheetCount),
        sheets: Array(
          repeating: .init(area: TerrainRectangle(x: 0, y: 0, width: 96, height: 70)), count: sheetCount),
        profiles: [AgentProfile()])
      for tileY in 0..<3 {
        for tileX in 0..<3 {
          var layers: [TerrainTileLayer] = []
          for sheet in 0..<sheetCount where random.chance(0.6) {
            var layer = TerrainTileLayer(sheet: sheet)
            let gradient = Int32(random.integer(-20...20))
            let roughness = [0, 0, 1, 40][random.integer(0...3)]
            let voids = [0, 0, 0.3][random.integer(0...2)]
            for index in 0..<TerrainTileLayer.cellCount {
              let (x, y) = (tileX * 32 + index % 32, tileY * 32 + index / 32)
              guard x < 96, y < 70, index == 0 || !random.chance(voids) else { continue }
              layer.heights[index] =
                Int32(sheet * 300) + gradient * Int32(index % 32) + Int32(random.integer(0...roughness))
              layer.surfaces[index] = 1
            }
            layers.append(layer)
          }
          if !layers.isEmpty { image.setTile(tileX, tileY, TerrainEncodedTile(layers)) }
        }
      }
      let terrain = try Terrain(bytes: image.encode())
      var cursor = TerrainCursor(terrain)
      let bounds = terrain.bounds
      for step in 0..<3000 {
        // Short walks, with leaps between them, at times on the very edge of a cell or outside.
        let x = bounds.low.x + random.uniform(-2...Double(96) * terrain.header.cellSize + 2)
        let y = bounds.low.y + random.uniform(-2...Double(70) * terrain.header.cellSize + 2)
        let z = random.uniform(-50...300)
        for stride in 0..<4 {
          let place = (x + Double(stride) * terrain.header.cellSize, step % 7 == 0 ? y.rounded() : y)
          let floors = terrain.floors(place.0, place.1)
          let distance = floors.map { abs($0.z - z) }.min()
          let (asked, walked) = (
            terrain.height(place.0, place.1, near: z), cursor.height(place.0, place.1, near: z)
          )
          #expect(asked.map { abs($0 - z) } == distance && walked == asked, "seed \(seed), \(place), \(z)")
        }
      }
      #expect(cursor.height(.nan, 0, near: 0) == nil && cursor.height(0, .infinity, near: 0) == nil)
      // What looks along lines with a cursor sees what looks at every cell by itself.
      let quick = try Floors(terrain)
      var slow = quick
      slow.terrain = nil
      let (eyes, others) = (Navigator(floors: quick), Navigator(floors: slow))
      func place() -> Position {
        Position(
          random.uniform(bounds.low.x...bounds.high.x), random.uniform(bounds.low.y...bounds.high.y),
          random.uniform(-20...250))
      }
      for _ in 0..<200 {
        let (from, to) = (place(), place())
        let far = (eyes.isVisible(from: from, to: to), others.isVisible(from: from, to: to))
        let near = from + (to - from) * 0.05
        let close = (eyes.isVisible(from: from, to: near), others.isVisible(from: from, to: near))
        #expect(far.0 == far.1 && close.0 == close.1, "seed \(seed), \(from) to \(to)")
      }
    }
  }

  @Test func `a damaged file says so and never traps`() throws {
    var image = TerrainImage(
      header: TerrainHeader(width: 40, height: 40),
      sheets: [.init(area: TerrainRectangle(x: 0, y: 0, width: 40, height: 40))],
      profiles: [AgentProfile()])
    var layer = TerrainTileLayer(sheet: 0)
    for index in 0..<TerrainTileLayer.cellCount {
      layer.heights[index] = Int32(index * index % 37)
      layer.surfaces[index] = 1
    }
    image.setTile(0, 0, TerrainEncodedTile([layer]))
    var walk = PlaneWords(width: 40, height: 40)
    walk[3, 4] = true
    image.addPlane(profile: 0, sheet: 0, walk: walk)
    image.links = [
      TerrainLink(
        kind: .drop, isTwoWay: false, from: TerrainCell(x: 1, y: 1), to: TerrainCell(x: 3, y: 1), fromZ: 5, toZ: 1)
    ]
    image.dynamics = [
      TerrainDynamic(kind: .lift, tag: 3, sheet: 0, low: 0, high: 8, runs: [.init(x: 1, y: 2, count: 3)])
    ]
    let whole = image.encode()
    let good = try Terrain(bytes: whole)
    try good.verify()
    #expect(good.links == image.links && good.dynamics == image.dynamics)

    func survives(_ bytes: [UInt8]) -> Bool {
      guard let terrain = try? Terrain(bytes: bytes) else { return false }
      for index in 0..<40 { _ = terrain.floors(Double(index), Double(index)) }
      return (try? terrain.verify()) != nil
    }
    for count in 0..<whole.count { #expect(!survives(Array(whole[..<count])), "cut at \(count)") }
    var random = SeededGenerator(seed: 9)
    var unseen = 0
    for _ in 0..<3000 {
      var bytes = whole
      let at = Int.random(in: 0..<bytes.count, using: &random)
      bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      // Only the filling between sections has no checksum.
      if survives(bytes) { unseen += 1 }
    }
    #expect(unseen < 300)
  }
}
