extension DataNode {
  /// Parses JSON (RFC 8259). Bounded: at most 64 MB and 64 levels; a key may stand once in an object.
  /// Keys that begin with `//` are comments and belong to nobody.
  /// - Throws: `DataError` with line and column.
  public static func parse(_ bytes: some Collection<UInt8>, file: String) throws(DataError) -> DataNode {
    guard bytes.count <= 64 << 20 else { throw DataError(file: file, cause: "larger than 64 MB") }
    var parser = DataParser(bytes: Array(bytes), file: file)
    return try parser.document()
  }

  public static func parse(_ text: String, file: String) throws(DataError) -> DataNode {
    try parse(text.utf8, file: file)
  }
}

private struct DataParser {
  let bytes: [UInt8]
  let file: String
  var index = 0
  var line = 1
  var lineStart = 0

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  var column: Int { index - lineStart + 1 }
  var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  func fault(_ cause: String, path: String = "") -> DataError {
    DataError(file: file, line: line, column: column, path: path, cause: cause)
  }

  func found() -> String {
    guard let byte = current else { return "the end of the file" }
    return (0x21..<0x7F).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
  }

  mutating func document() throws(DataError) -> DataNode {
    skipSpace()
    let root = try value(path: "", depth: 0)
    skipSpace()
    guard current == nil else { throw fault("expected the end of the file, found \(found())") }
    return root
  }

  mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      index += 1
      if byte == 0x0A {
        line += 1
        lineStart = index
      }
    }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    index += 1
    return true
  }

  mutating func value(path: String, depth: Int) throws(DataError) -> DataNode {
    guard depth < 64 else { throw fault("nested deeper than 64 levels", path: path) }
    let (startLine, startColumn) = (line, column)
    let value: DataNode.Value
    switch current {
    case UInt8(ascii: "{"): value = .object(try members(path: path, depth: depth))
    case UInt8(ascii: "["): value = .array(try elements(path: path, depth: depth))
    case UInt8(ascii: "\""): value = .string(try string())
    case UInt8(ascii: "t"): value = try word("true", .boolean(true))
    case UInt8(ascii: "f"): value = try word("false", .boolean(false))
    case UInt8(ascii: "n"): value = try word("null", .null)
    default: value = .number(try number())
    }
    return DataNode(value: value, file: file, line: startLine, column: startColumn, path: path)
  }

  mutating func word(_ text: String, _ value: DataNode.Value) throws(DataError) -> DataNode.Value {
    guard bytes[index...].starts(with: text.utf8) else { throw fault("expected a value, found \(found())") }
    index += text.utf8.count
    return value
  }

  mutating func members(path: String, depth: Int) throws(DataError) -> [(key: String, value: DataNode)] {
    index += 1
    var members: [(key: String, value: DataNode)] = []
    var seen: Set<String> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return [] }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw fault("expected a key, found \(found())", path: path) }
      let key = try string()
      guard seen.insert(key).inserted else { throw fault("key \"\(key)\" stands twice", path: path) }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("expected ':', found \(found())", path: path) }
      skipSpace()
      members.append((key, try value(path: path.isEmpty ? key : "\(path).\(key)", depth: depth + 1)))
      skipSpace()
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "}")) else { throw fault("expected ',' or '}', found \(found())", path: path) }
      return members
    }
  }

  mutating func elements(path: String, depth: Int) throws(DataError) -> [DataNode] {
    index += 1
    var elements: [DataNode] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return [] }
    while true {
      skipSpace()
      elements.append(try value(path: "\(path)[\(elements.count)]", depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "]")) else { throw fault("expected ',' or ']', found \(found())", path: path) }
      return elements
    }
  }

  mutating func number() throws(DataError) -> Double {
    let start = index
    while let byte = current, (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard !text.isEmpty else { throw fault("expected a value, found \(found())") }
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
    let isWellFormed =
      digits.first.map { (0x30...0x39).contains($0) } == true
      && !(digits.count > 1 && digits.first == 0x30 && (0x30...0x39).contains(digits.dropFirst().first ?? 0))
    guard isWellFormed, let number = Double(text), number.isFinite else {
      index = start
      throw fault("\"\(text)\" is no number")
    }
    return number
  }

  mutating func string() throws(DataError) -> String {
    index += 1
    var text: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        guard let string = String(validating: text, as: UTF8.self) else { throw fault("invalid UTF-8 in a string") }
        return string
      case UInt8(ascii: "\\"):
        index += 1
        try escape(into: &text)
      case 0..<0x20:
        throw fault("control character in a string")
      default:
        text.append(byte)
        index += 1
      }
    }
    throw fault("the string does not end")
  }

  mutating func escape(into text: inout [UInt8]) throws(DataError) {
    guard let byte = current else { throw fault("the string does not end") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = UInt32(try hexadecimal())
      if (0xD800..<0xDC00).contains(code) {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw fault("half a surrogate pair") }
        let low = UInt32(try hexadecimal())
        guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else { throw fault("half a surrogate pair") }
      text.append(contentsOf: String(Character(scalar)).utf8)
    default:
      throw fault("unknown escape '\\\(Character(UnicodeScalar(byte)))'")
    }
  }

  mutating func hexadecimal() throws(DataError) -> UInt16 {
    guard index + 4 <= bytes.count,
      let code = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    else { throw fault("expected four hexadecimal digits") }
    index += 4
    return code
  }
}
