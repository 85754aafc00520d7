extension FarGraph {
  /// Cells between two nodes on an open stretch of a line.
  private static let spacing = 16
  /// Nodes on one stretch are at least so far apart.
  private static let nearest = 4

  /// Builds the graph of all sheets.
  init(_ grounds: [SheetGround], links floorLinks: [FloorLink], rates: SurfaceRates, unitsPerSecond: Double) {
    let side = FarWindow.side
    var planeCount = 0
    for ground in grounds {
      firstWindow.append(windows.count)
      windowsX.append(max((ground.sheet.walk.width - 2) / side + 1, 1))
      windowsY.append(max((ground.sheet.walk.height - 2) / side + 1, 1))
      let count = windowsX[windowsX.count - 1] * windowsY[windowsY.count - 1]
      windows += repeatElement(Window(firstMember: 0, count: 0, firstCost: 0), count: count)
      planeCount = max(planeCount, ground.sheet.classes?.planeCount ?? 0)
    }
    let dearest = rates.rates.prefix(1 << planeCount).max() ?? 1
    // Four times through a window of the dearest cells still fits.
    quantum = max(UInt32(4 * (side + 1)) * 2 * RingCost.straight / 65_000 * dearest, 1)
    let lists = gather(grounds, floorLinks)
    number(lists)
    var window = FarWindow(planeCount: planeCount, rates: rates)
    measure(grounds, rates, &window)
    addLinks(floorLinks, unitsPerSecond)
    addLandmarks()
  }

  // MARK: - Nodes

  /// The node cells of every window, as keys, sorted.
  private func gather(_ grounds: [SheetGround], _ floorLinks: [FloorLink]) -> [[UInt64]] {
    var lists = [[UInt64]](repeating: [], count: windows.count)
    for (sheet, ground) in grounds.enumerated() {
      let walk = ground.sheet.walk
      for row in 0..<windowsY[sheet] {
        for column in 0..<windowsX[sheet] {
          if column > 0 {
            scan(ground.sheet, Cell(column * FarWindow.side, row * FarWindow.side), isRow: false) { cell in
              add(sheet, cell, to: &lists)
            }
          }
          if row > 0 {
            scan(ground.sheet, Cell(column * FarWindow.side, row * FarWindow.side), isRow: true) { cell in
              add(sheet, cell, to: &lists)
            }
          }
        }
      }
      for link in floorLinks {
        if link.fromSheet == sheet, walk.isWalkable(link.from.x, link.from.y) { add(sheet, link.from, to: &lists) }
        if link.toSheet == sheet, walk.isWalkable(link.to.x, link.to.y) { add(sheet, link.to, to: &lists) }
      }
    }
    for index in lists.indices {
      lists[index].sort()
      var kept: [UInt64] = []
      for key in lists[index] where key != kept.last { kept.append(key) }
      lists[index] = kept
    }
    return lists
  }

  private func add(_ sheet: Int, _ cell: Cell, to lists: inout [[UInt64]]) {
    let key = UInt64(sheet) << 32 | UInt64(cell.y) << 16 | UInt64(cell.x)
    forEachWindow(sheet, cell) { window, _, _ in lists[window].append(key) }
  }

  /// Finds the node cells of one window's stretch of a line, which begins at `corner`.
  private func scan(_ sheet: Sheet, _ corner: Cell, isRow: Bool, _ found: (Cell) -> Void) {
    let side = FarWindow.side
    let count = min(side, (isRow ? sheet.walk.width - corner.x : sheet.walk.height - corner.y) - 1)
    func cell(_ at: Int) -> Cell { isRow ? Cell(corner.x + at, corner.y) : Cell(corner.x, corner.y + at) }
    func surface(_ at: Int) -> Int {
      guard at <= count else { return -1 }
      let cell = cell(at)
      guard sheet.walk.isWalkable(cell.x, cell.y) else { return -1 }
      return sheet.classes?[cell.x, cell.y] ?? 0
    }
    guard count >= 0 else { return }
    var first = 0
    while first <= count {
      let kind = surface(first)
      var last = first
      while surface(last + 1) == kind, last < count { last += 1 }
      defer { first = last + 1 }
      guard kind >= 0 else { continue }
      // The corners of windows are always nodes: four windows meet there.
      let isShort = last - first < Self.nearest
      let hasCorner = first == 0 || last == side
      if first == 0 || !isShort { found(cell(first)) }
      if last == side || !isShort { found(cell(last)) }
      if isShort {
        if !hasCorner { found(cell((first + last) / 2)) }
        continue
      }
      for at in stride(from: Self.spacing, to: side, by: Self.spacing)
      where at >= first + Self.nearest && at <= last - Self.nearest {
        found(cell(at))
      }
    }
  }

  /// Numbers the nodes and fills the members of all windows.
  private mutating func number(_ lists: [[UInt64]]) {
    var keys: [UInt64] = []
    for list in lists { keys += list }
    keys.sort()
    var unique: [UInt64] = []
    for key in keys where key != unique.last { unique.append(key) }
    nodes = unique.map {
      Node(sheet: UInt16($0 >> 32), x: UInt16($0 & 0xFFFF), y: UInt16($0 >> 16 & 0xFFFF))
    }
    func index(_ key: UInt64) -> Int {
      var low = 0
      var high = unique.count
      while low < high {
        let middle = (low + high) / 2
        if unique[middle] < key { low = middle + 1 } else { high = middle }
      }
      return low
    }
    var counts = [Int32](repeating: 0, count: nodes.count + 1)
    for (window, list) in lists.enumerated() {
      windows[window].firstMember = members.count
      windows[window].count = list.count
      for key in list {
        let node = index(key)
        members.append(UInt32(node))
        counts[node + 1] += 1
      }
    }
    for node in nodes.indices { counts[node + 1] += counts[node] }
    firstMembership = counts
    memberships = Array(repeating: Membership(window: 0, row: 0), count: members.count)
    for (window, place) in windows.enumerated() {
      for row in 0..<place.count {
        let node = Int(members[place.firstMember + row])
        memberships[Int(counts[node])] = Membership(window: Int32(window), row: Int32(row))
        counts[node] += 1
      }
    }
  }

  // MARK: - Costs

  /// Measures all windows; windows alike share their costs.
  private mutating func measure(_ grounds: [SheetGround], _ rates: SurfaceRates, _ window: inout FarWindow) {
    var known: [[UInt16]: Int] = [:]
    var cells: [Cell] = []
    var found: [UInt32] = []
    for index in windows.indices where windows[index].count > 0 {
      let (sheet, column, row) = place(ofWindow: index)
      let count = windows[index].count
      cells.removeAll(keepingCapacity: true)
      for member in 0..<count {
        let node = nodes[Int(members[windows[index].firstMember + member])]
        cells.append(Cell(Int(node.x), Int(node.y)))
      }
      var matrix = [UInt16](repeating: Self.none, count: count * count)
      window.load(grounds[sheet], column: column, row: row)
      for member in 0..<(count - 1) {
        found.removeAll(keepingCapacity: true)
        window.costs(from: cells[member], to: cells[(member + 1)...], into: &found)
        for (offset, cost) in found.enumerated() {
          let other = member + 1 + offset
          let short = cost == .max ? Self.none : UInt16(clamping: (cost + quantum / 2) / quantum)
          matrix[member * count + other] = short
          matrix[other * count + member] = short
        }
      }
      thin(&matrix, count)
      if let first = known[matrix] {
        windows[index].firstCost = first
      } else {
        windows[index].firstCost = costs.count
        known[matrix] = costs.count
        costs += matrix
      }
    }
  }

  /// Leaves out the ways that lead over another member anyway.
  private func thin(_ matrix: inout [UInt16], _ count: Int) {
    let whole = matrix
    whole.withUnsafeBufferPointer { whole in
      for from in 0..<count {
        for to in 0..<count where to != from {
          let cost = UInt32(whole[from * count + to])
          guard cost < UInt32(Self.none) else { continue }
          for between in 0..<count where between != from && between != to {
            let first = UInt32(whole[from * count + between])
            let second = UInt32(whole[between * count + to])
            // Strictly nearer on both sides, so that two ways never stand in for each other.
            if first > 0, second > 0, first + second <= cost {
              matrix[from * count + to] = Self.none
              break
            }
          }
        }
      }
    }
  }

  // MARK: - Links and landmarks

  private mutating func addLinks(_ floorLinks: [FloorLink], _ unitsPerSecond: Double) {
    for link in floorLinks {
      guard let from = node(at: Place(sheet: link.fromSheet, cell: link.from)),
        let to = node(at: Place(sheet: link.toSheet, cell: link.to)), link.seconds >= 0
      else { continue }
      let cost = (link.seconds * unitsPerSecond / Double(quantum)).rounded(.up)
      links.append(Link(from: from, to: to, cost: UInt32(min(cost, Double(Self.unreachable)))))
    }
    links.sort { ($0.from, $0.to, $0.cost) < ($1.from, $1.to, $1.cost) }
  }

  private func node(at place: Place) -> Int? {
    var found: Int?
    forEachWindow(place.sheet, place.cell) { window, _, _ in
      let first = windows[window].firstMember
      for index in first..<(first + windows[window].count) {
        let node = nodes[Int(members[index])]
        if Int(node.x) == place.cell.x, Int(node.y) == place.cell.y, Int(node.sheet) == place.sheet {
          found = Int(members[index])
        }
      }
    }
    return found
  }

  /// Eight nodes far from each other, and the least costs from each to all nodes, links counted both ways: never more
  /// than the true cost, whichever way one goes.
  private mutating func addLandmarks() {
    landmarks = Array(repeating: SIMD8(repeating: Self.unreachable), count: nodes.count)
    guard !nodes.isEmpty else { return }
    var both = links
    for link in links { both.append(Link(from: link.to, to: link.from, cost: link.cost)) }
    both.sort { ($0.from, $0.to, $0.cost) < ($1.from, $1.to, $1.cost) }
    var distances = [UInt32](repeating: Self.unreachable, count: nodes.count)
    var nearest = [UInt32](repeating: Self.unreachable, count: nodes.count)
    // The first is what lies furthest from any node of the largest part.
    var next = furthest(from: largestPart(both), both, &distances)
    for landmark in 0..<8 {
      spread(from: next, both, &distances)
      for node in nodes.indices {
        landmarks[node][landmark] = distances[node]
        nearest[node] = min(nearest[node], distances[node])
      }
      var best = next
      var least: UInt32 = 0
      for node in nodes.indices where nearest[node] < Self.unreachable && nearest[node] > least {
        best = node
        least = nearest[node]
      }
      next = best
    }
  }

  /// A node of the part of the graph that has the most nodes.
  private func largestPart(_ links: [Link]) -> Int {
    var isSeen = [Bool](repeating: false, count: nodes.count)
    var waiting: [Int] = []
    var best = 0
    var most = 0
    for start in nodes.indices where !isSeen[start] {
      var count = 0
      waiting.append(start)
      isSeen[start] = true
      while let node = waiting.popLast() {
        count += 1
        forEachWay(from: node, links) { other, _ in
          if !isSeen[other] {
            isSeen[other] = true
            waiting.append(other)
          }
        }
      }
      if count > most {
        most = count
        best = start
      }
    }
    return best
  }

  private func furthest(from node: Int, _ links: [Link], _ distances: inout [UInt32]) -> Int {
    spread(from: node, links, &distances)
    var best = node
    for other in nodes.indices where distances[other] < Self.unreachable && distances[other] > distances[best] {
      best = other
    }
    return best
  }

  /// Dijkstra over the graph.
  private func spread(from start: Int, _ links: [Link], _ distances: inout [UInt32]) {
    for node in distances.indices { distances[node] = Self.unreachable }
    var open = OpenList()
    distances[start] = 0
    open.push(0, start)
    while !open.isEmpty {
      let cost = open.minimum
      let node = open.pop()
      guard cost == distances[node] else { continue }
      forEachWay(from: node, links) { other, way in
        if cost + way < distances[other] {
          distances[other] = cost + way
          open.push(cost + way, other)
        }
      }
    }
  }

  private func forEachWay(from node: Int, _ links: [Link], _ body: (_ other: Int, _ cost: UInt32) -> Void) {
    for index in firstMembership[node]..<firstMembership[node + 1] {
      let place = memberships[Int(index)]
      let window = windows[Int(place.window)]
      let row = window.firstCost + Int(place.row) * window.count
      for member in 0..<window.count where costs[row + member] != Self.none {
        body(Int(members[window.firstMember + member]), UInt32(costs[row + member]))
      }
    }
    var link = Self.firstLink(of: node, in: links)
    while link < links.count, links[link].from == node {
      body(links[link].to, links[link].cost)
      link += 1
    }
  }

  /// Where the links that begin at `node` stand in `links`.
  static func firstLink(of node: Int, in links: [Link]) -> Int {
    var low = 0
    var high = links.count
    while low < high {
      let middle = (low + high) / 2
      if links[middle].from < node { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
