import Foundation

/// Compares `text` with the golden file `Golden/NAME` beside the test; UPDATE_GOLDEN=1 writes it instead.
///
/// - Returns: nil when equal, else the first line that differs.
public func goldenDifference(_ text: String, _ name: String, testFile: String = #filePath) throws -> String? {
  let url = URL(filePath: testFile).deletingLastPathComponent().appending(path: "Golden/\(name)")
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return nil
  }
  let wanted = String(decoding: try Data(contentsOf: url), as: UTF8.self)
  if wanted == text { return nil }
  let pairs = zip(
    wanted.split(separator: "\n", omittingEmptySubsequences: false),
    text.split(separator: "\n", omittingEmptySubsequences: false))
  for (index, pair) in pairs.enumerated() where pair.0 != pair.1 {
    return "\(name):\(index + 1): wanted \"\(pair.0)\", found \"\(pair.1)\""
  }
  return "\(name): one is longer than the other"
}
