import Core

extension FixedName {
  /// The name of the kind: lower case, underscores as spaces, without the number that tells individuals apart and
  /// without "'s corpse". "a_meadow_rat007" and "A meadow rat" are one species.
  ///
  /// Asked for every corpse in every tick: works on bytes in place, without an allocation.
  public var species: FixedName {
    withBytes { bytes in
      var end = bytes.count
      if let quote = bytes.firstIndex(of: UInt8(ascii: "'")), bytes.count - quote > 2 { end = quote }
      while end > 0, (0x30...0x39).contains(bytes[end - 1]) || bytes[end - 1] == 0x5F || bytes[end - 1] == 0x20 {
        end -= 1
      }
      return FixedName(sanitising: SpeciesBytes(bytes: bytes, end: end))
    }
  }
}

/// The bytes of a species' name, one by one.
private struct SpeciesBytes: Sequence, IteratorProtocol {
  let bytes: UnsafeRawBufferPointer
  let end: Int
  var index = 0

  init(bytes: UnsafeRawBufferPointer, end: Int) {
    self.bytes = bytes
    self.end = end
  }

  mutating func next() -> UInt8? {
    guard index < end else { return nil }
    let byte = bytes[index]
    index += 1
    switch byte {
    case 0x41...0x5A: return byte + 0x20
    case 0x5F: return 0x20
    default: return byte
    }
  }
}
