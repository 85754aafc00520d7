/// The formats that zones come in.
public enum AssetFormat: String, Sendable, CaseIterable {
  case s3d
  case obj
}

/// Reads a zone of any known format.
public enum SceneReader {
  /// - Parameter format: nil: found out from the bytes.
  public static func read(_ path: String, format: AssetFormat? = nil) throws(AssetError) -> Scene {
    var known = format
    if known == nil { known = try recognise(path) }
    switch known {
    case .s3d, nil: return try S3DReader.read(path)
    case .obj: return try OBJReader.read(path)
    }
  }

  /// Reads a zone that is given as one file or several (a terrain and its models).
  ///
  /// - Parameter map: which map, for files that hold several.
  public static func read(
    _ paths: [String], format: AssetFormat? = nil, map: String? = nil
  ) throws(AssetError) -> Scene {
    guard let first = paths.first else {
      throw AssetError(.unreadable, file: "", offset: 0, cause: "no input")
    }
    return try read(first, format: format)
  }

  /// The files that reading takes in, with their hashes, in the order of `Scene.sources`.
  public static func sources(_ path: String) throws(AssetError) -> [SourceFile] {
    var sources: [SourceFile] = []
    for file in S3DReader.files(path) {
      sources.append(SourceFile(name: baseName(file), bytes: try FileBytes.read(file)))
    }
    return sources
  }

  static func recognise(_ path: String) throws(AssetError) -> AssetFormat {
    let bytes = try FileBytes.read(path)
    if PFSArchive.isArchive(bytes) { return .s3d }
    if path.lowercased().hasSuffix(".obj") { return .obj }
    throw AssetError(.unsupported, file: path, offset: 0, cause: "no format that this tool reads")
  }
}
