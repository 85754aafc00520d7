import Core

/// How strong an enemy is against us, by the difference of levels; ordered from harmless to deadly.
public enum ConColour: UInt8, CaseIterable, Comparable, Sendable {
  case green, lightBlue, blue, white, yellow, red

  public static func < (left: ConColour, right: ConColour) -> Bool { left.rawValue < right.rawValue }
  public var name: String { String(describing: self) }

  public init?(name: String) {
    guard let colour = ConColour.allCases.first(where: { $0.name == name }) else { return nil }
    self = colour
  }
}

/// The level differences at which the colours change; data of the environment (policy file).
public struct ConTable: Hashable, Sendable {
  /// At least so many levels above us is red. Range: `1...`.
  public var redAbove: Int
  /// At most so many levels below us is blue, or our level divided by `bluePart` where that is more; 0 for none.
  public var blueBelow: Int
  public var bluePart: Int
  /// The same for light blue; further below is green.
  public var lightBlueBelow: Int
  public var lightBluePart: Int

  public init(
    redAbove: Int = 3, blueBelow: Int = 2, bluePart: Int = 8, lightBlueBelow: Int = 4, lightBluePart: Int = 4
  ) {
    self.redAbove = redAbove
    self.blueBelow = blueBelow
    self.bluePart = bluePart
    self.lightBlueBelow = lightBlueBelow
    self.lightBluePart = lightBluePart
  }

  /// The colour of an enemy of `level` to a player of `player`. An unknown level (0) is red: unknown is danger.
  @inlinable public func colour(level: Int, player: Int) -> ConColour {
    guard level > 0, player > 0 else { return .red }
    let difference = level - player
    if difference >= redAbove { return .red }
    if difference > 0 { return .yellow }
    if difference == 0 { return .white }
    if -difference <= max(blueBelow, bluePart > 0 ? player / bluePart : 0) { return .blue }
    return -difference <= max(lightBlueBelow, lightBluePart > 0 ? player / lightBluePart : 0) ? .lightBlue : .green
  }
}
