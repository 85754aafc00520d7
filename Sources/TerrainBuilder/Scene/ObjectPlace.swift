import Glibc

/// Where an object stands in a zone: first turned, then scaled, then moved.
struct ObjectPlace {
  var position: SIMD3<Float>
  /// About z, y and x, in the order in which both kinds of archive name them; about y the other way round. Unit:
  /// radians.
  var turn: SIMD3<Float>
  var scale: Float

  func placed(_ points: [SIMD3<Float>]) -> [SIMD3<Float>] {
    guard turn != .zero else { return points.map { $0 * scale + position } }
    let (sinZ, cosZ) = (sin(turn.x), cos(turn.x))
    let (sinY, cosY) = (sin(-turn.y), cos(-turn.y))
    let (sinX, cosX) = (sin(turn.z), cos(turn.z))
    return points.map { point in
      let aboutX = SIMD3(point.x, point.y * cosX - point.z * sinX, point.y * sinX + point.z * cosX)
      let aboutY = SIMD3(aboutX.x * cosY + aboutX.z * sinY, aboutX.y, -aboutX.x * sinY + aboutX.z * cosY)
      let aboutZ = SIMD3(aboutY.x * cosZ - aboutY.y * sinZ, aboutY.x * sinZ + aboutY.y * cosZ, aboutY.z)
      return aboutZ * scale + position
    }
  }
}
