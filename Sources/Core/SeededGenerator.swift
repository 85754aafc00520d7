/// A seeded generator of random numbers; its whole state is one word, so it can be hashed, stored and compared.
///
/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  public var state: UInt64

  @inlinable public init(seed: UInt64) {
    state = mixed(seed)
  }

  /// A generator of its own for stream `stream` of `seed`: drawing from one never moves another.
  @inlinable public init(seed: UInt64, stream: UInt64) {
    state = mixed(mixed(seed) ^ mixed(stream &* 0xD1B5_4A32_D192_ED03))
  }

  @inlinable public mutating func next() -> UInt64 {
    defer { state &+= 0x9E37_79B9_7F4A_7C15 }
    return mixed(state)
  }

  /// Uniform in `0..<1`.
  @inlinable public mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform in `range`.
  @inlinable public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + unit() * (range.upperBound - range.lowerBound)
  }

  /// Uniform in `range`; the same on every platform. The bias is below count / 2^64.
  @inlinable public mutating func integer(_ range: ClosedRange<Int>) -> Int {
    let count = UInt64(range.upperBound - range.lowerBound) + 1
    return range.lowerBound + Int(next().multipliedFullWidth(by: count).high)
  }

  /// True with probability `probability`.
  @inlinable public mutating func chance(_ probability: Double) -> Bool {
    unit() < probability
  }
}
