import Glibc

/// Surface class of every cell of a sheet, as up to four bit planes. Range of a class: `0...15`.
///
/// Bit plane k holds bit k of the class, in the row-major form of `WalkPlane` (padding 0). Classes 0 and 1 need one
/// plane, 0...3 two, and so on. What a class costs is the business of `SurfaceRates`.
public struct ClassPlane: @unchecked Sendable {
  // Sendable: the words are never written after init.
  public let width: Int
  public let height: Int
  public let stride: Int
  public let planeCount: Int
  /// First word of padded row 0 of plane 0; plane k follows `k * planeWords` words later.
  @usableFromInline let words: UnsafePointer<UInt64>
  @usableFromInline let planeWords: Int
  private let owner: AnyObject

  /// Planes on memory that `owner` keeps: `planeCount` planes of `WalkPlane.wordCount(width:height:)` words each.
  public init(width: Int, height: Int, planeCount: Int, words: UnsafePointer<UInt64>, owner: AnyObject) {
    precondition((0...4).contains(planeCount), "\(planeCount) planes")
    self.width = width
    self.height = height
    self.planeCount = planeCount
    stride = WalkPlane.stride(width)
    planeWords = WalkPlane.wordCount(width: width, height: height)
    self.words = words + 1
    self.owner = owner
  }

  /// Planes in memory of their own.
  public init(width: Int, height: Int, classOf: (_ x: Int, _ y: Int) -> Int) {
    let planeWords = WalkPlane.wordCount(width: width, height: height)
    let stride = WalkPlane.stride(width)
    let own = Words(count: planeWords * 4)
    var seen = 0
    for y in 0..<height {
      for x in 0..<width {
        let value = classOf(x, y) & 15
        seen |= value
        for plane in 0..<4 where value >> plane & 1 != 0 {
          own.words[plane * planeWords + 1 + (y + 1) * stride + (x + 1) >> 6] |= 1 << UInt64((x + 1) & 63)
        }
      }
    }
    self.init(
      width: width, height: height, planeCount: Int.bitWidth - seen.leadingZeroBitCount,
      words: UnsafePointer(own.words), owner: own)
  }

  /// Class of a cell; 0 outside.
  @inlinable public subscript(x: Int, y: Int) -> Int {
    guard x >= 0, y >= 0, x < width, y < height else { return 0 }
    let word = (y + 1) * stride + (x + 1) >> 6
    let shift = UInt64((x + 1) & 63)
    var value = 0
    for plane in 0..<planeCount { value |= Int(words[plane * planeWords + word] >> shift & 1) << plane }
    return value
  }

  private final class Words {
    let words: UnsafeMutablePointer<UInt64>

    init(count: Int) {
      // Zero pages of the system: planes that are not needed take no memory.
      guard let memory = calloc(count, 8) else { preconditionFailure("no memory for \(count) words") }
      words = memory.bindMemory(to: UInt64.self, capacity: count)
    }

    deinit { free(words) }
  }
}
