import Foundation
import TestSupport
import Testing

/// House rules that neither compiler nor formatter can see.
@Suite struct TidyTests {
  static func sources() throws -> [(path: String, text: String)] {
    let root = Repository.root.appending(path: "Sources")
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    return try (files?.allObjects as? [URL] ?? []).filter { ["swift", "c", "h"].contains($0.pathExtension) }.map {
      (String($0.path.dropFirst(root.path.count + 1)), String(decoding: try Data(contentsOf: $0), as: UTF8.self))
    }
  }

  @Test func `deciding code reads no clock, draws no unseeded number and does not sleep`() throws {
    let deciding = ["Core", "Nav", "Lore", "WorldModel", "Brain", "Routines", "Agent", "World", "SandboxMirror"]
    let forbidden = [
      "Date()", "Date.now", "ContinuousClock", "SuspendingClock", "clock_gettime", "linux_monotonic", "DispatchTime",
      "SystemRandomNumberGenerator", ".random(in:", "randomElement()", ".shuffled()", "usleep(", "nanosleep",
      "Task.sleep", "Thread.sleep",
    ]
    for (path, text) in try Self.sources() {
      guard deciding.contains(String(path.prefix { $0 != "/" })), !path.hasPrefix("Nav/Bench") else { continue }
      for word in forbidden where text.contains(word) {
        Issue.record("\(path) uses \(word)")
      }
    }
  }

  @Test func `no unfinished marks, no prints in libraries, no unproved unchecked Sendable`() throws {
    for (path, text) in try Self.sources() where path.hasSuffix(".swift") {
      for mark in ["TODO", "FIXME", "XXX"] where text.contains(mark) { Issue.record("\(path) holds \(mark)") }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        if line.contains("@unchecked Sendable") {
          let above = index > 0 ? lines[index - 1].trimmingCharacters(in: .whitespaces) : ""
          #expect(above.hasPrefix("//"), "\(path):\(index + 1): the proof of @unchecked Sendable is missing above it")
        }
        #expect(!line.contains(" print("), "\(path):\(index + 1): prints; use emit or say")
      }
    }
  }
}
