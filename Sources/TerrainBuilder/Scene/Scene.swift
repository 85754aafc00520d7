import Nav

/// A zone's geometry as readers deliver it. Frame: x east, y north, z up; world units.
public struct Scene: Sendable {
  /// How a triangle takes part.
  public enum Kind: UInt8, Sendable {
    /// Stops bodies; its upper side is a floor.
    case solid = 0
    /// Stops bodies, never a floor: invisible walls.
    case barrier = 1
    /// Bodies pass: water surfaces, leaves.
    case passable = 2
    /// A floor that harms like lava.
    case lava = 3
    /// A floor of ice.
    case slippery = 4
  }

  /// Corners are indices into `vertices`, counter-clockwise seen from the front.
  public struct Triangle: Sendable, Hashable {
    public var a: Int32
    public var b: Int32
    public var c: Int32
    public var kind: Kind

    public init(_ a: Int32, _ b: Int32, _ c: Int32, _ kind: Kind) {
      self.a = a
      self.b = b
      self.c = c
      self.kind = kind
    }
  }

  public var vertices: [SIMD3<Float>] = []
  public var triangles: [Triangle] = []
  public var volumes: (any Volumes)?
  /// Ways and moving parts that geometry does not show.
  var passages: [ScenePassage] = []
  var movers: [SceneMover] = []
  /// Files it came from, in the order they were read, with their bytes' hash.
  public var sources: [SourceFile] = []
  /// The body that walks in such zones; nil: the usual one.
  var walker: AgentProfile?
  /// What was left out or looked odd, for people.
  public var notes: [String] = []

  public init() {}

  /// The box of all solid geometry; nil when there is none.
  var bounds: (low: SIMD3<Float>, high: SIMD3<Float>)? {
    var low = SIMD3<Float>(repeating: .infinity)
    var high = -low
    for triangle in triangles where triangle.kind != .passable {
      for corner in [triangle.a, triangle.b, triangle.c] {
        let point = vertices[Int(corner)]
        low = pointwiseMin(low, point)
        high = pointwiseMax(high, point)
      }
    }
    return low.x <= high.x ? (low, high) : nil
  }

  func corners(_ triangle: Triangle) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    (vertices[Int(triangle.a)], vertices[Int(triangle.b)], vertices[Int(triangle.c)])
  }
}

/// A file that a terrain was built from.
public struct SourceFile: Sendable, Hashable {
  public var name: String
  public var byteCount: Int
  public var sha256: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    byteCount = bytes.count
    sha256 = SHA256.hash(bytes)
  }
}

/// What fills a part of space.
public enum Medium: UInt8, Sendable {
  case water
  case lava
  case slime
  case zoneLine
  case slippery
}

/// A stretch of a column.
public struct MediumInterval: Sendable {
  public var low: Float
  public var high: Float
  public var medium: Medium
}

/// Space filled with liquids and the like.
public protocol Volumes: Sendable {
  /// False when nothing can be in the box.
  func mayReach(low: SIMD3<Float>, high: SIMD3<Float>) -> Bool
  /// Appends what the upright line through (x, y) meets.
  func intervals(x: Float, y: Float, into intervals: inout [MediumInterval])
  /// The number of the zone that a zone line at a point leads to; 0 for none or not said.
  func zone(at point: SIMD3<Float>) -> Int32
}

extension Volumes {
  public func zone(at point: SIMD3<Float>) -> Int32 { 0 }
}
