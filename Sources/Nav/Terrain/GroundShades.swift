import Core

/// The ground of a zone in little, for pictures: the uppermost floor of each of at most 200 × 200 cells.
public struct GroundShades: Sendable {
  /// Of the corner with the least x and y. Unit: world units.
  public let origin: (x: Double, y: Double)
  /// The side of a cell. Unit: world units.
  public let cell: Double
  public let columns: Int
  public let rows: Int
  /// 0 where nobody can stand, else 1...9 from the lowest ground to the highest; water is 10, lava 11.
  /// Shape: `[row * columns + column]`, rows from the least y on.
  public let shades: [UInt8]

  /// Cells of the longer side.
  private static let side = 200

  public init(_ terrain: Terrain) {
    let (low, high) = terrain.bounds
    origin = (low.x, low.y)
    cell = max(high.x - low.x, high.y - low.y, 1) / Double(Self.side)
    columns = max(1, Int(((high.x - low.x) / cell).rounded(.up)))
    rows = max(1, Int(((high.y - low.y) / cell).rounded(.up)))
    var floors = [TerrainFloor?](repeating: nil, count: columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let (x, y) = (low.x + (Double(column) + 0.5) * cell, low.y + (Double(row) + 0.5) * cell)
        floors[row * columns + column] = terrain.floors(x, y).last
      }
    }
    let heights = floors.compactMap { floor in floor.flatMap { $0.surface == .walkable ? $0.z : nil } }
    let (lowest, highest) = (heights.min() ?? 0, heights.max() ?? 0)
    shades = floors.map { floor in
      switch floor?.surface {
      case nil, .void, .cliff, .obstacle: return 0
      case .water, .underwater, .slime: return 10
      case .lava: return 11
      case .walkable, .zoneLine, .slippery, .dynamic:
        let part = highest > lowest ? ((floor?.z ?? lowest) - lowest) / (highest - lowest) : 0.5
        return UInt8(1 + Int((min(1, max(0, part)) * 8).rounded()))
      }
    }
  }
}
