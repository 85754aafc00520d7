import Core

/// One connected floor of a zone: its cells, and where they lie in the zone's grid.
public struct Sheet: Sendable {
  /// The zone's cell that is cell (0, 0) of the sheet.
  public var corner: Cell
  public var walk: WalkPlane
  /// Surface class of every cell; nil where the whole sheet is class 0.
  public var classes: ClassPlane?

  public init(corner: Cell = Cell(0, 0), walk: WalkPlane, classes: ClassPlane? = nil) {
    self.corner = corner
    self.walk = walk
    self.classes = classes
  }
}

/// A directed passage that no step between neighbouring cells makes: between sheets, down a drop, through a teleport.
public struct FloorLink: Hashable, Sendable {
  public enum Kind: UInt8, CaseIterable, Sendable, Codable {
    /// Where two sheets meet: walked like any step.
    case seam
    /// Down only.
    case drop
    case door, lift, ladder, teleport, jump
  }

  public var kind: Kind
  public var fromSheet: Int
  /// Cell of the from-sheet (sheet coordinates).
  public var from: Cell
  public var toSheet: Int
  public var to: Cell
  /// Unit: seconds. Range: `0...`.
  public var seconds: Double

  public init(kind: Kind, fromSheet: Int, from: Cell, toSheet: Int, to: Cell, seconds: Double) {
    self.kind = kind
    self.fromSheet = fromSheet
    self.from = from
    self.toSheet = toSheet
    self.to = to
    self.seconds = seconds
  }
}

/// What the searches see of a zone: its sheets, the links between them, and heights on demand.
public struct Floors: Sendable {
  public var frame: GridFrame
  public var sheets: [Sheet]
  public var links: [FloorLink]
  /// Height of the floor at a cell of sheet `sheet` (sheet coordinates); nil where the sheet has none.
  public var height: @Sendable (_ sheet: Int, _ cell: Cell) -> Double?
  /// The sheet whose floor at a cell of the zone (zone coordinates) lies nearest to height `z`, walkable or not;
  /// nil where there is no floor.
  public var sheet: @Sendable (_ cell: Cell, _ z: Double) -> Int?
  /// Where the heights come from, so that a look along a line need not ask for each anew.
  var terrain: Terrain?

  public init(
    frame: GridFrame, sheets: [Sheet], links: [FloorLink] = [],
    height: @escaping @Sendable (_ sheet: Int, _ cell: Cell) -> Double?,
    sheet: @escaping @Sendable (_ cell: Cell, _ z: Double) -> Int?
  ) {
    self.frame = frame
    self.sheets = sheets
    self.links = links
    self.height = height
    self.sheet = sheet
  }

  /// One flat floor at height 0, `width × height` cells of one unit, its south-western corner at `origin`.
  public static func plain(
    width: Int, height: Int, originX: Double = 0, originY: Double = 0, isWalkable: (_ x: Int, _ y: Int) -> Bool
  ) -> Floors {
    Floors(
      frame: GridFrame(cellSize: 1, originX: originX, originY: originY, width: width, height: height),
      sheets: [Sheet(walk: WalkPlane(width: width, height: height, isWalkable: isWalkable))],
      height: { _, _ in 0 }, sheet: { _, _ in 0 })
  }
}
