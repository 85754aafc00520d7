import Core

/// A round place that is better avoided. Unit: world units. Frame: the zone's.
public struct DangerZone: Hashable, Sendable {
  public var center: Position
  /// Inside, the full rate holds. Range: `0...`.
  public var radius: Double
  /// Beyond the radius, the rate falls to nothing over this distance, in a straight line. Range: `0...`.
  public var falloff: Double
  /// What a unit of travel inside costs more. Unit: seconds-equivalent per unit. Range: `0...`.
  public var rate: Double
  /// May never be entered inside `radius`; only a search that starts inside may walk there, to get out.
  public var isHard: Bool
  /// Height above and below the centre within which it counts. Unit: world units.
  public var halfHeight: Double
  /// Where the centre goes. Unit: world units per second.
  public var velocityX: Double
  public var velocityY: Double

  public init(
    center: Position, radius: Double, falloff: Double = 0, rate: Double = 0.5, isHard: Bool = false,
    halfHeight: Double = 40, velocityX: Double = 0, velocityY: Double = 0
  ) {
    self.center = center
    self.radius = radius
    self.falloff = falloff
    self.rate = rate
    self.isHard = isHard
    self.halfHeight = halfHeight
    self.velocityX = velocityX
    self.velocityY = velocityY
  }

  /// Nothing beyond this distance of the centre is touched.
  @inlinable public var reach: Double { radius + falloff }

  /// The extra rate at a distance from the centre. Unit: seconds-equivalent per unit.
  @inlinable public func rate(atDistance distance: Double) -> Double {
    if distance <= radius { return rate }
    guard falloff > 0, distance < radius + falloff else { return 0 }
    return rate * (1 - (distance - radius) / falloff)
  }
}

/// All danger that one search sees: frozen, so that a search that spans ticks sees one state.
public struct DangerField: Hashable, Sendable {
  public var zones: [DangerZone]

  public static let none = DangerField()

  public init(_ zones: [DangerZone] = []) {
    self.zones = zones
  }

  public var isEmpty: Bool { zones.isEmpty }

  /// Extra cost of a unit of travel at a point: the sum over the zones. Unit: seconds-equivalent per unit.
  public func rate(at position: Position) -> Double {
    var sum = 0.0
    for zone in zones where abs(position.z - zone.center.z) <= zone.halfHeight {
      sum += zone.rate(atDistance: position.horizontalDistance(to: zone.center))
    }
    return sum
  }

  /// True inside a zone that may never be entered.
  public func isForbidden(_ position: Position) -> Bool {
    zones.contains {
      $0.isHard && abs(position.z - $0.center.z) <= $0.halfHeight
        && position.horizontalDistance(to: $0.center) <= $0.radius
    }
  }

  /// The field as it will be in `seconds`, each zone moved on and widened along its way so that it covers all of it.
  public func swept(seconds: Double) -> DangerField {
    var field = self
    field.sweep(seconds: seconds)
    return field
  }

  /// Becomes what `swept` gives.
  public mutating func sweep(seconds: Double) {
    let half = seconds / 2
    for index in zones.indices {
      let (x, y) = (zones[index].velocityX, zones[index].velocityY)
      zones[index].center.x += x * half
      zones[index].center.y += y * half
      zones[index].radius += (x * x + y * y).squareRoot() * half
    }
  }
}
