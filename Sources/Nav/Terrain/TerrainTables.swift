/// One entry of the table of walk planes.
struct TerrainPlaneEntry: Sendable {
  var profile: Int
  var sheet: Int
  /// 0 rows, 1 columns, 2 travel classes.
  var form: Int
  var width: Int
  var height: Int
  var checksum: UInt32
  /// From the start of the file.
  var offset: Int
  var byteCount: Int
}

/// Header and tables of a file, checked: every offset and count lies inside the file.
struct TerrainTables {
  var header: TerrainHeader
  var profiles: [AgentProfile] = []
  var links: [TerrainLink] = []
  var dynamics: [TerrainDynamic] = []
  var sheets: [TerrainRectangle] = []
  var planes: [TerrainPlaneEntry] = []
  var metadata = "{}"
  var directory: UnsafeRawBufferPointer
  var tileData: UnsafeRawBufferPointer

  private let bytes: UnsafeRawBufferPointer
  private let file: String
  private(set) var sections: [UInt32: Range<Int>] = [:]

  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(TerrainError) {
    self.bytes = bytes
    self.file = file
    header = try TerrainHeader(bytes, file: file)
    directory = UnsafeRawBufferPointer(rebasing: bytes[0..<0])
    tileData = directory
    try readSections()
    directory = try section(TerrainFormat.tileDirectory)
    tileData = try section(TerrainFormat.tileData)
    let tileCount = header.tilesX * header.tilesY
    guard directory.count == tileCount * TerrainFormat.tileEntryBytes else {
      throw damaged(TerrainFormat.tileDirectory, 0, "directory does not fit \(tileCount) tiles")
    }
    try readSheets()
    try readProfiles()
    try readPlanes()
    try readLinks()
    try readDynamics()
    metadata = String(decoding: try section(TerrainFormat.metadata), as: UTF8.self)
  }

  private func damaged(_ code: UInt32, _ offset: Int, _ cause: String) -> TerrainError {
    .damaged(
      file: file, offset: (sections[code]?.lowerBound ?? 0) + offset, cause: "\(TerrainFormat.name(code)): \(cause)")
  }

