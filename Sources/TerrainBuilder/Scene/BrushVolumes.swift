/// Convex bodies of liquid, each bounded by planes n · p ≤ d.
struct BrushVolumes: Volumes {
  private struct Brush: Sendable {
    var planes: [SIMD4<Double>]
    var low: SIMD3<Float>
    var high: SIMD3<Float>
    var medium: Medium
  }

  private var brushes: [Brush] = []

  var isEmpty: Bool { brushes.isEmpty }

  mutating func add(_ planes: [SIMD4<Double>], faces: [[SIMD3<Double>]], medium: Medium) {
    var low = SIMD3<Float>(repeating: .infinity)
    var high = -low
    for point in faces.joined() {
      low = pointwiseMin(low, SIMD3<Float>(point))
      high = pointwiseMax(high, SIMD3<Float>(point))
    }
    guard low.x <= high.x else { return }
    brushes.append(Brush(planes: planes, low: low, high: high, medium: medium))
  }

  func mayReach(low: SIMD3<Float>, high: SIMD3<Float>) -> Bool {
    brushes.contains { all($0.low .<= high) && all($0.high .>= low) }
  }

  func intervals(x: Float, y: Float, into intervals: inout [MediumInterval]) {
    for brush in brushes where x >= brush.low.x && x <= brush.high.x && y >= brush.low.y && y <= brush.high.y {
      var low = -Double.infinity
      var high = Double.infinity
      for plane in brush.planes {
        let rest = plane.w - plane.x * Double(x) - plane.y * Double(y)
        if plane.z > 1e-9 {
          high = min(high, rest / plane.z)
        } else if plane.z < -1e-9 {
          low = max(low, rest / plane.z)
        } else if rest < 0 {
          high = -.infinity
        }
      }
      if low < high { intervals.append(MediumInterval(low: Float(low), high: Float(high), medium: brush.medium)) }
    }
  }

  /// Farther than this nothing lies.
  private static let farthest = 131072.0

  /// The polygons that bound the body, counter-clockwise seen from outside, with the planes that they lie in.
  static func faces(_ planes: [SIMD4<Double>]) -> [(plane: Int, corners: [SIMD3<Double>])] {
    var faces: [(plane: Int, corners: [SIMD3<Double>])] = []
    for (index, plane) in planes.enumerated() {
      let normal = SIMD3(plane.x, plane.y, plane.z)
      guard (normal * normal).sum() > 0.5, abs(plane.w) < farthest else { continue }
      var polygon = square(normal, plane.w)
      for (other, cut) in planes.enumerated() where other != index && polygon.count >= 3 {
        // Of two planes that are the same the first bounds.
        if other > index, cut == plane { continue }
        polygon = clip(polygon, cut)
      }
      if polygon.count >= 3 { faces.append((index, polygon)) }
    }
    return faces
  }

  private static func square(_ normal: SIMD3<Double>, _ distance: Double) -> [SIMD3<Double>] {
    let helper = abs(normal.z) < 0.7 ? SIMD3(0.0, 0, 1) : SIMD3(1.0, 0, 0)
    let right = unit(cross(helper, normal))
    let up = cross(normal, right)
    let middle = normal * distance
    return [
      middle - (right + up) * farthest, middle + (right - up) * farthest, middle + (right + up) * farthest,
      middle + (up - right) * farthest,
    ]
  }

  private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }

  private static func unit(_ a: SIMD3<Double>) -> SIMD3<Double> { a / (a * a).sum().squareRoot() }

  /// The part where n · p ≤ d.
  private static func clip(_ polygon: [SIMD3<Double>], _ plane: SIMD4<Double>) -> [SIMD3<Double>] {
    let normal = SIMD3(plane.x, plane.y, plane.z)
    var result: [SIMD3<Double>] = []
    for (index, point) in polygon.enumerated() {
      let next = polygon[(index + 1) % polygon.count]
      let here = (normal * point).sum() - plane.w
      let there = (normal * next).sum() - plane.w
      if here <= 1e-6 { result.append(point) }
      if (here < -1e-6 && there > 1e-6) || (here > 1e-6 && there < -1e-6) {
        result.append(point + (next - point) * (here / (here - there)))
      }
    }
    return result
  }
}
