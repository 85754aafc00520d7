import Core

/// Damages bytes in ways that readers fear: odd numbers where counts and offsets are, cuts, repeats, mixtures.
struct FuzzMutator {
  private var random: SeededGenerator

  init(seed: UInt64, number: UInt64) { random = SeededGenerator(seed: seed, stream: number) }

  private static let oddWords: [UInt32] = [
    0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE,
    0xFFFF_FFFF, 0x7FC0_0000, 0x7F80_0000, 0xFF80_0000, 0x7F7F_FFFF, 0x0000_0001, 0x4F00_0000, 0x5F00_0000,
  ]
  private static let oddTexts = [
    "-1", "0", "1e39", "-1e39", "nan", "inf", "1e-45", "99999999999999999999", "2147483648", "", " ", "\n", "/",
    "1e308",
  ]

  mutating func mutated(_ source: [UInt8], with others: [[UInt8]]) -> [UInt8] {
    var bytes = source
    let rounds = 1 << random.integer(0...4)
    for _ in 0..<random.integer(1...rounds) { change(&bytes, others) }
    return bytes
  }

  /// A place, the head of the file more often than the rest.
  private mutating func place(_ count: Int) -> Int {
    guard count > 0 else { return 0 }
    switch random.integer(0...3) {
    case 0: return random.integer(0...min(count, 64) - 1)
    case 1: return random.integer(0...min(count, 1024) - 1)
    default: return random.integer(0...count - 1)
    }
  }

  private mutating func change(_ bytes: inout [UInt8], _ others: [[UInt8]]) {
    guard !bytes.isEmpty else { return }
    let at = place(bytes.count)
    switch random.integer(0...11) {
    case 0, 1: bytes[at] ^= 1 << UInt8(random.integer(0...7))
    case 2: bytes[at] = UInt8(random.integer(0...255))
    case 3, 4: set(&bytes, at & ~3, Self.oddWords[random.integer(0...Self.oddWords.count - 1)], 4)
    case 5: set(&bytes, at & ~1, Self.oddWords[random.integer(0...Self.oddWords.count - 1)], 2)
    case 6:
      // A number a little larger or smaller.
      bytes[at] = bytes[at] &+ UInt8(truncatingIfNeeded: random.integer(-8...8))
    case 7: bytes.removeLast(random.integer(0...bytes.count - 1))
    case 8:
      let count = min(random.integer(1...64), bytes.count - at)
      bytes.removeSubrange(at..<at + count)
    case 9:
      guard bytes.count < 1 << 20 else { return }
      let count = min(random.integer(1...256), bytes.count - at)
      bytes.insert(contentsOf: bytes[at..<at + count], at: place(bytes.count))
    case 10:
      let text = Self.oddTexts[random.integer(0...Self.oddTexts.count - 1)]
      let count = min(random.integer(0...8), bytes.count - at)
      bytes.replaceSubrange(at..<at + count, with: Array(text.utf8))
    default:
      let other = others[random.integer(0...others.count - 1)]
      guard !other.isEmpty else { return }
      let from = place(other.count)
      let count = min(random.integer(1...512), other.count - from, bytes.count - at)
      bytes.replaceSubrange(at..<at + count, with: other[from..<from + count])
    }
  }

  private mutating func set(_ bytes: inout [UInt8], _ at: Int, _ word: UInt32, _ count: Int) {
    let isBig = random.integer(0...7) == 0
    for index in 0..<count where at + index < bytes.count {
      bytes[at + index] = UInt8(truncatingIfNeeded: word >> UInt32(8 * (isBig ? count - 1 - index : index)))
    }
  }
}
