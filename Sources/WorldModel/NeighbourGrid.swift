import Core
import Perception

/// Counts the living NPCs around each living NPC by a hash grid of cells as wide as the radius.
///
/// Chains of rows per cell, in arrays that are reused.
struct NeighbourGrid: Sendable {
  private var head: [Int32] = []
  private var next: [Int32] = []

  private static let cell = WorldModel.isolationRadius
  private static let bucketCount = 1024

  init() {}

  private func bucket(_ column: Int, _ row: Int) -> Int {
    Int(mixed(UInt64(bitPattern: Int64(column &* 73_856_093 ^ row &* 19_349_663))) & UInt64(Self.bucketCount - 1))
  }

  private func cell(_ value: Double) -> Int { Int((min(max(value, -1e9), 1e9) / Self.cell).rounded(.down)) }

  /// Fills `neighbours` and `kin` of every living NPC.
  /// - Complexity: O(n) while no cell is crowded.
  mutating func count(_ tracks: inout [Track]) {
    if head.isEmpty { head = [Int32](repeating: -1, count: Self.bucketCount) }
    for slot in head.indices { head[slot] = -1 }
    next.removeAll(keepingCapacity: true)
    for row in tracks.indices {
      next.append(-1)
      tracks[row].neighbours = 0
      tracks[row].kin = 0
      guard tracks[row].isLivingNPC, tracks[row].position.isFinite else { continue }
      let slot = bucket(cell(tracks[row].position.x), cell(tracks[row].position.y))
      next[row] = head[slot]
      head[slot] = Int32(row)
    }
    for row in tracks.indices where tracks[row].isLivingNPC && tracks[row].position.isFinite {
      countAround(row, &tracks)
    }
  }

  private func countAround(_ row: Int, _ tracks: inout [Track]) {
    let place = tracks[row].position
    let (column, line) = (cell(place.x), cell(place.y))
    var neighbours: UInt16 = 0
    var kin: UInt16 = 0
    for dx in -1...1 {
      for dy in -1...1 {
        var other = head[bucket(column + dx, line + dy)]
        while other >= 0 {
          let candidate = Int(other)
          other = next[candidate]
          guard candidate != row, cell(tracks[candidate].position.x) == column + dx,
            cell(tracks[candidate].position.y) == line + dy,
            place.horizontalDistance(to: tracks[candidate].position) <= Self.cell
          else { continue }
          neighbours &+= 1
          if tracks[candidate].species == tracks[row].species { kin &+= 1 }
        }
      }
    }
    tracks[row].neighbours = neighbours
    tracks[row].kin = kin
  }
}
