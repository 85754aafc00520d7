// What steps and links cost, what is left of a way at least, and what danger adds.

extension WeightedSearch {
  @inline(__always)
  static func octile(_ dx: Int, _ dy: Int, _ rate: UInt32) -> UInt32 {
    let x = UInt32(truncatingIfNeeded: abs(dx))
    let y = UInt32(truncatingIfNeeded: abs(dy))
    let low = min(x, y)
    let units = low &* (4 &* RingCost.diagonal) &+ (max(x, y) &- low) &* (2 &* RingCost.straight)
    let product = UInt64(units) &* UInt64(rate)
    return product < UInt64(CostUnit.most) ? UInt32(truncatingIfNeeded: product) : CostUnit.most
  }

  static func cost(_ link: FloorLink, _ unitsPerSecond: Double) -> UInt32 {
    UInt32(min((link.seconds * unitsPerSecond).rounded(.up), Double(CostUnit.most)))
  }

  /// A lower bound of the cost to the goal; links that are cheaper than walking are counted in.
  @inline(__always)
  func estimate(_ sheet: Int, _ x: Int, _ y: Int) -> UInt32 {
    guard hasHeuristic else { return 0 }
    let zoneX = x &+ views[sheet].cornerX
    let zoneY = y &+ views[sheet].cornerY
    var least = Self.octile(zoneX &- goalX, zoneY &- goalY, leastRate)
    for shortcut in shortcuts {
      let over = Self.octile(zoneX &- shortcut.x, zoneY &- shortcut.y, leastRate)
      least = min(least, over &+ shortcut.rest)
    }
    return least
  }

  /// Lower bounds from the beginning of each shortcut to the goal, by relaxing over all pairs.
  mutating func prepareShortcuts() {
    shortcuts.removeAll(keepingCapacity: true)
    for link in shortcutLinks {
      let corner = sheets[link.fromSheet].sheet.corner
      let end = zone(link)
      let rest = min(
        UInt64(Self.cost(link, unitsPerSecond)) + UInt64(Self.octile(end.x - goalX, end.y - goalY, leastRate)),
        UInt64(CostUnit.most))
      shortcuts.append(Shortcut(x: link.from.x + corner.x, y: link.from.y + corner.y, rest: UInt32(rest)))
    }
    var changed = !shortcuts.isEmpty
    while changed {
      changed = false
      for (index, link) in shortcutLinks.enumerated() {
        let end = zone(link)
        for other in shortcuts {
          let over =
            UInt64(Self.cost(link, unitsPerSecond)) + UInt64(Self.octile(end.x - other.x, end.y - other.y, leastRate))
            + UInt64(other.rest)
          if over < UInt64(shortcuts[index].rest) {
            shortcuts[index].rest = UInt32(over)
            changed = true
          }
        }
      }
    }
  }

  /// Zone cell at which a link ends.
  func zone(_ link: FloorLink) -> Cell {
    let corner = sheets[link.toSheet].sheet.corner
    return Cell(link.to.x + corner.x, link.to.y + corner.y)
  }

  mutating func danger(_ sheet: Int, _ x: Int, _ y: Int) -> UInt32 {
    guard hasDanger, !sheets[sheet].danger.isEmpty else { return 0 }
    if let known = sheets[sheet].danger.known(x, y) { return known }
    guard let floors else { return 0 }
    let before = sheets[sheet].danger.work
    defer { work &+= (sheets[sheet].danger.work &- before) &>> 3 }
    return sheets[sheet].danger.rate(x, y) { floors.height(sheet, Cell($0, $1)) }
  }
}
