// The terrain file, version 1. Little-endian throughout; sections start at multiples of 64.
//
//   header (160 bytes), section table (32 bytes each), sections:
//   TDIR  16 bytes a tile, row-major from the south-west
//   TDAT  tile payloads, 8-aligned (TerrainTile.swift)
//   SHEE  16 bytes a sheet: the rectangle of cells that its planes cover
//   PROF  64 bytes an agent profile
//   PLAN  40 bytes a plane: profile, sheet, form (0 rows, 1 columns, 2 travel classes), size, place and checksum of
//         its words in PBIT
//   PBIT  the words of all planes, each in the form of WalkPlane or ClassPlane
//   LINK  64 bytes a link
//   DYNA  moving sectors
//   META  JSON: sources with hashes, builder, parameters
//
// Sections that a reader does not know are skipped (minor version); any other change is a new major version. The
// file is derived from assets, so there is no migration: on any mismatch it is built again.

enum TerrainFormat {
  static let magic: [UInt8] = [0x89, 0x43, 0x54, 0x52, 0x0D, 0x0A, 0x1A, 0x0A]
  static let major = 1
  static let minor = 0
  static let headerBytes = 160
  static let sectionBytes = 32
  static let tileShift = 5
  static let tileSide = 1 << tileShift
  static let tileEntryBytes = 16
  static let sheetBytes = 16
  static let profileBytes = 64
  static let planeBytes = 40
  static let linkBytes = 64
  /// Cells a side that a file may have at most.
  static let sideMost = 1 << 17

  static let tileDirectory = fourCC("TDIR")
  static let tileData = fourCC("TDAT")
  static let sheets = fourCC("SHEE")
  static let profiles = fourCC("PROF")
  static let planes = fourCC("PLAN")
  static let planeBits = fourCC("PBIT")
  static let links = fourCC("LINK")
  static let dynamics = fourCC("DYNA")
  static let metadata = fourCC("META")

  static func fourCC(_ text: String) -> UInt32 {
    var code: UInt32 = 0
    for (index, byte) in text.utf8.prefix(4).enumerated() { code |= UInt32(byte) << UInt32(8 * index) }
    return code
  }

  static func name(_ code: UInt32) -> String {
    String(
      decoding: (0..<4).map { UInt8(truncatingIfNeeded: code >> UInt32(8 * $0)) }.map {
        0x20...0x7E ~= $0 ? $0 : 0x3F
      },
      as: UTF8.self)
  }
}

/// Little-endian loads with a bounds check by the caller.
extension UnsafeRawBufferPointer {
  @inline(__always) func u8(_ offset: Int) -> UInt8 { self[offset] }
  @inline(__always) func u16(_ offset: Int) -> UInt16 {
    UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }
  @inline(__always) func u32(_ offset: Int) -> UInt32 {
    UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
  @inline(__always) func u64(_ offset: Int) -> UInt64 {
    UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
  @inline(__always) func i16(_ offset: Int) -> Int16 { Int16(bitPattern: u16(offset)) }
  @inline(__always) func i32(_ offset: Int) -> Int32 { Int32(bitPattern: u32(offset)) }
  @inline(__always) func f32(_ offset: Int) -> Float { Float(bitPattern: u32(offset)) }
  @inline(__always) func f64(_ offset: Int) -> Double { Double(bitPattern: u64(offset)) }
}

/// Appends little-endian values.
struct TerrainBytes {
  var bytes: [UInt8] = []

  mutating func u8(_ value: UInt8) { bytes.append(value) }
  mutating func u16(_ value: UInt16) { word(UInt64(value), 2) }
  mutating func u32(_ value: UInt32) { word(UInt64(value), 4) }
  mutating func u64(_ value: UInt64) { word(value, 8) }
  mutating func i32(_ value: Int32) { u32(UInt32(bitPattern: value)) }
  mutating func f32(_ value: Float) { u32(value.bitPattern) }
  mutating func f64(_ value: Double) { u64(value.bitPattern) }

  private mutating func word(_ value: UInt64, _ count: Int) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  mutating func pad(to alignment: Int) {
    let rest = bytes.count % alignment
    if rest > 0 { bytes.append(contentsOf: repeatElement(0, count: alignment - rest)) }
  }

  /// `text` cut or filled with zeros to `count` bytes.
  mutating func text(_ text: String, count: Int) {
    let utf8 = Array(text.utf8.prefix(count))
    bytes.append(contentsOf: utf8)
    bytes.append(contentsOf: repeatElement(0, count: count - utf8.count))
  }

  var checksum: UInt32 { bytes.withUnsafeBytes { TerrainChecksum.crc32c($0) } }
}
