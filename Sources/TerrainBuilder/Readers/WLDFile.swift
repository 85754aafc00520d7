/// A WLD container: fragments by number, and the table of strings.
///
/// Layout: u32 magic, version, fragments, regions, largest fragment, bytes of strings, strings; coded strings; then
/// fragments {u32 size, u32 type, bytes}. References to fragments count from 1; to strings they are negative offsets.
struct WLDFile {
  struct Fragment {
    var type: UInt32
    /// Of the body, from the start of the file.
    var offset: Int
    var size: Int
    var name: String
  }

  let file: String
  let isNew: Bool
  private(set) var fragments: [Fragment] = []
  private let bytes: [UInt8]
  private var strings: [UInt8] = []

  static let magic: UInt32 = 0x5450_3D02
  private static let key: [UInt8] = [0x95, 0x3A, 0xC5, 0x2A, 0x95, 0x7A, 0x95, 0x6A]

  /// Coding and decoding are the same.
  static func coded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.enumerated().map { $1 ^ key[$0 & 7] }
  }

  init(_ bytes: [UInt8], file: String) throws(AssetError) {
    self.bytes = bytes
    self.file = file
    var reader = ByteReader(bytes, file: file)
    guard try reader.u32("magic") == Self.magic else { throw reader.error("not a WLD file", at: 0) }
    let version = try reader.u32("version") & ~1
    guard version == 0x0001_5500 || version == 0x1000_C800 else {
      throw reader.error("WLD version \(version) is not supported", kind: .unsupported, at: 4)
    }
    isNew = version == 0x1000_C800
    let count = try reader.count("fragments")
    _ = try reader.u32("regions")
    _ = try reader.u32("largest fragment")
    let stringBytes = try reader.count("bytes of strings")
    _ = try reader.u32("strings")
    strings = Self.coded(try reader.take(stringBytes, "strings"))
    try reader.checkCount(count, of: 8, "fragments")
    fragments.reserveCapacity(count)
    for number in 1...max(count, 1) where number <= count {
      let size = try reader.count("fragment \(number)")
      let type = try reader.u32("fragment \(number)")
      try reader.need(size, "fragment \(number) of type \(type)")
      var name = ""
      if type != 0x35, size >= 4 {
        var peek = reader
        let reference = try peek.i32("name")
        if reference <= 0 { name = string(at: -reference) ?? "" }
      }
      fragments.append(Fragment(type: type, offset: reader.offset, size: size, name: name))
      try reader.skip(size, "fragment \(number)")
    }
    // A file that was cut off has lost its last mark.
    guard try reader.u32("end") == 0xFFFF_FFFF else { throw reader.error("no end behind the last fragment") }
  }

  /// The string at an offset into the table; nil outside.
  func string(at offset: Int) -> String? {
    guard offset >= 0, offset < strings.count else { return nil }
    return String(decoding: strings[offset...].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// A reader of a fragment's body behind its name; errors count from the start of the body.
  func body(_ fragment: Fragment) throws(AssetError) -> ByteReader {
    var reader = ByteReader(
      bytes[fragment.offset..<fragment.offset + fragment.size],
      file: "\(file), fragment \(hexadecimal(fragment.type)) at \(fragment.offset)")
    try reader.skip(4, "name")
    return reader
  }

  /// The fragment that a positive reference names.
  func fragment(_ reference: Int, _ type: UInt32, from reader: ByteReader) throws(AssetError) -> Fragment {
    guard reference > 0, reference <= fragments.count else {
      throw reader.error("reference \(reference) names no fragment")
    }
    let fragment = fragments[reference - 1]
    guard fragment.type == type else {
      throw reader.error(
        "reference \(reference) names \(hexadecimal(fragment.type)), not \(hexadecimal(type))")
    }
    return fragment
  }
}

func hexadecimal(_ number: UInt32) -> String { "0x" + String(number, radix: 16, uppercase: true) }
