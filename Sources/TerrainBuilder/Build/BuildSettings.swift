import Nav

/// What a build is told. Everything here is part of the file's source hash, but the count of threads.
public struct BuildSettings: Sendable {
  /// World units a side of a cell.
  public var cellSize = 1.0
  /// World units a step of height.
  public var quantum = 0.125
  /// The first one decides what raw surfaces are called.
  public var profiles = [AgentProfile()]
  /// Walkable places of fewer cells than this that nothing leads to are left out of the planes.
  public var islandLeast = 16
  /// True: every ledge has its ways down. False: only those that lead somewhere else, where one can get to.
  ///
  /// Searches over a zone without any links are faster.
  public var keepsAllDrops = false
  /// True: water deeper than a step has a floor of its own at its surface, on which one swims, and its bottom is
  /// `underwater`. False: one wades on the bottom, however deep.
  public var swims = false
  /// By whose rules floors are found.
  public var rules = Rules.exact
  /// What a person corrected.
  public var overrides: Overrides?
  /// nil: as many as the machine has.
  public var threads: Int?

  public init() {}

  public enum Rules: Sendable, Hashable {
    /// Heights at the cells' centres, room by the true distance of walls.
    case exact
    /// Recast's voxels and filters, for comparison; triangles only.
    case recast(voxelHeight: Double)
  }

  /// Refuses what no build can be done with.
  public func check() throws(BuildError) {
    func inRange(_ value: Double, _ range: ClosedRange<Double>, _ what: String) throws(BuildError) {
      guard range.contains(value) else {
        throw BuildError("\(what) is \(value); it must be in \(range.lowerBound)...\(range.upperBound)")
      }
    }
    try inRange(cellSize, 0.01...1000, "cell")
    try inRange(quantum, 0.001...100, "quantum")
    if case .recast(let voxelHeight) = rules { try inRange(voxelHeight, 0.01...1000, "voxel") }
    guard (1...32).contains(profiles.count) else { throw BuildError("there must be 1 to 32 agent profiles") }
    for profile in profiles {
      try inRange(profile.radius, 0...(32 * cellSize), "radius of agent \(profile.name)")
      try inRange(profile.height, 0.01...1000, "height of agent \(profile.name)")
      try inRange(profile.step, 0...1000, "step of agent \(profile.name)")
      try inRange(profile.slope, 0...89, "slope of agent \(profile.name)")
      try inRange(profile.drop, 0...10000, "drop of agent \(profile.name)")
      guard profile.step < profile.height else { throw BuildError("agent \(profile.name) steps over its own head") }
    }
  }
}

/// Why a terrain cannot be built from what was read.
public struct BuildError: Error, Sendable, CustomStringConvertible {
  public var description: String

  init(_ description: String) { self.description = description }
}
