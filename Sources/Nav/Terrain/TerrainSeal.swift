/// Makes the checksums of damaged terrain bytes right again, as far as their tables lead, so that tests reach what
/// lies behind the checks.
public enum TerrainSeal {
  public static func sealed(_ source: [UInt8]) -> [UInt8] {
    var bytes = source
    guard bytes.count >= TerrainFormat.headerBytes else { return bytes }
    put(UInt32(truncatingIfNeeded: bytes.count), at: 16, in: &bytes)
    put(0, at: 20, in: &bytes)
    let sections = sections(bytes)
    if let directory = sections[TerrainFormat.tileDirectory], let data = sections[TerrainFormat.tileData] {
      for entry in stride(from: directory.lowerBound, to: directory.upperBound - 15, by: 16) {
        let offset = Int(word(bytes, entry)) * 8
        let size = Int(word(bytes, entry + 4))
        guard offset <= data.count, size <= data.count - offset else { continue }
        let start = data.lowerBound + offset
        put(checksum(bytes, start..<start + size), at: entry + 8, in: &bytes)
      }
    }
    if let table = sections[TerrainFormat.planes], let bits = sections[TerrainFormat.planeBits] {
      for entry in stride(from: table.lowerBound, to: table.upperBound - 39, by: TerrainFormat.planeBytes) {
        let offset = Int(word(bytes, entry + 24))
        let size = Int(word(bytes, entry + 32))
        guard offset <= bits.count, size <= bits.count - offset else { continue }
        let start = bits.lowerBound + offset
        put(checksum(bytes, start..<start + size), at: entry + 20, in: &bytes)
      }
    }
    for index in 0..<min(Int(word(bytes, 144)), 64) {
      let entry = TerrainFormat.headerBytes + index * TerrainFormat.sectionBytes
      guard entry + TerrainFormat.sectionBytes <= bytes.count else { break }
      guard let range = sections[word(bytes, entry)] else { continue }
      put(checksum(bytes, range), at: entry + 24, in: &bytes)
    }
    let tableEnd = TerrainFormat.headerBytes + min(Int(word(bytes, 144)), 64) * TerrainFormat.sectionBytes
    if tableEnd <= bytes.count {
      put(checksum(bytes, TerrainFormat.headerBytes..<tableEnd), at: 148, in: &bytes)
    }
    put(checksum(bytes, 0..<156), at: 156, in: &bytes)
    return bytes
  }

  private static func sections(_ bytes: [UInt8]) -> [UInt32: Range<Int>] {
    var found: [UInt32: Range<Int>] = [:]
    for index in 0..<min(Int(word(bytes, 144)), 64) {
      let entry = TerrainFormat.headerBytes + index * TerrainFormat.sectionBytes
      guard entry + TerrainFormat.sectionBytes <= bytes.count else { break }
      let offset = Int(word(bytes, entry + 8))
      let size = Int(word(bytes, entry + 16))
      guard word(bytes, entry + 12) == 0, word(bytes, entry + 20) == 0, offset <= bytes.count,
        size <= bytes.count - offset
      else { continue }
      found[word(bytes, entry)] = offset..<offset + size
    }
    return found
  }

  private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 { bytes.withUnsafeBytes { $0.u32(at) } }

  private static func put(_ word: UInt32, at: Int, in bytes: inout [UInt8]) {
    for index in 0..<4 { bytes[at + index] = UInt8(truncatingIfNeeded: word >> UInt32(8 * index)) }
  }

  private static func checksum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
    bytes.withUnsafeBytes { TerrainChecksum.crc32c(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
