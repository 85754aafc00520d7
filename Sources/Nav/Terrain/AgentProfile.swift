import Core

/// The body that a set of walk planes was made for.
public struct AgentProfile: Hashable, Sendable {
  /// At most 24 bytes of UTF-8.
  public var name: String
  /// Half the body's width, world units, 0...64.
  public var radius: Double
  /// Headroom the body needs, world units.
  public var height: Double
  /// Highest step up or down that is walked over, world units.
  public var step: Double
  /// Steepest floor, degrees from level, below 90.
  public var slope: Double
  /// Deepest fall that is taken, world units; such a drop is a one-way link.
  public var drop: Double

  public init(
    name: String = "default", radius: Double = 1, height: Double = 6, step: Double = 2, slope: Double = 50,
    drop: Double = 20
  ) {
    self.name = name
    self.radius = radius
    self.height = height
    self.step = step
    self.slope = slope
    self.drop = drop
  }
}
