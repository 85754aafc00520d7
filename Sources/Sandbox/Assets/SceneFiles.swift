extension AssetScene {
  /// The zone's archive: terrain, placed objects, lights and textures (`NAME.s3d`).
  public func archive(_ version: WLDVersion) throws -> [UInt8] {
    var files = [
      ("\(name).wld", try terrain(version)), ("objects.wld", objects(version)),
      ("lights.wld", WLDFile(version: version).encode()),
    ]
    files += Self.textures(of: materials)
    return try PFSArchive.encode(files)
  }

  /// The archive of the models that the zone places (`NAME_obj.s3d`).
  public func objectArchive(_ version: WLDVersion) throws -> [UInt8] {
    var file = WLDFile(version: version)
    for model in models { try file.model(model) }
    return try PFSArchive.encode(
      [("\(name)_obj.wld", file.encode())] + Self.textures(of: models.flatMap(\.materials)))
  }

  private func terrain(_ version: WLDVersion) throws -> [UInt8] {
    var file = WLDFile(version: version)
    let palette = file.palette(materials, name: name.uppercased())
    let tiles = AssetTiles(self)
    var meshes: [UInt32?] = []
    for mesh in tiles.meshes {
      if let mesh {
        meshes.append(try file.mesh(mesh, palette: palette, isObject: false))
      } else {
        meshes.append(nil)
      }
    }
    file.regionTree(RegionTree(tiles: tiles, regions: regions).nodes)
    for (index, mesh) in meshes.enumerated() {
      let center = AssetPoint(
        tiles.origin.x + (Float(index % tiles.columns) + 0.5) * tiles.size,
        tiles.origin.y + (Float(index / tiles.columns) + 0.5) * tiles.size, 0)
      file.region(number: index + 1, mesh: mesh, around: center, radius: tiles.size)
    }
    for (index, region) in regions.enumerated() {
      let (low, high) = (region.low, region.high)
      let center = AssetPoint((low.x + high.x) / 2, (low.y + high.y) / 2, (low.z + high.z) / 2)
      let radius = max(high.x - low.x, high.y - low.y, high.z - low.z) / 2
      file.region(number: meshes.count + index + 1, mesh: nil, around: center, radius: radius)
    }
    flagRegions(first: meshes.count, in: &file)
    return file.encode()
  }

  private func flagRegions(first: Int, in file: inout WLDFile) {
    func indices(_ kind: AssetRegion.Kind) -> [UInt32] {
      regions.indices.filter { regions[$0].kind == kind }.map { UInt32(first + $0) }
    }
    if !indices(.water).isEmpty { file.regionFlags(name: "WT_ZONE", indices: indices(.water), text: nil) }
    if !indices(.lava).isEmpty { file.regionFlags(name: "LA_ZONE", indices: indices(.lava), text: nil) }
    var lineCount = 0
    for (index, region) in regions.enumerated() {
      guard case .zoneLine(let id, let x, let y, let z, let heading) = region.kind else { continue }
      lineCount += 1
      let text =
        "DRNTP" + padded(Int(id), to: 5) + padded(x, to: 6) + padded(y, to: 6) + padded(z, to: 6)
        + padded(heading, to: 3)
      file.regionFlags(name: "Z\(padded(lineCount, to: 4))_ZONE", indices: [UInt32(first + index)], text: text)
    }
  }

  private func objects(_ version: WLDVersion) -> [UInt8] {
    var file = WLDFile(version: version)
    for placement in placements { file.placement(placement) }
    return file.encode()
  }

  private static func textures(of materials: [AssetMaterial]) -> [(String, [UInt8])] {
    var seen: Set<String> = []
    return materials.filter { !$0.isInvisible && seen.insert($0.textureFile).inserted }
      .map { ($0.textureFile, $0.texture()) }
  }
}

extension AssetMaterial {
  var textureFile: String { name.lowercased() + ".bmp" }

  /// A picture of 16 × 16 pixels in the material's colour with a fine grain, as a BMP file of 24 bits.
  func texture() -> [UInt8] {
    let side = 16
    var file = ByteWriter()
    file.append("BM".utf8)
    file.u32(UInt32(54 + side * side * 3))
    file.u32(0)
    file.u32(54)
    file.u32(40)
    file.i32(Int32(side))
    file.i32(Int32(side))
    file.u16(1)
    file.u16(24)
    for word: UInt32 in [0, UInt32(side * side * 3), 2835, 2835, 0, 0] { file.u32(word) }
    for pixel in 0..<side * side {
      let grain = Int(UInt32(truncatingIfNeeded: pixel &* 2_654_435_761) >> 28) - 8
      for part in [color.blue, color.green, color.red] { file.u8(UInt8(max(0, min(255, Int(part) + grain)))) }
    }
    return file.bytes
  }
}
