import Dispatch
import Nav
import Synchronization

/// Builds a terrain of a scene: the same bytes for any number of threads.
public struct TerrainBuild: Sendable {
  public static let version = 4

  public var settings: BuildSettings
  /// Told now and then, from any thread, how much is done. Range: 0...1.
  public var progress: (@Sendable (Double) -> Void)?

  public init(_ settings: BuildSettings = BuildSettings(), progress: (@Sendable (Double) -> Void)? = nil) {
    self.settings = settings
    self.progress = progress
  }

  public func build(_ scene: Scene) throws(BuildError) -> TerrainImage {
    try settings.check()
    let hash = SourceManifest(sources: scene.sources, settings: settings)
    if case .recast(let voxelHeight) = settings.rules {
      let source = try RecastFloors(scene, settings: settings, voxelHeight: voxelHeight)
      return try build(source, lowest: source.lowest, highest: source.highest, hash: hash)
    }
    let source = try TriangleFloors(scene, settings: settings)
    return try build(source, lowest: Double(source.lowest), highest: Double(source.highest), hash: hash) {
      $1.links += $0.zoneLines(scene.volumes) + $0.links(scene.passages)
      $1.dynamics += $0.dynamics(scene.movers)
    }
  }

  public func build(_ input: ZoneInput) throws(BuildError) -> TerrainImage {
    try settings.check()
    let hash = SourceManifest(sources: input.sources, settings: settings)
    if case .recast = settings.rules, input.isGrid { throw BuildError("Recast's rules are for triangles") }
    switch input {
    case .scene(let scene): return try build(scene)
    case .raster(let raster):
      let source = try RasterFloors(raster, settings: settings)
      return try build(source, lowest: source.lowest, highest: source.highest, hash: hash)
    case .doom(let input):
      let source = try DoomFloors(input.map, settings: settings)
      return try build(source, lowest: source.lowest, highest: source.highest, hash: hash) { assembly, image in
        for (dynamic, z) in source.dynamics {
          guard let run = dynamic.runs.first, let floor = assembly.floor(Int(run.x), Int(run.y), near: z) else {
            continue
          }
          var dynamic = dynamic
          dynamic.sheet = floor.sheet
          image.dynamics.append(dynamic)
        }
        for (from, to, tag) in source.teleports {
          guard let start = assembly.place(from.x, from.y), let end = assembly.place(to.x, to.y) else { continue }
          image.links.append(
            TerrainLink(
              kind: .teleport, isTwoWay: false, from: start.cell, to: end.cell, fromZ: start.z, toZ: end.z, tag: tag))
        }
      }
    }
  }

  /// `lowest` and `highest` bound all heights; `finish` may add links and moving parts.
  func build(
    _ source: some FloorSource, lowest: Double, highest: Double, hash: SourceManifest,
    finish: (inout ImageAssembly, inout TerrainImage) -> Void = { _, _ in }
  ) throws(BuildError) -> TerrainImage {
    guard let overrides = settings.overrides else {
      return try assemble(source, lowest: lowest, highest: highest, hash: hash, finish: finish).image
    }
    let corrected = OverriddenFloors(base: source, overrides: overrides, profileCount: settings.profiles.count)
    let (built, assembly) = try assemble(corrected, lowest: lowest, highest: highest, hash: hash, finish: finish)
    var image = built
    for passage in overrides.passages {
      image.links.append(try assembly.manualLink(passage))
    }
    return image
  }

  private func assemble(
    _ source: some FloorSource, lowest: Double, highest: Double, hash: SourceManifest,
    finish: (inout ImageAssembly, inout TerrainImage) -> Void
  ) throws(BuildError) -> (image: TerrainImage, assembly: ImageAssembly) {
    let grid = source.grid
    let zBase = (lowest / settings.quantum).rounded(.down) * settings.quantum
    guard (highest - zBase) / settings.quantum < Double(1 << 22) else {
      throw BuildError("heights from \(lowest) to \(highest) need a larger quantum")
    }
    let rules = settings.profiles.map { ProfileRules($0, cellSize: settings.cellSize) }
    let cutter = TilePieces(rules: rules, zBase: zBase, quantum: settings.quantum)
    let pieces = inParallel(grid.chunksX * grid.chunksY) { cutter.pieces(of: source.floors(chunk: $0)) }
      .flatMap { $0 }
    let climb = TilePieces.climb(rules.map(\.climb).max() ?? 0, quantum: settings.quantum)
    var plan = SheetPlan(
      pieces: pieces, tilesX: grid.tilesX, tilesY: grid.tilesY, climb: climb, profileCount: rules.count)
    plan.assign()
    guard plan.sheetCount < 0xFFFF else {
      throw BuildError("the zone has more floors above each other than a file holds")
    }
    let header = TerrainHeader(
      width: grid.width, height: grid.height, cellSize: grid.cellSize, quantum: settings.quantum,
      originX: grid.originX, originY: grid.originY, zBase: zBase, lowest: lowest, highest: highest,
      sourceHash: hash.sha256)
    var assembly = ImageAssembly(plan: plan, settings: settings, rules: rules, header: header)
    var image = assembly.image()
    finish(&assembly, &image)
    image.metadata = hash.json(notes: assembly.notes)
    progress?(1)
    return (image, assembly)
  }

  /// Results by number, worked out by several threads.
  private func inParallel<Result: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Result) -> [Result] {
    let threads = max(1, min(settings.threads ?? Self.processors, count))
    let results = ResultSlots<Result>(count: count)
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        results.put(index, work(index))
        let finished = done.add(1, ordering: .relaxed).newValue
        progress?(Double(finished) / Double(count) * 0.9)
      }
    }
    return results.take()
  }

  private static var processors: Int { ProcessorCount.value }
}

/// Slots that threads fill, each its own. A class because threads share it.
private final class ResultSlots<Value: Sendable>: @unchecked Sendable {
  // Sendable: every slot is written once, by one thread, and read after all threads ended.
  private let slots: UnsafeMutablePointer<Value?>
  private let count: Int

  init(count: Int) {
    self.count = count
    slots = .allocate(capacity: max(count, 1))
    slots.initialize(repeating: nil, count: count)
  }

  deinit {
    slots.deinitialize(count: count)
    slots.deallocate()
  }

  func put(_ index: Int, _ value: Value) { slots[index] = value }
  func take() -> [Value] {
    (0..<count).compactMap { index in
      defer { slots[index] = nil }
      return slots[index]
    }
  }
}
