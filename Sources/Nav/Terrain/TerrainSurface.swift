/// What the ground of a cell is. The raw value is the code in the file (0...15).
public enum TerrainSurface: UInt8, Sendable, Hashable, CaseIterable {
  /// No floor here.
  case void = 0
  /// Dry floor, flat enough to walk on.
  case walkable = 1
  /// Floor under water; the height is that of the floor.
  case water = 2
  /// Floor under lava.
  case lava = 3
  /// Too steep to walk on.
  case cliff = 4
  /// Floor without room for the agent: walls, invisible walls, solid objects, low ceilings.
  case obstacle = 5
  /// Floor under slime or another liquid that hurts.
  case slime = 6
  /// Floor inside a zone line or a teleport.
  case zoneLine = 7
  /// Floor deep under water, with a water surface of its own above it.
  case underwater = 8
  /// Ice and the like.
  case slippery = 9
  /// Floor of a moving sector: a door, a lift.
  case dynamic = 10

  /// Stable text for people and for JSON.
  public var name: String {
    switch self {
    case .void: "void"
    case .walkable: "walkable"
    case .water: "water"
    case .lava: "lava"
    case .cliff: "cliff"
    case .obstacle: "obstacle"
    case .slime: "slime"
    case .zoneLine: "zone-line"
    case .underwater: "underwater"
    case .slippery: "slippery"
    case .dynamic: "dynamic"
    }
  }

  /// True where a walker may stand, if its body fits; lava and slime do not count.
  public var isStandable: Bool {
    switch self {
    case .walkable, .water, .zoneLine, .underwater, .slippery, .dynamic: true
    case .void, .lava, .cliff, .obstacle, .slime: false
    }
  }

  /// How one travels on it: 0 as on open ground, 1 in water, 2 on ice, 3 under water. Range: 0...3.
  public var travelClass: Int {
    switch self {
    case .water: 1
    case .slippery: 2
    case .underwater: 3
    case .void, .walkable, .lava, .cliff, .obstacle, .slime, .zoneLine, .dynamic: 0
    }
  }
}
