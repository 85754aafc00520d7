/// Dijkstra's algorithm over single cells, in floating point, for nothing but being obviously right: what the
/// benchmark's searches are checked against. Not for use: 12 bytes a cell.
enum PlainDijkstra {
  /// Least cost by the model of the scenario files: a straight step costs the mean of its two cells' rates, a
  /// diagonal one √2 times the mean of the four it touches; no corner is cut, rate 0 blocks. Nil without a way.
  static func cost(
    width: Int, height: Int, from: Cell, to: Cell, rate: (_ x: Int, _ y: Int) -> UInt32
  ) -> Double? {
    var costs = [Double](repeating: .infinity, count: width * height)
    var heap: [(cost: Double, cell: UInt32)] = []
    func rateAt(_ x: Int, _ y: Int) -> Double {
      x >= 0 && y >= 0 && x < width && y < height ? Double(rate(x, y)) : 0
    }
    func push(_ cost: Double, _ cell: Int) {
      heap.append((cost, UInt32(cell)))
      var child = heap.count - 1
      while child > 0, heap[(child - 1) / 2].cost > cost {
        heap.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    }
    func pop() -> (cost: Double, cell: UInt32) {
      let top = heap[0]
      let last = heap.removeLast()
      guard !heap.isEmpty else { return top }
      var hole = 0
      while true {
        var child = 2 * hole + 1
        guard child < heap.count else { break }
        if child + 1 < heap.count, heap[child + 1].cost < heap[child].cost { child += 1 }
        guard heap[child].cost < last.cost else { break }
        heap[hole] = heap[child]
        hole = child
      }
      heap[hole] = last
      return top
    }
    costs[from.y * width + from.x] = 0
    push(0, from.y * width + from.x)
    while !heap.isEmpty {
      let (cost, cell) = pop()
      guard cost <= costs[Int(cell)] else { continue }
      let x = Int(cell) % width
      let y = Int(cell) / width
      if x == to.x, y == to.y { return cost }
      let own = rateAt(x, y)
      for dy in -1...1 {
        for dx in -1...1 where dx != 0 || dy != 0 {
          let other = rateAt(x + dx, y + dy)
          guard other > 0 else { continue }
          var step = (own + other) / 2
          if dx != 0, dy != 0 {
            let first = rateAt(x + dx, y)
            let second = rateAt(x, y + dy)
            guard first > 0, second > 0 else { continue }
            step = (own + other + first + second) / 4 * 2.0.squareRoot()
          }
          let next = (y + dy) * width + x + dx
          if cost + step < costs[next] {
            costs[next] = cost + step
            push(cost + step, next)
          }
        }
      }
    }
    return nil
  }
}
