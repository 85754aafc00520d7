import Core

/// A way from one zone into another.
public struct ZoneExit: Hashable, Sendable {
  public var from: ZoneID
  public var to: ZoneID
  /// Where it is entered, in `from`.
  public var at: Position
  /// Where one arrives, in `to`.
  public var arrive: Position
  /// What the passage itself takes, loading included. Unit: seconds. Range: `0...`.
  public var seconds: Double
  /// What it asks for; the number's meaning is the environment's. Nil: open to all.
  public var condition: Int?

  public init(
    from: ZoneID, to: ZoneID, at: Position, arrive: Position, seconds: Double = 5, condition: Int? = nil
  ) {
    self.from = from
    self.to = to
    self.at = at
    self.arrive = arrive
    self.seconds = seconds
    self.condition = condition
  }
}

/// Why there is no way between two zones.
public enum ZoneRouteFailure: UInt8, CaseIterable, Error, Sendable {
  case unknownZone
  case noRoute
  /// There would be a way, but its conditions are not met.
  case conditionsNotMet

  public var name: String { String(describing: self) }
}

/// A journey over zones: the exits to take, in order; none where start and goal share a zone.
public struct ZoneRoute: Hashable, Sendable {
  public var exits: [ZoneExit]
  /// Seconds of travel, to the goal.
  public var seconds: Double
}

/// The zones as a graph of exits: the quickest way, not the one with the fewest zones.
///
///     let route = try graph.route(from: zone, at: me, to: other, goal: camp)
public struct ZoneGraph: Sendable {
  public let exits: [ZoneExit]
  private let byZone: [ZoneID: [Int]]

  public init(_ exits: [ZoneExit]) {
    self.exits = exits.filter { $0.at.isFinite && $0.arrive.isFinite && $0.seconds >= 0 }
    byZone = Dictionary(grouping: self.exits.indices) { [exits = self.exits] in exits[$0].from }
  }

  /// The quickest route.
  ///
  /// - Parameters:
  ///   - meets: Whether a condition is met; all are unless said otherwise.
  ///   - seconds: Seconds between two places of a zone, nil where there is no way; the straight line at 30 units a
  ///     second unless said otherwise (`Navigator.distances` knows better where its zone is loaded).
  /// - Complexity: O(exits²).
  public func route(
    from start: ZoneID, at position: Position, to end: ZoneID, goal: Position,
    meets: (_ condition: Int) -> Bool = { _ in true },
    seconds: (_ zone: ZoneID, _ from: Position, _ to: Position) -> Double? = { $1.distance(to: $2) / 30 }
  ) throws(ZoneRouteFailure) -> ZoneRoute {
    let isKnown = { zone in zone == start || exits.contains { $0.from == zone || $0.to == zone } }
    guard isKnown(start), isKnown(end) else { throw .unknownZone }
    if let found = search(start, position, end, goal, meets, seconds) { return found }
    let anyway = search(start, position, end, goal, { _ in true }, seconds)
    throw anyway == nil ? .noRoute : .conditionsNotMet
  }

  /// Dijkstra over exits; the state is "has come through exit n".
  private func search(
    _ start: ZoneID, _ position: Position, _ end: ZoneID, _ goal: Position, _ meets: (Int) -> Bool,
    _ seconds: (ZoneID, Position, Position) -> Double?
  ) -> ZoneRoute? {
    var cost = [Double](repeating: .infinity, count: exits.count)
    var before = [Int](repeating: -1, count: exits.count)
    var isDone = [Bool](repeating: false, count: exits.count)
    var best: (cost: Double, last: Int) = (.infinity, -1)

    func extend(_ zone: ZoneID, _ place: Position, _ spent: Double, _ last: Int) {
      if zone == end, let rest = seconds(zone, place, goal), spent + rest < best.cost { best = (spent + rest, last) }
      for index in byZone[zone] ?? [] where !isDone[index] {
        let exit = exits[index]
        guard exit.condition.map(meets) ?? true, let walk = seconds(zone, place, exit.at), walk >= 0 else { continue }
        let total = spent + walk + exit.seconds
        if total < cost[index] {
          cost[index] = total
          before[index] = last
        }
      }
    }

    extend(start, position, 0, -1)
    while true {
      var next = -1
      for index in exits.indices where !isDone[index] && cost[index] < (next < 0 ? best.cost : cost[next]) {
        next = index
      }
      guard next >= 0 else { break }
      isDone[next] = true
      extend(exits[next].to, exits[next].arrive, cost[next], next)
    }
    guard best.cost < .infinity else { return nil }
    var taken: [ZoneExit] = []
    var last = best.last
    while last >= 0 {
      taken.append(exits[last])
      last = before[last]
    }
    return ZoneRoute(exits: taken.reversed(), seconds: best.cost)
  }
}
