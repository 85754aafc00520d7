import Foundation
import TestSupport
import Testing

/// The manifest refuses a layer table that breaks the direction of dependencies.
@Suite struct LayerTableTests {
  /// What SwiftPM says of the manifest with `old` replaced by `new`.
  private func verdict(replacing old: String, by new: String) throws -> Finished {
    let folder = try Repository.temporaryDirectory("manifest")
    defer { try? FileManager.default.removeItem(at: folder) }
    let manifest = String(
      decoding: try Data(contentsOf: Repository.root.appending(path: "Package.swift")), as: UTF8.self)
    try #require(manifest.contains(old))
    try Data(manifest.replacing(old, with: new).utf8).write(to: folder.appending(path: "Package.swift"))
    return try run(
      URL(filePath: "/usr/bin/env"), ["swift", "package", "dump-package", "--package-path", folder.path])
  }

  @Test func `an upward dependency stops the manifest`() throws {
    let finished = try verdict(
      replacing: #"Layer("Lore", uses: ["Core"])"#, by: #"Layer("Lore", uses: ["Core", "Brain"])"#)
    #expect(finished.status != 0)
    #expect(finished.errors.contains("Lore may not depend on Brain: it is not in a lower layer"))
  }

  @Test func `a forbidden reach stops the manifest, however long the way`() throws {
    let finished = try verdict(
      replacing: #"Layer("World", uses: ["Core"])"#, by: #"Layer("World", uses: ["Core", "Agent"])"#)
    #expect(finished.status != 0)
    #expect(finished.errors.contains("World may not reach"))
  }
}
