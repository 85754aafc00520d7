import Core

/// A map of the Moving AI benchmark format: a header, then rows of one character per cell, (0, 0) top left.
public struct GridMap: Sendable {
  public let width: Int
  public let height: Int
  /// Shape: `[y * width + x]`.
  public let cells: [UInt8]

  public init(width: Int, height: Int, cells: [UInt8]) {
    self.width = width
    self.height = height
    self.cells = cells
  }

  /// Reads `text`; nil with the reason in `fault` when it is no such map.
  public init?(text: [UInt8], fault: inout String) {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
    var width: Int?
    var height: Int?
    while let line = lines.popFirst() {
      let words = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\r" || $0 == "\t" }
      if words.first == "map" { break }
      if words.count == 2, words[0] == "width" { width = Int(words[1]) }
      if words.count == 2, words[0] == "height" { height = Int(words[1]) }
    }
    guard let width, let height, (1...WalkPlane.sideMax).contains(width), (1...WalkPlane.sideMax).contains(height)
    else {
      fault = "no width and height in the header"
      return nil
    }
    var cells: [UInt8] = []
    cells.reserveCapacity(width * height)
    for row in 0..<height {
      guard let line = lines.popFirst(), line.count >= width else {
        fault = "row \(row) is missing or shorter than \(width)"
        return nil
      }
      cells += line.prefix(width)
    }
    self.init(width: width, height: height, cells: cells)
  }

  @inlinable public subscript(x: Int, y: Int) -> UInt8 {
    guard x >= 0, y >= 0, x < width, y < height else { return UInt8(ascii: "@") }
    return cells[y * width + x]
  }

  /// Where one may be at all: ground, swamp and water.
  public static let open = Set(".GSW".utf8)

  /// The plane of the cells that hold one of `symbols`, each cell repeated `scale × scale` times.
  public func plane(of symbols: Set<UInt8>, scale: Int = 1) -> WalkPlane {
    var isOpen = [Bool](repeating: false, count: 256)
    for symbol in symbols { isOpen[Int(symbol)] = true }
    return cells.withUnsafeBufferPointer { cells in
      isOpen.withUnsafeBufferPointer { isOpen in
        if scale == 1 {
          return WalkPlane(width: width, height: height) { x, y in isOpen[Int(cells[y * width + x])] }
        }
        return WalkPlane(width: width * scale, height: height * scale) { x, y in
          isOpen[Int(cells[y / scale * width + x / scale])]
        }
      }
    }
  }
}
