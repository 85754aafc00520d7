import Foundation
import World

/// Writes all that a client of this world ships: zones as asset files, and its lists.
public enum AssetExport {
  /// Writes into `directory`: `assets/ZONE.s3d`, `assets/ZONE_obj.s3d`, `lore/*.json`, `zones/ZONE.json`.
  /// Files that would not change are left alone, so that what is built from them stays fresh.
  ///
  /// - Returns: the paths that were written anew, relative to `directory`.
  /// - Throws: `AssetError`.
  public static func write(
    _ data: WorldData, to directory: String, version: WLDVersion, progress: (String) -> Void = { _ in }
  ) throws -> [String] {
    var written: [String] = []
    func put(_ name: String, _ bytes: [UInt8]) throws {
      progress(name)
      if try store(bytes, at: "\(directory)/\(name)") { written.append(name) }
    }
    try put("lore/spells.json", Array(ClientData.spells(data).utf8))
    try put("lore/items.json", Array(ClientData.items(data).utf8))
    try put("lore/classes.json", Array(ClientData.classes(data).utf8))
    for zone in data.zones {
      try put("zones/\(zone.name).json", Array(ClientData.zone(zone, data).utf8))
      let scene = AssetScene(zone, zones: data.zones)
      try put("assets/\(zone.name).s3d", try scene.archive(version))
      try put("assets/\(zone.name)_obj.s3d", try scene.objectArchive(version))
    }
    return written
  }

  /// - Returns: false when the file already held these bytes.
  private static func store(_ bytes: [UInt8], at path: String) throws -> Bool {
    let manager = FileManager.default
    let content = Data(bytes)
    if manager.contents(atPath: path) == content { return false }
    let url = URL(filePath: path)
    do {
      try manager.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try content.write(to: url, options: .atomic)
    } catch {
      throw AssetError.cannotWrite(path, errno)
    }
    return true
  }
}
