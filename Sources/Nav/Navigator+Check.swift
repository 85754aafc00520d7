import Core

/// What a look ahead along a path found.
public enum PathCheck: Hashable, Sendable {
  case clear
  /// Something stands in the way now: a door closed, ground that was overlaid.
  case blocked(leg: Int, at: Position)
  /// Danger that may not be entered lies on the way.
  case forbidden(leg: Int, at: Position)
  /// The way has become dearer by so many seconds.
  case dearer(seconds: Double)
}

extension Navigator {
  /// Looks along a path from `position` on leg `leg`: does it still stand, and what does the danger of now add to it?
  ///
  /// - Parameters:
  ///   - ahead: How far to look. Unit: world units.
  ///   - tolerance: Less danger than this is `clear`. Unit: seconds.
  public func check(
    _ path: Path, leg: Int, from position: Position, danger: DangerField, ahead: Double = 200, tolerance: Double = 0.5
  ) -> PathCheck {
    guard leg >= 0, leg + 1 < path.points.count else { return .clear }
    var walked = 0.0
    var seconds = 0.0
    var from = position
    for index in leg..<(path.points.count - 1) {
      let to = path.points[index + 1]
      defer { from = to }
      if path.links.contains(where: { $0.leg == index }) { continue }
      let length = from.horizontalDistance(to: to)
      if index > leg, !isWalkable(from: from, to: to) { return .blocked(leg: index, at: from) }
      if !danger.isEmpty {
        let steps = max(Int(min(length, 4000) / 2), 1)
        for step in 0...steps {
          let point = from + (to - from) * (Double(step) / Double(steps))
          if danger.isForbidden(point) { return .forbidden(leg: index, at: point) }
          seconds += danger.rate(at: point) * length / Double(steps + 1)
        }
      }
      walked += length
      if walked >= ahead { break }
    }
    return seconds > tolerance ? .dearer(seconds: seconds) : .clear
  }
}
