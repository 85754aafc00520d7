import Core
import Synchronization

/// The questions that the layers above ask about the ground of one zone.
///
/// Costs are seconds of travel at running speed; danger counts as seconds. Searches keep their memory between calls,
/// one search at a time; agents that search at the same moment on several threads have a navigator each.
public final class Navigator: Sendable {
  /// What a single search may visit unless told otherwise.
  public static let nodeBudget = 20_000
  /// How far start and goal may snap to walkable ground. Unit: world units.
  public static let snap = 8.0

  public let floors: Floors
  /// Running speed on open ground. Unit: world units per second.
  public let speed: Double
  public let rates: SurfaceRates
  let engine: Mutex<SearchEngine>

  public init(floors: Floors, speed: Double = 30, rates: SurfaceRates = SurfaceRates()) {
    let speed = speed.isFinite && speed > 0 ? speed : 30
    self.floors = floors
    self.speed = speed
    self.rates = rates
    engine = Mutex(SearchEngine(floors, speed: speed, rates: rates))
  }

  /// A navigator on a mapped terrain file, for the bodies of `profile`.
  public convenience init(
    terrain: Terrain, profile: Int = 0, speed: Double = 30, rates: SurfaceRates = SurfaceRates()
  ) throws(TerrainError) {
    self.init(floors: try Floors(terrain, profile: profile, speed: speed), speed: speed, rates: rates)
  }

  /// The cheapest way from here to there: optimal for the stated costs unless the budget ends it, then smoothed
  /// without raising its cost.
  ///
  /// Start and goal snap to the nearest walkable place within a few units of the same height.
  public func path(
    from start: Position, to goal: Position, danger: DangerField = .none, nodeBudget: Int = Navigator.nodeBudget
  ) -> PathResult {
    var path = Path()
    switch find(from: start, to: goal, danger: danger, nodeBudget: nodeBudget, into: &path) {
    case .complete: return .complete(path)
    case .partial(let reason): return .partial(path, closest: path.points.last ?? start, reason: reason)
    case .none(let failure): return .none(failure)
    }
  }

  /// What `find` found; the path itself is in the caller's hands.
  public enum Outcome: Hashable, Sendable {
    case complete
    case partial(PathFailure)
    case none(PathFailure)
  }

  /// As `path`, into memory that the caller keeps: once it has grown, a query allocates nothing.
  public func find(
    from start: Position, to goal: Position, danger: DangerField = .none, nodeBudget: Int = Navigator.nodeBudget,
    into path: inout Path
  ) -> Outcome {
    path.clear()
    let from: Place
    let to: Place
    do {
      from = try floors.place(at: start, within: Self.snap, blocked: .startBlocked)
      to = try floors.place(at: goal, within: Self.snap, blocked: .goalBlocked)
    } catch {
      return .none(error)
    }
    return engine.withLock { engine in
      engine.find(
        Query(start: start, goal: goal, from: from, to: to, danger: danger, nodeBudget: nodeBudget), floors,
        into: &path
      )
    }
  }

  /// The cheapest way to a place outside all danger, at least `margin` units beyond it.
  public func escape(
    from start: Position, danger: DangerField, margin: Double = 10, nodeBudget: Int = Navigator.nodeBudget
  ) -> PathResult {
    let from: Place
    do {
      from = try floors.place(at: start, within: Self.snap, blocked: .startBlocked)
    } catch {
      return .none(error)
    }
    var path = Path()
    var wider = danger
    for index in wider.zones.indices { wider.zones[index].falloff += margin }
    let outcome = engine.withLock { engine in
      engine.escape(start, from, wider, nodeBudget: nodeBudget, floors, into: &path)
    }
    switch outcome {
    case .complete: return .complete(path)
    case .partial(let reason): return .partial(path, closest: path.points.last ?? start, reason: reason)
    case .none(let failure): return .none(failure)
    }
  }

  /// Seconds to each of the goals, nil for those not reached within the budget. One search for all of them.
  public func distances(
    from start: Position, to goals: [Position], danger: DangerField = .none, nodeBudget: Int = Navigator.nodeBudget
  ) -> [Double?] {
    guard let from = try? floors.place(at: start, within: Self.snap, blocked: .startBlocked) else {
      return goals.map { _ in nil }
    }
    let places = goals.map { try? floors.place(at: $0, within: Self.snap, blocked: .goalBlocked) }
    return engine.withLock { engine in
      engine.beginDistances(from, places, danger, floors)
      _ = engine.advance(nodeBudget: nodeBudget)
      defer { engine.endDistances() }
      return places.map { place in place.flatMap { engine.seconds(to: $0) } }
    }
  }

  /// Memory that searches hold now. Unit: bytes.
  public var searchByteCount: Int { engine.withLock { $0.byteCount } }
}

extension Path {
  mutating func clear() {
    points.removeAll(keepingCapacity: true)
    links.removeAll(keepingCapacity: true)
    seconds = 0
  }
}
