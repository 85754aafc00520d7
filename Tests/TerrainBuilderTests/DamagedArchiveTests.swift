import Core
import Foundation
import TestSupport
import Testing

@testable import TerrainBuilder

@Suite struct DamagedArchiveTests {
  static let folder = Repository.sharedData("terrain/pfs")

  /// Reads everything of a zone archive as far as it goes.
  private func readAll(_ bytes: [UInt8]) throws {
    let archive = try PFSArchive(bytes, file: "test")
    for entry in archive.entries {
      let data = try archive.read(entry.name)
      guard entry.name.hasSuffix(".wld") else { continue }
      let file = try WLDFile(data, file: entry.name)
      for fragment in file.fragments where fragment.type == 0x36 { _ = try WLDMesh(fragment, in: file) }
      for fragment in file.fragments where fragment.type == 0x15 { _ = try WLDPlacement(fragment, in: file) }
      _ = try WLDRegions(file)
      _ = try WLDModels(file)
    }
  }

  @Test(.enabled(if: folder != nil, "needs the shared test data"))
  func `every archive of the collection is read to its last file`() throws {
    let folder = try #require(Self.folder)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      guard name.hasSuffix(".eqg") || name.hasSuffix(".s3d") else { continue }
      let archive = try PFSArchive(try FileBytes.read(folder.appending(path: name).path), file: name)
      #expect(!archive.entries.isEmpty, "\(name)")
      for entry in archive.entries {
        #expect(try archive.read(entry.name).count == entry.size, "\(name): \(entry.name)")
      }
    }
  }

  @Test(.enabled(if: NavzoneTests.path != nil, "needs the shared test data"))
  func `a cut or flipped archive is an error with a place, never a trap`() throws {
    let small = try FileBytes.read(try #require(NavzoneTests.path).replacing(".s3d", with: "_obj.s3d"))
    // Without its last nine bytes, a mark that not all archives have, the file is whole.
    for count in 0..<small.count where count != small.count - 9 {
      #expect(throws: AssetError.self, "cut at \(count)") { try readAll(Array(small[..<count])) }
    }
    let large = try FileBytes.read(try #require(NavzoneTests.path))
    var random = SeededGenerator(seed: 5)
    for _ in 0..<60 {
      let count = Int.random(in: 0..<large.count, using: &random)
      #expect(throws: AssetError.self, "cut at \(count)") { try readAll(Array(large[..<count])) }
    }
    for bytes in [small, large] {
      for _ in 0..<100 {
        var copy = bytes
        copy[Int.random(in: 0..<copy.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        do { try readAll(copy) } catch is AssetError {}
      }
    }
  }

  @Test(.enabled(if: NavzoneTests.path != nil, "needs the shared test data"))
  func `a damaged WLD inside a sound archive is an error, never a trap`() throws {
    let path = try #require(NavzoneTests.path)
    let archive = try PFSArchive(try FileBytes.read(path), file: path)
    let name = try #require(archive.entries.map(\.name).first { $0.hasSuffix(".wld") && $0 != "lights.wld" })
    let whole = try archive.read(name)
    var random = SeededGenerator(seed: 6)
    for round in 0..<300 {
      var bytes = whole
      if round % 3 == 0 {
        bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
      } else {
        for _ in 0...round % 5 {
          // Headers and counts more often than coordinates.
          let at = Int.random(in: 0..<(round % 2 == 0 ? bytes.count : 4000), using: &random)
          bytes[at] = [0, 0xFF, 0x7F, 0x80].randomElement(using: &random) ?? 0
        }
      }
      do {
        let file = try WLDFile(bytes, file: "test")
        for fragment in file.fragments where fragment.type == 0x36 { _ = try WLDMesh(fragment, in: file) }
        for fragment in file.fragments where fragment.type == 0x15 { _ = try WLDPlacement(fragment, in: file) }
        _ = try WLDRegions(file)
        _ = try WLDModels(file)
      } catch {
        #expect(!error.cause.isEmpty)
      }
    }
  }

  @Test func `checksums of names are those of the format`() {
    #expect(
      SHA256.hash(Array("abc".utf8)).map { hexadecimalByte($0) }.joined()
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(SHA256.hash([]).map { hexadecimalByte($0) }.joined().hasPrefix("e3b0c44298fc1c149afbf4c8996fb924"))
  }
}
