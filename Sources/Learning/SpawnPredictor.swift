import Core

/// Where enemies come back, and when: a point for each place at which one was defeated, with its own belief of the
/// time until the next stands there.
///
/// Bounded: the point that was touched least recently makes room.
public struct SpawnPredictor: Hashable, Sendable {
  public struct Point: Hashable, Sendable {
    public var zone: ZoneID
    public var place: Position
    public var belief = IntervalBelief()
    /// When its inhabitant fell; nil while somebody stands there. Unit: seconds on the clock of the evidence.
    public var emptySince: Double?
    /// The place is where one appeared, not merely where one was first seen.
    public var isExact = false
    /// Counts up with every change.
    public var stamp = 0
  }

  public private(set) var points: [Point] = []
  private var changes = 0

  public static let capacity = 256
  /// An appearance so near an empty point is its own. Unit: world units.
  public static let radius = 90.0
  /// A point where nobody came for so long has been left, or its inhabitant walked off before it was seen.
  public static let patience = 3600.0

  public init() { points.reserveCapacity(Self.capacity) }

  /// Whoever was first seen at `place` has fallen.
  public mutating func vacated(zone: ZoneID, place: Position, now: Double) {
    guard place.isFinite, now.isFinite else { return }
    changes += 1
    if let row = nearest(zone, place, within: Self.radius / 2, isEmpty: false) {
      points[row].emptySince = now
      points[row].stamp = changes
      return
    }
    if points.count == Self.capacity, let oldest = points.indices.min(by: { points[$0].stamp < points[$1].stamp }) {
      points.remove(at: oldest)
    }
    points.append(Point(zone: zone, place: place, emptySince: now, stamp: changes))
  }

  /// Somebody who was not there before stands at `place`.
  public mutating func appeared(zone: ZoneID, place: Position, now: Double) {
    guard place.isFinite, now.isFinite, let row = nearest(zone, place, within: Self.radius, isEmpty: true),
      let since = points[row].emptySince
    else { return }
    changes += 1
    if now - since < Self.patience { points[row].belief.observe(now - since) }
    points[row].emptySince = nil
    points[row].place = place
    points[row].isExact = true
    points[row].stamp = changes
  }

  private func nearest(_ zone: ZoneID, _ place: Position, within radius: Double, isEmpty: Bool) -> Int? {
    var best: (row: Int, distance: Double)?
    for row in points.indices where points[row].zone == zone && (points[row].emptySince != nil) == isEmpty {
      let reach = points[row].isExact ? min(radius, 20) : radius
      let distance = points[row].place.horizontalDistance(to: place)
      if distance <= reach, distance < best?.distance ?? .infinity { best = (row, distance) }
    }
    return best?.row
  }

  /// What all points of a zone have shown, for those that have shown too little of their own.
  public struct Forecast: Hashable, Sendable {
    public var place: Position
    /// Median of the time from now. Unit: seconds.
    public var seconds: Double
  }

  /// A point speaks for itself after so many intervals; before, the zone does.
  public static let ownMin = 3

  /// The empty point within `radius` of `center` that is soonest reached and filled. Nil when none is known.
  /// - Parameter speed: units per second on foot.
  public func soonest(
    zone: ZoneID, around center: Position, radius: Double, from place: Position, speed: Double, now: Double
  ) -> Forecast? {
    var best: Forecast?
    let common = pooled(zone)
    for point in points where point.zone == zone {
      guard let since = point.emptySince, now - since < Self.patience,
        point.place.horizontalDistance(to: center) <= radius
      else { continue }
      let belief = point.belief.count >= Self.ownMin ? point.belief : common
      guard belief.count >= Self.ownMin else { continue }
      let elapsed = max(0, now - since)
      let wait = belief.quantile(0.5, elapsed: elapsed) - elapsed
      let walk = place.horizontalDistance(to: point.place) / max(1, speed)
      let forecast = Forecast(place: point.place, seconds: max(wait, walk))
      if forecast.seconds < best?.seconds ?? .infinity { best = forecast }
    }
    return best
  }

  /// The belief of the zone's point that has seen most.
  private func pooled(_ zone: ZoneID) -> IntervalBelief {
    var best = IntervalBelief()
    for point in points where point.zone == zone && point.belief.count > best.count { best = point.belief }
    return best
  }

  mutating func restore(_ point: Point) {
    guard points.count < Self.capacity, point.place.isFinite else { return }
    points.append(point)
    changes = max(changes, point.stamp)
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(changes)
    for point in points {
      hash.combine(point.place.x)
      hash.combine(point.place.y)
      hash.combine(point.emptySince ?? -1)
      hash.combine(point.belief.count)
    }
  }
}
