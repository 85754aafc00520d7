/// SHA-256 (FIPS 180-4).
enum SHA256 {
  private static let constants: [UInt32] = {
    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    var primes: [UInt64] = []
    var candidate: UInt64 = 2
    while primes.count < 64 {
      if !primes.contains(where: { candidate % $0 == 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map { prime in root(prime, power: 3) }
  }()

  private static let start: [UInt32] = [2, 3, 5, 7, 11, 13, 17, 19].map { root($0, power: 2) }

  /// 32 bits of the fractional part of a square or cube root, by whole numbers only.
  private static func root(_ prime: UInt64, power: Int) -> UInt32 {
    // The largest r with r^power ≤ prime · 2^(32·power).
    var low: UInt64 = 0
    var high: UInt64 = 1 << 36
    while high - low > 1 {
      let middle = (low + high) / 2
      if isAtMost(middle, power: power, prime: prime) { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }

  private static func isAtMost(_ value: UInt64, power: Int, prime: UInt64) -> Bool {
    // value < 2^36: value² < 2^72, value³ < 2^108.
    let square = value.multipliedFullWidth(by: value)
    if power == 2 { return (square.high, square.low) <= (prime, 0) }
    let lower = square.low.multipliedFullWidth(by: value)
    let upper = square.high * value + lower.high
    return (upper, lower.low) <= (prime << 32, 0)
  }

  static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var state = start
    let tailStart = bytes.count / 64 * 64
    var tail = Array(bytes[tailStart...])
    tail.append(0x80)
    while tail.count % 64 != 56 { tail.append(0) }
    let bits = UInt64(bytes.count) * 8
    for shift in stride(from: 56, through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    bytes.withUnsafeBufferPointer { source in
      for block in stride(from: 0, to: tailStart, by: 64) {
        mix(UnsafeBufferPointer(rebasing: source[block..<block + 64]), into: &state)
      }
    }
    tail.withUnsafeBufferPointer { source in
      for block in stride(from: 0, to: source.count, by: 64) {
        mix(UnsafeBufferPointer(rebasing: source[block..<block + 64]), into: &state)
      }
    }
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
  }

  private static func mix(_ block: UnsafeBufferPointer<UInt8>, into state: inout [UInt32]) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
      constants.withUnsafeBufferPointer { constants in
        for index in 0..<16 {
          words[index] =
            UInt32(block[4 * index]) << 24 | UInt32(block[4 * index + 1]) << 16 | UInt32(block[4 * index + 2]) << 8
            | UInt32(block[4 * index + 3])
        }
        for index in 16..<64 {
          let (a, b) = (words[index - 15], words[index - 2])
          let small = turned(a, 7) ^ turned(a, 18) ^ a >> 3
          let large = turned(b, 17) ^ turned(b, 19) ^ b >> 10
          words[index] = words[index - 16] &+ small &+ words[index - 7] &+ large
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
          let upper = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
          let first = h &+ upper &+ ((e & f) ^ (~e & g)) &+ constants[index] &+ words[index]
          let lower = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
          let second = lower &+ ((a & b) ^ (a & c) ^ (b & c))
          (h, g, f, e) = (g, f, e, d &+ first)
          (d, c, b, a) = (c, b, a, first &+ second)
        }
        for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] = state[index] &+ value }
      }
    }
  }

  @inline(__always) private static func turned(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }
}
