import Core
import Synchronization

/// The questions that the layers above ask about the ground of one zone.
///
/// Costs are seconds of travel at running speed; danger counts as seconds. Searches keep their memory between calls,
/// one search at a time; agents that search at the same moment on several threads have a navigator each.
public final class Navigator: Sendable {
  /// What a single call may visit unless told otherwise: work for half a millisecond at most.
  public static let nodeBudget = 160
  /// What a question may visit that is answered once and not tick by tick. Several ticks' worth of work.
  public static let wholeBudget = 20_000
  /// How far start and goal may snap to walkable ground. Unit: world units.
  public static let snap = 8.0

  public let floors: Floors
  /// Running speed on open ground. Unit: world units per second.
  public let speed: Double
  public let rates: SurfaceRates
  let far: FarMap?
  /// For searches on a zone of one sheet where all ground is alike.
  let jumps: JumpPlanes?
  let engine: Mutex<SearchEngine>
  /// For measurements: told that a question begins (true), and that it was answered.
  public typealias Meter = @Sendable (Bool) -> Void
  let meter: Meter?

  /// What a navigator is asked.
  public enum Question: UInt8, CaseIterable, Sendable {
    case path, escape, distances, sight, straightWalk, place
  }

  /// For measurements: told each question, and what searching for its answer took. Unit: nodes, as budgets count them.
  public typealias Ledger = @Sendable (_ question: Question, _ work: Int) -> Void
  let ledger: Ledger?

  /// A navigator; with `far`, the zone's far map for the same speed and rates, it plans long routes.
  public init(
    floors: Floors, speed: Double = 30, rates: SurfaceRates = SurfaceRates(), far: FarMap? = nil, meter: Meter? = nil,
    ledger: Ledger? = nil
  ) {
    let speed = speed.isFinite && speed > 0 ? speed : 30
    self.floors = floors
    self.speed = speed
    self.rates = rates
    self.far = far
    self.meter = meter
    self.ledger = ledger
    jumps = floors.sheets.first.flatMap { SearchEngine.isUniform($0, floors, rates) ? JumpPlanes($0.walk) : nil }
    engine = Mutex(SearchEngine(floors, speed: speed, rates: rates, far: far, jumps: jumps))
  }

  /// A navigator on a mapped terrain file, for the bodies of `profile`; navigators of one zone may share its far
  /// map.
  public convenience init(
    terrain: Terrain, profile: Int = 0, speed: Double = 30, rates: SurfaceRates = SurfaceRates(), far: FarMap? = nil,
    meter: Meter? = nil, ledger: Ledger? = nil
  ) throws(TerrainError) {
    let floors = try Floors(terrain, profile: profile, speed: speed)
    self.init(
      floors: floors, speed: speed, rates: rates, far: far ?? FarMap(floors, speed: speed, rates: rates),
      meter: meter,
      ledger: ledger)
  }

  /// Makes what long routes are planned on, if the zone is large: tenths of a second, not to be spent in a tick.
  public func prepare() { engine.withLock { $0.prepareFar(floors) } }

  /// The cheapest way from here to there, smoothed without raising its cost: optimal for the stated costs, but where a
  /// far map is there and the search grows long: then at most 2 % dearer.
  ///
  /// What the budget ends (`.budget`) goes on where it ended when the same question is asked again, tick by tick,
  /// while no other is asked; another danger is another question. With a budget of `.max` it is always optimal.
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
    meter?(true)
    defer { meter?(false) }
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
      let before = engine.work
      defer { ledger?(.path, engine.work - before) }
      return engine.find(
        Query(start: start, goal: goal, from: from, to: to, danger: danger, mayPlan: nodeBudget < .max),
        nodeBudget: nodeBudget, floors, into: &path)
    }
  }

  /// The cheapest way to a place outside all danger, at least `margin` units beyond it.
  public func escape(
    from start: Position, danger: DangerField, margin: Double = 10, nodeBudget: Int = Navigator.wholeBudget
  ) -> PathResult {
    var path = Path()
    switch escape(from: start, danger: danger, margin: margin, nodeBudget: nodeBudget, into: &path) {
    case .complete: return .complete(path)
    case .partial(let reason): return .partial(path, closest: path.points.last ?? start, reason: reason)
    case .none(let failure): return .none(failure)
    }
  }

  /// As `escape`, into memory that the caller keeps.
  public func escape(
    from start: Position, danger: DangerField, margin: Double = 10, nodeBudget: Int = Navigator.wholeBudget,
    into path: inout Path
  ) -> Outcome {
    meter?(true)
    defer { meter?(false) }
    path.clear()
    let from: Place
    do {
      from = try floors.place(at: start, within: Self.snap, blocked: .startBlocked)
    } catch {
      return .none(error)
    }
    return engine.withLock { engine in
      let before = engine.work
      defer { ledger?(.escape, engine.work - before) }
      return engine.escape(start, from, danger, margin: margin, nodeBudget: nodeBudget, floors, into: &path)
    }
  }

  /// Seconds to each of the goals, nil for those not reached within the budget. One search for all of them.
  public func distances(
    from start: Position, to goals: [Position], danger: DangerField = .none, nodeBudget: Int = Navigator.wholeBudget
  ) -> [Double?] {
    meter?(true)
    defer { meter?(false) }
    guard let from = try? floors.place(at: start, within: Self.snap, blocked: .startBlocked) else {
      return goals.map { _ in nil }
    }
    let places = goals.map { try? floors.place(at: $0, within: Self.snap, blocked: .goalBlocked) }
    return engine.withLock { engine in
      engine.beginDistances(from, places, danger, floors)
      _ = engine.advanceDistances(nodeBudget: nodeBudget)
      ledger?(.distances, engine.distancesExpanded)
      defer { engine.endDistances() }
      return places.map { place in place.flatMap { engine.seconds(to: $0) } }
    }
  }

  /// Memory that searches hold now. Unit: bytes.
  public var searchByteCount: Int { engine.withLock { $0.byteCount } + (jumps?.byteCount ?? 0) }
}

extension Path {
  /// Empties it; its memory stays.
  public mutating func clear() {
    points.removeAll(keepingCapacity: true)
    links.removeAll(keepingCapacity: true)
    seconds = 0
  }
}
