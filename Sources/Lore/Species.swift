import Core

extension FixedName {
  /// The name of the kind: lower case, underscores as spaces, without the number that tells individuals apart and
  /// without "'s corpse". "a_meadow_rat007" and "A meadow rat" are one species.
  public var species: FixedName {
    withBytes { bytes in
      var end = bytes.count
      if let quote = bytes.firstIndex(of: UInt8(ascii: "'")), bytes[quote...].count > 2 { end = quote }
      while end > 0, (0x30...0x39).contains(bytes[end - 1]) || bytes[end - 1] == 0x5F || bytes[end - 1] == 0x20 {
        end -= 1
      }
      return FixedName(
        sanitising: bytes[..<end].lazy.map { byte -> UInt8 in
          switch byte {
          case 0x41...0x5A: byte + 0x20
          case 0x5F: 0x20
          default: byte
          }
        })
    }
  }
}
