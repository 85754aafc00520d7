import Core

/// One floor of one column: the node of a search.
public struct TerrainCell: Hashable, Sendable {
  /// Columns count from the west and rows from the south.
  public var x: Int32
  public var y: Int32
  public var sheet: Int32

  @inlinable public init(x: Int, y: Int, sheet: Int = 0) {
    self.x = Int32(truncatingIfNeeded: x)
    self.y = Int32(truncatingIfNeeded: y)
    self.sheet = Int32(truncatingIfNeeded: sheet)
  }
}

/// What stands in one cell of one sheet.
public struct TerrainFloor: Hashable, Sendable {
  /// Height at the cell's centre, world units.
  public var z: Double
  public var surface: TerrainSurface
  public var sheet: Int

  public init(z: Double, surface: TerrainSurface, sheet: Int) {
    self.z = z
    self.surface = surface
    self.sheet = sheet
  }
}

/// A rectangle of cells.
public struct TerrainRectangle: Hashable, Sendable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  @inlinable public func contains(_ x: Int, _ y: Int) -> Bool {
    x >= self.x && y >= self.y && x < self.x + width && y < self.y + height
  }
}

/// A passage that the planes do not hold.
public struct TerrainLink: Hashable, Sendable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// From one sheet to a neighbour cell on another.
    case seam = 0
    /// Down a ledge, one way.
    case drop = 1
    case ladder = 2
    case jump = 3
    case teleport = 4
    case lift = 5
    /// Into another zone; `to` is the cell of the line itself, `tag` the zone's number.
    case zoneLine = 6
    case door = 7
    /// Made by hand in the overrides file.
    case manual = 8

    public var name: String {
      switch self {
      case .seam: "seam"
      case .drop: "drop"
      case .ladder: "ladder"
      case .jump: "jump"
      case .teleport: "teleport"
      case .lift: "lift"
      case .zoneLine: "zone-line"
      case .door: "door"
      case .manual: "manual"
      }
    }
  }

  public var kind: Kind
  public var isTwoWay: Bool
  public var from: TerrainCell
  public var to: TerrainCell
  /// Heights at both ends, world units.
  public var fromZ: Double
  public var toZ: Double
  /// Bit n: usable by profile n.
  public var profiles: UInt32
  /// Zone number, sector tag, or 0.
  public var tag: Int32

  public init(
    kind: Kind, isTwoWay: Bool, from: TerrainCell, to: TerrainCell, fromZ: Double, toZ: Double,
    profiles: UInt32 = ~0, tag: Int32 = 0
  ) {
    self.kind = kind
    self.isTwoWay = isTwoWay
    self.from = from
    self.to = to
    self.fromZ = fromZ
    self.toZ = toZ
    self.profiles = profiles
    self.tag = tag
  }
}

/// A part of the zone that moves: a door that opens, a lift that runs. Its cells are baked as closed (lift: low), but for
/// doors that open by themselves for whoever comes, as Quake's do.
public struct TerrainDynamic: Hashable, Sendable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    case door = 0
    case lift = 1
    case floor = 2
    case ceiling = 3
  }

  /// Cells x..<x + count of row y.
  public struct Run: Hashable, Sendable {
    public var x: Int32
    public var y: Int32
    public var count: Int32

    public init(x: Int32, y: Int32, count: Int32) {
      self.x = x
      self.y = y
      self.count = count
    }
  }

  public var kind: Kind
  public var tag: Int32
  public var sheet: Int
  /// Lowest and highest place of the moving floor or ceiling, world units.
  public var low: Double
  public var high: Double
  public var runs: [Run]

  public init(kind: Kind, tag: Int32, sheet: Int, low: Double, high: Double, runs: [Run]) {
    self.kind = kind
    self.tag = tag
    self.sheet = sheet
    self.low = low
    self.high = high
    self.runs = runs
  }
}

/// The walk plane of one sheet for one profile. Plane cell (0, 0) is terrain cell (`area.x`, `area.y`).
public struct TerrainPlanes: Sendable {
  public let sheet: Int
  public let area: TerrainRectangle
  public let walk: WalkPlane
  /// `TerrainSurface.travelClass` of the cells; nil where all are class 0.
  public let classes: ClassPlane?
}
