/// Sound bytes for a target, out of files as they lie about.
public enum FuzzCorpus {
  /// Larger inputs make few executions.
  static let inputMost = 1 << 20

  /// The file itself, gzip taken off; for what stands in archives, the files of that kind in one.
  public static func read(_ path: String, for target: FuzzTarget) throws(AssetError) -> [[UInt8]] {
    var bytes = try FileBytes.read(path)
    if bytes.starts(with: [0x1F, 0x8B]), let plain = Inflate.gunzip(bytes, most: 64 << 20) { bytes = plain }
    let endings: [String] =
      switch target {
      case .wld: [".wld"]
      case .eqgMesh: [".ter", ".mod"]
      case .eqgZone: [".zon"]
      default: []
      }
    guard !endings.isEmpty, PFSArchive.isArchive(bytes) else { return [bytes] }
    let archive = try PFSArchive(bytes, file: path)
    var found: [[UInt8]] = []
    for entry in archive.entries where entry.size <= inputMost && endings.contains(where: entry.name.hasSuffix) {
      found.append(try archive.read(entry.name))
    }
    return found
  }
}
