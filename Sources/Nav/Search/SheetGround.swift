/// What a weighted search keeps of one sheet between searches. A class because searches share and change it.
final class SheetGround {
  let sheet: Sheet
  var stops: StopPlane
  var danger = DangerRaster()
  /// First key of the sheet's cells; a cell's key is `base + (y << shift) + x`.
  let base: UInt32
  let shift: Int
  /// Links that begin here, by key, sorted.
  var links: [(key: UInt32, link: FloorLink)] = []

  init(_ sheet: Sheet, base: UInt32, rates: SurfaceRates) {
    self.sheet = sheet
    self.base = base
    shift = Self.shift(sheet)
    stops = StopPlane(width: sheet.walk.width, height: sheet.walk.height)
    if let classes = sheet.classes, Set(rates.rates.prefix(1 << classes.planeCount)).count > 1 {
      stops.markBorders(sheet.walk, classes)
    }
  }

  /// Bits of a cell's x in its key.
  static func shift(_ sheet: Sheet) -> Int {
    Int.bitWidth - max(sheet.walk.width - 1, 1).leadingZeroBitCount
  }

  /// Keys that the sheet takes.
  static func keyCount(_ sheet: Sheet) -> Int { max(sheet.walk.height, 1) << shift(sheet) }
}
