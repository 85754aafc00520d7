import Core
import Foundation
import Nav
import TestSupport
import Testing

@testable import TerrainBuilder

/// What Recast itself made of its meshes, span for span.
private struct RecastOracle {
  struct Column: Hashable {
    var x: Int
    var z: Int
  }
  struct Span: Hashable {
    var low: Int
    var high: Int
    var isRawWalkable: Bool
    var isWalkable: Bool
  }

  var settings: RecastSettings
  var low: SIMD3<Float>
  var high: SIMD3<Float>
  var columns: [Column: [Span]] = [:]
  var spanCount = 0
  /// Tops of compact spans, with their walkability after erosion.
  var eroded: [Column: [Int: Bool]] = [:]

  init(_ path: String) throws {
    let text = try #require(Inflate.gunzip(try FileBytes.read(path), most: 64 << 20))
    var lines = text.split(separator: 0x0A)
    var head: [String: String] = [:]
    for word in String(decoding: lines.removeFirst(), as: UTF8.self).split(separator: " ") {
      let parts = word.split(separator: "=")
      if parts.count == 2 { head[String(parts[0])] = String(parts[1]) }
    }
    func number(_ key: String) throws -> Float { try #require(head[key].flatMap { Float($0) }) }
    func point(_ key: String) throws -> SIMD3<Float> {
      let numbers = try #require(head[key]).split(separator: ",").compactMap { Float($0) }
      return SIMD3(numbers[0], numbers[1], numbers[2])
    }
    settings = RecastSettings(
      cellSize: try number("cs"), voxelHeight: try number("ch"), slope: try number("walkableSlope"),
      height: Int(try number("walkableHeight")), climb: Int(try number("walkableClimb")),
      radius: Int(try number("walkableRadius")))
    low = try point("bmin")
    high = try point("bmax")
    for line in lines where line.first != UInt8(ascii: "#") {
      let isCompact = line.first == UInt8(ascii: "C")
      // Digits and blanks only; the quick way, for there are a hundred thousand lines.
      var numbers: [Int] = []
      var current = -1
      for byte in line {
        if byte >= 48, byte <= 57 {
          current = max(current, 0) * 10 + Int(byte - 48)
        } else if current >= 0 {
          numbers.append(current)
          current = -1
        }
      }
      if current >= 0 { numbers.append(current) }
      let column = Column(x: numbers[0], z: numbers[1])
      if isCompact {
        eroded[column, default: [:]][numbers[2]] = numbers[4] != 0
      } else {
        columns[column, default: []].append(
          Span(low: numbers[2], high: numbers[3], isRawWalkable: numbers[4] != 0, isWalkable: numbers[5] != 0))
        spanCount += 1
      }
    }
  }
}

@Suite struct RecastTests {
  static let folder = Repository.sharedData("terrain/recast")

  @Test(.enabled(if: folder != nil, "needs the shared test data"))
  func `by Recast's rules our spans are Recast's own`() throws {
    let folder = try #require(Self.folder)
    for (mesh, cell) in [("nav_test", "1.0"), ("undulating", "1.0"), ("nav_test", "0.3")] {
      let name = "\(mesh) \(cell)"
      let oracle = try RecastOracle(folder.appending(path: "oracle/\(mesh).cs\(cell).txt.gz").path)
      let scene = try OBJReader.read(folder.appending(path: "\(mesh).obj").path)
      var field = try RecastFloors.field(scene, oracle.settings)
      #expect(field.low == oracle.low && field.high == oracle.high)
      let raw = field.spans.map(\.isWalkable)
      field.filter()
      let eroded = field.eroded()
      var sameRaw = 0
      var sameFiltered = 0
      var sameEroded = 0
      var erodedCount = 0
      var far: [String] = []
      var count = 0
      for z in 0..<field.depth {
        for x in 0..<field.width {
          let wanted = oracle.columns[.init(x: x, z: z)] ?? []
          field.eachSpan(x, z) { place in
            count += 1
            let span = field.spans[place]
            let (low, high) = (Int(span.low), Int(span.high))
            if let exact = wanted.first(where: { $0.low == low && $0.high == high }) {
              if exact.isRawWalkable == raw[place] { sameRaw += 1 }
              if exact.isWalkable == span.isWalkable { sameFiltered += 1 }
            } else if !wanted.contains(where: { abs($0.low - low) <= 1 && abs($0.high - high) <= 1 }) {
              far.append("(\(x), \(z)) \(low)-\(high)")
            }
            if let walkable = oracle.eroded[.init(x: x, z: z)]?[high] {
              erodedCount += 1
              if walkable == eroded[place] { sameEroded += 1 }
            }
          }
        }
      }
      let least = Double(oracle.spanCount) * 0.999
      #expect(abs(count - oracle.spanCount) <= oracle.spanCount / 1000, "\(name): \(count) of \(oracle.spanCount)")
      #expect(Double(sameRaw) >= least, "\(name), rasterised: \(sameRaw) of \(oracle.spanCount)")
      #expect(Double(sameFiltered) >= least, "\(name), filtered: \(sameFiltered) of \(oracle.spanCount)")
      #expect(far.isEmpty, "\(name): \(far.count) farther than a voxel, such as \(far.first ?? "")")
      #expect(erodedCount > 0 && Double(sameEroded) >= 0.999 * Double(erodedCount), "\(name): \(sameEroded)")
      print(
        "Recast \(name): \(sameRaw), \(sameFiltered) of \(oracle.spanCount); eroded \(sameEroded) of \(erodedCount)")
    }
  }

