/// Sound bytes for a target, out of files as they lie about.
public enum FuzzCorpus {
  /// Larger inputs make few executions.
  static let inputMost = 1 << 20

  /// The file itself; the WLD files of an archive; gzip taken off.
  public static func read(_ path: String, for target: FuzzTarget) throws(AssetError) -> [[UInt8]] {
    var bytes = try FileBytes.read(path)
    if bytes.starts(with: [0x1F, 0x8B]), let plain = Inflate.gunzip(bytes, most: 64 << 20) { bytes = plain }
    guard target == .wld, PFSArchive.isArchive(bytes) else { return [bytes] }
    let archive = try PFSArchive(bytes, file: path)
    var found: [[UInt8]] = []
    for entry in archive.entries where entry.name.hasSuffix(".wld") && entry.size <= inputMost {
      found.append(try archive.read(entry.name))
    }
    return found
  }
}
