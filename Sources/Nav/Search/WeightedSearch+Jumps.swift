// From a node along rows, columns and diagonals to the next ones.

extension WeightedSearch {
  /// Jumps straight; `g` is the cost at the first cell, whose rate is `rate`.
  @inline(__always)
  mutating func jump(
    _ view: View, _ sheet: Int, _ x: Int, _ y: Int, _ g: UInt32, _ rate: UInt32, _ direction: Int, _ parent: Int
  ) {
    let row = (y &+ 1) &* view.rowBytes
    let column = (x &+ 1) &* view.columnBytes
    let arrival = 1 &<< UInt8(truncatingIfNeeded: direction)
    let further = rate &* (2 &* RingCost.straight)
    switch direction {
    case 0:
      let stop = RowScan.forward(
        view.columns + column, view.columnBytes, stops: view.stopColumns + column, y &+ 1)
      guard stop & 1 != 0 else { return }
      let reached = stop &>> 1 &- 1
      add(sheet, x, reached, along(reached &- y &- 1, further, from: g), parent, arrival)
    case 4:
      let stop = RowScan.backward(
        view.columns + column, view.columnBytes, stops: view.stopColumns + column, y &+ 1)
      guard stop & 1 != 0 else { return }
      let reached = stop &>> 1 &- 1
      add(sheet, x, reached, along(y &- 1 &- reached, further, from: g), parent, arrival)
    case 2:
      let stop = RowScan.forward(view.rows + row, view.rowBytes, stops: view.stopRows + row, x &+ 1)
      guard stop & 1 != 0 else { return }
      let reached = stop &>> 1 &- 1
      add(sheet, reached, y, along(reached &- x &- 1, further, from: g), parent, arrival)
    default:
      let stop = RowScan.backward(view.rows + row, view.rowBytes, stops: view.stopRows + row, x &+ 1)
      guard stop & 1 != 0 else { return }
      let reached = stop &>> 1 &- 1
      add(sheet, reached, y, along(x &- 1 &- reached, further, from: g), parent, arrival)
    }
  }

  /// Cost after `count` cells more at `further` each; what is too dear for any way stays so.
  @inline(__always)
  private func along(_ count: Int, _ further: UInt32, from g: UInt32) -> UInt32 {
    let cost = UInt64(truncatingIfNeeded: count) &* UInt64(further) &+ UInt64(g)
    return cost < UInt64(CostUnit.most) ? UInt32(truncatingIfNeeded: cost) : CostUnit.most
  }

  /// Jumps diagonally; `g` is the cost at the first cell, whose rate is `rate`.
  @inline(__always)
  mutating func jumpDiagonally(
    _ view: View, _ sheet: Int, _ fromX: Int, _ fromY: Int, _ fromG: UInt32, _ rate: UInt32, _ direction: Int,
    _ parent: Int
  ) {
    let stepX = direction < 4 ? 1 : -1
    let stepY = direction == 1 || direction == 7 ? 1 : -1
    let acrossX = stepX > 0 ? 2 : 6
    let acrossY = stepY > 0 ? 0 : 4
    let further = rate &* (4 &* RingCost.diagonal)
    let straight = rate &* (2 &* RingCost.straight)
    var x = fromX &+ stepX
    var y = fromY &+ stepY
    var g = fromG
    var steps = 0
    defer { work &+= steps }
    while g < CostUnit.most {
      let row = (y &+ 1) &* view.rowBytes
      let bit = x &+ 1
      steps &+= 1
      if steps > 1, steps >= Self.stepsMax || (hasHeuristic && g &+ estimate(sheet, x, y) > patience) {
        add(sheet, x, y, g, parent, 1 &<< UInt8(truncatingIfNeeded: direction))
        return
      }
      if (view.stopRows + row + bit &>> 3).load(as: UInt8.self) &>> UInt8(truncatingIfNeeded: bit & 7) & 1 != 0 {
        add(sheet, x, y, g, parent, 1 &<< UInt8(truncatingIfNeeded: direction))
        return
      }
      jump(view, sheet, x, y, g &+ straight, rate, acrossX, parent)
      jump(view, sheet, x, y, g &+ straight, rate, acrossY, parent)
      let pair = stepX > 0 ? bit : bit &- 1
      let shift = UInt16(truncatingIfNeeded: pair & 7)
      let here = view.rows + row + pair &>> 3
      if here.loadUnaligned(as: UInt16.self) &>> shift & 3 != 3 { return }
      if (here + stepY &* view.rowBytes).loadUnaligned(as: UInt16.self) &>> shift & 3 != 3 { return }
      x &+= stepX
      y &+= stepY
      g &+= further
    }
  }

  /// Follows the links that begin at a node.
  mutating func follow(_ node: Int, _ sheet: Int, _ g: UInt32) {
    let links = sheets[sheet].links
    guard !links.isEmpty else { return }
    let wanted = table.nodes[node].key
    var low = 0
    var high = links.count
    while low < high {
      let middle = (low + high) / 2
      if links[middle].key < wanted { low = middle + 1 } else { high = middle }
    }
    while low < links.count, links[low].key == wanted {
      let link = links[low].link
      add(
        link.toSheet, link.to.x, link.to.y, g &+ Self.cost(link, unitsPerSecond), node, 255, isLink: true)
      low += 1
    }
  }
}
