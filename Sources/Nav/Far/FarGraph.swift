/// A zone's ground in little: places on the lines between windows of 64 cells, and what it costs to go from one to
/// another inside a window, exactly. Long routes are planned on it (after Botea, Müller & Schaeffer, "Near optimal
/// hierarchical path-finding", 2004) and refined window by window.
///
/// Windows share the cells of the lines between them, so every way from one window into the next stands on a line
/// cell; each stretch of line of one surface has nodes at its ends and every 16 cells between. So nothing that can be
/// reached is lost, and a planned route costs little more than the best one.
/// Unit of costs: `quantum` cost units.
struct FarGraph: Sendable {
  struct Node: Sendable {
    var sheet: UInt16
    var x: UInt16
    var y: UInt16
  }

  /// One window: its nodes, and the first of its `count × count` costs.
  struct Window: Sendable {
    var firstMember: Int
    var count: Int
    var firstCost: Int
  }

  /// A window in which a node lies, and where it stands there.
  struct Membership: Sendable {
    var window: Int32
    var row: Int32
  }

  struct Link: Sendable {
    var from: Int
    var to: Int
    var cost: UInt32
  }

  var nodes: [Node] = []
  /// Windows of sheet n begin at `firstWindow[n]`, row by row, `windowsX[n]` to the row.
  var firstWindow: [Int] = []
  var windowsX: [Int] = []
  var windowsY: [Int] = []
  var windows: [Window] = []
  /// Node indices, window by window.
  var members: [UInt32] = []
  /// Costs between the members of a window; `none` where there is no way inside it, or a member lies on the way.
  var costs: [UInt16] = []
  /// Memberships of node n: `firstMembership[n]..<firstMembership[n + 1]`.
  var firstMembership: [Int32] = []
  var memberships: [Membership] = []
  /// Passages, by the node at which they begin.
  var links: [Link] = []
  /// Least costs from eight far places to each node: what bounds the rest of a way from below.
  var landmarks: [SIMD8<UInt32>] = []
  /// Cost units of one unit of the costs here.
  var quantum: UInt32 = 1

  static let none = UInt16.max
  static let unreachable: UInt32 = 1 << 30

  var byteCount: Int {
    nodes.count * 6 + windows.count * 24 + members.count * 4 + costs.count * 2 + firstMembership.count * 4
      + memberships.count * 8 + landmarks.count * 32
  }

  /// The windows that hold a cell of a sheet: up to four.
  func forEachWindow(_ sheet: Int, _ cell: Cell, _ body: (_ window: Int, _ column: Int, _ row: Int) -> Void) {
    let side = FarWindow.side
    let column = cell.x / side
    let row = cell.y / side
    let left = cell.x % side == 0 && column > 0 ? column - 1 : column
    let bottom = cell.y % side == 0 && row > 0 ? row - 1 : row
    for y in bottom...max(row, bottom) where y < windowsY[sheet] {
      for x in left...max(column, left) where x < windowsX[sheet] {
        body(firstWindow[sheet] + y * windowsX[sheet] + x, x, y)
      }
    }
  }

  /// Sheet, column and row of a window.
  func place(ofWindow window: Int) -> (sheet: Int, column: Int, row: Int) {
    var sheet = firstWindow.count - 1
    while firstWindow[sheet] > window { sheet -= 1 }
    let rest = window - firstWindow[sheet]
    return (sheet, rest % windowsX[sheet], rest / windowsX[sheet])
  }
}
