import Foundation

/// A Quake 3 map of upright boxes, written from the format's description by code that shares nothing with the reader.
struct WrittenQuake {
  struct Box {
    var low: [Float]
    var high: [Float]
    var contents: UInt32 = 1
    /// Flags of the side that faces west.
    var westFlags: UInt32 = 0
    /// Flags of all other sides.
    var flags: UInt32 = 0
  }

  /// The world, and then one after another what entities move.
  var models: [[Box]] = [[]]
  var entities: [[String: String]] = [["classname": "worldspawn"]]

  mutating func add(_ low: [Float], _ high: [Float], westFlags: UInt32 = 0, flags: UInt32 = 0) {
    models[0].append(Box(low: low, high: high, westFlags: westFlags, flags: flags))
  }

  /// An entity with a model of its own.
  mutating func add(_ low: [Float], _ high: [Float], _ values: [String: String]) {
    entities.append(values.merging(["model": "*\(models.count)"]) { own, _ in own })
    models.append([Box(low: low, high: high)])
  }

  func bytes(text: String? = nil) -> [UInt8] {
    var shaders: [(flags: UInt32, contents: UInt32)] = []
    func shader(_ flags: UInt32, _ contents: UInt32) -> UInt32 {
      if let known = shaders.firstIndex(where: { $0 == (flags, contents) }) { return UInt32(known) }
      shaders.append((flags, contents))
      return UInt32(shaders.count - 1)
    }
    var lumps = [[UInt8]](repeating: [], count: 17)
    var planeCount: UInt32 = 0
    var brushCount: UInt32 = 0
    func word(_ value: UInt32, _ lump: Int) {
      withUnsafeBytes(of: value.littleEndian) { lumps[lump].append(contentsOf: $0) }
    }
    func number(_ value: Float, _ lump: Int) { word(value.bitPattern, lump) }
    for boxes in models {
      for axis in 0..<3 { number(boxes.map { $0.low[axis] }.min() ?? 0, 7) }
      for axis in 0..<3 { number(boxes.map { $0.high[axis] }.max() ?? 0, 7) }
      for value in [0, 0, brushCount, UInt32(boxes.count)] { word(value, 7) }
      for box in boxes {
        for value in [planeCount, 6, shader(box.flags, box.contents)] { word(value, 8) }
        for axis in 0..<3 {
          for isHigh in [false, true] {
            for other in 0..<3 { number(other == axis ? (isHigh ? 1 : -1) : 0, 2) }
            number(isHigh ? box.high[axis] : -box.low[axis], 2)
            word(planeCount, 9)
            word(shader(axis == 0 && !isHigh ? box.westFlags : box.flags, box.contents), 9)
            planeCount += 1
          }
        }
        brushCount += 1
      }
    }
    for entry in shaders {
      lumps[1] += Array("test".utf8) + [UInt8](repeating: 0, count: 60)
      word(entry.flags, 1)
      word(entry.contents, 1)
    }
    let blocks = entities.map { entity in
      "{\n" + entity.sorted { $0.key < $1.key }.map { "\"\($0.key)\" \"\($0.value)\"\n" }.joined() + "}\n"
    }
    lumps[0] = Array((text ?? blocks.joined()).utf8) + [0]
    var head: [UInt8] = Array("IBSP".utf8)
    func append(_ value: Int) {
      withUnsafeBytes(of: UInt32(value).littleEndian) { head.append(contentsOf: $0) }
    }
    append(46)
    var offset = 8 + 17 * 8
    for lump in lumps {
      append(offset)
      append(lump.count)
      offset += lump.count
    }
    return head + lumps.joined()
  }
}
