/// The two versions of the WLD container; they differ in how texture coordinates are written.
public enum WLDVersion: UInt32, Sendable, CaseIterable {
  case old = 0x0001_5500
  case new = 0x1000_C800
}

/// A WLD container under construction: numbered fragments and the table of strings that they refer to.
struct WLDFile {
  let version: WLDVersion
  private var fragments = ByteWriter()
  private var fragmentCount: UInt32 = 0
  private var largestFragment: UInt32 = 0
  private(set) var regionCount: UInt32 = 0
  private var strings: [UInt8] = [0]
  private var stringCount: UInt32 = 1

  static let key: [UInt8] = [0x95, 0x3A, 0xC5, 0x2A, 0x95, 0x7A, 0x95, 0x6A]

  init(version: WLDVersion) {
    self.version = version
  }

  /// The number by which the next fragment is referred to; the first is 1.
  var nextReference: UInt32 { fragmentCount + 1 }

  static func coded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    bytes.enumerated().map { $1 ^ key[$0 & 7] }
  }

  /// Adds `text` to the strings and gives the reference to it: minus its offset.
  mutating func string(_ text: String) -> Int32 {
    let offset = strings.count
    strings.append(contentsOf: text.utf8)
    strings.append(0)
    stringCount += 1
    return -Int32(offset)
  }

  /// Adds a fragment: its body begins with the reference to its name.
  /// - Returns: the number by which others refer to it.
  @discardableResult
  mutating func fragment(_ type: UInt32, name: String?, _ body: (inout ByteWriter) -> Void) -> UInt32 {
    var writer = ByteWriter()
    writer.i32(name.map { string($0) } ?? 0)
    body(&writer)
    writer.padToWord()
    fragments.u32(UInt32(writer.count))
    fragments.u32(type)
    fragments.append(writer.bytes)
    largestFragment = max(largestFragment, UInt32(writer.count))
    fragmentCount += 1
    if type == 0x22 { regionCount += 1 }
    return fragmentCount
  }

  /// The whole file.
  func encode() -> [UInt8] {
    var table = strings
    while table.count % 4 != 0 { table.append(0) }
    var file = ByteWriter()
    file.u32(0x5450_3D02)
    file.u32(version.rawValue)
    file.u32(fragmentCount)
    file.u32(regionCount)
    file.u32(largestFragment)
    file.u32(UInt32(table.count))
    file.u32(stringCount)
    file.append(Self.coded(table))
    file.append(fragments.bytes)
    file.u32(0xFFFF_FFFF)
    return file.bytes
  }
}
