import Foundation

/// Where the project lies, seen from a test.
public enum Repository {
  /// The package's root directory.
  public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Others' test data beside the checkout; nil when it is not there, and the tests that need it say so.
  public static func sharedData(_ path: String) -> URL? {
    let url = root.appending(path: "../shared/data/\(path)").standardizedFileURL
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }

  /// A program of the package, built beside the tests.
  public static func program(_ name: String) -> URL {
    URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
  }

  /// A new empty directory of this test's own.
  public static func temporaryDirectory(_ name: String = "compass") throws -> URL {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  /// True when the long soaks were asked for (COMPASS_LONG_TESTS=1).
  public static let runsLongTests = ProcessInfo.processInfo.environment["COMPASS_LONG_TESTS"] == "1"
}
