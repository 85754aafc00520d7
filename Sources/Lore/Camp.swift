import Core

/// A place to hunt at: operator's data, `camps/NAME.json`.
public struct Camp: Hashable, Sendable {
  public var name: String
  public var zone: ZoneID
  public var center: Position
  /// Where to rest and to wait.
  public var safeSpot: Position
  /// Where to run, best first.
  public var fleePoints: [Position]
  /// How far from the center we hunt. Unit: world units.
  public var radius: Double
  /// The levels of the player for which the camp is good.
  public var levels: ClosedRange<Int>
  /// Species to hunt; empty means any. Species to leave alone.
  public var targets: [FixedName]
  public var avoid: [FixedName]
  public var dangers: [DangerPoint]

  /// A target further from the center is left alone, whatever the policy's leash allows. Unit: world units.
  public var reach: Double { 1.6 * radius }

  public init(
    name: String, zone: ZoneID, center: Position, safeSpot: Position? = nil, fleePoints: [Position] = [],
    radius: Double = 250, levels: ClosedRange<Int> = 1...Kit.levelMax, targets: [FixedName] = [],
    avoid: [FixedName] = [], dangers: [DangerPoint] = []
  ) {
    self.name = name
    self.zone = zone
    self.center = center
    self.safeSpot = safeSpot ?? center
    self.fleePoints = fleePoints
    self.radius = radius
    self.levels = levels
    self.targets = targets
    self.avoid = avoid
    self.dangers = dangers
  }
}

/// A place to keep away from.
public struct DangerPoint: Hashable, Sendable {
  public var at: Position
  public var radius: Double

  public init(at: Position, radius: Double) {
    self.at = at
    self.radius = radius
  }
}
