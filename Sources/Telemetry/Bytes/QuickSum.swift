/// A sum of 32 bits over bytes, for what only this machine looks at again: the slots of the black box.
///
/// Unlike `CRC32` it needs no table. On a thread that runs ten times a second every table has left the caches, and
/// reading one anew costs more than all the rest of a slot.
enum QuickSum {
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var sum: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
    var offset = 0
    while bytes.count - offset >= 8 {
      sum = mixed(sum, UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset += 8
    }
    var last: UInt64 = 0
    while offset < bytes.count {
      last = last << 8 | UInt64(bytes[offset])
      offset += 1
    }
    sum = mixed(mixed(sum, last), 0)
    return UInt32(truncatingIfNeeded: sum ^ sum >> 32)
  }

  /// Both steps can be undone, so that no change of one word can be lost.
  @inline(__always) private static func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    let product = (sum ^ word) &* 0xD6E8_FEB8_6659_FD93
    return product ^ product >> 32
  }
}
