/// A PFS archive (.s3d, .eqg, .pfs): names and compressed files.
///
/// Layout: u32 index offset, "PFS ", u32 version; index: u32 count, {u32 name checksum, u32 offset, u32 size};
/// a file is a row of blocks {u32 deflated, u32 inflated, zlib data} of at most 8 KB.
struct PFSArchive {
  struct Entry {
    var name: String
    var offset: Int
    var size: Int
  }

  static let directoryChecksum: UInt32 = 0x6158_0AC9
  static let blockMost = 8192
  static let entryMost = 256 << 20

  /// In directory order; names in lower case.
  private(set) var entries: [Entry] = []
  private let bytes: [UInt8]
  private let file: String

  static func isArchive(_ bytes: [UInt8]) -> Bool { bytes.count >= 12 && Array(bytes[4..<8]) == Array("PFS ".utf8) }

  init(_ bytes: [UInt8], file: String) throws(AssetError) {
    self.bytes = bytes
    self.file = file
    var reader = ByteReader(bytes, file: file)
    let indexOffset = try reader.count("index offset")
    guard Array(try reader.take(4, "magic")) == Array("PFS ".utf8) else {
      throw reader.error("not a PFS archive", at: 4)
    }
    let version = try reader.u32("version")
    guard version == 0x0002_0000 else {
      throw reader.error("PFS version \(version >> 16) is not supported", kind: .unsupported, at: 8)
    }
    try reader.seek(indexOffset, "index")
    let count = try reader.count("entries")
    try reader.checkCount(count, of: 12, "entries")
    var raw: [(checksum: UInt32, offset: Int, size: Int)] = []
    var directory: (offset: Int, size: Int)?
    for _ in 0..<count {
      let place = reader.offset
      let checksum = try reader.u32("checksum")
      let offset = try reader.count("offset")
      let size = try reader.count("size")
      guard offset <= bytes.count, size <= Self.entryMost else {
        throw reader.error("an entry of \(size) bytes at \(offset) is not possible", at: place)
      }
      if checksum == Self.directoryChecksum || (checksum == 0xFFFF_FFFF && directory == nil) {
        directory = (offset, size)
      } else {
        raw.append((checksum, offset, size))
      }
    }
    // An archive may end with nine bytes: "STEVE" and a date.
    guard !(1..<9).contains(reader.remaining) else { throw reader.error("ends inside its last mark") }
    guard let directory else { throw reader.error("no directory of names", at: indexOffset) }
    let names = try readNames(try inflate(offset: directory.offset, size: directory.size, name: "directory"))
    try match(names, raw)
  }

  func contains(_ name: String) -> Bool { entries.contains { $0.name == name.lowercased() } }

  /// The bytes of a file.
  func read(_ name: String) throws(AssetError) -> [UInt8] {
    guard let entry = entries.first(where: { $0.name == name.lowercased() }) else {
      throw AssetError(file: file, offset: 0, cause: "holds no \(name)")
    }
    return try inflate(offset: entry.offset, size: entry.size, name: entry.name)
  }

  private func readNames(_ data: [UInt8]) throws(AssetError) -> [String] {
    var reader = ByteReader(data, file: "\(file):directory")
    let count = try reader.count("names")
    try reader.checkCount(count, of: 4, "names")
    var names: [String] = []
    for _ in 0..<count {
      let length = try reader.count("name length")
      let name = try reader.take(length, "name").prefix { $0 != 0 }
      names.append(String(decoding: name, as: UTF8.self).lowercased())
    }
    return names
  }

  /// By checksum; where one does not fit, by the order of the data.
  private mutating func match(
    _ names: [String], _ raw: [(checksum: UInt32, offset: Int, size: Int)]
  ) throws(AssetError) {
    guard names.count == raw.count else {
      throw AssetError(file: file, offset: 0, cause: "\(names.count) names for \(raw.count) files")
    }
    var byChecksum: [UInt32: String] = [:]
    for name in names { byChecksum[Self.checksum(name)] = name }
    if raw.allSatisfy({ byChecksum[$0.checksum] != nil }) {
      entries = raw.map { Entry(name: byChecksum[$0.checksum] ?? "", offset: $0.offset, size: $0.size) }
    } else {
      let inOrder = raw.sorted { $0.offset < $1.offset }
      entries = zip(names, inOrder).map { Entry(name: $0, offset: $1.offset, size: $1.size) }
    }
  }

  private func inflate(offset: Int, size: Int, name: String) throws(AssetError) -> [UInt8] {
    var result: [UInt8] = []
    var reader = ByteReader(bytes, file: file)
    try reader.seek(offset, name)
    while result.count < size {
      let place = reader.offset
      let deflated = try reader.count("\(name): block")
      let inflated = try reader.count("\(name): block")
      guard inflated > 0, inflated <= Self.blockMost, inflated <= size - result.count else {
        throw reader.error("\(name): a block of \(inflated) bytes is not possible", at: place)
      }
      let data = try reader.take(deflated, "\(name): block")
      guard let block = Inflate.inflate(data, size: inflated) else {
        throw reader.error("\(name): block does not inflate to \(inflated) bytes", at: place)
      }
      result += block
    }
    return result
  }

  /// CRC with polynomial 0x04C11DB7, most significant bit first, start 0, over the lower-case name and its NUL.
  static func checksum(_ name: String) -> UInt32 {
    var crc: UInt32 = 0
    for byte in Array(name.lowercased().utf8) + [0] {
      crc ^= UInt32(byte) << 24
      for _ in 0..<8 { crc = crc & 0x8000_0000 != 0 ? crc << 1 ^ 0x04C1_1DB7 : crc << 1 }
    }
    return crc
  }
}
