import Core

/// Rolling ground made of noise, a steep border and shapes that level it; sampled into the zone's mesh.
struct Heightfield {
  struct Noise {
    /// Distance between hills. Unit: world units.
    var scale: Double
    var amplitude: Double
  }

  /// Levels the ground along the line from `start` to `end`: fully within `radius`, fading out over `falloff`.
  struct Shape {
    var start: Position
    var end: Position
    var radius: Double
    var falloff: Double
    /// Heights at both ends.
    var height: (Double, Double)
    var material: SurfaceMaterial?
  }

  var seed: UInt64
  var low: Position
  var high: Position
  var cell: Double
  var base: Double
  var noise: [Noise]
  var borderWidth: Double
  var borderHeight: Double
  var shapes: [Shape]
  var material: SurfaceMaterial
  var steepMaterial: SurfaceMaterial
  /// Ground steeper than this has the steep material. Unit: rise per unit.
  var steepSlope: Double

  func height(_ x: Double, _ y: Double) -> Double {
    var height = base
    for (index, octave) in noise.enumerated() {
      height += octave.amplitude * smoothNoise(x / octave.scale, y / octave.scale, stream: UInt64(index))
    }
    let edge = min(min(x - low.x, high.x - x), min(y - low.y, high.y - y))
    if borderWidth > 0, edge < borderWidth { height += borderHeight * smooth(1 - edge / borderWidth) }
    for shape in shapes {
      let (weight, part) = weight(of: shape, x, y)
      guard weight > 0 else { continue }
      height += (shape.height.0 + (shape.height.1 - shape.height.0) * part - height) * weight
    }
    return height
  }

  /// How much a shape counts at (x, y), and where along its line.
  private func weight(of shape: Shape, _ x: Double, _ y: Double) -> (weight: Double, part: Double) {
    let (wayX, wayY) = (shape.end.x - shape.start.x, shape.end.y - shape.start.y)
    let square = wayX * wayX + wayY * wayY
    let along = square > 0 ? ((x - shape.start.x) * wayX + (y - shape.start.y) * wayY) / square : 0
    let part = min(1, max(0, along))
    let (offX, offY) = (x - shape.start.x - wayX * part, y - shape.start.y - wayY * part)
    let distance = (offX * offX + offY * offY).squareRoot()
    if distance <= shape.radius { return (1, part) }
    guard distance < shape.radius + shape.falloff else { return (0, part) }
    return (smooth(1 - (distance - shape.radius) / shape.falloff), part)
  }

  private func smooth(_ t: Double) -> Double {
    let t = min(1, max(0, t))
    return t * t * (3 - 2 * t)
  }

  /// Value noise on a unit lattice. Range: `-1...1`.
  private func smoothNoise(_ x: Double, _ y: Double, stream: UInt64) -> Double {
    let (column, row) = (x.rounded(.down), y.rounded(.down))
    func corner(_ dx: Double, _ dy: Double) -> Double {
      let (i, j) = (Int64(column + dx), Int64(row + dy))
      var hash = StableHash(seed: seed)
      hash.combine(UInt64(bitPattern: i))
      hash.combine(UInt64(bitPattern: j))
      hash.combine(stream)
      return Double(hash.value >> 11) * 0x1p-52 - 1
    }
    let (tx, ty) = (smooth(x - column), smooth(y - row))
    let south = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * tx
    let north = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * tx
    return south + (north - south) * ty
  }

  /// Adds two triangles per cell to `builder`.
  func build(into builder: inout MeshBuilder) {
    let columns = Int(((high.x - low.x) / cell).rounded(.up))
    let rows = Int(((high.y - low.y) / cell).rounded(.up))
    let first = UInt32(builder.vertices.count)
    for row in 0...rows {
      for column in 0...columns {
        let (x, y) = (min(high.x, low.x + Double(column) * cell), min(high.y, low.y + Double(row) * cell))
        _ = builder.vertex(x, y, height(x, y))
      }
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let a = first + UInt32(row * (columns + 1) + column)
        let (b, d) = (a + 1, a + UInt32(columns + 1))
        let c = d + 1
        let heights = [a, b, c, d].map { Double(builder.vertices[Int($0)].z) }
        let rise = ((heights.max() ?? 0) - (heights.min() ?? 0)) / cell
        let x = low.x + (Double(column) + 0.5) * cell
        let y = low.y + (Double(row) + 0.5) * cell
        let painted = shapes.last { $0.material != nil && weight(of: $0, x, y).weight > 0.5 }?.material
        let material = painted ?? (rise > steepSlope ? steepMaterial : self.material)
        // The shorter diagonal, so that ridges do not saw.
        if abs(heights[0] - heights[2]) <= abs(heights[1] - heights[3]) {
          builder.quad(a, b, c, d, material)
        } else {
          builder.quad(b, c, d, a, material)
        }
      }
    }
  }
}
