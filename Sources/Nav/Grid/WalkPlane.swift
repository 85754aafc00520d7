/// Which cells of one sheet may be walked: a dense bitmap in both orientations, bordered by blocked cells.
///
/// Memory form, which is also the form in the terrain file (little-endian 64-bit words). One orientation of
/// `width × height` cells is
/// - one guard word, then `height + 2` rows of `stride(width)` words, then one guard word: `wordCount(width, height)`;
/// - cell (x, y) is bit `x + 1` (counted from the least significant bit of the row's first word upwards) of row `y + 1`;
/// - every bit that is no cell is 0, guard words included.
/// The second orientation is the same for the transposed grid: cell (x, y) is bit `y + 1` of row `x + 1`.
/// So a scan in any of the four directions reads words in sequence and always ends at a blocked bit.
///
/// A set bit promises passage to every set neighbour: straight, and diagonally where both cells beside the diagonal
/// are set too (no corner is cut).
public struct WalkPlane: @unchecked Sendable {
  // Sendable: the words are never written after init, except by `set`, which first makes the storage its own.
  public let width: Int
  public let height: Int
  /// Words in a row of the row-major orientation.
  public let rowStride: Int
  /// Words in a row of the transposed orientation.
  public let columnStride: Int
  /// The first word of padded row 0 of the row-major orientation; one guard word lies before it.
  @usableFromInline private(set) var rows: UnsafePointer<UInt64>
  /// The same of the transposed orientation.
  @usableFromInline private(set) var columns: UnsafePointer<UInt64>
  /// Keeps the memory alive; `OwnWords` when it is this value's own.
  private var owner: AnyObject

  /// Words in one padded row of `count` cells.
  @inlinable public static func stride(_ count: Int) -> Int { (count + 2 + 63) / 64 }

  /// Words of one orientation, guards included.
  @inlinable public static func wordCount(width: Int, height: Int) -> Int { (height + 2) * stride(width) + 2 }

  /// The largest side of a plane.
  public static let sideMax = 32_000

  /// A plane on memory that someone else keeps: `owner` holds it as long as the plane lives.
  ///
  /// `rows` points at `wordCount(width:height:)` words, `columns` at `wordCount(width: height, height: width)`.
  public init(
    width: Int, height: Int, rows: UnsafePointer<UInt64>, columns: UnsafePointer<UInt64>, owner: AnyObject
  ) {
    precondition((0...Self.sideMax).contains(width) && (0...Self.sideMax).contains(height), "\(width) × \(height)")
    self.width = width
    self.height = height
    rowStride = Self.stride(width)
    columnStride = Self.stride(height)
    self.rows = rows + 1
    self.columns = columns + 1
    self.owner = owner
  }

  /// A plane in memory of its own, filled by asking for every cell.
  public init(width: Int, height: Int, isWalkable: (_ x: Int, _ y: Int) -> Bool) {
    precondition((0...Self.sideMax).contains(width) && (0...Self.sideMax).contains(height), "\(width) × \(height)")
    let rowCount = Self.wordCount(width: width, height: height)
    let own = OwnWords(count: rowCount + Self.wordCount(width: height, height: width))
    self.init(
      width: width, height: height, rows: UnsafePointer(own.words), columns: UnsafePointer(own.words + rowCount),
      owner: own)
    for y in 0..<height {
      for x in 0..<width where isWalkable(x, y) { own.put(x, y, true, in: self) }
    }
  }

  /// False outside the plane.
  @inlinable public func isWalkable(_ x: Int, _ y: Int) -> Bool {
    guard x >= 0, y >= 0, x < width, y < height else { return false }
    return rows[(y + 1) * rowStride + (x + 1) >> 6] >> UInt64((x + 1) & 63) & 1 != 0
  }

  /// Changes one cell in both orientations; the first change of a shared plane copies it.
  public mutating func set(_ x: Int, _ y: Int, _ walkable: Bool) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    ownWords().put(x, y, walkable, in: self)
  }

  /// Changes a rectangle of cells; `isWalkable` is asked with coordinates of the plane.
  public mutating func set(
    x: Range<Int>, y: Range<Int>, isWalkable: (_ x: Int, _ y: Int) -> Bool
  ) {
    let x = x.clamped(to: 0..<width)
    let y = y.clamped(to: 0..<height)
    guard !x.isEmpty, !y.isEmpty else { return }
    let own = ownWords()
    for row in y {
      for column in x { own.put(column, row, isWalkable(column, row), in: self) }
    }
  }

  /// Walkable cells.
  /// - Complexity: O(words).
  public var walkableCount: Int {
    var count = 0
    for index in 0..<(height + 2) * rowStride { count += rows[index].nonzeroBitCount }
    return count
  }

  /// Bytes of both orientations.
  public var byteCount: Int {
    8 * (Self.wordCount(width: width, height: height) + Self.wordCount(width: height, height: width))
  }

  private mutating func ownWords() -> OwnWords {
    if isKnownUniquelyReferenced(&owner), let own = owner as? OwnWords { return own }
    let rowCount = Self.wordCount(width: width, height: height)
    let columnCount = Self.wordCount(width: height, height: width)
    let own = OwnWords(count: rowCount + columnCount)
    own.words.update(from: rows - 1, count: rowCount)
    (own.words + rowCount).update(from: columns - 1, count: columnCount)
    rows = UnsafePointer(own.words + 1)
    columns = UnsafePointer(own.words + rowCount + 1)
    owner = own
    return own
  }
}

/// Zeroed words that are freed with the object.
private final class OwnWords {
  let words: UnsafeMutablePointer<UInt64>

  init(count: Int) {
    words = .allocate(capacity: count)
    words.initialize(repeating: 0, count: count)
  }

  deinit { words.deallocate() }

  func put(_ x: Int, _ y: Int, _ walkable: Bool, in plane: WalkPlane) {
    let row = UnsafeMutablePointer(mutating: plane.rows) + (y + 1) * plane.rowStride + (x + 1) >> 6
    let column = UnsafeMutablePointer(mutating: plane.columns) + (x + 1) * plane.columnStride + (y + 1) >> 6
    let rowBit = (1 as UInt64) << UInt64((x + 1) & 63)
    let columnBit = (1 as UInt64) << UInt64((y + 1) & 63)
    if walkable {
      row.pointee |= rowBit
      column.pointee |= columnBit
    } else {
      row.pointee &= ~rowBit
      column.pointee &= ~columnBit
    }
  }
}
