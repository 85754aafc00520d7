/// Heights on a grid of pixels, as elevation files hold them.
public struct ElevationRaster: Sendable {
  public var width = 0
  public var height = 0
  /// Row 0 is the northernmost; NaN where nothing is known. Unit: as in the file.
  public var heights: [Float] = []
  /// Map coordinates of the centre of the north-western pixel, and the size of a pixel; degrees, mostly.
  public var west = 0.0
  public var north = 0.0
  public var pixel = 1.0
  public var sources: [SourceFile] = []

  /// More pixels than this are refused.
  static let pixelsMost = 1 << 28

  /// The height at pixel (column, row), row 0 north; NaN outside.
  func height(_ column: Int, _ row: Int) -> Float {
    guard column >= 0, row >= 0, column < width, row < height else { return .nan }
    return heights[row * width + column]
  }

  static func checkSize(_ width: Int, _ height: Int, _ file: String, _ offset: Int) throws(AssetError) {
    guard width > 0, height > 0, width <= 1 << 20, height <= 1 << 20, width * height <= pixelsMost else {
      throw AssetError(file: file, offset: offset, cause: "\(width) × \(height) pixels are not possible")
    }
  }
}

/// SRTM `.hgt`: big-endian 16-bit heights in a square of 1201 or 3601, rows from the north; the name is the
/// south-western corner.
enum HGTReader {
  static func read(_ bytes: [UInt8], file: String) throws(AssetError) -> ElevationRaster {
    let side: Int
    switch bytes.count {
    case 1201 * 1201 * 2: side = 1201
    case 3601 * 3601 * 2: side = 3601
    default:
      throw AssetError(file: file, offset: 0, cause: "\(bytes.count) bytes are no square of 1201 or 3601 heights")
    }
    var raster = ElevationRaster()
    raster.width = side
    raster.height = side
    raster.heights = (0..<side * side).map { index in
      let value = Int16(bitPattern: UInt16(bytes[2 * index]) << 8 | UInt16(bytes[2 * index + 1]))
      return value == -32768 ? .nan : Float(value)
    }
    raster.pixel = 1 / Double(side - 1)
    guard let corner = corner(baseName(file)) else {
      throw AssetError(file: file, offset: 0, cause: "the name must say the corner, such as N36W085")
    }
    raster.west = corner.east
    raster.north = corner.north + 1
    return raster
  }

  /// `N36W085…`
  private static func corner(_ name: String) -> (north: Double, east: Double)? {
    let letters = Array(name.uppercased().utf8)
    guard letters.count >= 7, let north = Int(String(decoding: letters[1..<3], as: UTF8.self)),
      let east = Int(String(decoding: letters[4..<7], as: UTF8.self))
    else { return nil }
    let signs = (letters[0], letters[3])
    guard signs.0 == UInt8(ascii: "N") || signs.0 == UInt8(ascii: "S"),
      signs.1 == UInt8(ascii: "E") || signs.1 == UInt8(ascii: "W")
    else { return nil }
    return (
      Double(signs.0 == UInt8(ascii: "N") ? north : -north), Double(signs.1 == UInt8(ascii: "E") ? east : -east)
    )
  }
}

/// ESRI ASCII grid: a head of names and numbers, then rows from the north.
enum ASCIIGridReader {
  static func read(_ bytes: [UInt8], file: String) throws(AssetError) -> ElevationRaster {
    var at = 0
    func word() -> (text: String, offset: Int)? {
      while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
      let start = at
      while at < bytes.count, bytes[at] > 0x20 { at += 1 }
      guard at > start, at - start <= 64 else { return nil }
      return (String(decoding: bytes[start..<at], as: UTF8.self), start)
    }
    func number(_ what: String) throws(AssetError) -> Double {
      guard let word = word(), let value = Double(word.text), value.isFinite else {
        throw AssetError(file: file, offset: at, cause: "\(what): a number is missing")
      }
      return value
    }
    var head: [String: Double] = [:]
    var mark = at
    while let name = word(), let first = name.text.utf8.first, first > UInt8(ascii: "9") {
      head[name.text.lowercased()] = try number(name.text)
      mark = at
    }
    at = mark
    func need(_ name: String) throws(AssetError) -> Double {
      guard let value = head[name] else { throw AssetError(file: file, offset: 0, cause: "no \(name)") }
      return value
    }
    guard let width = Int(exactly: try need("ncols")), let height = Int(exactly: try need("nrows")) else {
      throw AssetError(file: file, offset: 0, cause: "ncols and nrows must be whole numbers")
    }
    try ElevationRaster.checkSize(width, height, file, 0)
    guard width * height <= bytes.count - at else {
      throw AssetError(file: file, offset: at, cause: "\(width) × \(height) heights do not fit")
    }
    var raster = ElevationRaster()
    raster.width = width
    raster.height = height
    raster.pixel = try need("cellsize")
    guard raster.pixel > 0 else { throw AssetError(file: file, offset: 0, cause: "cellsize must be above 0") }
    let isCorner = head["xllcorner"] != nil
    raster.west = try need(isCorner ? "xllcorner" : "xllcenter") + (isCorner ? raster.pixel / 2 : 0)
    let south = try need(isCorner ? "yllcorner" : "yllcenter") + (isCorner ? raster.pixel / 2 : 0)
    raster.north = south + Double(height - 1) * raster.pixel
    raster.heights.reserveCapacity(width * height)
    let none = head["nodata_value"]
    for _ in 0..<width * height {
      let value = try number("height")
      raster.heights.append(value == none ? .nan : Float(value))
    }
    guard word() == nil else {
      throw AssetError(file: file, offset: at, cause: "more heights than \(width) × \(height)")
    }
    return raster
  }
}
