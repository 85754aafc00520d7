/// A fault in an asset file: where and why.
public struct AssetError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// The file cannot be opened or read.
    case unreadable
    /// The bytes are not what the format asks for.
    case damaged
    /// A correct file that says something this reader does not know.
    case unsupported
  }

  public var kind: Kind
  /// Path; for a file within an archive `archive:file`.
  public var file: String
  /// Bytes from the start of that file.
  public var offset: Int
  public var cause: String

  public init(_ kind: Kind = .damaged, file: String, offset: Int, cause: String) {
    self.kind = kind
    self.file = file
    self.offset = offset
    self.cause = cause
  }

  public var description: String {
    kind == .unreadable ? "\(file): \(cause)" : "\(file): byte \(offset): \(cause)"
  }
}
