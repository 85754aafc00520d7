import Synchronization

/// What was found out about tiles that have several layers, when they were first asked for: which layers have floors in
/// a block, and from which heights each is surely the nearest. A class because it owns memory.
final class TerrainLayerIndex: @unchecked Sendable {
  // Sendable: the floors of a tile are published once, whole, by an atomic pointer, and never change.

  /// A layer that has floors in a block.
  struct Floor {
    /// Where the layer begins in the tile data, in words of eight bytes, doubled; one more where one record stands for
    /// all of it.
    var place: UInt32
    /// Heights to which this floor is nearer than any other, in every cell of the block in which it is: above the one,
    /// below the other.
    var above: Float = -.infinity
    var below: Float = .infinity

    @inline(__always) var isWhole: Bool { place & 1 == 1 }
    @inline(__always) var offset: Int { Int(truncatingIfNeeded: place &>> 1) &* 8 }
    @inline(__always) func isNearest(to z: Double) -> Bool { z > Double(above) && z < Double(below) }
  }

  /// The floors of a tile: where those of each block begin, and of one more, and then the floors, block by block, in
  /// the order of their layers.
  struct Floors {
    let start: UnsafeMutableRawPointer

    static let head = 36

    /// The floors of a block.
    @inline(__always)
    subscript(block: UInt32) -> UnsafeBufferPointer<Floor> {
      let at = start + Int(truncatingIfNeeded: block) &* 2
      let first = Int(at.load(as: UInt16.self))
      let count = Int((at + 2).load(as: UInt16.self)) &- first
      return UnsafeBufferPointer(
        start: (start + Self.head).assumingMemoryBound(to: Floor.self) + first, count: count)
    }
  }

  private let tiles: UnsafeMutablePointer<Atomic<UnsafeMutableRawPointer?>>
  private let count: Int

  init(count: Int) {
    self.count = count
    tiles = .allocate(capacity: max(count, 1))
    for index in 0..<count { (tiles + index).initialize(to: Atomic(nil)) }
  }

  deinit {
    for index in 0..<count { tiles[index].load(ordering: .relaxed)?.deallocate() }
    tiles.deinitialize(count: count)
    tiles.deallocate()
  }

  /// Floors of a tile of several layers; nil before `add`.
  @inline(__always)
  func floors(_ tile: Int) -> Floors? { tiles[tile].load(ordering: .acquiring).map { Floors(start: $0) } }

  /// Takes in the layers of a tile that was found good.
  /// - Parameters:
  ///   - data: where places are counted from.
  ///   - place: of the first layer, in words of eight bytes.
  func add(_ tile: Int, data: UnsafeRawPointer, place: Int, count: Int, zBase: Double, quantum: Double) {
    guard count > 1, tiles[tile].load(ordering: .relaxed) == nil else { return }
    var starts: [UInt16] = [0]
    var floors: [Floor] = []
    var blocks: [TerrainBlock] = []
    var own: [Floor] = []
    starts.reserveCapacity(17)
    floors.reserveCapacity(16 * count)
    blocks.reserveCapacity(count)
    own.reserveCapacity(count)
    for number in 0..<16 {
      let corner = SIMD2(Int32(number & 3) &* 8, Int32(number >> 2) &* 8)
      blocks.removeAll(keepingCapacity: true)
      own.removeAll(keepingCapacity: true)
      var at = place
      for _ in 0..<count {
        let layer = data + at * 8
        let block = TerrainBlock(layer, corner)
        if block.present != 0 {
          blocks.append(block)
          own.append(Floor(place: UInt32(at << 1) | UInt32(UInt16(bitPattern: layer.load16(2)) & 1)))
        }
        at += Int(layer.load32(4)) / 8
      }
      Self.setLimits(of: &own, blocks, zBase: zBase, quantum: quantum)
      floors += own
      starts.append(UInt16(truncatingIfNeeded: floors.count))
    }
    let start = UnsafeMutableRawPointer.allocate(
      byteCount: Floors.head + floors.count * MemoryLayout<Floor>.stride, alignment: 8)
    for (index, first) in starts.enumerated() {
      start.storeBytes(of: first, toByteOffset: index * 2, as: UInt16.self)
    }
    (start + Floors.head).initializeMemory(as: Floor.self, from: floors, count: floors.count)
    let (isOwn, _) = tiles[tile].compareExchange(expected: nil, desired: start, ordering: .acquiringAndReleasing)
    if !isOwn { start.deallocate() }
  }

  /// Finds out from which heights each floor of a block is the nearest.
  private static func setLimits(of floors: inout [Floor], _ blocks: [TerrainBlock], zBase: Double, quantum: Double) {
    // A quantum more, because distances are rounded.
    func middle(_ one: Int32, _ other: Int32) -> Double {
      Terrain.middle(one, other, zBase: zBase, quantum: quantum)
    }
    for (one, block) in blocks.enumerated() {
      var (above, below) = (-Double.infinity, Double.infinity)
      for (other, beside) in blocks.enumerated() where other != one {
        var shared = block.present & beside.present
        if shared == 0 { continue }
        if beside.most < block.least {
          above = max(above, middle(beside.most, block.most) + quantum)
        } else if beside.least > block.most {
          below = min(below, middle(beside.least, block.least) - quantum)
        } else {
          // They may lie at the same height somewhere: cell by cell, then.
          while shared != 0 {
            let cell = shared.trailingZeroBitCount
            shared &= shared - 1
            let place = TerrainBlock.place(SIMD2(Int32(cell & 7), Int32(cell >> 3)))
            let (own, its) = (block.height(place), beside.height(place))
            if its <= own { above = max(above, middle(own, its) + quantum) }
            if its >= own { below = min(below, middle(own, its) - quantum) }
          }
        }
      }
      (floors[one].above, floors[one].below) = (up(above), -up(-below))
    }
  }

  /// The next number that is not below.
  private static func up(_ value: Double) -> Float {
    let near = Float(value)
    return Double(near) < value ? near.nextUp : near
  }
}
