import World

/// Colours of a mesh's corners: what they are made of, lit from the north-west.
struct SurfaceShading {
  let vertices: [MeshVertex]
  let triangles: [MeshTriangle]
  private var normals: [SIMD3<Float>]
  private var colors: [SIMD3<Float>]
  private let isSmooth: Bool
  /// Horizontal extent of what looks up and down; tells rooms from open land.
  private(set) var upwardArea: Float = 0
  private(set) var downwardArea: Float = 0

  /// - Parameter isSmooth: Corners take the mean of the faces around them, so that land looks round and its
  ///   materials run into one another.
  init(_ vertices: [MeshVertex], _ triangles: [MeshTriangle], isSmooth: Bool) {
    self.vertices = vertices
    self.triangles = triangles
    self.isSmooth = isSmooth
    normals = Array(repeating: .zero, count: isSmooth ? vertices.count : 0)
    colors = Array(repeating: .zero, count: isSmooth ? vertices.count : 0)
    var counts = [Float](repeating: 0, count: isSmooth ? vertices.count : 0)
    for triangle in triangles {
      let normal = faceNormal(triangle)
      if normal.z > 0 { upwardArea += normal.z } else { downwardArea -= normal.z }
      guard isSmooth else { continue }
      for corner in [Int(triangle.a), Int(triangle.b), Int(triangle.c)] {
        normals[corner] += normal
        colors[corner] += Self.color(triangle.material)
        counts[corner] += 1
      }
    }
    for corner in counts.indices where counts[corner] > 0 { colors[corner] /= counts[corner] }
  }

  func colors(of triangle: MeshTriangle) -> (red: SIMD3<Float>, green: SIMD3<Float>, blue: SIMD3<Float>) {
    let face = faceNormal(triangle)
    let own = Self.color(triangle.material)
    let lit = [Int(triangle.a), Int(triangle.b), Int(triangle.c)].map { corner in
      isSmooth
        ? (colors[corner] * 0.75 + own * 0.25) * Self.light(normals[corner])
        : own * Self.light(face)
    }
    return (
      SIMD3(lit[0].x, lit[1].x, lit[2].x), SIMD3(lit[0].y, lit[1].y, lit[2].y), SIMD3(lit[0].z, lit[1].z, lit[2].z)
    )
  }

  private func faceNormal(_ triangle: MeshTriangle) -> SIMD3<Float> {
    func point(_ index: UInt32) -> SIMD3<Float> {
      let vertex = vertices[Int(index)]
      return SIMD3(vertex.x, vertex.y, vertex.z)
    }
    let u = point(triangle.b) - point(triangle.a)
    let v = point(triangle.c) - point(triangle.a)
    return SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
  }

  private static func light(_ normal: SIMD3<Float>) -> Float {
    let length = (normal * normal).sum().squareRoot()
    guard length > 0 else { return 1 }
    let sun = SIMD3<Float>(-0.48, 0.48, 0.73)
    let slope = max(0, (normal / length * sun).sum())
    return 0.42 + 0.82 * slope
  }

  private static func color(_ material: SurfaceMaterial) -> SIMD3<Float> {
    let rgb = material.rgb
    return SIMD3(Float(rgb >> 16 & 0xFF), Float(rgb >> 8 & 0xFF), Float(rgb & 0xFF))
  }
}
