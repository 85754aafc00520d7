import Core
import Glibc
import Nav

/// Brings the terrain files of an environment up to date with its assets.
public struct Rebuild: Sendable {
  /// What became of one zone.
  public enum Outcome: Sendable {
    case upToDate
    case built(bytes: Int, notes: [String])
  }

  /// The environment's directory: `zones/NAME.json`, `assets/NAME.s3d`, `terrain/NAME.terrain`.
  public let directory: String
  public var settings: BuildSettings
  public var isForced: Bool

  /// Settings come from `terrain.json` of the environment, when there is one.
  public init(directory: String, isForced: Bool = false) throws {
    self.directory = directory
    self.isForced = isForced
    settings = BuildSettings()
    let path = directory + "/terrain.json"
    if FileBytes.exists(path) { try read(try DataNode.parse(try FileBytes.read(path), file: path)) }
    try settings.check()
  }

  private mutating func read(_ root: DataNode) throws {
    try root.allowKeys(["cell", "quantum", "island_least", "all_drops", "swim", "agents"])
    if root["cell"].exists { settings.cellSize = try root["cell"].number(in: 0.01...1000) }
    if root["quantum"].exists { settings.quantum = try root["quantum"].number(in: 0.001...100) }
    if root["island_least"].exists { settings.islandLeast = try root["island_least"].integer(in: 0...1_000_000) }
    if root["all_drops"].exists { settings.keepsAllDrops = try root["all_drops"].boolean() }
    if root["swim"].exists { settings.swims = try root["swim"].boolean() }
    guard root["agents"].exists else { return }
    settings.profiles = try root["agents"].array().map { node in
      try node.allowKeys(["name", "radius", "height", "step", "slope", "drop"])
      return AgentProfile(
        name: try node["name"].string(), radius: try node["radius"].number(in: 0...64),
        height: try node["height"].number(in: 0.01...1000), step: try node["step"].number(in: 0...1000),
        slope: try node["slope"].number(in: 0...89), drop: try node["drop"].number(in: 0...10000))
    }
  }

  /// Names of the zones, from their descriptions, in alphabetical order.
  public func zones() throws(WriteError) -> [String] {
    guard let stream = opendir(directory + "/zones") else {
      throw WriteError(description: "\(directory)/zones: \(String(cString: strerror(errno)))")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".json"), !name.hasPrefix(".") { names.append(String(name.dropLast(5))) }
    }
    return names.sorted()
  }

  public func assetPath(_ zone: String) -> String { "\(directory)/assets/\(zone).s3d" }
  /// What a person corrected; need not be there.
  public func overridesPath(_ zone: String) -> String { "\(directory)/zones/\(zone).overrides" }
  public func terrainPath(_ zone: String) -> String { "\(directory)/terrain/\(zone).terrain" }

  /// Builds a zone's terrain when it is missing, damaged, or older than its assets or the builder.
  public func run(_ zone: String, progress: (@Sendable (Double) -> Void)? = nil) throws -> Outcome {
    var settings = settings
    let overrides = overridesPath(zone)
    if FileBytes.exists(overrides) { settings.overrides = try Overrides.read(overrides) }
    let manifest = SourceManifest(sources: try SceneReader.sources(assetPath(zone)), settings: settings)
    if !isForced, let present = try? Terrain(path: terrainPath(zone)), present.header.sourceHash == manifest.sha256,
      (try? present.verify()) != nil
    {
      return .upToDate
    }
    let input = try SceneReader.read(assetPath(zone))
    let image = try TerrainBuild(settings, progress: progress).build(input)
    let bytes = image.encode()
    if mkdir(directory + "/terrain", 0o755) != 0, errno != EEXIST {
      throw WriteError(description: "\(directory)/terrain: \(String(cString: strerror(errno)))")
    }
    try AtomicFile.write(bytes, to: terrainPath(zone))
    return .built(bytes: bytes.count, notes: input.notes)
  }
}
