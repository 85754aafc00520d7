import Foundation

/// The project's `Data` directory.
public enum DataRoot {
  /// COMPASS_DATA when it is set, else the first `Data/worlds` upward from the working directory or the program.
  /// - Throws: `SandboxFailure.noData`.
  public static func find() throws -> String {
    if let path = ProcessInfo.processInfo.environment["COMPASS_DATA"] { return path }
    let manager = FileManager.default
    let program = (try? manager.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
    for start in [manager.currentDirectoryPath, program] {
      var url = URL(filePath: start).standardizedFileURL
      while url.path != "/" {
        let data = url.appending(path: "Data")
        if manager.fileExists(atPath: data.appending(path: "worlds").path) { return data.path }
        url = url.deletingLastPathComponent()
      }
    }
    throw SandboxFailure.noData(
      "no Data directory upward from here; set COMPASS_DATA to the project's Data directory")
  }
}
