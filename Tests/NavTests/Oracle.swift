import Core

@testable import Nav

/// A plain Dijkstra over cells, links and danger, written for nothing but being obviously right.
struct Oracle {
  var sheets: [Sheet]
  var links: [FloorLink] = []
  var rates = SurfaceRates()
  var unitsPerSecond = 1000.0
  /// Extra rate of a cell; nil where it may not be entered.
  var danger: (_ sheet: Int, _ cell: Cell) -> UInt32? = { _, _ in 0 }

  struct Node: Hashable {
    var sheet: Int
    var cell: Cell
  }

  func rate(_ node: Node) -> UInt64? {
    let sheet = sheets[node.sheet]
    guard sheet.walk.isWalkable(node.cell.x, node.cell.y), let more = danger(node.sheet, node.cell) else {
      return nil
    }
    return UInt64(rates.rates[sheet.classes?[node.cell.x, node.cell.y] ?? 0] + more)
  }

  /// Least costs from `start` to every place, in cost units.
  func costs(from start: Node) -> [Node: UInt64] {
    var final: [Node: UInt64] = [:]
    var open: [Node: UInt64] = [start: 0]
    while let (node, cost) = open.min(by: { $0.value < $1.value }) {
      open[node] = nil
      final[node] = cost
      func offer(_ next: Node, _ step: UInt64) {
        guard final[next] == nil else { return }
        open[next] = min(open[next] ?? .max, cost + step)
      }
      for link in links where link.fromSheet == node.sheet && link.from == node.cell {
        let end = Node(sheet: link.toSheet, cell: link.to)
        if rate(end) != nil { offer(end, UInt64((link.seconds * unitsPerSecond).rounded(.up))) }
      }
      guard let own = rate(node) else { continue }
      for dy in -1...1 {
        for dx in -1...1 where dx != 0 || dy != 0 {
          let next = Node(sheet: node.sheet, cell: Cell(node.cell.x + dx, node.cell.y + dy))
          guard let other = rate(next) else { continue }
          if dx == 0 || dy == 0 {
            offer(next, (own + other) * UInt64(RingCost.straight))
          } else if let a = rate(Node(sheet: node.sheet, cell: Cell(node.cell.x + dx, node.cell.y))),
            let b = rate(Node(sheet: node.sheet, cell: Cell(node.cell.x, node.cell.y + dy)))
          {
            offer(next, (own + other + a + b) * UInt64(RingCost.diagonal))
          }
        }
      }
    }
    return final
  }
}

/// A random grid: obstacles of several sizes, patches of classes.
func randomGrid(_ random: inout SeededGenerator, width: Int, height: Int, classes: Int) -> Sheet {
  var isBlocked = [Bool](repeating: false, count: width * height)
  var classOf = [Int](repeating: 0, count: width * height)
  func paint(_ body: (Int) -> Void, side: Int) {
    let x = random.integer(0...width - 1)
    let y = random.integer(0...height - 1)
    let w = random.integer(1...side)
    let h = random.integer(1...side)
    for row in y..<min(y + h, height) {
      for column in x..<min(x + w, width) { body(row * width + column) }
    }
  }
  if classes > 1 {
    for _ in 0..<random.integer(0...12) {
      let value = random.integer(0...classes - 1)
      paint({ classOf[$0] = value }, side: 12)
    }
  }
  for _ in 0..<random.integer(0...width * height / 12) {
    paint({ isBlocked[$0] = true }, side: random.integer(1...4))
  }
  let walk = WalkPlane(width: width, height: height) { x, y in !isBlocked[y * width + x] }
  let plane = classes > 1 ? ClassPlane(width: width, height: height) { x, y in classOf[y * width + x] } : nil
  return Sheet(walk: walk, classes: plane)
}

/// A walkable cell of a sheet, nil after many tries.
func randomCell(_ random: inout SeededGenerator, _ sheet: Sheet) -> Cell? {
  for _ in 0..<200 {
    let cell = Cell(random.integer(0...sheet.walk.width - 1), random.integer(0...sheet.walk.height - 1))
    if sheet.walk.isWalkable(cell.x, cell.y) { return cell }
  }
  return nil
}
