/// A part of the scene that fits one mesh fragment: at most 65,535 vertices, faces in order of their material.
struct AssetMesh {
  let name: String
  let vertices: [AssetPoint]
  let triangles: [AssetTriangle]

  static let vertexCountMax = 60_000

  init(name: String, vertices: [AssetPoint], triangles: [AssetTriangle]) {
    self.name = name
    self.vertices = vertices
    // Stable, so that faces of one material keep their order.
    self.triangles = triangles.enumerated()
      .sorted { ($0.element.material, $0.offset) < ($1.element.material, $1.offset) }
      .map(\.element)
  }

  /// Faces in a row that have one material.
  var runs: [(count: Int, material: UInt16)] {
    triangles.reduce(into: []) { runs, triangle in
      if let last = runs.last, last.material == triangle.material, last.count < 0xFFFF {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((1, triangle.material))
      }
    }
  }

  struct Quantised {
    var center: AssetPoint
    var shift: UInt16
    var radius: Float
    var low: AssetPoint
    var high: AssetPoint
    var vertices: [[Int16]]
  }

  /// Vertices as the format keeps them: `center + v / 2^shift`, with a whole-numbered center and the finest shift
  /// that fits. Coordinates that are multiples of 2^-shift are kept exactly.
  func quantised() throws(AssetError) -> Quantised {
    guard let first = vertices.first else {
      let zero = AssetPoint(0, 0, 0)
      return Quantised(center: zero, shift: 0, radius: 0, low: zero, high: zero, vertices: [])
    }
    var (low, high) = (first, first)
    for vertex in vertices {
      low = AssetPoint(min(low.x, vertex.x), min(low.y, vertex.y), min(low.z, vertex.z))
      high = AssetPoint(max(high.x, vertex.x), max(high.y, vertex.y), max(high.z, vertex.z))
    }
    let center = AssetPoint(
      ((low.x + high.x) / 2).rounded(), ((low.y + high.y) / 2).rounded(), ((low.z + high.z) / 2).rounded())
    var (reach, radius): (Float, Float) = (0, 0)
    for vertex in vertices {
      let (x, y, z) = (vertex.x - center.x, vertex.y - center.y, vertex.z - center.z)
      reach = max(reach, abs(x), abs(y), abs(z))
      radius = max(radius, (x * x + y * y + z * z).squareRoot())
    }
    guard reach.isFinite, reach < 32_000 else { throw .meshTooLarge(name) }
    var shift: UInt16 = 0
    while shift < 10, reach * Float(1 << (shift + 1)) < 32_700 { shift += 1 }
    let scale = Float(1 << shift)
    return Quantised(
      center: center, shift: shift, radius: radius, low: low, high: high,
      vertices: vertices.map { vertex in
        [vertex.x - center.x, vertex.y - center.y, vertex.z - center.z].map { Int16(($0 * scale).rounded()) }
      })
  }

  /// Vertex normals in 127ths, the sum of the faces around.
  func normals() -> [[Int8]] {
    var sums = [SIMD3<Float>](repeating: .zero, count: vertices.count)
    for triangle in triangles {
      let (a, b, c) = (point(triangle.a), point(triangle.b), point(triangle.c))
      let (u, v) = (b - a, c - a)
      let normal = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
      for index in [triangle.a, triangle.b, triangle.c] { sums[Int(index)] += normal }
    }
    return sums.map { sum in
      let length = (sum * sum).sum().squareRoot()
      guard length > 0, length.isFinite else { return [0, 0, 127] }
      let unit = sum / length * 127
      return [unit.x, unit.y, unit.z].map { Int8($0.rounded()) }
    }
  }

  private func point(_ index: UInt32) -> SIMD3<Float> {
    let vertex = vertices[Int(index)]
    return SIMD3(vertex.x, vertex.y, vertex.z)
  }
}

/// The scene's triangles, sorted into square tiles by their middle; each tile is one mesh (or none).
struct AssetTiles {
  let columns: Int
  let rows: Int
  let origin: AssetPoint
  let size: Float
  /// Row by row; nil where nothing stands.
  private(set) var meshes: [AssetMesh?]

  init(_ scene: AssetScene, size: Float = 256) {
    var (low, high) = (AssetPoint(0, 0, 0), AssetPoint(1, 1, 0))
    if let first = scene.vertices.first { (low, high) = (first, first) }
    for vertex in scene.vertices {
      low = AssetPoint(min(low.x, vertex.x), min(low.y, vertex.y), 0)
      high = AssetPoint(max(high.x, vertex.x), max(high.y, vertex.y), 0)
    }
    origin = AssetPoint((low.x / size).rounded(.down) * size, (low.y / size).rounded(.down) * size, 0)
    self.size = size
    columns = max(1, Int(((high.x - origin.x) / size).rounded(.up)))
    rows = max(1, Int(((high.y - origin.y) / size).rounded(.up)))

    var sorted = [[AssetTriangle]](repeating: [], count: columns * rows)
    for triangle in scene.triangles {
      let corners = [triangle.a, triangle.b, triangle.c].map { scene.vertices[Int($0)] }
      let x = corners.reduce(0) { $0 + $1.x } / 3
      let y = corners.reduce(0) { $0 + $1.y } / 3
      let column = min(columns - 1, max(0, Int((x - origin.x) / size)))
      let row = min(rows - 1, max(0, Int((y - origin.y) / size)))
      sorted[row * columns + column].append(triangle)
    }
    meshes = sorted.enumerated().map { index, triangles in
      triangles.isEmpty ? nil : AssetTiles.mesh(triangles, of: scene, number: index + 1)
    }
  }

  private static func mesh(_ triangles: [AssetTriangle], of scene: AssetScene, number: Int) -> AssetMesh {
    var vertices: [AssetPoint] = []
    var renumbered: [UInt32: UInt32] = [:]
    func local(_ index: UInt32) -> UInt32 {
      if let known = renumbered[index] { return known }
      let new = UInt32(vertices.count)
      vertices.append(scene.vertices[Int(index)])
      renumbered[index] = new
      return new
    }
    let faces = triangles.map { triangle in
      AssetTriangle(
        local(triangle.a), local(triangle.b), local(triangle.c), material: triangle.material,
        isPassable: triangle.isPassable)
    }
    return AssetMesh(name: "R\(number)", vertices: vertices, triangles: faces)
  }
}
