import Core

/// How a follower walks. Units: world units, 512ths of a turn, ticks.
public struct FollowerStyle: Hashable, Sendable {
  /// Running speed. Unit: world units per second.
  public var speed = 30.0
  /// How fast the turn keys turn. Unit: 512ths per second.
  public var turnRate = 256.0
  /// The end counts as reached within this distance.
  public var arrivalRadius = 3.0
  /// A corner counts as passed within this distance.
  public var cornerRadius = 1.5
  /// How far ahead on a straight leg the steering point lies.
  public var lookAhead = 8.0
  /// Errors above this are turned on the spot; smaller ones while walking.
  public var turnInPlaceAbove = 40.0
  /// Errors below this are left alone.
  public var deadZone = 3.0
  /// Further than this from the path is off it.
  public var corridor = 10.0
  /// Walking without moving for so long is being stuck.
  public var movePatience = 5
  /// Moving without coming nearer to the end for so long is being stuck.
  public var progressPatience = 30
  /// How long each step of the stuck ladder is tried.
  public var stepPatience = 8

  public init() {}
}

/// Follows one path with keys: a steering point on the corridor, turning on the spot for large errors and while
/// walking for small ones; progress and arrival are judged apart from steering, each with its own patience.
///
/// A plain value: equal inputs give equal steering, and a copy can look ahead.
public struct PathFollower: Hashable, Sendable {
  public private(set) var path: Path
  public var style: FollowerStyle
  /// The leg being walked: from point `leg` to point `leg + 1`.
  public private(set) var leg = 0
  /// Progress along the path.
  public private(set) var progress: ProgressWatch
  /// Where it got stuck last, for the memory of bad places.
  public private(set) var stuckAt: Position?

  public init(_ path: Path, style: FollowerStyle = FollowerStyle()) {
    self.path = path
    self.style = style
    progress = ProgressWatch()
  }

  /// The path's end.
  public var goal: Position? { path.points.last }

  /// Takes a new path; the stuck ladder goes on where it was until there is progress again.
  public mutating func replace(path: Path) {
    self.path = path
    leg = 0
    progress.restart()
  }

  /// What to do this tick, seen from `position` looking along `heading`.
  public mutating func steer(position: Position, heading: Heading, tick: Tick) -> Steering {
    guard let goal, position.isFinite else { return Steering(stuck: .giveUp, reason: .noProgress) }
    advance(from: position)
    let remaining = remaining(from: position)
    if isArrived(at: position, goal: goal) {
      return Steering(hasArrived: true, remaining: 0)
    }
    let aim = aimPoint(from: position)
    let error = heading.turn(to: position.heading(to: aim))
    let walk = walkMilliseconds(from: position, error: error)
    let wasStuck = progress.step != .none
    progress.note(
      position: position, remaining: remaining, heading: heading, turn: error, isWalking: walk > 0, tick: tick,
      offPath: distanceToPath(position), style: style)
    if progress.step != .none, !wasStuck { stuckAt = position }
    return Steering(
      turn: abs(error) <= style.deadZone ? 0 : error, walkMilliseconds: walk, remaining: remaining,
      stuck: progress.step, reason: progress.reason, link: linkAhead(from: position))
  }

  // MARK: - Where on the path

  /// Moves on to the leg that is being walked: past every corner that is reached, and to a later leg that is nearer.
  private mutating func advance(from position: Position) {
    let points = path.points
    while leg + 2 < points.count {
      let corner = points[leg + 1]
      let isClose = position.horizontalDistance(to: corner) <= style.cornerRadius
      // Past the corner's plane: the projection on the leg lies beyond its end, and the next leg is not far.
      let along = projection(position, on: leg)
      let isPast = along >= 1 && distance(position, toLeg: leg + 1) <= style.cornerRadius * 2
      guard isClose || isPast else { return }
      guard abs(position.z - corner.z) <= 20 || path.links.contains(where: { $0.leg == leg }) else { return }
      leg += 1
    }
  }

  private func isArrived(at position: Position, goal: Position) -> Bool {
    position.horizontalDistance(to: goal) <= style.arrivalRadius && abs(position.z - goal.z) <= 30
      && leg + 2 >= path.points.count
  }

  /// What is left: to the next corner, and the legs behind it.
  private func remaining(from position: Position) -> Double {
    let points = path.points
    guard leg + 1 < points.count else { return position.horizontalDistance(to: points[points.count - 1]) }
    var sum = position.horizontalDistance(to: points[leg + 1])
    for index in (leg + 1)..<(points.count - 1) { sum += points[index].horizontalDistance(to: points[index + 1]) }
    return sum
  }

  /// Where along leg `index` the position lies: 0 its start, 1 its end.
  private func projection(_ position: Position, on index: Int) -> Double {
    let from = path.points[index]
    let to = path.points[index + 1]
    let x = to.x - from.x
    let y = to.y - from.y
    let square = x * x + y * y
    guard square > 1e-12 else { return 1 }
    return ((position.x - from.x) * x + (position.y - from.y) * y) / square
  }

  private func distance(_ position: Position, toLeg index: Int) -> Double {
    let share = min(max(projection(position, on: index), 0), 1)
    let from = path.points[index]
    let to = path.points[index + 1]
    return position.horizontalDistance(
      to: Position(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share))
  }

  private func distanceToPath(_ position: Position) -> Double {
    guard leg + 1 < path.points.count else { return 0 }
    return distance(position, toLeg: leg)
  }

  private func linkAhead(from position: Position) -> FloorLink.Kind? {
    for link in path.links where link.leg == leg || link.leg == leg + 1 {
      guard link.leg < path.points.count,
        link.leg == leg
          || position.horizontalDistance(to: path.points[link.leg]) <= style.lookAhead
      else { continue }
      return link.kind
    }
    return nil
  }

  // MARK: - Steering

  /// A point on the leg, a little ahead of where we are; never beyond the next corner, so that no corner is cut.
  private func aimPoint(from position: Position) -> Position {
    let points = path.points
    guard leg + 1 < points.count else { return points[points.count - 1] }
    let from = points[leg]
    let to = points[leg + 1]
    let length = from.horizontalDistance(to: to)
    guard length > 0 else { return to }
    let share = projection(position, on: leg) + style.lookAhead / length
    guard share < 1 else { return to }
    let ahead = max(share, 0)
    return Position(from.x + (to.x - from.x) * ahead, from.y + (to.y - from.y) * ahead, to.z)
  }

  /// How long forward may be held this tick.
  private func walkMilliseconds(from position: Position, error: Double) -> Int {
    let points = path.points
    let next = points[min(leg + 1, points.count - 1)]
    let distance = position.horizontalDistance(to: next)
    // Close by, a given error misses by less; further off it must be small. On the spot above the limit.
    guard abs(error) <= style.turnInPlaceAbove else { return 0 }
    // The curve walked while turning must not swing past the point: chord of the turning circle.
    let circle = style.speed / (style.turnRate * .pi / 256)
    let sine = abs(error) * (.pi / 256)
    if abs(error) > style.deadZone * 3, distance < 2 * circle * sine { return 0 }
    let stop: Double
    if leg + 2 < points.count {
      let turn = abs(position.heading(to: next).turn(to: next.heading(to: points[leg + 2])))
      guard turn > style.turnInPlaceAbove / 2 else { return Tick.milliseconds }
      stop = distance
    } else {
      stop = max(distance - style.arrivalRadius / 2, 0)
    }
    let milliseconds = stop / style.speed * 1000
    guard milliseconds < Double(Tick.milliseconds) else { return Tick.milliseconds }
    return max(Int(milliseconds), 10)
  }
}
