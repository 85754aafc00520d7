import Core

/// A search for a path that is cut into slices: it advances by a node budget, tick by tick, and can be given up.
///
///     var search = PathSearch(navigator)
///     try search.begin(from: me, to: camp, danger: field)
///     while !search.advance(nodeBudget: 2_000) { … next tick … }
///     let result = search.conclude()
///
/// It has memory of its own and sees one frozen state of floors and danger, however many ticks it spans. Dropping it,
/// or beginning again, cancels what it was about.
public struct PathSearch: ~Copyable {
  private let floors: Floors
  private var engine: SearchEngine
  private var isBegun = false

  public init(_ navigator: Navigator) {
    floors = navigator.floors
    engine = SearchEngine(
      navigator.floors, speed: navigator.speed, rates: navigator.rates, far: navigator.far, jumps: navigator.jumps)
  }

  /// Begins a search; one that was under way is cancelled. `isExact`: the optimal way, however long it takes.
  public mutating func begin(
    from start: Position, to goal: Position, danger: DangerField = .none, isExact: Bool = false
  ) throws(PathFailure) {
    cancel()
    let from = try floors.place(at: start, within: Navigator.snap, blocked: .startBlocked)
    let to = try floors.place(at: goal, within: Navigator.snap, blocked: .goalBlocked)
    engine.begin(
      Query(start: start, goal: goal, from: from, to: to, danger: danger, mayPlan: !isExact), floors)
    isBegun = true
  }

  /// Goes on for at most `nodeBudget` nodes; true when the search has come to its end.
  public mutating func advance(nodeBudget: Int) -> Bool {
    !isBegun || engine.advance(nodeBudget: nodeBudget, floors)
  }

  /// Nodes visited since `begin`.
  public var expandedCount: Int { engine.expandedCount }

  /// Ends the search with what it has found so far: the path, or the part of it that is known.
  public mutating func conclude() -> PathResult {
    guard isBegun else { return .none(.noRoute) }
    isBegun = false
    var path = Path()
    defer { engine.end() }
    switch engine.report(floors, into: &path) {
    case .complete: return .complete(path)
    case .partial(let reason):
      guard let end = path.points.last else { return .none(reason) }
      return .partial(path, closest: end, reason: reason)
    case .none(let failure): return .none(failure)
    }
  }

  public mutating func cancel() {
    if isBegun { _ = conclude() }
  }
}

/// Least travel times from one place to many, cut into slices: the nearest come first, so that what is known after a
/// slice is what matters most.
public struct DistanceSearch: ~Copyable {
  /// Nodes that one tick may visit: at most 300 microseconds of work.
  public static let nodeBudget = 200

  private let floors: Floors
  private var engine: SearchEngine
  private var places: [Place?] = []
  private var isBegun = false
  /// Work of `begin` that no budget has paid for. Unit: nodes.
  private var owed = 0

  public init(_ navigator: Navigator) {
    floors = navigator.floors
    engine = SearchEngine(navigator.floors, speed: navigator.speed, rates: navigator.rates)
  }

  /// Begins a search; one that was under way is cancelled. Goals that are nowhere stay without an answer.
  public mutating func begin(
    from start: Position, to goals: [Position], danger: DangerField = .none
  ) throws(PathFailure) {
    cancel()
    let from = try floors.place(at: start, within: Navigator.snap, blocked: .startBlocked)
    places.removeAll(keepingCapacity: true)
    for goal in goals {
      places.append(try? floors.place(at: goal, within: Navigator.snap, blocked: .goalBlocked))
    }
    engine.beginDistances(from, places, danger, floors)
    // Finding the ground of two goals takes as long as visiting a node; the first slice pays for it.
    owed = goals.count / 2
    isBegun = true
  }

  /// Goes on for at most `nodeBudget` nodes; true when all goals that can be reached are.
  public mutating func advance(nodeBudget: Int) -> Bool {
    guard isBegun else { return true }
    defer { owed = max(owed - nodeBudget, 0) }
    return engine.advanceDistances(nodeBudget: max(nodeBudget - owed, 1))
  }

  /// Nodes visited since `begin`.
  public var expandedCount: Int { engine.distancesExpanded }

  /// Seconds to goal `index`; nil while it is not certain, and for a goal that cannot be reached.
  public func seconds(to index: Int) -> Double? {
    guard isBegun, places.indices.contains(index), let place = places[index] else { return nil }
    return engine.seconds(to: place)
  }

  public mutating func cancel() {
    guard isBegun else { return }
    isBegun = false
    engine.endDistances()
  }
}
