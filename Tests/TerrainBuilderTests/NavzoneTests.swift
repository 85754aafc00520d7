import CZlib
import Core
import Foundation
import Nav
import TestSupport
import Testing

@testable import TerrainBuilder

/// The zone whose bytes another program wrote, with the list of its triangles.
@Suite struct NavzoneTests {
  static let path = Repository.sharedData("terrain/s3d/navzone.s3d")?.path
  static let truth = Repository.sharedData("terrain/s3d/navzone.truth.txt.gz")?.path

  @Test(.enabled(if: path != nil, "needs the shared test data"))
  func `triangles equal the truth file`() throws {
    let path = try #require(Self.path)
    let archive = try PFSArchive(try FileBytes.read(path), file: path)
    let name = try #require(archive.entries.map(\.name).first { $0 == "navzone.wld" || $0 == "zone.wld" })
    var found = Set<String>()
    var count = 0
    func note(_ letter: String, _ mesh: WLDMesh) {
      for face in mesh.faces {
        let corners = [face.a, face.b, face.c].map { mesh.vertices[Int($0)] }
        // The truth starts at any corner.
        for turn in 0..<3 {
          let points = (0..<3).map { corners[($0 + turn) % 3] }.map { "\($0.x) \($0.y) \($0.z)" }
          found.insert("\(letter) \(mesh.name) \(face.flags) \(face.material) \(points.joined(separator: " "))")
        }
        count += 1
      }
    }
    let zone = try WLDFile(try archive.read(name), file: name)
    for fragment in zone.fragments where fragment.type == 0x36 { note("Z", try WLDMesh(fragment, in: zone)) }
    let models = try PFSArchive(try FileBytes.read(path.replacing(".s3d", with: "_obj.s3d")), file: "models")
    for entry in models.entries where entry.name.hasSuffix(".wld") {
      let file = try WLDFile(try models.read(entry.name), file: entry.name)
      for fragment in file.fragments where fragment.type == 0x36 { note("O", try WLDMesh(fragment, in: file)) }
    }
    let lines = try Self.truthLines().filter { !$0.hasPrefix("#") }
    #expect(count == lines.count)
    let missing = lines.filter { line in
      let parts = line.split(separator: " ")
      let numbers = parts[4...].map { Float($0) ?? .nan }
      let points = (0..<3).map { "\(numbers[3 * $0]) \(numbers[3 * $0 + 1]) \(numbers[3 * $0 + 2])" }
      return !found.contains(parts[..<4].joined(separator: " ") + " " + points.joined(separator: " "))
    }
    #expect(missing.isEmpty, "\(missing.count) triangles differ, first: \(missing.first ?? "")")
  }

  @Test(.enabled(if: path != nil, "needs the shared test data"))
  func `water, lava and zone line lie where the truth says`() throws {
    let scene = try S3DReader.read(try #require(Self.path))
    let volumes = try #require(scene.volumes as? RegionVolumes)
    #expect(volumes.medium(at: SIMD3(158, 66, 5)) == .water)
    #expect(volumes.medium(at: SIMD3(158, 66, 7)) == nil)
    #expect(volumes.medium(at: SIMD3(158, 86, -17)) == .lava)
    #expect(volumes.medium(at: SIMD3(580, 0, 0)) == .zoneLine)
    var intervals: [MediumInterval] = []
    volumes.intervals(x: 158, y: 66, into: &intervals)
    #expect(intervals.contains { $0.medium == .water && abs($0.high - 6) < 1e-3 })
  }

  @Test(.enabled(if: path != nil, "needs the shared test data"))
  func `heights are those of the triangles, and any number of threads builds the same bytes`() throws {
    let scene = try S3DReader.read(try #require(Self.path))
    var settings = BuildSettings()
    settings.cellSize = 3
    settings.threads = 1
    let bytes = try TerrainBuild(settings).build(scene).encode()
    settings.threads = 3
    #expect(try TerrainBuild(settings).build(scene).encode() == bytes)
    let terrain = try Terrain(bytes: bytes)
    try terrain.verify()

    var random = SeededGenerator(seed: 11)
    var checked = 0
    for _ in 0..<1500 {
      let column = Int.random(in: 0..<terrain.header.width, using: &random)
      let row = Int.random(in: 0..<terrain.header.height, using: &random)
      let centre = terrain.centre(column, row)
      let surfaces = upperSurfaces(scene, x: centre.x, y: centre.y)
      for floor in terrain.floors(column: column, row) {
        checked += 1
        let distance = surfaces.map { abs($0 - floor.z) }.min() ?? .infinity
        if distance > terrain.header.quantum / 2 + 1e-3 {
          Issue.record("at \(centre): floor \(floor.z), surfaces \(surfaces)")
          return
        }
      }
      if let top = surfaces.max() {
        let highest = terrain.floors(column: column, row).last?.z ?? -.infinity
        if abs(highest - top) > terrain.header.quantum / 2 + 1e-3 {
          Issue.record("at \(centre): highest floor \(highest), highest surface \(top)")
          return
        }
      }
    }
    #expect(checked > 700)
  }

  /// Heights of all faces that look up at a point, found the plain way.
  private func upperSurfaces(_ scene: Scene, x: Double, y: Double) -> [Double] {
    scene.triangles.compactMap { triangle in
      guard triangle.kind == .solid else { return nil }
      let (a, b, c) = scene.corners(triangle)
      let (p, q, r) = (SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c))
      let area = (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)
      guard area > 1e-9 else { return nil }
      let u = ((q.x - x) * (r.y - y) - (q.y - y) * (r.x - x)) / area
      let v = ((r.x - x) * (p.y - y) - (r.y - y) * (p.x - x)) / area
      let w = 1 - u - v
      return u >= -1e-9 && v >= -1e-9 && w >= -1e-9 ? u * p.z + v * q.z + w * r.z : nil
    }
  }

  static func truthLines() throws -> [String] {
    let path = try #require(truth)
    let file = try #require(gzopen(path, "rb"))
    defer { gzclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = gzread(file, &buffer, UInt32(buffer.count))
      guard count > 0 else { break }
      bytes += buffer[..<Int(count)]
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