  private func section(_ code: UInt32) throws(TerrainError) -> UnsafeRawBufferPointer {
    guard let range = sections[code] else { throw damaged(code, 0, "section is missing") }
    return UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  private mutating func readSections() throws(TerrainError) {
    let count = Int(bytes.u32(144))
    let start = TerrainFormat.headerBytes
    guard count <= 64, start + count * TerrainFormat.sectionBytes <= bytes.count else {
      throw .damaged(file: file, offset: 144, cause: "\(count) sections do not fit")
    }
    let table = UnsafeRawBufferPointer(rebasing: bytes[start..<start + count * TerrainFormat.sectionBytes])
    guard TerrainChecksum.crc32c(table) == bytes.u32(148) else {
      throw .damaged(file: file, offset: start, cause: "section table checksum differs")
    }
    for index in 0..<count {
      let entry = index * TerrainFormat.sectionBytes
      let code = table.u32(entry)
      guard let offset = Int(exactly: table.u64(entry + 8)), let size = Int(exactly: table.u64(entry + 16)),
        offset <= bytes.count, size <= bytes.count - offset
      else { throw .damaged(file: file, offset: start + entry, cause: "\(TerrainFormat.name(code)) leaves the file") }
      guard offset % 64 == 0, sections[code] == nil else {
        throw .damaged(file: file, offset: start + entry, cause: "\(TerrainFormat.name(code)) is misplaced")
      }
      sections[code] = offset..<offset + size
      guard table.u32(entry + 4) & 1 == 1 else { continue }
      guard
        TerrainChecksum.crc32c(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size]))
          == table.u32(entry + 24)
      else { throw .damaged(file: file, offset: offset, cause: "\(TerrainFormat.name(code)) checksum differs") }
    }
  }

  private mutating func readSheets() throws(TerrainError) {
    let table = try section(TerrainFormat.sheets)
    guard table.count == header.sheetCount * TerrainFormat.sheetBytes else {
      throw damaged(TerrainFormat.sheets, 0, "does not hold \(header.sheetCount) sheets")
    }
    for index in 0..<header.sheetCount {
      let at = index * TerrainFormat.sheetBytes
      let area = TerrainRectangle(
        x: Int(table.u32(at)), y: Int(table.u32(at + 4)), width: Int(table.u32(at + 8)),
        height: Int(table.u32(at + 12)))
      guard area.x + area.width <= header.width, area.y + area.height <= header.height else {
        throw damaged(TerrainFormat.sheets, at, "sheet \(index) leaves the zone")
      }
      sheets.append(area)
    }
  }

  private mutating func readProfiles() throws(TerrainError) {
    let table = try section(TerrainFormat.profiles)
    guard table.count == header.profileCount * TerrainFormat.profileBytes else {
      throw damaged(TerrainFormat.profiles, 0, "does not hold \(header.profileCount) profiles")
    }
    for index in 0..<header.profileCount {
      let at = index * TerrainFormat.profileBytes
      let name = String(decoding: table[at..<at + 24].prefix { $0 != 0 }, as: UTF8.self)
      profiles.append(
        AgentProfile(
          name: name, radius: table.f64(at + 24), height: table.f64(at + 32), step: table.f64(at + 40),
          slope: table.f64(at + 48), drop: table.f64(at + 56)))
    }
  }

  private mutating func readPlanes() throws(TerrainError) {
    let table = try section(TerrainFormat.planes)
    let bits = sections[TerrainFormat.planeBits] ?? 0..<0
    guard table.count % TerrainFormat.planeBytes == 0 else {
      throw damaged(TerrainFormat.planes, 0, "ends inside an entry")
    }
    for at in stride(from: 0, to: table.count, by: TerrainFormat.planeBytes) {
      let entry = TerrainPlaneEntry(
        profile: Int(table.u32(at)), sheet: Int(table.u32(at + 4)), form: Int(table.u32(at + 8)),
        width: Int(table.u32(at + 12)), height: Int(table.u32(at + 16)), checksum: table.u32(at + 20),
        offset: Int(truncatingIfNeeded: table.u64(at + 24)), byteCount: Int(truncatingIfNeeded: table.u64(at + 32)))
      guard entry.profile < profiles.count, entry.sheet < sheets.count, entry.form < 3 else {
        throw damaged(TerrainFormat.planes, at, "profile, sheet or form is not there")
      }
      let area = sheets[entry.sheet]
      let isTurned = entry.form == 1
      let words = WalkPlane.wordCount(width: entry.width, height: entry.height)
      let planeCount = entry.form == 2 ? entry.byteCount / max(words * 8, 1) : 1
      guard entry.width == (isTurned ? area.height : area.width),
        entry.height == (isTurned ? area.width : area.height),
        (1...4).contains(planeCount), entry.byteCount == words * 8 * planeCount,
        max(entry.width, entry.height) <= WalkPlane.sideMax
      else { throw damaged(TerrainFormat.planes, at, "plane does not fit its sheet") }
      guard entry.offset >= 0, entry.offset % 8 == 0, entry.byteCount <= bits.count,
        entry.offset <= bits.count - entry.byteCount
      else { throw damaged(TerrainFormat.planes, at, "plane leaves its section") }
      var placed = entry
      placed.offset += bits.lowerBound
      planes.append(placed)
    }
  }

  private mutating func readLinks() throws(TerrainError) {
    let table = try section(TerrainFormat.links)
    guard table.count % TerrainFormat.linkBytes == 0 else {
      throw damaged(TerrainFormat.links, 0, "ends inside a link")
    }
    links.reserveCapacity(table.count / TerrainFormat.linkBytes)
    for at in stride(from: 0, to: table.count, by: TerrainFormat.linkBytes) {
      guard let kind = TerrainLink.Kind(rawValue: table[at]) else {
        throw damaged(TerrainFormat.links, at, "link kind \(table[at]) is not known")
      }
      let from = try cell(table, at + 8)
      let to = try cell(table, at + 20)
      guard abs(table.f64(at + 32)) < 1e12, abs(table.f64(at + 40)) < 1e12 else {
        throw damaged(TerrainFormat.links, at, "height is not possible")
      }
      links.append(
        TerrainLink(
          kind: kind, isTwoWay: table[at + 1] & 1 == 1, from: from, to: to, fromZ: table.f64(at + 32),
          toZ: table.f64(at + 40), profiles: table.u32(at + 4), tag: table.i32(at + 48)))
    }
  }

  private func cell(_ table: UnsafeRawBufferPointer, _ at: Int) throws(TerrainError) -> TerrainCell {
    let (x, y, sheet) = (Int(table.i32(at)), Int(table.i32(at + 4)), Int(table.i32(at + 8)))
    guard x >= 0, y >= 0, x < header.width, y < header.height, sheet >= 0, sheet < sheets.count else {
      throw damaged(TerrainFormat.links, at, "cell is not in the zone")
    }
    return TerrainCell(x: x, y: y, sheet: sheet)
  }

  private mutating func readDynamics() throws(TerrainError) {
    let table = try section(TerrainFormat.dynamics)
    var at = 0
    while at < table.count {
      guard table.count - at >= 32, let kind = TerrainDynamic.Kind(rawValue: table[at]) else {
        throw damaged(TerrainFormat.dynamics, at, "ends inside a sector, or its kind is not known")
      }
      let count = Int(table.u32(at + 12))
      guard count <= (table.count - at - 32) / 12 else {
        throw damaged(TerrainFormat.dynamics, at, "\(count) runs do not fit")
      }
      var runs: [TerrainDynamic.Run] = []
      for index in 0..<count {
        let run = at + 32 + index * 12
        runs.append(.init(x: table.i32(run), y: table.i32(run + 4), count: table.i32(run + 8)))
      }
      for run in runs {
        guard run.x >= 0, run.y >= 0, run.count >= 0, Int(run.x) + Int(run.count) <= header.width,
          Int(run.y) < header.height
        else { throw damaged(TerrainFormat.dynamics, at, "run leaves the zone") }
      }
      dynamics.append(
        TerrainDynamic(
          kind: kind, tag: table.i32(at + 4), sheet: Int(table.u32(at + 8)), low: table.f64(at + 16),
          high: table.f64(at + 24), runs: runs))
      at += 32 + count * 12
    }
  }
}
