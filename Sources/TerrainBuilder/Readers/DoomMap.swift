/// One map of a Doom WAD: the lumps that make up its ground. Nodes are not needed.
struct DoomMap: Sendable {
  struct Line: Sendable {
    var from: Int
    var to: Int
    var flags: Int
    var special: Int
    var tag: Int
    /// Numbers of sectors; nil where there is no side.
    var front: Int?
    var back: Int?
  }

  struct Sector: Sendable {
    var floor: Int
    var ceiling: Int
    var flat: String
    var special: Int
    var tag: Int
  }

  struct Thing: Sendable {
    var x: Int
    var y: Int
    var type: Int
  }

  var name: String
  var vertices: [(x: Int, y: Int)] = []
  var lines: [Line] = []
  var sectors: [Sector] = []
  var things: [Thing] = []
  var sources: [SourceFile] = []

  private struct Lump {
    var name: String
    var offset: Int
    var size: Int
  }

  static func isWAD(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: Array("IWAD".utf8)) || bytes.starts(with: Array("PWAD".utf8))
  }

  /// - Parameter map: its name; nil: the first one.
  init(_ bytes: [UInt8], file: String, map: String? = nil) throws(AssetError) {
    var reader = ByteReader(bytes, file: file)
    guard Self.isWAD(bytes) else { throw reader.error("not a WAD file") }
    try reader.skip(4, "magic")
    let count = try reader.i32("lumps")
    let directory = try reader.i32("directory")
    try reader.seek(directory, "directory")
    try reader.checkCount(count, of: 16, "lumps")
    var lumps: [Lump] = []
    for _ in 0..<count {
      let offset = try reader.i32("lump")
      let size = try reader.i32("lump")
      let text = try reader.take(8, "lump").prefix { $0 != 0 }
      let lump = Lump(name: String(decoding: text, as: UTF8.self).uppercased(), offset: offset, size: size)
      guard size >= 0, size == 0 || (offset >= 0 && offset <= bytes.count && size <= bytes.count - offset) else {
        throw reader.error("lump \(lump.name) leaves the file")
      }
      lumps.append(lump)
    }
    let marks = lumps.indices.dropLast().filter { lumps[$0 + 1].name == "THINGS" || lumps[$0 + 1].name == "TEXTMAP" }
    guard let mark = marks.first(where: { map == nil || lumps[$0].name == map?.uppercased() }) else {
      let known = marks.map { lumps[$0].name }.joined(separator: ", ")
      throw AssetError(
        file: file, offset: 0, cause: "holds no map \(map ?? ""); there are: \(known.isEmpty ? "none" : known)")
    }
    name = lumps[mark].name
    guard lumps[mark + 1].name == "THINGS" else {
      throw AssetError(.unsupported, file: file, offset: lumps[mark].offset, cause: "map \(name) is in UDMF form")
    }
    let own = Array(lumps[(mark + 1)...].prefix(11))
    if own.last?.name == "BEHAVIOR" {
      throw AssetError(.unsupported, file: file, offset: lumps[mark].offset, cause: "map \(name) is in Hexen form")
    }
    func lump(_ name: String, of size: Int) throws(AssetError) -> (reader: ByteReader, count: Int) {
      guard let lump = own.first(where: { $0.name == name }) else {
        throw AssetError(file: file, offset: 0, cause: "map \(self.name) has no \(name)")
      }
      guard lump.size % size == 0 else {
        throw AssetError(file: file, offset: lump.offset, cause: "\(name) ends inside an item")
      }
      let slice = lump.size == 0 ? bytes[0..<0] : bytes[lump.offset..<lump.offset + lump.size]
      return (ByteReader(slice, file: "\(file):\(self.name):\(name)"), lump.size / size)
    }
    try readVertices(lump("VERTEXES", of: 4))
    try readSectors(lump("SECTORS", of: 26))
    try readLines(lump("LINEDEFS", of: 14), sides: lump("SIDEDEFS", of: 30))
    try readThings(lump("THINGS", of: 10))
    sources = [SourceFile(name: baseName(file), bytes: bytes)]
  }

  private mutating func readVertices(_ lump: (reader: ByteReader, count: Int)) throws(AssetError) {
    var reader = lump.reader
    for _ in 0..<lump.count { vertices.append((Int(try reader.i16("vertex")), Int(try reader.i16("vertex")))) }
  }

  private mutating func readSectors(_ lump: (reader: ByteReader, count: Int)) throws(AssetError) {
    var reader = lump.reader
    for _ in 0..<lump.count {
      let floor = Int(try reader.i16("sector"))
      let ceiling = Int(try reader.i16("sector"))
      let flat = String(decoding: try reader.take(8, "sector").prefix { $0 != 0 }, as: UTF8.self).uppercased()
      try reader.skip(10, "sector")
      sectors.append(
        Sector(
          floor: floor, ceiling: ceiling, flat: flat, special: Int(try reader.u16("sector")),
          tag: Int(try reader.u16("sector"))))
    }
  }

  private mutating func readLines(
    _ lump: (reader: ByteReader, count: Int), sides: (reader: ByteReader, count: Int)
  ) throws(AssetError) {
    var side = sides.reader
    var sectorOf: [Int] = []
    for _ in 0..<sides.count {
      try side.skip(28, "side")
      let sector = Int(try side.u16("side"))
      guard sector < sectors.count else { throw side.error("a side names sector \(sector) of \(sectors.count)") }
      sectorOf.append(sector)
    }
    var reader = lump.reader
    func sector(_ side: Int) throws(AssetError) -> Int? {
      guard side != 0xFFFF else { return nil }
      guard side < sectorOf.count else { throw reader.error("a line names side \(side) of \(sectorOf.count)") }
      return sectorOf[side]
    }
    for _ in 0..<lump.count {
      let from = Int(try reader.u16("line"))
      let to = Int(try reader.u16("line"))
      guard max(from, to) < vertices.count else { throw reader.error("a line names a vertex that is not there") }
      let flags = Int(try reader.u16("line"))
      let special = Int(try reader.u16("line"))
      let tag = Int(try reader.u16("line"))
      let front = try sector(Int(try reader.u16("line")))
      let back = try sector(Int(try reader.u16("line")))
      lines.append(Line(from: from, to: to, flags: flags, special: special, tag: tag, front: front, back: back))
    }
  }

  private mutating func readThings(_ lump: (reader: ByteReader, count: Int)) throws(AssetError) {
    var reader = lump.reader
    for _ in 0..<lump.count {
      let x = Int(try reader.i16("thing"))
      let y = Int(try reader.i16("thing"))
      try reader.skip(2, "thing")
      let type = Int(try reader.u16("thing"))
      try reader.skip(2, "thing")
      things.append(Thing(x: x, y: y, type: type))
    }
  }
}
