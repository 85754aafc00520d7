import Nav

/// The formats that zones come in.
public enum AssetFormat: String, Sendable, CaseIterable {
  case s3d
  case eqg
  case wad
  case bsp
  case obj
  case glb
  case gltf
  case hgt
  case asc
  case tiff
}

/// What a reader delivers: triangles, or floors by cell.
public enum ZoneInput: Sendable {
  case scene(Scene)
  case doom(DoomInput)
  case raster(ElevationRaster)

  public var sources: [SourceFile] {
    switch self {
    case .scene(let scene): scene.sources
    case .doom(let input): input.map.sources
    case .raster(let raster): raster.sources
    }
  }

  /// True when there are floors by cell, not triangles.
  var isGrid: Bool { if case .scene = self { false } else { true } }

  public var notes: [String] {
    if case .scene(let scene) = self { scene.notes } else { [] }
  }
}

/// A Doom map, as a value that callers pass on.
public struct DoomInput: Sendable {
  let map: DoomMap
}

/// Reads a zone of any known format.
public enum SceneReader {
  /// More bytes than this no compressed file may become.
  static let inflatedMost = 256 << 20

  /// Reads a zone. Models beside a zone's archive are found by their name.
  ///
  /// - Parameters:
  ///   - format: nil: found out from the bytes.
  ///   - map: which map, for files that hold several.
  public static func read(
    _ path: String, format: AssetFormat? = nil, map: String? = nil
  ) throws(AssetError) -> ZoneInput {
    var bytes = try FileBytes.read(path)
    var name = path
    let sources = [SourceFile(name: baseName(path), bytes: bytes)]
    if bytes.starts(with: [0x1F, 0x8B]) {
      guard let plain = Inflate.gunzip(bytes, most: inflatedMost) else {
        throw AssetError(file: path, offset: 0, cause: "does not inflate, or to more than \(inflatedMost) bytes")
      }
      bytes = plain
      if name.lowercased().hasSuffix(".gz") { name.removeLast(3) }
    }
    if ZipArchive.isArchive(bytes) { (bytes, name) = try pick(map, of: bytes, path) }
    var known = format
    if known == nil { known = try AssetFormat.recognise(bytes, name: name) }
    guard let known else { throw AssetError(.unsupported, file: path, offset: 0, cause: "no known format") }
    switch known {
    case .s3d: return .scene(try S3DReader.read(path))
    case .eqg: return .scene(try EQGReader.read(path))
    case .obj:
      var scene = try OBJReader.parse(bytes, file: name)
      scene.sources = sources
      return .scene(scene)
    case .glb:
      var scene = try GLBReader.read(bytes, file: name)
      scene.sources = sources
      return .scene(scene)
    case .gltf:
      let folder =
        path.contains("/") ? path.split(separator: "/", omittingEmptySubsequences: false).dropLast() : ["."]
      return .scene(
        try GLBReader.parse(bytes, file: name) { file throws(AssetError) in
          try FileBytes.read((folder + [Substring(file)]).joined(separator: "/"))
        })
    case .bsp:
      var scene = try QuakeMap.read(bytes, file: name)
      scene.sources = sources
      return .scene(scene)
    case .wad:
      var doom = try DoomMap(bytes, file: name, map: map)
      doom.sources = sources
      return .doom(DoomInput(map: doom))
    case .hgt: return try raster(HGTReader.read(bytes, file: name), sources)
    case .asc: return try raster(ASCIIGridReader.read(bytes, file: name), sources)
    case .tiff: return try raster(GeoTIFFReader.read(bytes, file: name), sources)
    }
  }

  private static func raster(_ raster: ElevationRaster, _ sources: [SourceFile]) -> ZoneInput {
    var raster = raster
    raster.sources = sources
    return .raster(raster)
  }

  private static func pick(_ map: String?, of bytes: [UInt8], _ path: String) throws(AssetError) -> ([UInt8], String)
  {
    let archive = try ZipArchive(bytes, file: path)
    let maps = archive.entries.filter { $0.name.lowercased().hasSuffix(".bsp") }
    let wanted = maps.first { entry in
      map.map { baseName(entry.name).lowercased() == $0.lowercased() + ".bsp" } ?? (maps.count == 1)
    }
    guard let wanted else {
      let names = maps.map { String(baseName($0.name).dropLast(4)) }.joined(separator: ", ")
      throw AssetError(file: path, offset: 0, cause: "--map must name one of: \(names.isEmpty ? "none" : names)")
    }
    return (try archive.read(wanted), "\(path):\(wanted.name)")
  }

  /// The files that reading a zone of archives takes in, with their hashes, in the order of `Scene.sources`.
  public static func sources(_ path: String) throws(AssetError) -> [SourceFile] {
    var sources: [SourceFile] = []
    for file in S3DReader.files(path) {
      sources.append(SourceFile(name: baseName(file), bytes: try FileBytes.read(file)))
    }
    return sources
  }
}

extension AssetFormat {
  /// Found out from the bytes, and where those say nothing from the name.
  static func recognise(_ bytes: [UInt8], name: String) throws(AssetError) -> AssetFormat {
    let name = name.lowercased()
    if PFSArchive.isArchive(bytes) { return name.hasSuffix(".eqg") ? .eqg : .s3d }
    if DoomMap.isWAD(bytes) { return .wad }
    if QuakeMap.isMap(bytes) { return .bsp }
    if GLBReader.isGLB(bytes) { return .glb }
    if GeoTIFFReader.isTIFF(bytes) { return .tiff }
    if bytes.prefix(16).map({ $0 | 0x20 }).starts(with: Array("ncols".utf8)) || name.hasSuffix(".asc") { return .asc }
    if name.hasSuffix(".gltf") { return .gltf }
    if name.hasSuffix(".hgt") { return .hgt }
    if name.hasSuffix(".obj") { return .obj }
    throw AssetError(.unsupported, file: name, offset: 0, cause: "no format that this tool reads")
  }
}

extension ZoneInput {
  /// The body that walks there, unless told otherwise.
  public var walker: AgentProfile {
    switch self {
    case .doom: DoomRules.walker
    case .scene(let scene): scene.walker ?? AgentProfile()
    case .raster: AgentProfile()
    }
  }
}
