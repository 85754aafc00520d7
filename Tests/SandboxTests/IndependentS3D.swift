import CZlib

// A reader of asset files for these tests only, written from the format's description and sharing nothing with the
// writer. It traps on malformed bytes: a test that hits that has failed.

struct Bytes {
  let bytes: [UInt8]
  var at = 0

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  mutating func u8() -> UInt8 {
    at += 1
    return bytes[at - 1]
  }
  mutating func u16() -> Int { Int(u8()) | Int(u8()) << 8 }
  mutating func i16() -> Int { Int(Int16(truncatingIfNeeded: u16())) }
  mutating func u32() -> Int { u16() | u16() << 16 }
  mutating func i32() -> Int { Int(Int32(truncatingIfNeeded: u32())) }
  mutating func f32() -> Double { Double(Float(bitPattern: UInt32(truncatingIfNeeded: u32()))) }
  mutating func point() -> SIMD3<Double> { SIMD3(f32(), f32(), f32()) }
  mutating func take(_ count: Int) -> [UInt8] {
    at += count
    return Array(bytes[at - count..<at])
  }
}

/// Files of a PFS archive by name.
func unpackPFS(_ archive: [UInt8]) -> [String: [UInt8]] {
  var reader = Bytes(archive)
  let indexOffset = reader.u32()
  precondition(reader.take(4) == Array("PFS ".utf8) && reader.u32() == 0x20000)
  reader.at = indexOffset
  var entries: [(crc: Int, offset: Int, size: Int)] = []
  for _ in 0..<reader.u32() { entries.append((reader.u32(), reader.u32(), reader.u32())) }

  func content(_ entry: (crc: Int, offset: Int, size: Int)) -> [UInt8] {
    var reader = Bytes(archive)
    reader.at = entry.offset
    var content: [UInt8] = []
    while content.count < entry.size {
      let deflated = reader.u32()
      let inflated = reader.u32()
      precondition(inflated <= 8192)
      var size = uLongf(inflated)
      let block = reader.take(deflated)
      let plain = [UInt8](unsafeUninitializedCapacity: inflated) { buffer, count in
        precondition(uncompress(buffer.baseAddress, &size, block, uLong(deflated)) == Z_OK)
        count = Int(size)
      }
      content += plain
    }
    precondition(content.count == entry.size)
    return content
  }

  var files: [String: [UInt8]] = [:]
  guard let directory = entries.first(where: { $0.crc == 0x6158_0AC9 }) else { return [:] }
  var names = Bytes(content(directory))
  for _ in 0..<names.u32() {
    let name = names.take(names.u32())
    let crc = name.reduce(UInt32(0)) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte) << 24) { crc, _ in crc >> 31 == 0 ? crc << 1 : crc << 1 ^ 0x04C1_1DB7 }
    }
    guard let entry = entries.first(where: { $0.crc == Int(crc) }) else { continue }
    files[String(decoding: name.dropLast(), as: UTF8.self)] = content(entry)
  }
  return files
}

struct ReadTriangle: Hashable {
  var mesh: String
  var isPassable: Bool
  var material: Int
  /// Counter-clockwise from the front.
  var corners: [SIMD3<Double>]

  /// The same face without its mesh's tile number, beginning at its least corner.
  var turned: ReadTriangle {
    var triangle = self
    if mesh.hasPrefix("R") { triangle.mesh = "" }
    let first = (0..<3).min { lexicographic(corners[$0], corners[$1]) } ?? 0
    triangle.corners = (0..<3).map { corners[(first + $0) % 3] }
    return triangle
  }
}

private func lexicographic(_ left: SIMD3<Double>, _ right: SIMD3<Double>) -> Bool {
  (left.x, left.y, left.z) < (right.x, right.y, right.z)
}

struct ReadPlacement: Hashable {
  var actor: String
  var position: SIMD3<Double>
  var rotation: Double
  var scale: Double
}

/// What a WLD file holds, as far as the tests ask.
struct ReadWLD {
  struct Node {
    var normal: SIMD3<Double>
    var distance: Double
    var region: Int
    var front: Int
    var back: Int
  }

  var isNew = false
  var triangles: [ReadTriangle] = []
  var nodes: [Node] = []
  var regionCount = 0
  /// Type text (user data, else the name) with its regions, from 0.
  var regionFlags: [(text: String, regions: [Int])] = []
  var placements: [ReadPlacement] = []
  var actors: [String] = []
  var invisibleMaterials: [Int] = []

