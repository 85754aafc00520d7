/// Exact searches confined to one window of a sheet: `side + 1` cells square, its last row and column shared with the
/// windows beside it.
///
/// A window is cut out of the sheet's planes by copying words: windows begin at multiples of 64 cells, so that bits
/// stay where they are. It has a weighted search of its own, on planes of its own.
struct FarWindow: ~Copyable {
  /// Cells from one window's corner to the next.
  static let side = 64
  private static let cells = side + 1

  private(set) var search: WeightedSearch
  private let ground: SheetGround
  private let walk: UnsafeMutablePointer<UInt64>
  private let classes: UnsafeMutablePointer<UInt64>
  private let planeCount: Int
  private let memory: Memory
  /// The cell of the sheet that is cell (0, 0) of the window.
  private(set) var corner = Cell(0, 0)
  private var links: [Int] = []

  /// Words of one plane, which are as many in both orientations.
  private static let planeWords = WalkPlane.wordCount(width: cells, height: cells)

  init(planeCount: Int, rates: SurfaceRates) {
    let memory = Memory(count: Self.planeWords * (2 + max(planeCount, 1)))
    self.memory = memory
    self.planeCount = planeCount
    walk = memory.words
    classes = memory.words + 2 * Self.planeWords
    let sheet = Sheet(
      walk: WalkPlane(
        width: Self.cells, height: Self.cells, rows: UnsafePointer(walk),
        columns: UnsafePointer(walk + Self.planeWords), owner: memory),
      classes: planeCount == 0
        ? nil
        : ClassPlane(
          width: Self.cells, height: Self.cells, planeCount: planeCount, words: UnsafePointer(classes), owner: memory)
    )
    search = WeightedSearch([sheet], links: [], rates: rates, unitsPerSecond: 1)
    ground = search.ground(0)
  }

  var byteCount: Int { search.byteCount + memory.count * 8 + 2 * Self.planeWords * 8 }

  /// Cuts window (`column`, `row`) out of `from`.
  mutating func load(_ from: SheetGround, column: Int, row: Int) {
    let sheet = from.sheet
    corner = Cell(column * Self.side, row * Self.side)
    let plane = sheet.walk
    copy(plane.rows, plane.rowStride, plane.height, word: column, line: corner.y, walk)
    copy(plane.columns, plane.columnStride, plane.width, word: row, line: corner.x, walk + Self.planeWords)
    copy(from.stops.rows, plane.rowStride, plane.height, word: column, line: corner.y, ground.stops.rows - 1)
    copy(from.stops.columns, plane.columnStride, plane.width, word: row, line: corner.x, ground.stops.columns - 1)
    for bit in 0..<planeCount {
      let target = classes + bit * Self.planeWords
      if let values = sheet.classes, bit < values.planeCount {
        copy(
          values.words + bit * values.planeWords, plane.rowStride, plane.height, word: column, line: corner.y, target)
      } else {
        target.update(repeating: 0, count: Self.planeWords)
      }
    }
  }

  /// Copies the window's bits of every line: those of word `word` but its first, and the first two of the next word.
  private func copy(
    _ plane: UnsafePointer<UInt64>, _ stride: Int, _ lines: Int, word: Int, line: Int,
    _ target: UnsafeMutablePointer<UInt64>
  ) {
    // A guard word, an empty line, the lines, an empty line, a guard word; two words to the line.
    for offset in 0..<Self.cells {
      let at = target + 3 + 2 * offset
      guard line + offset < lines else {
        at[0] = 0
        at[1] = 0
        continue
      }
      let from = plane + (line + offset + 1) * stride + word
      at[0] = from[0] & ~1
      at[1] = word + 1 < stride ? from[1] & 3 : 0
    }
  }

  private func copy(
    _ plane: UnsafeMutablePointer<UInt64>, _ stride: Int, _ lines: Int, word: Int, line: Int,
    _ target: UnsafeMutablePointer<UInt64>
  ) {
    copy(UnsafePointer(plane), stride, lines, word: word, line: line, target)
  }

  /// Least costs from a cell to others, all in cells of the sheet and inside the window; `.max` where the window holds
  /// no way. Unit: cost units.
  mutating func costs(from start: Cell, to goals: ArraySlice<Cell>, into costs: inout [UInt32]) {
    for goal in goals { search.want(place(goal)) }
    search.start(from: place(start), to: .places)
    _ = search.advance(nodeBudget: .max)
    for goal in goals { costs.append(search.finalCost(of: place(goal)) ?? .max) }
    search.end()
  }

  /// The turning cells of the cheapest way inside the window, appended to `places` without the first, and its cost;
  /// nil where there is none.
  mutating func path(
    from start: Cell, to goal: Cell, sheet: Int, scratch: inout [Place], into places: inout [Place]
  ) -> UInt32? {
    search.start(from: place(start), to: .place(place(goal)))
    defer { search.end() }
    guard search.advance(nodeBudget: .max) == .found else { return nil }
    search.places(to: search.goalNode, into: &scratch, links: &links)
    for local in scratch.dropFirst() {
      places.append(Place(sheet: sheet, cell: Cell(local.cell.x + corner.x, local.cell.y + corner.y)))
    }
    return search.cost(node: search.goalNode)
  }

  private func place(_ cell: Cell) -> Place { Place(sheet: 0, cell: Cell(cell.x - corner.x, cell.y - corner.y)) }

  private final class Memory {
    let words: UnsafeMutablePointer<UInt64>
    let count: Int

    init(count: Int) {
      self.count = count
      words = .allocate(capacity: count)
      words.initialize(repeating: 0, count: count)
    }

    deinit { words.deallocate() }
  }
}
