import Core

/// A zone of the environment, as the client knows it.
public struct Zone: Hashable, Sendable {
  public var id: ZoneID
  public var name: String
  /// The corners of the zone on the map.
  public var southWest: Position
  public var northEast: Position
  public var lines: [ZoneLine]
  public var vendors: [Vendor]
  /// Who keeps goods for us.
  public var bankers: [Vendor]
  /// Where the dead come back, if they come back here.
  public var bind: Position?

  public init(
    id: ZoneID, name: String, southWest: Position, northEast: Position, lines: [ZoneLine] = [],
    vendors: [Vendor] = [], bankers: [Vendor] = [], bind: Position? = nil
  ) {
    self.id = id
    self.name = name
    self.southWest = southWest
    self.northEast = northEast
    self.lines = lines
    self.vendors = vendors
    self.bankers = bankers
    self.bind = bind
  }

  /// True when `point` is on this zone's map.
  public func contains(_ point: Position) -> Bool {
    point.x >= southWest.x && point.x <= northEast.x && point.y >= southWest.y && point.y <= northEast.y
  }
}

/// A place that leads into another zone.
public struct ZoneLine: Hashable, Sendable {
  public var to: ZoneID
  public var at: Position
  /// Whoever comes nearer than this crosses over. Unit: world units.
  public var radius: Double
  /// Where one arrives in the other zone.
  public var arrive: Position

  public init(to: ZoneID, at: Position, radius: Double, arrive: Position) {
    self.to = to
    self.at = at
    self.radius = radius
    self.arrive = arrive
  }
}

/// A merchant who stands at a known place.
public struct Vendor: Hashable, Sendable {
  public var name: FixedName
  public var at: Position

  public init(name: FixedName, at: Position) {
    self.name = name
    self.at = at
  }
}