  init(_ file: [UInt8]) {
    let key: [UInt8] = [0x95, 0x3A, 0xC5, 0x2A, 0x95, 0x7A, 0x95, 0x6A]
    func decoded(_ bytes: [UInt8]) -> [UInt8] { bytes.indices.map { bytes[$0] ^ key[$0 % 8] } }
    var reader = Bytes(file)
    precondition(reader.u32() == 0x5450_3D02)
    isNew = reader.u32() == 0x1000_C800
    let fragmentCount = reader.u32()
    let declaredRegions = reader.u32()
    _ = reader.u32()
    let tableSize = reader.u32()
    _ = reader.u32()
    let strings = decoded(reader.take(tableSize))
    func string(_ reference: Int) -> String {
      String(decoding: strings[(-reference)...].prefix { $0 != 0 }, as: UTF8.self)
    }
    var renderMethods: [Int: Int] = [:]
    for number in 1...max(1, fragmentCount) where fragmentCount > 0 {
      let size = reader.u32()
      let type = reader.u32()
      var body = Bytes(reader.take(size))
      let nameReference = body.i32()
      let name = nameReference <= 0 && -nameReference < strings.count ? string(nameReference) : ""
      switch type {
      case 0x30:
        _ = body.u32()
        renderMethods[number] = body.u32() & 0x7FFF_FFFF
      case 0x31:
        _ = body.u32()
        for index in 0..<body.u32() where renderMethods[body.u32()] == 0 { invisibleMaterials.append(index) }
      case 0x36: triangles += Self.mesh(&body, name: name, isNew: isNew)
      case 0x21:
        for _ in 0..<body.u32() {
          nodes.append(
            Node(normal: body.point(), distance: body.f32(), region: body.u32(), front: body.u32(), back: body.u32()))
        }
      case 0x22: regionCount += 1
      case 0x29:
        _ = body.u32()
        let regions = (0..<body.u32()).map { _ in body.u32() }
        let text = decoded(body.take(body.u32())).prefix { $0 != 0 }
        regionFlags.append((text.isEmpty ? name : String(decoding: text, as: UTF8.self), regions))
      case 0x15:
        let actor = string(body.i32())
        precondition(body.u32() == 0x32E)
        _ = body.u32()
        let position = body.point()
        let rotation = body.f32()
        body.at += 12
        let radius = body.f32()
        let scale = body.f32()
        precondition(radius == scale)
        placements.append(ReadPlacement(actor: actor, position: position, rotation: rotation, scale: scale))
      case 0x14: actors.append(name)
      default: break
      }
    }
    precondition(reader.take(4) == [0xFF, 0xFF, 0xFF, 0xFF] && reader.at == file.count)
    precondition(declaredRegions == regionCount)
  }

  private static func mesh(_ body: inout Bytes, name: String, isNew: Bool) -> [ReadTriangle] {
    body.at = 24
    let center = body.point()
    body.at = 76
    let counts = (0..<9).map { _ in body.u16() }
    let scale = Double(1 << body.u16())
    let vertices = (0..<counts[0]).map { _ in
      center + SIMD3(Double(body.i16()), Double(body.i16()), Double(body.i16())) / scale
    }
    body.at += counts[1] * (isNew ? 8 : 4) + counts[2] * 3 + counts[3] * 4
    var triangles = (0..<counts[4]).map { _ in
      let flags = body.u16()
      let (a, b, c) = (body.u16(), body.u16(), body.u16())
      return ReadTriangle(
        mesh: name, isPassable: flags & 0x10 != 0, material: 0, corners: [vertices[a], vertices[c], vertices[b]])
    }
    body.at += counts[5] * 4
    var next = 0
    for _ in 0..<counts[6] {
      let count = body.u16()
      let material = body.u16()
      for index in next..<next + count { triangles[index].material = material }
      next += count
    }
    precondition(next == triangles.count)
    return triangles
  }

  /// The region (from 0) at `point`.
  func region(at point: SIMD3<Double>) -> Int {
    var node = nodes[0]
    while node.front != 0 || node.back != 0 {
      let side = (node.normal * point).sum() + node.distance
      node = nodes[(side > 0 ? node.front : node.back) - 1]
    }
    return node.region - 1
  }

  /// The type text of the region at `point`; nil in plain air.
  func kind(at point: SIMD3<Double>) -> String? {
    let region = region(at: point)
    return regionFlags.first { $0.regions.contains(region) }?.text
  }
}
