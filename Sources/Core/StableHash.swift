/// A 64-bit hash that is equal in every process, build and run. Not for hash tables, not against attackers.
///
/// Multiply-xorshift over 64-bit words (the finaliser of SplitMix64, Steele et al., OOPSLA 2014).
public struct StableHash: Sendable, Hashable {
  public var value: UInt64

  @inlinable public init(seed: UInt64 = 0x9E37_79B9_7F4A_7C15) {
    value = seed
  }

  @inlinable public mutating func combine(_ word: UInt64) {
    value = mixed(value ^ word &* 0x9FB2_1C65_1E98_DF25)
  }

  @inlinable public mutating func combine(_ number: Int) { combine(UInt64(bitPattern: Int64(number))) }

  /// Takes the bit pattern; both zeros count as one.
  @inlinable public mutating func combine(_ number: Double) { combine(number == 0 ? 0 : number.bitPattern) }

  @inlinable public mutating func combine(_ flag: Bool) { combine(flag ? 1 : UInt64(0)) }

  @inlinable public mutating func combine(_ position: Position) {
    combine(position.x)
    combine(position.y)
    combine(position.z)
  }

  @inlinable public mutating func combine(_ name: FixedName) {
    combine(name.words.0)
    combine(name.words.1)
    combine(name.words.2)
    combine(name.words.3)
  }

  @inlinable public mutating func combine(_ text: String) {
    combine(bytes: text.utf8)
  }

  /// Takes the bytes one by one, with their count.
  /// - Complexity: O(n).
  @inlinable public mutating func combine(bytes: some Sequence<UInt8>) {
    var word: UInt64 = 0
    var count = 0
    for byte in bytes {
      word = word << 8 | UInt64(byte)
      count += 1
      if count & 7 == 0 {
        combine(word)
        word = 0
      }
    }
    combine(word)
    combine(count)
  }
}

/// Bijective mixing of 64 bits (SplitMix64's finaliser).
@inlinable public func mixed(_ word: UInt64) -> UInt64 {
  var z = word &+ 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
