import Core

/// Collects triangles of a mesh or model.
struct MeshBuilder {
  var vertices: [MeshVertex] = []
  var triangles: [MeshTriangle] = []

  /// The nearest multiple of 1/16, which asset files keep exactly.
  static func snapped(_ value: Double) -> Float { Float((value * 16).rounded() / 16) }

  mutating func vertex(_ x: Double, _ y: Double, _ z: Double) -> UInt32 {
    vertices.append(MeshVertex(Self.snapped(x), Self.snapped(y), Self.snapped(z)))
    return UInt32(vertices.count - 1)
  }

  mutating func quad(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ material: SurfaceMaterial) {
    triangles.append(MeshTriangle(a, b, c, material))
    triangles.append(MeshTriangle(a, c, d, material))
  }

  /// An upright box with all six sides.
  mutating func box(low: Position, high: Position, _ material: SurfaceMaterial) {
    let corners = [low.z, high.z].map { z in
      [(low.x, low.y), (high.x, low.y), (high.x, high.y), (low.x, high.y)].map { vertex($0.0, $0.1, z) }
    }
    let (bottom, top) = (corners[0], corners[1])
    quad(top[0], top[1], top[2], top[3], material)
    quad(bottom[3], bottom[2], bottom[1], bottom[0], material)
    for side in 0..<4 {
      let next = (side + 1) % 4
      quad(bottom[side], bottom[next], top[next], top[side], material)
    }
  }

  /// A prism or cone about (x, y) with flat sides; `topRadius` 0 ends in a point.
  mutating func column(
    at base: Position, height: Double, radius: Double, topRadius: Double, sides: Int, _ material: SurfaceMaterial
  ) {
    func ring(_ radius: Double, _ z: Double) -> [UInt32] {
      (0..<sides).map { side in
        let (sine, cosine) = sineAndCosine(Double(side) * 2 * .pi / Double(sides))
        return vertex(base.x + cosine * radius, base.y + sine * radius, z)
      }
    }
    let bottom = ring(radius, base.z)
    let floor = vertex(base.x, base.y, base.z)
    let tip = vertex(base.x, base.y, base.z + height)
    let top = topRadius > 0 ? ring(topRadius, base.z + height) : []
    for side in 0..<sides {
      let next = (side + 1) % sides
      triangles.append(MeshTriangle(floor, bottom[next], bottom[side], material))
      if top.isEmpty {
        triangles.append(MeshTriangle(bottom[side], bottom[next], tip, material))
      } else {
        quad(bottom[side], bottom[next], top[next], top[side], material)
        triangles.append(MeshTriangle(top[side], top[next], tip, material))
      }
    }
  }
}
