/// The little of an ELF file (64-bit, little-endian) that anchors need: symbols, load address, build id.
///
/// Reads a file that anyone may have made: every offset is checked.
struct ELFFile {
  private let bytes: [UInt8]
  /// GNU build id in lower-case hexadecimal.
  private(set) var buildID: String?
  /// The address that the file's first byte would be mapped at, as the file's own addresses count.
  private(set) var loadAddress: UInt64 = 0
  private var tables: [(symbols: Range<Int>, names: Range<Int>)] = []

  /// Nil when the bytes are no ELF file of this kind.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return nil }
    readSegments()
    readSections()
  }

  /// Value of a defined symbol, `.symtab` before `.dynsym`.
  /// - Complexity: O(symbols).
  func symbol(_ name: String) -> UInt64? {
    let wanted = Array(name.utf8) + [0]
    for (symbols, names) in tables {
      var place = symbols.lowerBound
      while place + 24 <= symbols.upperBound {
        let nameOffset = Int(number(place, 4))
        let section = number(place + 6, 2)
        if section != 0, nameOffset <= names.count - wanted.count,
          bytes[(names.lowerBound + nameOffset)...].starts(with: wanted)
        {
          return number(place + 8, 8)
        }
        place += 24
      }
    }
    return nil
  }

  private mutating func readSegments() {
    let (table, size, count) = (offset(32), Int(number(54, 2)), Int(number(56, 2)))
    guard let table, size >= 56 else { return }
    var hasLoad = false
    for index in 0..<count {
      let header = table + index * size
      guard header + 56 <= bytes.count else { return }
      let type = number(header, 4)
      if type == 1, !hasLoad {
        hasLoad = true
        loadAddress = number(header + 16, 8) &- number(header + 8, 8)
      }
      if type == 4, let start = offset(header + 8), let length = offset(header + 32), length <= bytes.count - start {
        readNotes(start..<start + length)
      }
    }
  }

  private mutating func readNotes(_ range: Range<Int>) {
    var place = range.lowerBound
    while place + 12 <= range.upperBound {
      let (nameSize, size, type) = (Int(number(place, 4)), Int(number(place + 4, 4)), number(place + 8, 4))
      let start = place + 12 + (nameSize + 3) & ~3
      guard nameSize < 256, size < 4_096, start + size <= range.upperBound else { return }
      if type == 3, nameSize == 4, bytes[(place + 12)...].starts(with: [0x47, 0x4E, 0x55, 0]) {
        buildID = bytes[start..<start + size].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      }
      place = start + (size + 3) & ~3
    }
  }

  private mutating func readSections() {
    let (table, size, count) = (offset(40), Int(number(58, 2)), Int(number(60, 2)))
    guard let table, size >= 64 else { return }
    func section(_ index: Int) -> (type: UInt64, range: Range<Int>, link: Int)? {
      let header = table + index * size
      guard index < count, header + 64 <= bytes.count, let start = offset(header + 24),
        let length = offset(header + 32), length <= bytes.count - start
      else { return nil }
      return (number(header + 4, 4), start..<start + length, Int(number(header + 40, 4)))
    }
    for wanted: UInt64 in [2, 11] {
      for index in 0..<count {
        guard let symbols = section(index), symbols.type == wanted, let names = section(symbols.link) else {
          continue
        }
        tables.append((symbols.range, names.range))
      }
    }
  }

  /// A 64-bit number that is a place in the file.
  private func offset(_ place: Int) -> Int? {
    Int(exactly: number(place, 8)).flatMap { $0 <= bytes.count ? $0 : nil }
  }

  private func number(_ place: Int, _ size: Int) -> UInt64 {
    guard place >= 0, place <= bytes.count - size else { return 0 }
    return (0..<size).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
  }
}
