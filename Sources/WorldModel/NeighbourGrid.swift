import Core
import Perception

/// Counts the living NPCs around each living NPC by a hash grid of cells as wide as the widest radius.
///
/// Chains of beings per cell, in arrays that are reused; each pair is looked at once.
struct NeighbourGrid: Sendable {
  /// What of a track the counting needs, close together.
  private struct Being {
    var x: Double
    var y: Double
    var column: Int32
    var line: Int32
    var row: Int32
    /// The next being of the same bucket; -1 ends the chain.
    var next: Int32
  }

  private var beings: [Being] = []
  private var heads: [Int32] = []

  private static let radius = WorldModel.isolationRadius
  private static let width = max(radius, HelpReach.unknown)
  private static let bucketBits: UInt32 = 10

  init() {}

  @inline(__always)
  private static func bucket(_ column: Int32, _ line: Int32) -> Int {
    let mixed = UInt32(bitPattern: column) &* 0x9E37_79B1 &+ UInt32(bitPattern: line) &* 0x85EB_CA77
    return Int(((mixed ^ (mixed >> 15)) &* 0x2C1B_3C6D) >> (32 - bucketBits))
  }

  @inline(__always)
  private static func cell(_ value: Double) -> Int32 {
    let scaled = min(max(value, -1e9), 1e9) / width
    let whole = Int32(scaled)
    return Double(whole) > scaled ? whole - 1 : whole
  }

  /// Fills `neighbours` and `kin` of every living NPC.
  /// - Complexity: O(n) while no cell is crowded.
  mutating func count(_ tracks: inout [Track]) {
    if heads.isEmpty { heads = [Int32](repeating: -1, count: 1 << Int(Self.bucketBits)) }
    beings.removeAll(keepingCapacity: true)
    beings.reserveCapacity(tracks.count)
    Self.count(&tracks, &heads, &beings)
  }

  private static func count(_ tracks: inout [Track], _ heads: inout [Int32], _ beings: inout [Being]) {
    heads.withUnsafeMutableBufferPointer { heads in
      heads.update(repeating: -1)
      tracks.withUnsafeMutableBufferPointer { tracks in
        for row in tracks.indices {
          tracks[row].neighbours = 0
          tracks[row].kin = 0
          guard tracks[row].isLivingNPC, tracks[row].position.isFinite else { continue }
          let (x, y) = (tracks[row].position.x, tracks[row].position.y)
          var being = Being(x: x, y: y, column: cell(x), line: cell(y), row: Int32(row), next: -1)
          meet(being, beings, heads, tracks)
          let slot = bucket(being.column, being.line)
          being.next = heads[slot]
          heads[slot] = Int32(beings.count)
          beings.append(being)
        }
      }
    }
  }

  /// Counts `being` and all before it that stand within the radius as neighbours of each other, and those of its kind
  /// who would help it as its kin.
  @inline(__always)
  private static func meet(
    _ being: Being, _ beings: [Being], _ heads: UnsafeMutableBufferPointer<Int32>,
    _ tracks: UnsafeMutableBufferPointer<Track>
  ) {
    let (square, widest) = (radius * radius, width * width)
    beings.withUnsafeBufferPointer { beings in
      for column in being.column - 1...being.column + 1 {
        for line in being.line - 1...being.line + 1 {
          var next = heads[bucket(column, line)]
          while next >= 0 {
            let other = beings[Int(next)]
            next = other.next
            // Squared, as the bounds are.
            let (dx, dy) = (other.x - being.x, other.y - being.y)
            let distance = dx * dx + dy * dy
            guard other.column == column, other.line == line, distance <= widest else { continue }
            let (a, b) = (Int(being.row), Int(other.row))
            if distance <= square {
              tracks[a].neighbours &+= 1
              tracks[b].neighbours &+= 1
            }
            guard tracks[a].clan == tracks[b].clan else { continue }
            let (first, second) = (tracks[a].helpReach, tracks[b].helpReach)
            if distance <= second * second { tracks[a].kin &+= 1 }
            if distance <= first * first { tracks[b].kin &+= 1 }
          }
        }
      }
    }
  }
}
