import Core
import Glibc
import Sandbox
import Testing

@Suite struct AssetTests {
  @Test func `the independent reader reads files that others wrote`() throws {
    guard let zone = fileBytes("../shared/data/terrain/s3d/navzone.s3d"),
      let objects = fileBytes("../shared/data/terrain/s3d/navzone_obj.s3d"),
      let truth = gunzippedText("../shared/data/terrain/s3d/navzone.truth.txt.gz")
    else {
      print("no sample zones beside the package; skipped")
      return
    }
    var expected: [ReadTriangle: Int] = [:]
    for line in truth.split(separator: "\n") where line.hasPrefix("Z ") || line.hasPrefix("O ") {
      let words = line.split(separator: " ")
      let numbers = words.dropFirst(2).compactMap { Double($0) }
      let corners = (0..<3).map { SIMD3(numbers[2 + 3 * $0], numbers[3 + 3 * $0], numbers[4 + 3 * $0]) }
      let triangle = ReadTriangle(
        mesh: String(words[1]), isPassable: Int(numbers[0]) & 0x10 != 0, material: Int(numbers[1]), corners: corners)
      expected[triangle.turned, default: 0] += 1
    }
    let zoneFiles = unpackPFS(zone)
    let wld = ReadWLD(try #require(zoneFiles["navzone.wld"]))
    let models = ReadWLD(try #require(unpackPFS(objects)["navzone_obj.wld"]))
    let found = (wld.triangles + models.triangles).reduce(into: [:]) { $0[$1.turned, default: 0] += 1 }
    #expect(wld.triangles.count == 1616)
    let areEqual = found == expected
    #expect(areEqual)
    #expect(ReadWLD(try #require(zoneFiles["objects.wld"])).placements.map(\.scale) == [1, 2, 0.5])
  }

  static func scene(seed: UInt64) -> AssetScene {
    var generator = SeededGenerator(seed: seed)
    var scene = AssetScene(
      name: "trial",
      materials: [
        AssetMaterial(name: "GRASS", rgb: 0x668844), AssetMaterial(name: "WALL", rgb: 0, isInvisible: true),
        AssetMaterial(name: "WATER1", rgb: 0x3366aa, isTransparent: true),
      ])
    for _ in 0..<300 {
      let x = Float(generator.integer(-16000...16000)) / 16
      let y = Float(generator.integer(-16000...16000)) / 16
      let first = UInt32(scene.vertices.count)
      for _ in 0..<3 {
        scene.vertices.append(
          AssetPoint(
            x + Float(generator.integer(0...640)) / 16, y + Float(generator.integer(0...640)) / 16,
            Float(generator.integer(-800...800)) / 16))
      }
      let material = UInt16(generator.integer(0...2))
      scene.triangles.append(
        AssetTriangle(first, first + 1, first + 2, material: material, isPassable: material == 2))
    }
    scene.regions = [
      AssetRegion(.water, from: AssetPoint(-100, -200, -40), to: AssetPoint(180, 60, 5)),
      AssetRegion(.lava, from: AssetPoint(300, 300, -40), to: AssetPoint(420, 700, 0)),
      AssetRegion(
        .zoneLine(id: 7, x: -120, y: 44, z: 3, heading: 256), from: AssetPoint(800, -900, -100),
        to: AssetPoint(900, -700, 100)),
      AssetRegion(.water, from: AssetPoint(500, -100, -40), to: AssetPoint(540, 160, -5)),
    ]
    let corners = [AssetPoint(0, 0, 0), AssetPoint(4, 0, 0), AssetPoint(0, 4, 0), AssetPoint(0, 0, 8)]
    scene.models = [
      AssetModel(
        name: "TREE", materials: [AssetMaterial(name: "BARK", rgb: 0x553311)], vertices: corners,
        triangles: [AssetTriangle(0, 1, 3, material: 0), AssetTriangle(1, 2, 3, material: 0)])
    ]
    scene.placements = [
      AssetPlacement(model: "TREE", position: AssetPoint(10, 20, 3), rotation: 64, scale: 1.5),
      AssetPlacement(model: "TREE", position: AssetPoint(-10, 20, 3), rotation: 0, scale: 1),
    ]
    return scene
  }

  @Test func `a scene comes back triangle for triangle in both versions`() throws {
    for version in WLDVersion.allCases {
      for seed in 1...3 as ClosedRange<UInt64> {
        let scene = Self.scene(seed: seed)
        let files = unpackPFS(try scene.archive(version))
        let wld = ReadWLD(try #require(files["trial.wld"]))
        #expect(wld.isNew == (version == .new))
        #expect(wld.invisibleMaterials == [1])
        func corner(_ index: UInt32) -> SIMD3<Double> {
          let vertex = scene.vertices[Int(index)]
          return SIMD3(Double(vertex.x), Double(vertex.y), Double(vertex.z))
        }
        let wanted = Set(
          scene.triangles.map {
            ReadTriangle(
              mesh: "", isPassable: $0.isPassable, material: Int($0.material),
              corners: [corner($0.a), corner($0.b), corner($0.c)]
            ).turned
          })
        let found = Set(wld.triangles.map(\.turned))
        let areEqual = found == wanted
        #expect(areEqual, "seed \(seed)")
        #expect(files["grass.bmp"]?.count == 54 + 768)
        #expect(files["wall.bmp"] == nil)
      }
    }
  }

  @Test func `every point lies in the region of its box`() throws {
    let scene = Self.scene(seed: 9)
    let wld = ReadWLD(try #require(unpackPFS(try scene.archive(.old))["trial.wld"]))
    #expect(wld.nodes.allSatisfy { $0.front <= wld.nodes.count && $0.back <= wld.nodes.count })
    var generator = SeededGenerator(seed: 4)
    var seen: [String: Int] = [:]
    for _ in 0..<20_000 {
      let box = scene.regions[generator.integer(0...3)]
      func near(_ low: Float, _ high: Float) -> Double {
        generator.uniform(Double(low) - 60...Double(high) + 60)
      }
      let point = SIMD3(
        near(box.low.x, box.high.x), near(box.low.y, box.high.y), near(box.low.z, box.high.z))
      let inside = scene.regions.first {
        Double($0.low.x) < point.x && point.x < Double($0.high.x) && Double($0.low.y) < point.y
          && point.y < Double($0.high.y) && Double($0.low.z) < point.z && point.z < Double($0.high.z)
      }
      let wanted: String? =
        switch inside?.kind {
        case .water: "WT_ZONE"
        case .lava: "LA_ZONE"
        case .zoneLine: "DRNTP00007-00120000044000003256"
        case nil: nil
        }
      seen[wanted ?? "air", default: 0] += 1
      if wld.kind(at: point) != wanted {
        Issue.record("\(point): \(wld.kind(at: point) ?? "air"), not \(wanted ?? "air")")
      }
    }
    #expect(seen.count == 4)
  }

  @Test func `objects stand where they were placed and models are there`() throws {
    let scene = Self.scene(seed: 1)
    let objects = ReadWLD(try #require(unpackPFS(try scene.archive(.new))["objects.wld"]))
    #expect(
      objects.placements == [
        ReadPlacement(actor: "TREE_ACTORDEF", position: [10, 20, 3], rotation: 64, scale: 1.5),
        ReadPlacement(actor: "TREE_ACTORDEF", position: [-10, 20, 3], rotation: 0, scale: 1),
      ])
    let models = ReadWLD(try #require(unpackPFS(try scene.objectArchive(.new))["trial_obj.wld"]))
    #expect(models.actors == ["TREE_ACTORDEF"])
    #expect(models.triangles.count == 2)
  }

  @Test func `equal scenes give equal bytes`() throws {
    #expect(try Self.scene(seed: 5).archive(.old) == Self.scene(seed: 5).archive(.old))
  }
}
