import Core

/// Where a zone's cells lie in the world. Heights and walkability of a cell hold at its centre.
public struct GridFrame: Hashable, Sendable {
  /// Side of a cell. Unit: world units. Range: above 0.
  public let cellSize: Double
  /// World coordinates of the south-western corner of cell (0, 0). Columns grow east, rows grow north.
  public let originX: Double
  public let originY: Double
  /// Cells.
  public let width: Int
  public let height: Int

  public init(cellSize: Double, originX: Double, originY: Double, width: Int, height: Int) {
    precondition(cellSize > 0 && cellSize.isFinite && originX.isFinite && originY.isFinite, "\(cellSize)")
    self.cellSize = cellSize
    self.originX = originX
    self.originY = originY
    self.width = width
    self.height = height
  }

  /// The cell that holds the point; nil outside and for what is no finite number.
  @inlinable public func cell(x: Double, y: Double) -> Cell? {
    let column = ((x - originX) / cellSize).rounded(.down)
    let row = ((y - originY) / cellSize).rounded(.down)
    guard column >= 0, row >= 0, column < Double(width), row < Double(height) else { return nil }
    return Cell(Int(column), Int(row))
  }

  /// World coordinates of the cell's centre.
  @inlinable public func center(_ cell: Cell) -> (x: Double, y: Double) {
    (originX + (Double(cell.x) + 0.5) * cellSize, originY + (Double(cell.y) + 0.5) * cellSize)
  }
}

/// A column of the zone's grid, or of a sheet's.
public struct Cell: Hashable, Sendable {
  /// East.
  public var x: Int
  /// North.
  public var y: Int

  @inlinable public init(_ x: Int, _ y: Int) {
    self.x = x
    self.y = y
  }
}
