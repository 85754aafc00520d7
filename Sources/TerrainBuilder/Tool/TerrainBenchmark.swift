import Glibc
import Nav

/// Measures builds and queries of meshes as large as the largest zones.
public struct TerrainBenchmark: Sendable {
  /// One line of figures.
  public struct Case: Sendable {
    public var name: String
    /// Figures with their units in their names, in a fixed order.
    public var figures: [(name: String, value: Double)]
  }

  /// A directory with `undulating.obj`, `dungeon.obj`, `nav_test.obj`.
  public let meshes: String
  public var scale: Float = 40
  public var quantum = 0.125

  public init(meshes: String) { self.meshes = meshes }

  public static let names = ["undulating", "dungeon", "nav_test"]

  /// Builds one mesh, writes it to `scratch`, maps it and asks it. The file stays.
  public func run(_ name: String, scratch: String) throws -> Case {
    let scene = try OBJReader.read("\(meshes)/\(name).obj").scaled(scale)
    var settings = BuildSettings()
    settings.quantum = quantum
    settings.threads = 1
    let before = Self.threadSeconds()
    let image = try TerrainBuild(settings).build(scene)
    let bytes = image.encode()
    let buildSeconds = Self.threadSeconds() - before
    let peak = Self.peakMegabytes()
    try AtomicFile.write(bytes, to: scratch)
    let opening = try Self.best(5) { _ = try Terrain(path: scratch) }
    let terrain = try Terrain(path: scratch)
    let sections = terrain.sectionBytes.map { ("\($0.name.lowercased())_mb", Double($0.bytes) / 1e6) }
    let queries = try TerrainQueryTimes(terrain, file: scratch)
    return Case(
      name: "\(name) x\(Int(scale))",
      figures: [
        ("width", Double(terrain.header.width)), ("height", Double(terrain.header.height)),
        ("triangles", Double(scene.triangles.count)), ("build_s", buildSeconds), ("peak_mb", peak),
        ("file_mb", Double(bytes.count) / 1e6), ("open_ms", opening * 1e3), ("random_ns", queries.random),
        ("random_places_ns", queries.places), ("bare_read_ns", queries.bareRead),
        ("chained_read_ns", queries.chainedRead), ("local_ns", queries.local), ("sheets", Double(terrain.sheetCount)),
        ("links", Double(terrain.links.count)),
      ] + sections)
  }

  /// What a process holds that has a terrain open, touched every page of it and asked it a thousand times: the file's
  /// bytes, and its own memory, which no file backs. Unit: megabytes.
  public static func touch(_ path: String) throws -> (file: Double, anonymous: Double) {
    let terrain = try Terrain(path: path)
    try terrain.verify()
    let bounds = terrain.bounds
    var sum = 0.0
    for index in 0..<1000 {
      let part = Double(index) / 1000
      let x = bounds.low.x + (bounds.high.x - bounds.low.x) * part
      let y = bounds.low.y + (bounds.high.y - bounds.low.y) * (1 - part)
      for floor in terrain.floors(x, y) { sum += floor.z }
    }
    precondition(sum.isFinite, "heights are numbers")
    let status = String(decoding: try FileBytes.readStream("/proc/self/status"), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    let kilobytes = line?.split(separator: " ").dropLast().last.flatMap { Double($0) } ?? .nan
    return (Double(terrain.byteCount) / 1e6, kilobytes * 1024 / 1e6)
  }

  /// The shortest of several runs. Unit: seconds of this thread's processor time.
  static func best(_ runs: Int, _ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<runs {
      let before = threadSeconds()
      try body()
      best = min(best, threadSeconds() - before)
    }
    return best
  }

  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The most memory that this process ever had resident.
  private static func peakMegabytes() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1000
  }
}
