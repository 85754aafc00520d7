extension TriangleFloors {
  /// A triangle ready for use. World units.
  struct Corners {
    var a: SIMD3<Double>
    var b: SIMD3<Double>
    var c: SIMD3<Double>
    /// Slope of its plane; zero for upright ones.
    var gradientX: Double
    var gradientY: Double
    /// z component of the unit normal; positive: the front looks up.
    var up: Double
    var low: SIMD3<Double>
    var high: SIMD3<Double>
    var kind: Scene.Kind
    /// Nil for a triangle without an area or with an impossible corner.
    init?(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>, _ kind: Scene.Kind) {
      let u = b - a
      let v = c - a
      let normal = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
      let length = (normal * normal).sum().squareRoot()
      guard length > 1e-9, length.isFinite else { return nil }
      self.a = a
      self.b = b
      self.c = c
      self.kind = kind
      up = normal.z / length
      gradientX = abs(up) > TriangleFloors.upright ? -normal.x / normal.z : 0
      gradientY = abs(up) > TriangleFloors.upright ? -normal.y / normal.z : 0
      low = pointwiseMin(a, pointwiseMin(b, c))
      high = pointwiseMax(a, pointwiseMax(b, c))
    }

    /// Lowest and highest point of the part that lies within `radius` of the upright line through (x, y); nil for none.
    ///
    /// The part is convex and its height is linear, so the extremes are on its rim: on the edges, or where the circle
    /// goes farthest up and down the slope.
    func heights(within radius: Double, ofX x: Double, y: Double) -> (low: Double, high: Double)? {
      var low = Double.infinity
      var high = -Double.infinity
      func take(_ z: Double) {
        low = min(low, z)
        high = max(high, z)
      }
      func edge(_ p: SIMD3<Double>, _ q: SIMD3<Double>) {
        let (px, py) = (p.x - x, p.y - y)
        let (dx, dy, dz) = (q.x - p.x, q.y - p.y, q.z - p.z)
        let a = dx * dx + dy * dy
        let c = px * px + py * py - radius * radius
        guard a > 1e-18 else {
          if c <= 0 {
            take(p.z)
            take(q.z)
          }
          return
        }
        let half = px * dx + py * dy
        let inner = half * half - a * c
        guard inner >= 0 else { return }
        let root = inner.squareRoot()
        let from = max(0, (-half - root) / a)
        let to = min(1, (-half + root) / a)
        guard from <= to else { return }
        take(p.z + dz * from)
        take(p.z + dz * to)
      }
      edge(a, b)
      edge(b, c)
      edge(c, a)
      if abs(up) > TriangleFloors.upright {
        let steepness = (gradientX * gradientX + gradientY * gradientY).squareRoot()
        let reach = steepness > 1e-12 ? radius / steepness : 0
        for sign in [-1.0, 1.0] {
          let (px, py) = (x + sign * reach * gradientX, y + sign * reach * gradientY)
          if contains(px, py) { take(a.z + (px - a.x) * gradientX + (py - a.y) * gradientY) }
        }
      }
      return low <= high ? (low, high) : nil
    }

    /// True when the upright line through (px, py) meets the triangle.
    private func contains(_ px: Double, _ py: Double) -> Bool {
      let ab = (b.x - a.x) * (py - a.y) - (b.y - a.y) * (px - a.x)
      let bc = (c.x - b.x) * (py - b.y) - (c.y - b.y) * (px - b.x)
      let ca = (a.x - c.x) * (py - c.y) - (a.y - c.y) * (px - c.x)
      return (ab >= 0 && bc >= 0 && ca >= 0) || (ab <= 0 && bc <= 0 && ca <= 0)
    }
  }
}
