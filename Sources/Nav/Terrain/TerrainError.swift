/// Why a terrain file cannot be used. Every case but `unreadable` asks for a rebuild: the file is derived data.
public enum TerrainError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system refused; the text is the system's own.
  case unreadable(file: String, cause: String)
  case notTerrain(file: String)
  /// Another major version of the format.
  case otherVersion(file: String, major: Int)
  /// Bytes at `offset` are not what the checksum or the tables promise.
  case damaged(file: String, offset: Int, cause: String)

  public var description: String {
    switch self {
    case .unreadable(let file, let cause): "\(file): \(cause)"
    case .notTerrain(let file): "\(file): not a terrain file"
    case .otherVersion(let file, let major):
      "\(file): terrain format \(major), this program reads \(TerrainFormat.major); rebuild it"
    case .damaged(let file, let offset, let cause): "\(file): damaged at byte \(offset): \(cause); rebuild it"
    }
  }
}
