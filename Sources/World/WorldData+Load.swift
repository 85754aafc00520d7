import Core

extension WorldData {
  /// Reads and checks a world's data directory and builds the meshes of its zones.
  /// - Throws: `DataErrors` with file, line, column and key of every fault found.
  public static func load(directory: String) throws -> WorldData {
    throw DataErrors([DataError(file: directory, cause: "reading world data is not written yet")])
  }
}
