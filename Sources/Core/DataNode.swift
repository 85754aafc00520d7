/// A value of a JSON data file that remembers where it stands, so that a fault found later can name its place.
///
///     let root = try DataNode.parse(bytes, file: "keys.json")
///     let name = try root["name"].string()
///     let radius = try root["radius"].number(in: 0...4000)
///     try root.allowKeys(["name", "radius"])
public struct DataNode: Sendable {
  public indirect enum Value: Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case array([DataNode])
    /// In file order; keys are unique.
    case object([(key: String, value: DataNode)])
    /// The key that was asked for is not there.
    case missing
  }

  public let value: Value
  public let file: String
  public let line: Int
  public let column: Int
  public let path: String

  init(value: Value, file: String, line: Int, column: Int, path: String) {
    self.value = value
    self.file = file
    self.line = line
    self.column = column
    self.path = path
  }

  /// An error at this node's place.
  public func error(_ cause: String) -> DataError {
    DataError(file: file, line: line, column: column, path: path, cause: cause)
  }

  public var exists: Bool { if case .missing = value { false } else { true } }

  var kind: String {
    switch value {
    case .null: "null"
    case .boolean: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    case .missing: "nothing"
    }
  }

  private func wanted(_ what: String) -> DataError {
    exists ? error("expected \(what), found \(kind)") : error("missing; expected \(what)")
  }

  /// The member `key`; a node that does not exist when it is absent, so that optional keys read `node["k"].exists`.
  public subscript(key: String) -> DataNode {
    if case .object(let members) = value, let member = members.first(where: { $0.key == key }) {
      return member.value
    }
    return DataNode(
      value: .missing, file: file, line: line, column: column, path: path.isEmpty ? key : "\(path).\(key)")
  }

  public func string() throws(DataError) -> String {
    guard case .string(let text) = value else { throw wanted("a string") }
    return text
  }

  public func boolean() throws(DataError) -> Bool {
    guard case .boolean(let flag) = value else { throw wanted("true or false") }
    return flag
  }

  /// A finite number in `range`.
  public func number(in range: ClosedRange<Double> = -1e15...1e15) throws(DataError) -> Double {
    guard case .number(let number) = value else { throw wanted("a number") }
    guard range.contains(number) else {
      throw error("\(number) is out of range \(range.lowerBound)...\(range.upperBound)")
    }
    return number
  }

  /// A whole number in `range`.
  public func integer(in range: ClosedRange<Int> = -(1 << 53)...(1 << 53)) throws(DataError) -> Int {
    let number = try number()
    guard let whole = Int(exactly: number) else { throw error("expected a whole number, found \(number)") }
    guard range.contains(whole) else {
      throw error("\(whole) is out of range \(range.lowerBound)...\(range.upperBound)")
    }
    return whole
  }

  public func array() throws(DataError) -> [DataNode] {
    guard case .array(let items) = value else { throw wanted("an array") }
    return items
  }

  public func object() throws(DataError) -> [(key: String, value: DataNode)] {
    guard case .object(let members) = value else { throw wanted("an object") }
    return members
  }

  /// [x, y] or [x, y, z].
  public func position() throws(DataError) -> Position {
    let items = try array()
    guard (2...3).contains(items.count) else { throw error("expected [x, y] or [x, y, z]") }
    return Position(
      try items[0].number(), try items[1].number(), items.count == 3 ? try items[2].number() : 0)
  }

  /// Refuses keys that nobody reads, with the nearest known one.
  public func allowKeys(_ known: Set<String>) throws(DataError) {
    for (key, value) in try object() where !known.contains(key) && !key.hasPrefix("//") {
      let near = known.sorted().min { editDistance($0, key) < editDistance($1, key) }
      let hint = near.flatMap { editDistance($0, key) <= 2 ? "; did you mean \"\($0)\"?" : nil } ?? ""
      throw value.error("unknown key \"\(key)\"\(hint)")
    }
  }
}

/// Levenshtein distance of two short words.
/// - Complexity: O(n · m).
public func editDistance(_ left: String, _ right: String) -> Int {
  let right = Array(right)
  var row = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, b) in right.enumerated() {
      (diagonal, row[j + 1]) = (row[j + 1], a == b ? diagonal : 1 + min(diagonal, row[j], row[j + 1]))
    }
  }
  return row[right.count]
}
