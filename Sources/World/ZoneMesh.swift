import Core

/// What a triangle is made of; decides colour, and whether bodies pass.
public enum SurfaceMaterial: UInt8, CaseIterable, Sendable, Codable {
  case grass, dirt, sand, rock, stone, wood, thatch, bark, mud, plank
  /// Passable: crowns of trees.
  case leaves

  public var isPassable: Bool { self == .leaves }
  public var name: String { String(describing: self) }

  /// Colour of its texture. Range: 0xRRGGBB.
  public var rgb: UInt32 {
    switch self {
    case .grass: 0x5A8C46
    case .dirt: 0x8C7350
    case .sand: 0xD2BE8C
    case .rock: 0x78736E
    case .stone: 0x9B9B96
    case .wood: 0x825F3C
    case .thatch: 0xB4965A
    case .bark: 0x5F4632
    case .mud: 0x5A5537
    case .plank: 0xA07D50
    case .leaves: 0x327832
    }
  }
}

/// A corner. Frame: zone (x east, y north, z up) or a model's own. All are multiples of 1/16 in a zone's mesh.
public struct MeshVertex: Hashable, Sendable {
  public var x: Float
  public var y: Float
  public var z: Float

  public init(_ x: Float, _ y: Float, _ z: Float) {
    self.x = x
    self.y = y
    self.z = z
  }
}

/// Indices of corners, counter-clockwise seen from the front (for ground: from above).
public struct MeshTriangle: Hashable, Sendable {
  public var a: UInt32
  public var b: UInt32
  public var c: UInt32
  public var material: SurfaceMaterial

  public init(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ material: SurfaceMaterial) {
    self.a = a
    self.b = b
    self.c = c
    self.material = material
  }
}

/// The shape of a kind of object, around its own origin on the ground.
public struct MeshModel: Sendable {
  /// Lower case letters and digits; unique within a zone.
  public var name: String
  public var vertices: [MeshVertex]
  public var triangles: [MeshTriangle]
}

/// An object that stands in the zone: its model turned about the upright axis, then scaled, then moved.
public struct PlacedModel: Hashable, Sendable {
  /// Index into `ZoneMesh.models`.
  public var model: Int
  public var position: MeshVertex
  /// Counter-clockwise seen from above. Unit: 512ths of a turn.
  public var rotation: Float
  public var scale: Float
}

/// A box full of something.
public struct LiquidVolume: Hashable, Sendable {
  public enum Liquid: UInt8, Hashable, Sendable { case water, lava }

  public var liquid: Liquid
  public var low: MeshVertex
  /// Its `z` is the surface.
  public var high: MeshVertex
}

/// A box that leads to another zone.
public struct ZoneLine: Hashable, Sendable {
  public var low: MeshVertex
  public var high: MeshVertex
  /// Index into `WorldData.zones`.
  public var target: Int
  /// Where one arrives there.
  public var arrival: Position
  public var arrivalHeading: Heading
}

/// The shape of a zone: what bodies collide with, and what a client ships as its assets.
public struct ZoneMesh: Sendable {
  /// The ground and what is built into it; placed objects come beside.
  public var vertices: [MeshVertex] = []
  public var triangles: [MeshTriangle] = []
  public var models: [MeshModel] = []
  public var placements: [PlacedModel] = []
  public var liquids: [LiquidVolume] = []
  /// The playable rectangle; nobody gets out of it.
  public var low = MeshVertex(0, 0, 0)
  public var high = MeshVertex(0, 0, 0)

  /// The triangles of a placed object in the zone's frame, with their materials.
  public func corners(of placement: PlacedModel) -> [MeshVertex] {
    let radians = Double(placement.rotation) * (.pi / 256)
    let (sine, cosine) = sineAndCosine(radians)
    return models[placement.model].vertices.map { vertex in
      let (x, y, z) = (Double(vertex.x), Double(vertex.y), Double(vertex.z))
      let scale = Double(placement.scale)
      return MeshVertex(
        Float((x * cosine - y * sine) * scale + Double(placement.position.x)),
        Float((x * sine + y * cosine) * scale + Double(placement.position.y)),
        Float(z * scale + Double(placement.position.z)))
    }
  }
}
