import Core
import Nav

/// Memory of the ways that were found last, and of the dangers that they keep clear of.
///
/// It is filled again in turn: a way that somebody still walks when its turn comes round is left to him, and another
/// memory takes its place. So looking for ways allocates nothing once all have had their turn, whoever holds what.
struct KeptWays: Sendable {
  private var paths: [Path]
  private var pathTurn = 0
  private var fields: [DangerField]
  private var fieldTurn = 0

  /// More than are walked, or kept by routines that have ended, at a time.
  static let pathsMax = 16
  static let fieldsMax = 6
  /// Turning points that there is room for from the start; part of a way is not smoothed and has many.
  static let pointsUsual = 256

  init() {
    paths = (0..<Self.pathsMax).map { _ in
      var path = Path()
      path.points.reserveCapacity(Self.pointsUsual)
      return path
    }
    fields = (0..<Self.fieldsMax).map { _ in
      var field = DangerField()
      field.zones.reserveCapacity(DangerAhead.capacity)
      return field
    }
  }

  /// As `Navigator.path`.
  mutating func path(
    _ navigator: Navigator, from start: Position, to goal: Position, danger: DangerField = .none,
    nodeBudget: Int = Navigator.nodeBudget
  ) -> PathResult {
    let outcome = navigator.find(
      from: start, to: goal, danger: danger, nodeBudget: nodeBudget, into: &paths[pathTurn])
    return result(outcome, from: start)
  }

  /// As `Navigator.escape`.
  mutating func escape(
    _ navigator: Navigator, from start: Position, danger: DangerField, margin: Double, nodeBudget: Int
  ) -> PathResult {
    let outcome = navigator.escape(
      from: start, danger: danger, margin: margin, nodeBudget: nodeBudget, into: &paths[pathTurn])
    return result(outcome, from: start)
  }

  /// One straight leg.
  mutating func straight(_ from: Position, _ to: Position) -> Path {
    paths[pathTurn].clear()
    paths[pathTurn].points.append(from)
    paths[pathTurn].points.append(to)
    return taken()
  }

  private mutating func result(_ outcome: Navigator.Outcome, from start: Position) -> PathResult {
    switch outcome {
    case .complete: return .complete(taken())
    // Mostly looked for further in the next tick.
    case .partial(.budget):
      let path = paths[pathTurn]
      return .partial(path, closest: path.end ?? start, reason: .budget)
    case .partial(let reason):
      let path = taken()
      return .partial(path, closest: path.end ?? start, reason: reason)
    case .none(let failure): return .none(failure)
    }
  }

  private mutating func taken() -> Path {
    defer { pathTurn = (pathTurn + 1) % paths.count }
    return paths[pathTurn]
  }

  /// A field of danger, empty at first, as `fill` leaves it.
  mutating func danger(_ fill: (inout DangerField) -> Void) -> DangerField {
    fieldTurn = (fieldTurn + 1) % fields.count
    fields[fieldTurn].zones.removeAll(keepingCapacity: true)
    fill(&fields[fieldTurn])
    return fields[fieldTurn]
  }
}

/// Whom a way keeps clear of.
public enum ClearOf: Hashable, Sendable {
  case nobody
  /// Of all beside it who may attack us, but for the one that is walked to.
  case all(except: EntityID?)

  /// The danger on the way to `goal`; empty where the way is clear.
  func danger(towards goal: Position, _ context: RoutineContext, _ ways: inout KeptWays) -> DangerField {
    switch self {
    case .nobody: .none
    case .all(let prey): ways.danger { context.danger(towards: goal, except: prey, into: &$0) }
    }
  }
}
