import Core

/// The ground of a zone, coarsely: what is drawn under the map of the page.
public struct LiveMap: Sendable {
  /// Of the corner with the least x and y, and the side of a cell. Unit: world units.
  public let origin: (x: Double, y: Double)
  public let cell: Double
  public let columns: Int
  public let rows: Int
  /// The answer to a viewer, made once.
  let json: [UInt8]

  /// - Parameter shades: 0 where nobody can stand, else 1...9 from the lowest ground to the highest; water is 10, lava 11.
  ///   Shape: `[row * columns + column]`, rows from the least y on.
  public init(origin: (x: Double, y: Double), cell: Double, columns: Int, rows: Int, shades: [UInt8]) {
    precondition(shades.count == columns * rows, "\(shades.count) shades for \(columns) × \(rows) cells")
    self.origin = origin
    self.cell = cell
    self.columns = columns
    self.rows = rows
    var json = JSONText()
    json.object { json in
      json.member("x", origin.x)
      json.member("y", origin.y)
      json.member("cell", cell)
      json.member("columns", columns)
      json.member("rows", rows)
      // One letter a cell: "a" is 0.
      json.member("shades", String(decoding: shades.map { UInt8(ascii: "a") + min(25, $0) }, as: UTF8.self))
    }
    json.endLine()
    self.json = json.bytes
  }
}
