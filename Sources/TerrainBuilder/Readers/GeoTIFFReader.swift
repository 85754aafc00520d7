/// GeoTIFF elevation: one band, strips or tiles, plain or deflated, with or without the horizontal predictor. The
/// first image is read; overviews are not.
enum GeoTIFFReader {
  private struct Tags {
    var values: [Int: [Double]] = [:]
    var text: [Int: String] = [:]

    func one(_ tag: Int, default other: Int? = nil) -> Int? {
      guard let first = values[tag]?.first else { return other }
      return Int(exactly: first)
    }

    func all(_ tag: Int) -> [Int] { (values[tag] ?? []).compactMap { Int(exactly: $0) } }
  }

  private enum Sample {
    case signed16
    case unsigned16
    case float32
  }

  static func isTIFF(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x49, 0x49, 42, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 42])
  }

  static func read(_ bytes: [UInt8], file: String) throws(AssetError) -> ElevationRaster {
    guard isTIFF(bytes) else { throw AssetError(file: file, offset: 0, cause: "not a TIFF file") }
    let isBig = bytes[0] == 0x4D
    let tags = try directory(bytes, isBig: isBig, file: file)
    func fail(_ cause: String, _ kind: AssetError.Kind = .damaged) -> AssetError {
      AssetError(kind, file: file, offset: 0, cause: cause)
    }
    guard let width = tags.one(256), let height = tags.one(257) else { throw fail("no size") }
    try ElevationRaster.checkSize(width, height, file, 0)
    guard tags.one(277, default: 1) == 1 else { throw fail("more than one band", .unsupported) }
    let sample: Sample
    switch (tags.one(258, default: 1), tags.one(339, default: 1)) {
    case (16, 2): sample = .signed16
    case (16, 1): sample = .unsigned16
    case (32, 3): sample = .float32
    default: throw fail("only 16-bit whole numbers and 32-bit floating point are supported", .unsupported)
    }
    let compression = tags.one(259, default: 1) ?? 0
    guard [1, 8, 32946].contains(compression) else {
      throw fail("compression \(compression) is not supported", .unsupported)
    }
    let predictor = tags.one(317, default: 1) ?? 0
    guard predictor == 1 || (predictor == 2 && sample != .float32) else {
      throw fail("predictor \(predictor) is not supported", .unsupported)
    }
    let isTiled = tags.values[322] != nil
    let blockWidth = isTiled ? tags.one(322) ?? 0 : width
    let blockHeight = isTiled ? tags.one(323) ?? 0 : min(tags.one(278, default: height) ?? 0, height)
    guard (1...65536).contains(blockWidth), (1...(1 << 20)).contains(blockHeight),
      blockWidth * blockHeight <= ElevationRaster.pixelsMost
    else { throw fail("blocks of \(blockWidth) × \(blockHeight) are not possible") }
    let offsets = tags.all(isTiled ? 324 : 273)
    let counts = tags.all(isTiled ? 325 : 279)
    let across = (width + blockWidth - 1) / blockWidth
    let down = (height + blockHeight - 1) / blockHeight
    guard offsets.count == across * down, counts.count == offsets.count else {
      throw fail("\(offsets.count) blocks for \(across) × \(down)")
    }
    let size = sample == .float32 ? 4 : 2
    var raster = ElevationRaster()
    raster.width = width
    raster.height = height
    raster.heights = Array(repeating: .nan, count: width * height)
    let none = tags.text[42113].flatMap { Float($0.filter { $0 > " " }) }
    for block in offsets.indices {
      let x0 = block % across * blockWidth
      let y0 = block / across * blockHeight
      let rows = isTiled ? blockHeight : min(blockHeight, height - y0)
      guard offsets[block] >= 0, counts[block] >= 0, offsets[block] <= bytes.count,
        counts[block] <= bytes.count - offsets[block]
      else { throw AssetError(file: file, offset: 0, cause: "block \(block) leaves the file") }
      let packed = bytes[offsets[block]..<offsets[block] + counts[block]]
      let wanted = blockWidth * rows * size
      let data: [UInt8]
      if compression == 1 {
        guard packed.count == wanted else {
          throw AssetError(
            file: file, offset: offsets[block], cause: "block \(block) has \(packed.count) bytes, not \(wanted)")
        }
        data = Array(packed)
      } else {
        guard let inflated = Inflate.inflate(packed, size: wanted) else {
          throw AssetError(
            file: file, offset: offsets[block], cause: "block \(block) does not inflate to \(wanted) bytes")
        }
        data = inflated
      }
      for row in 0..<rows where y0 + row < height {
        var before: UInt16 = 0
        for column in 0..<blockWidth {
          let at = (row * blockWidth + column) * size
          var value: Float
          if sample == .float32 {
            var word: UInt32 = 0
            for byte in 0..<4 { word |= UInt32(data[at + byte]) << UInt32(8 * (isBig ? 3 - byte : byte)) }
            value = Float(bitPattern: word)
          } else {
            var word =
              isBig ? UInt16(data[at]) << 8 | UInt16(data[at + 1]) : UInt16(data[at + 1]) << 8 | UInt16(data[at])
            if predictor == 2 {
              word = word &+ before
              before = word
            }
            value = sample == .signed16 ? Float(Int16(bitPattern: word)) : Float(word)
          }
          guard x0 + column < width else { continue }
          if value == none || !value.isFinite { value = .nan }
          raster.heights[(y0 + row) * width + x0 + column] = value
        }
      }
    }
    try place(&raster, tags, file)
    return raster
  }

  private static func place(_ raster: inout ElevationRaster, _ tags: Tags, _ file: String) throws(AssetError) {
    guard let scale = tags.values[33550], scale.count >= 2, let tie = tags.values[33922], tie.count >= 6 else {
      return
    }
    guard scale[0] > 0, scale[0].isFinite, abs(scale[0] - scale[1]) < 1e-6 * scale[0] else {
      throw AssetError(.unsupported, file: file, offset: 0, cause: "pixels must be square")
    }
    raster.pixel = scale[0]
    // Tie points name the corner of a pixel.
    raster.west = tie[3] + (0.5 - tie[0]) * scale[0]
    raster.north = tie[4] - (0.5 - tie[1]) * scale[1]
  }

  /// The first directory of tags.
  private static func directory(_ bytes: [UInt8], isBig: Bool, file: String) throws(AssetError) -> Tags {
    func word(_ at: Int, _ count: Int) throws(AssetError) -> UInt64 {
      guard at >= 0, count <= bytes.count, at <= bytes.count - count else {
        throw AssetError(file: file, offset: max(0, at), cause: "the file ends inside its directory")
      }
      var value: UInt64 = 0
      for index in 0..<count { value = value << 8 | UInt64(bytes[at + (isBig ? index : count - 1 - index)]) }
      return value
    }
    let start = Int(try word(4, 4))
    let count = Int(try word(start, 2))
    var tags = Tags()
    for index in 0..<count {
      let entry = start + 2 + 12 * index
      let tag = Int(try word(entry, 2))
      let type = Int(try word(entry + 2, 2))
      let items = Int(try word(entry + 4, 4))
      let sizes = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 11: 4, 12: 8, 16: 8]
      guard let size = sizes[type] else { continue }
      guard items <= bytes.count / size else {
        throw AssetError(file: file, offset: entry, cause: "tag \(tag) has \(items) values")
      }
      let at = items * size <= 4 ? entry + 8 : Int(try word(entry + 8, 4))
      if type == 2 {
        guard at <= bytes.count - items else {
          throw AssetError(file: file, offset: entry, cause: "tag \(tag) leaves the file")
        }
        tags.text[tag] = String(decoding: bytes[at..<at + items].prefix { $0 != 0 }, as: UTF8.self)
        continue
      }
      // A directory may not make us hold more than it is itself.
      guard tags.values[tag] == nil else { continue }
      var values: [Double] = []
      values.reserveCapacity(items)
      for item in 0..<items {
        let bits = try word(at + item * size, type == 5 ? 4 : size)
        switch type {
        case 11: values.append(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
        case 12: values.append(Double(bitPattern: bits))
        default: values.append(Double(bits))
        }
      }
      tags.values[tag] = values
    }
    return tags
  }
}
