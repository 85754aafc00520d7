import Core

/// Places where walking failed, remembered for a while and offered to searches as danger.
public struct BadPlaces: Hashable, Sendable {
  public struct Place: Hashable, Sendable {
    public var position: Position
    public var count: Int
    public var last: Tick
  }

  public private(set) var places: [Place] = []
  /// How long a place is remembered after its last failure; longer the more often it failed. Unit: ticks.
  public var memory = 3000
  /// At most so many places; the oldest is forgotten first.
  public static let countMax = 32

  private static let merge = 6.0

  public init() {}

  /// Walking failed at `position`.
  public mutating func note(_ position: Position, tick: Tick) {
    guard position.isFinite else { return }
    forget(tick: tick)
    if let index = places.firstIndex(where: { $0.position.distance(to: position) < Self.merge }) {
      places[index].count += 1
      places[index].last = tick
      return
    }
    if places.count == Self.countMax, let oldest = places.indices.min(by: { places[$0].last < places[$1].last }) {
      places.remove(at: oldest)
    }
    places.append(Place(position: position, count: 1, last: tick))
  }

  /// Drops what is long past.
  public mutating func forget(tick: Tick) {
    places.removeAll { tick - $0.last > memory * min($0.count, 4) }
  }

  /// The places as soft danger: the more often one failed, the dearer.
  public func zones(tick: Tick) -> [DangerZone] {
    places.filter { tick - $0.last <= memory * min($0.count, 4) }.map {
      DangerZone(center: $0.position, radius: 3, falloff: 3, rate: 0.3 * Double(min($0.count, 5)), halfHeight: 15)
    }
  }
}
