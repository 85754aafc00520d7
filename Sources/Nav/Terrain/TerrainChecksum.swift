/// CRC-32C (Castagnoli, reflected 0x82F63B78), eight bytes at a time.
enum TerrainChecksum {
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for value in 0..<256 {
      var crc = UInt32(value)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
      tables[value] = crc
    }
    for value in 0..<256 {
      for row in 1..<8 {
        let before = tables[(row - 1) * 256 + value]
        tables[row * 256 + value] = before >> 8 ^ tables[Int(before & 255)]
      }
    }
    return tables
  }()

  /// - Complexity: O(n), about a nanosecond a byte.
  static func crc32c(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { return 0 }
      var crc: UInt32 = ~0
      var offset = 0
      while offset + 8 <= bytes.count {
        let word =
          UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ UInt64(crc)
        var next = table[0x700 + Int(truncatingIfNeeded: word & 255)]
        next ^= table[0x600 + Int(truncatingIfNeeded: word >> 8 & 255)]
        next ^= table[0x500 + Int(truncatingIfNeeded: word >> 16 & 255)]
        next ^= table[0x400 + Int(truncatingIfNeeded: word >> 24 & 255)]
        next ^= table[0x300 + Int(truncatingIfNeeded: word >> 32 & 255)]
        next ^= table[0x200 + Int(truncatingIfNeeded: word >> 40 & 255)]
        next ^= table[0x100 + Int(truncatingIfNeeded: word >> 48 & 255)]
        next ^= table[Int(truncatingIfNeeded: word >> 56)]
        crc = next
        offset += 8
      }
      while offset < bytes.count {
        crc = crc >> 8 ^ table[Int((crc ^ UInt32(bytes[offset])) & 255)]
        offset += 1
      }
      return ~crc
    }
  }
}
