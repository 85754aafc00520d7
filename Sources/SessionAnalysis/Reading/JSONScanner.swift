/// Walks over JSON without keeping any of it.
struct JSONScanner {
  let bytes: UnsafeRawBufferPointer
  private(set) var index = 0

  init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  mutating func isAtEnd() -> Bool {
    skipSpace()
    return index >= bytes.count
  }

  @inline(__always) private mutating func skipSpace() {
    while index < bytes.count, bytes[index] <= 0x20, bytes[index] != 0 { index += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  /// The inside of a string.
  mutating func string() -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = index
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        defer { index += 1 }
        return start..<index
      }
      index += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  mutating func value() -> (Range<Int>, JSONLine.Kind)? {
    skipSpace()
    guard index < bytes.count else { return nil }
    let start = index
    switch bytes[index] {
    case UInt8(ascii: "\""):
      return string().map { ($0, .string) }
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let kind: JSONLine.Kind = bytes[index] == UInt8(ascii: "{") ? .object : .array
      return skipNested() ? (start..<index, kind) : nil
    default:
      while index < bytes.count, !Self.isEnd(bytes[index]) { index += 1 }
      guard index > start else { return nil }
      return kind(of: UnsafeRawBufferPointer(rebasing: bytes[start..<index])).map { (start..<index, $0) }
    }
  }

  private func kind(of word: UnsafeRawBufferPointer) -> JSONLine.Kind? {
    switch word[0] {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
    case UInt8(ascii: "t"): word.elementsEqual("true".utf8) ? .yes : nil
    case UInt8(ascii: "f"): word.elementsEqual("false".utf8) ? .no : nil
    case UInt8(ascii: "n"): word.elementsEqual("null".utf8) ? .null : nil
    default: nil
    }
  }

  private static func isEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte <= 0x20
  }

  /// Counts brackets; no recursion, so that no depth hurts.
  private mutating func skipNested() -> Bool {
    var depth = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        index += 1
        if depth == 0 { return true }
      case UInt8(ascii: "\""):
        guard string() != nil else { return false }
      default:
        index += 1
      }
    }
    return false
  }
}

/// A number of JSON; nil when it is none. Short decimals are read exactly without the C library.
func jsonNumber(_ bytes: UnsafeRawBufferPointer) -> Double? {
  let isNegative = bytes.first == UInt8(ascii: "-")
  let first = isNegative ? 1 : 0
  var index = first
  var mantissa: UInt64 = 0
  var decimals = 0
  var hasPoint = false
  while index < bytes.count, index - first <= 16 {
    let byte = bytes[index]
    if byte >= 0x30, byte <= 0x39 {
      mantissa = mantissa * 10 + UInt64(byte - 0x30)
      if hasPoint { decimals += 1 }
    } else if byte == UInt8(ascii: "."), !hasPoint {
      hasPoint = true
    } else {
      break
    }
    index += 1
  }
  if index == bytes.count, index > first, mantissa < 1 << 53 {
    let number = Double(mantissa) / powersOfTen[decimals]
    return isNegative ? -number : number
  }
  guard bytes.count < 64, let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else {
    return nil
  }
  return number
}

private let powersOfTen: [Double] = (0...17).map { (0..<$0).reduce(1.0) { power, _ in power * 10 } }

/// The text of a JSON string's inside.
func jsonText(_ bytes: UnsafeRawBufferPointer) -> String {
  guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
  var text: [UInt8] = []
  var index = 0
  while index < bytes.count {
    guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
      text.append(bytes[index])
      index += 1
      continue
    }
    index += 2
    switch bytes[index - 1] {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u") where index + 4 <= bytes.count:
      let code = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
      text.append(contentsOf: String(Character(code.flatMap(UnicodeScalar.init) ?? "?")).utf8)
      index += 4
    case let byte: text.append(byte)
    }
  }
  return String(decoding: text, as: UTF8.self)
}
