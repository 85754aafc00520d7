/// Cells under a straight line, in the order in which it meets them (Amanatides & Woo, "A fast voxel traversal
/// algorithm for ray tracing", 1987).
enum LineWalk {
  /// Calls `visit` with every cell the line from (x0, y0) to (x1, y1) touches and the length of line in it, until it
  /// says false. Units: cells; cell (0, 0) covers 0..<1. Where the line meets a corner exactly, the two cells beside
  /// it are visited too, with length 0: nothing slips through between two blocked cells.
  /// - Returns: false when `visit` said so.
  @inline(__always)
  static func visit(
    _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, _ visit: (_ x: Int, _ y: Int, _ length: Double) -> Bool
  ) -> Bool {
    let limit = 1e6
    guard abs(x0) < limit, abs(y0) < limit, abs(x1) < limit, abs(y1) < limit else { return false }
    var x = Int(x0.rounded(.down))
    var y = Int(y0.rounded(.down))
    let endX = Int(x1.rounded(.down))
    let endY = Int(y1.rounded(.down))
    let dx = x1 - x0
    let dy = y1 - y0
    let length = (dx * dx + dy * dy).squareRoot()
    let stepX = dx > 0 ? 1 : -1
    let stepY = dy > 0 ? 1 : -1
    // Shares of the line at which the next column and the next row begin, and between two of them.
    let deltaX = dx == 0 ? Double.infinity : 1 / abs(dx)
    let deltaY = dy == 0 ? Double.infinity : 1 / abs(dy)
    var nextX = dx == 0 ? Double.infinity : ((dx > 0 ? Double(x + 1) - x0 : x0 - Double(x)) * deltaX)
    var nextY = dy == 0 ? Double.infinity : ((dy > 0 ? Double(y + 1) - y0 : y0 - Double(y)) * deltaY)
    var at = 0.0
    var rest = abs(endX - x) + abs(endY - y) + 2
    while rest > 0 {
      rest -= 1
      let next = min(nextX, nextY, 1)
      guard visit(x, y, max(next - at, 0) * length) else { return false }
      if x == endX, y == endY { return true }
      if next >= 1 { return true }
      at = next
      if abs(nextX - nextY) < 1e-9 {
        guard visit(x + stepX, y, 0), visit(x, y + stepY, 0) else { return false }
        x += stepX
        y += stepY
        nextX += deltaX
        nextY += deltaY
      } else if nextX < nextY {
        x += stepX
        nextX += deltaX
      } else {
        y += stepY
        nextY += deltaY
      }
    }
    return true
  }

  /// True when every cell under the line may be walked. Units: cells of the plane.
  static func isWalkable(_ plane: WalkPlane, _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) -> Bool {
    visit(x0, y0, x1, y1) { x, y, _ in plane.isWalkable(x, y) }
  }
}
