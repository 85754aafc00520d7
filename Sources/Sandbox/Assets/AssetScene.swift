/// A zone as plain geometry, ready to be written as asset files. Frame: x east, y north, z up; world units.
public struct AssetScene: Sendable {
  /// Lower case, letters, digits and underscores only; names the files.
  public var name: String
  public var materials: [AssetMaterial]
  public var vertices: [AssetPoint]
  public var triangles: [AssetTriangle]
  public var regions: [AssetRegion]
  public var models: [AssetModel]
  public var placements: [AssetPlacement]

  public init(
    name: String, materials: [AssetMaterial] = [], vertices: [AssetPoint] = [], triangles: [AssetTriangle] = [],
    regions: [AssetRegion] = [], models: [AssetModel] = [], placements: [AssetPlacement] = []
  ) {
    self.name = name
    self.materials = materials
    self.vertices = vertices
    self.triangles = triangles
    self.regions = regions
    self.models = models
    self.placements = placements
  }
}

public struct AssetPoint: Hashable, Sendable {
  public var x: Float
  public var y: Float
  public var z: Float

  public init(_ x: Float, _ y: Float, _ z: Float) {
    self.x = x
    self.y = y
    self.z = z
  }
}

public struct AssetMaterial: Hashable, Sendable {
  /// Upper case, as in asset files.
  public var name: String
  /// What the texture file shows, in 0...255.
  public var color: (red: UInt8, green: UInt8, blue: UInt8) {
    (UInt8(truncatingIfNeeded: rgb >> 16), UInt8(truncatingIfNeeded: rgb >> 8), UInt8(truncatingIfNeeded: rgb))
  }
  var rgb: UInt32
  /// A wall that stops but is not drawn.
  public var isInvisible: Bool
  /// Drawn half transparent (water).
  public var isTransparent: Bool

  public init(name: String, rgb: UInt32, isInvisible: Bool = false, isTransparent: Bool = false) {
    self.name = name
    self.rgb = rgb
    self.isInvisible = isInvisible
    self.isTransparent = isTransparent
  }
}

/// Indices into the scene's or model's vertices, counter-clockwise seen from the front.
public struct AssetTriangle: Hashable, Sendable {
  public var a: UInt32
  public var b: UInt32
  public var c: UInt32
  public var material: UInt16
  /// Bodies pass through: water and lava sheets, leaves.
  public var isPassable: Bool

  public init(_ a: UInt32, _ b: UInt32, _ c: UInt32, material: UInt16, isPassable: Bool = false) {
    self.a = a
    self.b = b
    self.c = c
    self.material = material
    self.isPassable = isPassable
  }
}

/// A box of the zone that is something else than air.
public struct AssetRegion: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case water
    case lava
    /// To zone `id`; `heading` in 512ths.
    case zoneLine(id: UInt16, x: Int, y: Int, z: Int, heading: Int)
  }

  public var kind: Kind
  public var low: AssetPoint
  public var high: AssetPoint

  public init(_ kind: Kind, from low: AssetPoint, to high: AssetPoint) {
    self.kind = kind
    self.low = low
    self.high = high
  }
}

/// The shape of a placed object, around its own origin.
public struct AssetModel: Hashable, Sendable {
  /// Upper case.
  public var name: String
  public var materials: [AssetMaterial]
  public var vertices: [AssetPoint]
  public var triangles: [AssetTriangle]

  public init(
    name: String, materials: [AssetMaterial], vertices: [AssetPoint], triangles: [AssetTriangle]
  ) {
    self.name = name
    self.materials = materials
    self.vertices = vertices
    self.triangles = triangles
  }
}

public struct AssetPlacement: Hashable, Sendable {
  /// Name of the model.
  public var model: String
  public var position: AssetPoint
  /// Turn about the upright axis, counter-clockwise seen from above. Unit: 512ths of a turn.
  public var rotation: Float
  public var scale: Float

  public init(model: String, position: AssetPoint, rotation: Float, scale: Float) {
    self.model = model
    self.position = position
    self.rotation = rotation
    self.scale = scale
  }
}
