import Synchronization

/// What was found out about the layers of tiles that have several, when they were first asked for: where each lies, in
/// which blocks it has floors, and from which heights it is surely the nearest. A class because it owns memory.
final class TerrainLayerIndex: @unchecked Sendable {
  // Sendable: the entries of a tile are published once, whole, by an atomic pointer, and never change.

  /// One layer of a tile.
  struct Entry {
    var layer: UnsafeRawPointer
    /// Bit n: block n, row-major, has floors.
    var blocks: UInt32 = 0
    /// Heights to which this layer is nearer than any other of the tile, wherever in it: above the one, below the other.
    var above = -Double.infinity
    var below = Double.infinity
    /// Of all its cells, and more. Unit: quanta.
    var least = Int32.max
    var most = Int32.min
  }

  let tiles: UnsafeMutablePointer<Atomic<UnsafeMutablePointer<Entry>?>>
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

  /// Takes in the layers of a tile that was found good.
  func add(_ tile: Int, first: UnsafeRawPointer, count: Int, zBase: Double, quantum: Double) {
    guard count > 1, tiles[tile].load(ordering: .relaxed) == nil else { return }
    let entries = UnsafeMutablePointer<Entry>.allocate(capacity: count)
    var layer = first
    for index in 0..<count {
      (entries + index).initialize(to: Entry(layer: layer))
      for block in 0..<16 {
        let found = TerrainBlock(layer, SIMD2(Int32(block & 3) &* 8, Int32(block >> 2) &* 8))
        guard found.present != 0 else { continue }
        entries[index].blocks |= 1 << UInt32(block)
        entries[index].least = min(entries[index].least, found.least)
        entries[index].most = max(entries[index].most, found.most)
      }
      layer += Int(layer.load32(4))
    }
    // A quantum more, because distances are rounded.
    func middle(_ one: Int32, _ other: Int32) -> Double { zBase + (Double(one) + Double(other)) / 2 * quantum }
    for one in 0..<count {
      for other in 0..<count where other != one {
        if entries[other].most < entries[one].least {
          entries[one].above = max(entries[one].above, middle(entries[other].most, entries[one].most) + quantum)
        } else if entries[other].least > entries[one].most {
          entries[one].below = min(entries[one].below, middle(entries[other].least, entries[one].least) - quantum)
        } else {
          entries[one].above = .infinity
        }
      }
    }
    let (isOwn, _) = tiles[tile].compareExchange(expected: nil, desired: entries, ordering: .acquiringAndReleasing)
    if !isOwn { entries.deallocate() }
  }
}
