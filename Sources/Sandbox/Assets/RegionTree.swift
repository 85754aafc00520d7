/// The zone's space cut by planes into regions: first into the tiles of the terrain, then around the boxes of water,
/// lava and zone lines. Regions count from 1: the tiles first, row by row, then the boxes in their order.
struct RegionTree {
  struct Node: Hashable {
    var normal = AssetPoint(0, 0, 0)
    /// A point p lies in front when normal · p + distance > 0.
    var distance: Float = 0
    /// 0 for inner nodes.
    var region: UInt32 = 0
    /// Numbers of nodes, counting from 1; 0 for leaves.
    var front: UInt32 = 0
    var back: UInt32 = 0
  }

  private(set) var nodes: [Node] = []

  /// A box with open or closed ends that a node stands for.
  private struct Cell {
    var low: [Float]
    var high: [Float]

    func overlaps(_ box: Box) -> Bool {
      (0..<3).allSatisfy { box.low[$0] < high[$0] && box.high[$0] > low[$0] }
    }
  }

  private struct Box {
    var low: [Float]
    var high: [Float]
    var region: UInt32
  }

  init(tiles: AssetTiles, regions: [AssetRegion]) {
    let boxes = regions.enumerated().map { index, region in
      Box(
        low: [region.low.x, region.low.y, region.low.z], high: [region.high.x, region.high.y, region.high.z],
        region: UInt32(tiles.columns * tiles.rows + index + 1))
    }
    let everything = Cell(low: [-1e9, -1e9, -1e9], high: [1e9, 1e9, 1e9])
    _ = split(tiles, columns: 0..<tiles.columns, rows: 0..<tiles.rows, cell: everything, boxes: boxes)
  }

  private mutating func split(
    _ tiles: AssetTiles, columns: Range<Int>, rows: Range<Int>, cell: Cell, boxes: [Box]
  ) -> UInt32 {
    let boxes = boxes.filter(cell.overlaps)
    if columns.count == 1, rows.count == 1 {
      return carve(boxes, from: cell, region: UInt32(rows.lowerBound * tiles.columns + columns.lowerBound + 1))
    }
    if columns.count >= rows.count {
      let middle = columns.lowerBound + columns.count / 2
      return cut(cell, axis: 0, at: tiles.origin.x + Float(middle) * tiles.size) { tree, cell, isFront in
        let half = isFront ? middle..<columns.upperBound : columns.lowerBound..<middle
        return tree.split(tiles, columns: half, rows: rows, cell: cell, boxes: boxes)
      }
    }
    let middle = rows.lowerBound + rows.count / 2
    return cut(cell, axis: 1, at: tiles.origin.y + Float(middle) * tiles.size) { tree, cell, isFront in
      let half = isFront ? middle..<rows.upperBound : rows.lowerBound..<middle
      return tree.split(tiles, columns: columns, rows: half, cell: cell, boxes: boxes)
    }
  }

  /// Cuts along the faces of the first box until it fills the cell; the rest goes on with the other boxes.
  private mutating func carve(_ boxes: [Box], from cell: Cell, region: UInt32) -> UInt32 {
    guard let box = boxes.first else {
      nodes.append(Node(region: region))
      return UInt32(nodes.count)
    }
    for axis in 0..<3 {
      for face in [box.low[axis], box.high[axis]] where face > cell.low[axis] && face < cell.high[axis] {
        return cut(cell, axis: axis, at: face) { tree, cell, _ in
          tree.carve(boxes.filter(cell.overlaps), from: cell, region: region)
        }
      }
    }
    nodes.append(Node(region: box.region))
    return UInt32(nodes.count)
  }

  private mutating func cut(
    _ cell: Cell, axis: Int, at place: Float, _ side: (inout RegionTree, Cell, _ isFront: Bool) -> UInt32
  ) -> UInt32 {
    let index = nodes.count
    nodes.append(Node())
    var (front, back) = (cell, cell)
    front.low[axis] = place
    back.high[axis] = place
    let frontNode = side(&self, front, true)
    let backNode = side(&self, back, false)
    let normal = AssetPoint(axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0)
    nodes[index] = Node(normal: normal, distance: -place, region: 0, front: frontNode, back: backNode)
    return UInt32(index + 1)
  }
}
