import Glibc

/// The members of one line of JSON; nested values stay text until somebody asks.
///
/// Made for speed over gigabytes: keys are compared as bytes, nothing is copied, the list of members is used again.
struct JSONLine {
  enum Kind: UInt8 { case string, number, yes, no, null, object, array }

  private struct Member {
    var key: Range<Int>
    var value: Range<Int>
    var kind: Kind
  }

  private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  private var members: [Member] = []
  /// Where the next key is looked for first; readers ask in the order of the file.
  private var hint = 0

  /// Takes a line apart.
  /// - Returns: false when it is no JSON object. The bytes must stay until the next call.
  mutating func parse(_ line: UnsafeRawBufferPointer) -> Bool {
    bytes = line
    members.removeAll(keepingCapacity: true)
    hint = 0
    var scanner = JSONScanner(bytes: line)
    guard scanner.take(UInt8(ascii: "{")) else { return false }
    if scanner.take(UInt8(ascii: "}")) { return scanner.isAtEnd() }
    while true {
      guard let key = scanner.string(), scanner.take(UInt8(ascii: ":")), let (value, kind) = scanner.value() else {
        return false
      }
      members.append(Member(key: key, value: value, kind: kind))
      if scanner.take(UInt8(ascii: ",")) { continue }
      return scanner.take(UInt8(ascii: "}")) && scanner.isAtEnd()
    }
  }

  private mutating func find(_ key: StaticString) -> Member? {
    let count = key.utf8CodeUnitCount
    guard let base = bytes.baseAddress else { return nil }
    for step in members.indices {
      var index = hint + step
      if index >= members.count { index -= members.count }
      let range = members[index].key
      guard range.count == count, memcmp(base + range.lowerBound, key.utf8Start, count) == 0 else { continue }
      hint = index + 1 == members.count ? 0 : index + 1
      return members[index]
    }
    return nil
  }

  private func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  mutating func number(_ key: StaticString) -> Double? {
    guard let member = find(key), member.kind == .number else { return nil }
    return jsonNumber(slice(member.value))
  }

  mutating func integer(_ key: StaticString) -> Int? {
    number(key).flatMap { Int(exactly: $0) }
  }

  mutating func flag(_ key: StaticString) -> Bool? {
    switch find(key)?.kind {
    case .yes: true
    case .no: false
    default: nil
    }
  }

  mutating func text(_ key: StaticString) -> String? {
    guard let member = find(key), member.kind == .string else { return nil }
    return jsonText(slice(member.value))
  }

  /// The bytes of a string as they stand, for names that never hold an escape.
  mutating func word(_ key: StaticString) -> UnsafeRawBufferPointer? {
    guard let member = find(key), member.kind == .string else { return nil }
    return slice(member.value)
  }

  /// The bytes of an object or array.
  mutating func nested(_ key: StaticString) -> UnsafeRawBufferPointer? {
    guard let member = find(key), member.kind == .object || member.kind == .array else { return nil }
    return slice(member.value)
  }

  /// The first three numbers of an array.
  mutating func triple(_ key: StaticString) -> (Double, Double, Double)? {
    guard let array = nested(key) else { return nil }
    var scanner = JSONScanner(bytes: array)
    guard scanner.take(UInt8(ascii: "[")) else { return nil }
    func next() -> Double? {
      guard let (range, kind) = scanner.value(), kind == .number else { return nil }
      _ = scanner.take(UInt8(ascii: ","))
      return jsonNumber(UnsafeRawBufferPointer(rebasing: array[range]))
    }
    guard let x = next(), let y = next(), let z = next() else { return nil }
    return (x, y, z)
  }

  /// Every member as text, in the order of the line.
  var all: [(key: String, value: String)] {
    members.map { (jsonText(slice($0.key)), jsonText(slice($0.value))) }
  }

  /// The elements of an array of objects, each as a line of its own.
  static func elements(_ array: UnsafeRawBufferPointer, _ body: (inout JSONLine) -> Void) {
    var scanner = JSONScanner(bytes: array)
    guard scanner.take(UInt8(ascii: "[")) else { return }
    var line = JSONLine()
    while let (range, kind) = scanner.value() {
      if kind == .object, line.parse(UnsafeRawBufferPointer(rebasing: array[range])) { body(&line) }
      guard scanner.take(UInt8(ascii: ",")) else { return }
    }
  }
}
