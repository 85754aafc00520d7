// The way that was found.

extension WeightedSearch {
  /// Cost of a node in cost units.
  func cost(node: Int) -> UInt32 { table.nodes[node].g }

  /// The turning cells on the way to `node`, start first; `links` gets the index of each cell from which a link leads
  /// to the next.
  func places(to node: Int, into places: inout [Place], links: inout [Int]) {
    places.removeAll(keepingCapacity: true)
    links.removeAll(keepingCapacity: true)
    guard node >= 0 else { return }
    var node = node
    while true {
      let (sheet, x, y) = place(node)
      places.append(Place(sheet: sheet, cell: Cell(x, y)))
      let parent = Int(table.nodes[node].parent)
      if parent == node { break }
      let (parentSheet, px, py) = place(parent)
      if table.nodes[node].sheet & Self.linked != 0 {
        links.append(places.count)
      } else {
        let low = min(abs(x - px), abs(y - py))
        if low > 0, low < max(abs(x - px), abs(y - py)) {
          places.append(
            Place(sheet: parentSheet, cell: Cell(px + (x - px).signum() * low, py + (y - py).signum() * low)))
        }
      }
      node = parent
    }
    places.reverse()
    for index in links.indices { links[index] = places.count - 1 - links[index] }
    links.reverse()
  }
}
