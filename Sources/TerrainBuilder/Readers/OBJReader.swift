/// Wavefront OBJ: `v` and `f` lines; the rest is skipped. Polygons are cut into fans.
///
/// Frame: the format has none. y up (the usual one, as x right, y up, z towards the viewer) unless told otherwise.
enum OBJReader {
  static let lineMost = 1 << 16

  static func read(_ path: String, isZUp: Bool = false) throws(AssetError) -> Scene {
    let bytes = try FileBytes.read(path)
    var scene = try parse(bytes, file: path, isZUp: isZUp)
    scene.sources = [SourceFile(name: baseName(path), bytes: bytes)]
    return scene
  }

  static func parse(_ bytes: [UInt8], file: String, isZUp: Bool = false) throws(AssetError) -> Scene {
    var scene = Scene()
    var corners: [Int32] = []
    var start = 0
    var line = 0
    var words: [Range<Int>] = []
    while start < bytes.count {
      line += 1
      var end = start
      while end < bytes.count, bytes[end] != 0x0A { end += 1 }
      func error(_ cause: String) -> AssetError {
        AssetError(file: file, offset: start, cause: "line \(line): \(cause)")
      }
      guard end - start <= lineMost else { throw error("is too long") }
      split(bytes, start..<end, into: &words)
      defer { start = end + 1 }
      guard let first = words.first, first.count == 1 else { continue }
      if bytes[first.lowerBound] == UInt8(ascii: "v") {
        guard words.count >= 4, let x = number(bytes, words[1]), let y = number(bytes, words[2]),
          let z = number(bytes, words[3])
        else { throw error("a vertex needs three finite numbers") }
        scene.vertices.append(isZUp ? SIMD3(x, y, z) : SIMD3(x, -z, y))
        guard scene.vertices.count < Int(Int32.max) else { throw error("too many vertices") }
      } else if bytes[first.lowerBound] == UInt8(ascii: "f") {
        guard words.count >= 4 else { throw error("a face needs three corners") }
        corners.removeAll(keepingCapacity: true)
        for word in words[1...] {
          guard let index = index(bytes, word, count: scene.vertices.count) else {
            throw error("a face names a vertex that is not there")
          }
          corners.append(index)
        }
        for corner in 1..<corners.count - 1 {
          scene.triangles.append(.init(corners[0], corners[corner], corners[corner + 1], .solid))
        }
      }
    }
    guard !scene.triangles.isEmpty else { throw AssetError(file: file, offset: 0, cause: "holds no face") }
    return scene
  }

  private static func split(_ bytes: [UInt8], _ range: Range<Int>, into words: inout [Range<Int>]) {
    words.removeAll(keepingCapacity: true)
    var at = range.lowerBound
    while at < range.upperBound {
      while at < range.upperBound, bytes[at] <= 0x20 { at += 1 }
      let start = at
      while at < range.upperBound, bytes[at] > 0x20 { at += 1 }
      if at > start { words.append(start..<at) }
    }
  }

  private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Float? {
    guard let value = Float(String(decoding: bytes[range], as: UTF8.self)), value.isFinite else { return nil }
    return value
  }

  /// `7`, `7/1`, `7//3` or `-1`: counted from 1, or from the end.
  private static func index(_ bytes: [UInt8], _ range: Range<Int>, count: Int) -> Int32? {
    let digits = bytes[range].prefix { $0 != UInt8(ascii: "/") }
    guard let value = Int(String(decoding: digits, as: UTF8.self)), value != 0 else { return nil }
    let index = value > 0 ? value - 1 : count + value
    return index >= 0 && index < count ? Int32(index) : nil
  }
}
