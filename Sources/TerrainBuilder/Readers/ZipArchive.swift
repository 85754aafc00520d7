/// A zip archive (.pk3): stored and deflated files.
struct ZipArchive {
  struct Entry {
    var name: String
    var method: Int
    var packed: Int
    var size: Int
    /// Of the local head.
    var offset: Int
  }

  static let entryMost = 256 << 20

  private(set) var entries: [Entry] = []
  private let bytes: [UInt8]
  private let file: String

  static func isArchive(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 3, 4]) }

  init(_ bytes: [UInt8], file: String) throws(AssetError) {
    self.bytes = bytes
    self.file = file
    var reader = ByteReader(bytes, file: file)
    guard bytes.count >= 22 else { throw reader.error("too short for a zip archive") }
    // The last mark stands before a comment of at most 65535 bytes.
    var end = bytes.count - 22
    let stop = max(0, end - 65535)
    while end >= stop, !(bytes[end] == 0x50 && bytes[end + 1] == 0x4B && bytes[end + 2] == 5 && bytes[end + 3] == 6) {
      end -= 1
    }
    guard end >= stop else { throw reader.error("no list of files") }
    try reader.seek(end + 10, "list of files")
    let count = Int(try reader.u16("files"))
    _ = try reader.u32("size")
    try reader.seek(try reader.count("offset"), "list of files")
    for _ in 0..<count {
      guard try reader.u32("file") == 0x0201_4B50 else { throw reader.error("no file where the list has one") }
      try reader.skip(6, "file")
      let method = Int(try reader.u16("file"))
      try reader.skip(8, "file")
      let packed = try reader.count("file")
      let size = try reader.count("file")
      let nameLength = Int(try reader.u16("file"))
      let extra = Int(try reader.u16("file"))
      let comment = Int(try reader.u16("file"))
      try reader.skip(8, "file")
      let offset = try reader.count("file")
      let name = String(decoding: try reader.take(nameLength, "name"), as: UTF8.self)
      try reader.skip(extra + comment, "file")
      entries.append(Entry(name: name, method: method, packed: packed, size: size, offset: offset))
    }
  }

  func read(_ entry: Entry) throws(AssetError) -> [UInt8] {
    var reader = ByteReader(bytes, file: file)
    try reader.seek(entry.offset, entry.name)
    guard try reader.u32(entry.name) == 0x0403_4B50 else {
      throw reader.error("\(entry.name) is not where the list says")
    }
    try reader.skip(22, entry.name)
    let name = Int(try reader.u16(entry.name))
    let extra = Int(try reader.u16(entry.name))
    try reader.skip(name + extra, entry.name)
    let packed = try reader.take(entry.packed, entry.name)
    guard entry.size <= Self.entryMost else { throw reader.error("\(entry.name) has \(entry.size) bytes") }
    switch entry.method {
    case 0 where entry.packed == entry.size: return Array(packed)
    case 8:
      guard let data = Inflate.inflate(packed, size: entry.size, raw: true) else {
        throw reader.error("\(entry.name) does not inflate to \(entry.size) bytes")
      }
      return data
    default: throw reader.error("\(entry.name): method \(entry.method) is not supported", kind: .unsupported)
    }
  }
}
