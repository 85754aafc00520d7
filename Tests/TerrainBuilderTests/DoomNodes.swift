/// The tree of a WAD file with one map. Traps on malformed bytes: a test that hits that has failed.
struct DoomNodes {
  private let bytes: [UInt8]
  private var lumps: [String: (offset: Int, size: Int)] = [:]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    let count = Self.number(bytes, 4, 4)
    let directory = Self.number(bytes, 8, 4)
    for index in 0..<count {
      let entry = directory + 16 * index
      let name = String(decoding: bytes[entry + 8..<entry + 16].prefix { $0 != 0 }, as: UTF8.self)
      lumps[name] = (Self.number(bytes, entry, 4), Self.number(bytes, entry + 4, 4))
    }
  }

  private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
  }

  private func word(_ lump: String, _ index: Int, of size: Int, _ field: Int) -> Int {
    Self.number(bytes, (lumps[lump]?.offset ?? 0) + index * size + 2 * field, 2)
  }

  private func signed(_ lump: String, _ index: Int, of size: Int, _ field: Int) -> Double {
    Double(Int16(truncatingIfNeeded: word(lump, index, of: size, field)))
  }

  /// The sector of the leaf that holds a point.
  func sector(x: Double, y: Double) -> Int {
    var node = (lumps["NODES"]?.size ?? 0) / 28 - 1
    while node & 0x8000 == 0 {
      func field(_ index: Int) -> Double { signed("NODES", node, of: 28, index) }
      // The right-hand side is in front.
      let isLeft = (y - field(1)) * field(2) >= (x - field(0)) * field(3)
      node = word("NODES", node, of: 28, isLeft ? 13 : 12)
    }
    let leaf = node & 0x7FFF
    let segment = word("SSECTORS", leaf, of: 4, 1)
    let line = word("SEGS", segment, of: 12, 3)
    let isBack = word("SEGS", segment, of: 12, 4) != 0
    let side = word("LINEDEFS", line, of: 14, isBack ? 6 : 5)
    return word("SIDEDEFS", side, of: 30, 14)
  }
}
