import Nav

/// The floors of a chunk's columns, lowest first in each column.
struct ChunkFloors {
  /// Nothing stands in the way for profiles whose bit is set, at the centre of the cell.
  typealias Mask = UInt32

  var area: TerrainRectangle
  /// Floors of column c (row-major in the area) are `first[c]..<first[c + 1]`.
  var first: [Int32]
  /// World units.
  var z: [Float] = []
  /// Codes of `TerrainSurface`.
  var surface: [UInt8] = []
  var walk: [Mask] = []
  /// Under the upper side of something: inside a solid body, unless that body has no underside.
  var isBuried: [Bool] = []

  init(area: TerrainRectangle) {
    self.area = area
    first = Array(repeating: 0, count: area.width * area.height + 1)
  }
}

/// Makes the floors of one chunk at a time; asked from several threads.
protocol FloorSource: Sendable {
  var grid: ZoneGrid { get }
  func floors(chunk: Int) -> ChunkFloors
}
