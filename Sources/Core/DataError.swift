/// A fault in a data file, with its place. Text: `file:line:column: cause (at key.path)`.
public struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  /// Both count from 1; 0 where the fault has no place.
  public var line: Int
  public var column: Int
  /// Keys from the root, joined by dots; empty at the root.
  public var path: String
  public var cause: String

  public init(file: String, line: Int = 0, column: Int = 0, path: String = "", cause: String) {
    self.file = file
    self.line = line
    self.column = column
    self.path = path
    self.cause = cause
  }

  public var description: String {
    let place = line > 0 ? ":\(line):\(column)" : ""
    return "\(file)\(place): \(cause)\(path.isEmpty ? "" : " (at \(path))")"
  }
}

/// All faults that a check of data found, in file order.
public struct DataErrors: Error, Sendable, CustomStringConvertible {
  public var faults: [DataError]

  public init(_ faults: [DataError]) { self.faults = faults }
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