  @Test(.enabled(if: folder != nil, "needs the shared test data"))
  func `our own rules give the true height of every cell's centre, and keep slopes`() throws {
    let folder = try #require(Self.folder)
    for mesh in ["nav_test", "dungeon", "undulating"] {
      let scene = try OBJReader.read(folder.appending(path: "\(mesh).obj").path)
      var settings = BuildSettings()
      settings.quantum = 0.0625
      settings.islandLeast = 0
      settings.profiles = [AgentProfile(radius: 0.6, height: 2, step: 0.9, slope: 45, drop: 2)]
      let terrain = try Terrain(bytes: try TerrainBuild(settings).build(scene).encode())
      try terrain.verify()
      let surfaces = UpperSurfaces(scene, terrain)
      let planes = try terrain.planes()
      var floors = 0
      var slopes = 0
      var walked = 0
      for row in 0..<terrain.header.height {
        for column in 0..<terrain.header.width {
          let truth = surfaces.at(column, row)
          let found = terrain.floors(column: column, row)
          for floor in found {
            floors += 1
            let nearest = truth.map { abs($0.z - floor.z) }.min() ?? .infinity
            guard nearest <= terrain.header.quantum else {
              Issue.record("\(mesh): floor \(floor.z) at (\(column), \(row)); surfaces \(truth.map(\.z))")
              return
            }
          }
          guard let top = truth.map(\.z).max() else { continue }
          guard let highest = found.last, abs(highest.z - top) <= terrain.header.quantum else {
            Issue.record("\(mesh): nothing at the top \(top) of (\(column), \(row))")
            return
          }
          // On gentle ground one walks, however high the neighbours lie; a few cells are beside an upright step.
          guard mesh == "undulating", surfaces.isGentle(column, row, steepest: 0.75) else { continue }
          slopes += 1
          let own = planes.first { $0.sheet == highest.sheet }
          if let own, own.walk.isWalkable(column - own.area.x, row - own.area.y) { walked += 1 }
        }
      }
      #expect(floors > 2000, "\(mesh)")
      if mesh == "undulating" {
        #expect(slopes > 1000 && Double(walked) >= 0.98 * Double(slopes), "\(walked) of \(slopes)")
      }
    }
  }
}

/// Faces that look up over the cells' centres, found the plain way.
struct UpperSurfaces {
  private var byColumn: [[(z: Double, up: Double)]]
  private let width: Int

  init(_ scene: Scene, _ terrain: Terrain) {
    let header = terrain.header
    width = header.width
    byColumn = Array(repeating: [], count: header.width * header.height)
    for triangle in scene.triangles where triangle.kind == .solid {
      let (a, b, c) = scene.corners(triangle)
      let (p, q, r) = (SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c))
      let area = (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)
      guard area > 1e-9 else { continue }
      let (u, v) = (q - p, r - p)
      let normal = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
      let up = normal.z / (normal * normal).sum().squareRoot()
      // What is all but upright is a wall.
      guard up > TriangleFloors.upright else { continue }
      func cells(_ low: Double, _ high: Double, _ origin: Double, _ count: Int) -> Range<Int> {
        let from = max(0, Int(((low - origin) / header.cellSize).rounded(.down)) - 1)
        return from..<max(from, min(count, Int(((high - origin) / header.cellSize).rounded(.up)) + 1))
      }
      for row in cells(min(p.y, q.y, r.y), max(p.y, q.y, r.y), header.originY, header.height) {
        for column in cells(min(p.x, q.x, r.x), max(p.x, q.x, r.x), header.originX, header.width) {
          let (x, y) = terrain.centre(column, row)
          let first = ((q.x - x) * (r.y - y) - (q.y - y) * (r.x - x)) / area
          let second = ((r.x - x) * (p.y - y) - (r.y - y) * (p.x - x)) / area
          let third = 1 - first - second
          guard first >= -1e-7, second >= -1e-7, third >= -1e-7 else { continue }
          byColumn[row * width + column].append((first * p.z + second * q.z + third * r.z, up))
        }
      }
    }
  }

  /// True when a column and its eight neighbours have a face each, none of them steep and no step between them.
  func isGentle(_ column: Int, _ row: Int, steepest: Double) -> Bool {
    let height = byColumn.count / width
    func top(_ x: Int, _ y: Int) -> (z: Double, up: Double)? { at(x, y).max { $0.z < $1.z } }
    guard let own = top(column, row) else { return false }
    for y in row - 1...row + 1 {
      for x in column - 1...column + 1 {
        guard x >= 0, y >= 0, x < width, y < height, let face = top(x, y), face.up > steepest,
          abs(face.z - own.z) < 1.25
        else { return false }
      }
    }
    return true
  }

  func at(_ column: Int, _ row: Int) -> [(z: Double, up: Double)] { byColumn[row * width + column] }
}
