import Core
import Nav

/// What is tried with damaged input: every reader, and the terrain file.
public enum FuzzTarget: String, Sendable, CaseIterable {
  case pfs
  case wld
  case eqg
  /// A `.ter` or `.mod` out of an EQG archive.
  case eqgMesh = "eqg-mesh"
  /// A `.zon` out of an EQG archive.
  case eqgZone = "eqg-zone"
  case wad
  case bsp
  case obj
  case glb
  /// `.hgt`, `.asc` and GeoTIFF, by what the bytes say.
  case raster
  case zip
  case terrain

  /// Reads bytes as far as they go, and builds a small terrain of what comes out. An error of the format is what
  /// should happen; a trap is what must not.
  ///
  /// - Returns: True when the bytes were accepted.
  /// - Throws: What is no error of a format, so a fault of the reader.
  @discardableResult
  public func run(_ bytes: [UInt8]) throws -> Bool {
    do {
      try read(bytes)
      return true
    } catch is AssetError {
      return false
    } catch is TerrainError {
      return false
    } catch is BuildError {
      return false
    } catch is DataError {
      return false
    }
  }

  private func read(_ bytes: [UInt8]) throws {
    let file = "input"
    switch self {
    case .pfs:
      let archive = try PFSArchive(bytes, file: file)
      for entry in archive.entries.prefix(64) { _ = try archive.read(entry.name) }
    case .wld:
      let wld = try WLDFile(bytes, file: file)
      var scene = Scene()
      for fragment in wld.fragments where fragment.type == 0x15 { _ = try WLDPlacement(fragment, in: wld) }
      _ = try WLDModels(wld)
      try S3DReader.append(wld, to: &scene)
      try build(.scene(scene))
    case .eqg: try build(.scene(try EQGReader.parse(bytes, file: file)))
    case .eqgMesh:
      var scene = Scene()
      try EQGMesh(bytes, file: file).append(to: &scene)
      try build(.scene(scene))
    case .eqgZone:
      let zone = try EQGZone(bytes, file: file)
      var scene = Scene.corner
      EQGReader.add(zone.regions, of: file, to: &scene)
      for object in zone.objects.prefix(8) {
        let corners = Scene.corner.vertices.map { $0 / 32 }
        scene.triangles.append(.corner(from: scene.vertices.count))
        scene.vertices += object.place.placed(corners)
      }
      try build(.scene(scene))
    case .wad: try build(.doom(DoomInput(map: try DoomMap(bytes, file: file))))
    case .bsp: try build(.scene(try QuakeMap.read(bytes, file: file)))
    case .obj: try build(.scene(try OBJReader.parse(bytes, file: file)))
    case .glb: try build(.scene(try GLBReader.read(bytes, file: file)))
    case .raster:
      if GeoTIFFReader.isTIFF(bytes) {
        try build(.raster(try GeoTIFFReader.read(bytes, file: file)))
      } else if bytes.count >= 1201 * 1201 * 2 {
        _ = try HGTReader.read(bytes, file: "N36W085.hgt")
      } else {
        try build(.raster(try ASCIIGridReader.read(bytes, file: file)))
      }
    case .zip:
      let archive = try ZipArchive(bytes, file: file)
      for entry in archive.entries.prefix(64) { _ = try archive.read(entry) }
    case .terrain: try ask(try Terrain(bytes: TerrainSeal.sealed(bytes), name: file))
    }
  }

  /// Cells a side of what is built.
  private static let sideMost = 48.0

  /// Builds with cells so large that it takes about a millisecond.
  private func build(_ input: ZoneInput) throws {
    var settings = BuildSettings()
    settings.threads = 1
    switch input {
    case .scene(let scene):
      guard scene.triangles.count <= 4000, let box = scene.bounds else { return }
      let side = Double(max(box.high.x - box.low.x, box.high.y - box.low.y))
      settings.cellSize = min(max(side / Self.sideMost, 0.01), 1000)
    case .doom(let input):
      guard input.map.lines.count <= 1000, let west = input.map.vertices.map(\.x).min(),
        let east = input.map.vertices.map(\.x).max()
      else { return }
      settings.cellSize = max(Double(east - west) / Self.sideMost, 1)
      settings.profiles = [DoomRules.walker]
    case .raster(let raster): guard raster.heights.count <= 4096 else { return }
    }
    // Coarse heights, so that odd ones still fit.
    settings.quantum = 1
    settings.profiles[0].radius = min(settings.profiles[0].radius, settings.cellSize * 2)
    let image = try TerrainBuild(settings).build(input)
    try Terrain(bytes: image.encode()).verify()
  }

  /// Asks everything of a terrain.
  private func ask(_ terrain: Terrain) throws {
    let header = terrain.header
    guard header.width <= 4096, header.height <= 4096 else { return }
    var random = SeededGenerator(seed: UInt64(header.width) << 32 | UInt64(header.height))
    for _ in 0..<64 {
      let x = random.integer(0...header.width - 1)
      let y = random.integer(0...header.height - 1)
      _ = terrain.floors(column: x, y)
      let centre = terrain.centre(x, y)
      _ = terrain.height(centre.x, centre.y, near: header.lowest)
    }
    for profile in terrain.profiles.indices { _ = try terrain.planes(profile: profile) }
    try terrain.verify()
  }
}

extension Scene {
  /// Something to stand on.
  fileprivate static var corner: Scene {
    var scene = Scene()
    scene.vertices = [SIMD3(-64, -64, 0), SIMD3(64, -64, 0), SIMD3(-64, 64, 9)]
    scene.triangles = [.corner(from: 0)]
    return scene
  }
}

extension Scene.Triangle {
  fileprivate static func corner(from first: Int) -> Self {
    let first = Int32(truncatingIfNeeded: first)
    return Self(first, first + 1, first + 2, .solid)
  }
}
