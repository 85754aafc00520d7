import Core

/// A way through a zone: straight legs between points.
public struct Path: Hashable, Sendable {
  /// Turning points, the start first, the end last. Straight legs between them are walkable.
  public var points: [Position]
  /// Passages on the way that are no plain walking, in order.
  public var links: [PathLink]
  /// Seconds of travel, danger counted as seconds.
  public var seconds: Double

  public init(points: [Position] = [], links: [PathLink] = [], seconds: Double = 0) {
    self.points = points
    self.links = links
    self.seconds = seconds
  }

  public var end: Position? { points.last }

  /// Length along the map. Unit: world units.
  public var length: Double {
    var sum = 0.0
    for index in points.indices.dropFirst() { sum += points[index - 1].horizontalDistance(to: points[index]) }
    return sum
  }
}

/// A passage of a path: from point `leg` to point `leg + 1` through a door, a lift, a drop, …
public struct PathLink: Hashable, Sendable {
  public var leg: Int
  public var kind: FloorLink.Kind

  public init(leg: Int, kind: FloorLink.Kind) {
    self.leg = leg
    self.kind = kind
  }
}

/// Why there is no path, or only a part of one. Stable text: `path.` + name.
public enum PathFailure: UInt8, CaseIterable, Error, Sendable, Codable {
  /// The start is no walkable place and none is near.
  case startBlocked
  /// The goal is no walkable place and none is near.
  case goalBlocked
  case noRoute
  /// The node budget ended first.
  case budget
  /// There would be a way, but danger that may not be entered closes it.
  case danger
  /// Start or goal has no floor near the height asked for.
  case floorUnreachable
  case outsideMap
  /// The terrain is missing or older than its sources.
  case staleTerrain

  public var name: String { String(describing: self) }
}

/// What a search found.
public enum PathResult: Hashable, Sendable {
  /// All the way.
  case complete(Path)
  /// Part of the way: to `closest`, the place seen that is nearest to the goal, and why it ends there.
  case partial(Path, closest: Position, reason: PathFailure)
  case none(PathFailure)

  /// The path, complete or partial.
  public var path: Path? {
    switch self {
    case .complete(let path), .partial(let path, _, _): path
    case .none: nil
    }
  }

  public var failure: PathFailure? {
    switch self {
    case .complete: nil
    case .partial(_, _, let reason), .none(let reason): reason
    }
  }
}
