import CZlib

// Writers of asset files for these tests only, from the descriptions of the formats; they share nothing with the
// readers.

struct Written {
  var bytes: [UInt8] = []

  mutating func u8(_ value: Int) { bytes.append(UInt8(truncatingIfNeeded: value)) }
  mutating func u16(_ value: Int) { for shift in [0, 8] { u8(value >> shift) } }
  mutating func u32(_ value: Int) { for shift in [0, 8, 16, 24] { u8(value >> shift) } }
  mutating func f32(_ value: Float) { u32(Int(value.bitPattern)) }
  mutating func point(_ value: SIMD3<Float>) { for axis in 0..<3 { f32(value[axis]) } }
  mutating func pad(_ alignment: Int) { while bytes.count % alignment != 0 { u8(0) } }
}

/// A PFS archive of files.
func writtenPFS(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  var body = Written()
  body.u32(0)
  body.bytes += Array("PFS ".utf8)
  body.u32(0x20000)
  func store(_ content: [UInt8]) -> Int {
    let place = body.bytes.count
    for start in stride(from: 0, to: content.count, by: 8192) {
      let block = Array(content[start..<min(start + 8192, content.count)])
      var size = compressBound(uLong(block.count))
      var packed = [UInt8](repeating: 0, count: Int(size))
      precondition(compress2(&packed, &size, block, uLong(block.count), 9) == Z_OK)
      body.u32(Int(size))
      body.u32(block.count)
      body.bytes += packed[..<Int(size)]
    }
    return place
  }
  var index: [(checksum: Int, place: Int, size: Int)] = []
  var names = Written()
  names.u32(files.count)
  for file in files {
    let name = Array(file.name.utf8) + [0]
    names.u32(name.count)
    names.bytes += name
    let checksum = name.reduce(UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte) << 24) { sum, _ in sum >> 31 == 0 ? sum << 1 : sum << 1 ^ 0x04C1_1DB7 }
    }
    index.append((Int(checksum), store(file.bytes), file.bytes.count))
  }
  index.append((0x6158_0AC9, store(names.bytes), names.bytes.count))
  let start = body.bytes.count
  body.u32(index.count)
  for entry in index {
    body.u32(entry.checksum)
    body.u32(entry.place)
    body.u32(entry.size)
  }
  for (offset, shift) in [0, 8, 16, 24].enumerated() {
    body.bytes[offset] = UInt8(truncatingIfNeeded: start >> shift)
  }
  return body.bytes
}

/// A WLD file in the making.
struct WrittenWLD {
  private var strings: [UInt8] = [0]
  private var fragments: [(type: Int, body: [UInt8])] = []
  private var regions = 0
  let isNew: Bool

  init(isNew: Bool) { self.isNew = isNew }

  static func coded(_ bytes: [UInt8]) -> [UInt8] {
    let key: [UInt8] = [0x95, 0x3A, 0xC5, 0x2A, 0x95, 0x7A, 0x95, 0x6A]
    return bytes.indices.map { bytes[$0] ^ key[$0 % 8] }
  }

  /// The reference that stands for a text.
  mutating func name(_ text: String) -> Int {
    guard !text.isEmpty else { return 0 }
    let place = strings.count
    strings += Array(text.utf8) + [0]
    return -place
  }

  /// - Returns: The fragment's number, from 1.
  mutating func add(_ type: Int, _ name: String = "", _ write: (inout Written) -> Void) -> Int {
    var body = Written()
    body.u32(self.name(name))
    write(&body)
    body.pad(4)
    fragments.append((type, body.bytes))
    if type == 0x22 { regions += 1 }
    return fragments.count
  }

  /// Materials by render method; 0 is not drawn. Returns the number of their list.
  mutating func materials(_ methods: [Int]) -> Int {
    var list: [Int] = []
    for (index, method) in methods.enumerated() {
      let bitmap = add(0x03) { body in
        let name = WrittenWLD.coded(Array("t\(index).bmp".utf8) + [0])
        body.u32(0)
        body.u16(name.count)
        body.bytes += name
      }
      let frames = add(0x04) { body in
        body.u32(0x10)
        body.u32(1)
        body.u32(0)
        body.u32(bitmap)
      }
      let use = add(0x05) { body in
        body.u32(frames)
        body.u32(0x50)
      }
      list.append(
        add(0x30, "M\(index)_MDF") { body in
          body.u32(2)
          body.u32(method == 0 ? 0 : Int(UInt32(0x8000_0000) | UInt32(method)))
          body.u32(0x004E_4E4E)
          body.f32(0)
          body.f32(0.75)
          body.u32(use)
          body.u32(0)
          body.f32(0)
        })
    }
    return add(0x31) { body in
      body.u32(0)
      body.u32(list.count)
      for item in list { body.u32(item) }
    }
  }

  struct Face {
    /// Counter-clockwise from the front.
    var corners: (Int, Int, Int)
    var isPassable = false
    var material = 0
  }

  /// A mesh of at most 65,535 corners with 2^-`shift` as the unit; faces sorted by material.
  mutating func mesh(
    _ name: String, materials: Int, center: SIMD3<Float>, shift: Int, corners: [SIMD3<Float>], faces: [Face]
  ) -> Int {
    let isNew = isNew
    return add(0x36, name) { body in
      body.u32(0x18003)
      body.u32(materials)
      for _ in 0..<3 { body.u32(0) }
      body.point(center)
      for _ in 0..<3 { body.u32(0) }
      body.f32(1000)
      body.point(center)
      body.point(center)
      let runs = Set(faces.map(\.material)).sorted()
      // One texture coordinate and two normals more than corners, as real files have it.
      for count in [corners.count, corners.count + 1, corners.count + 2, 0, faces.count, 0, runs.count, 1, 0] {
        body.u16(count)
      }
      body.u16(shift)
      for corner in corners {
        let unit = (corner - center) * Float(1 << shift)
        for axis in 0..<3 { body.u16(Int(unit[axis].rounded())) }
      }
      for _ in 0...corners.count {
        if isNew {
          body.f32(0.5)
          body.f32(-2)
        } else {
          body.u16(128)
          body.u16(300)
        }
      }
      for _ in 0..<corners.count + 2 { for part in [0, 0, 127] { body.u8(part) } }
      for face in faces {
        body.u16(face.isPassable ? 0x10 : 0)
        // Clockwise in the file.
        for corner in [face.corners.0, face.corners.2, face.corners.1] { body.u16(corner) }
      }
      for run in runs {
        body.u16(faces.count { $0.material == run })
        body.u16(run)
      }
      body.u16(corners.count)
      body.u16(0)
    }
  }

  /// A tree that cuts boxes out of space, and what is in them. Boxes may not overlap.
  mutating func regions(_ boxes: [(low: SIMD3<Float>, high: SIMD3<Float>, name: String, data: String)]) {
    // Six planes a box: behind each of them goes on, in front is air.
    var nodes: [(normal: SIMD3<Float>, distance: Float, region: Int, front: Int, back: Int)] = []
    var count = 1
    // Region 1 is air. Nodes are numbered as they are appended.
    func leaf(_ region: Int) -> Int {
      nodes.append((SIMD3(0, 0, 0), 0, region, 0, 0))
      return nodes.count
    }
    var open: [Int] = []
    for (box, place) in zip(boxes, 2...) {
      count = place
      let planes: [(SIMD3<Float>, Float)] = (0..<3).flatMap { axis -> [(SIMD3<Float>, Float)] in
        var normal = SIMD3<Float>()
        normal[axis] = 1
        return [(normal, -box.high[axis]), (-normal, box.low[axis])]
      }
      for (number, plane) in planes.enumerated() {
        nodes.append((plane.0, plane.1, 0, 0, 0))
        let own = nodes.count
        if let last = open.last, number > 0 { nodes[last - 1].back = own }
        if number == 0 { for node in open where nodes[node - 1].front == 0 { nodes[node - 1].front = own } }
        if number == 0 { open = [own] } else { open.append(own) }
      }
      let inside = leaf(place)
      nodes[(open.last ?? 1) - 1].back = inside
      // Every way out leads to a copy of what comes next: only the first plane does here, the others to air.
      for node in open.dropFirst() { nodes[node - 1].front = leaf(1) }
      open = [open[0]]
    }
    for node in open { nodes[node - 1].front = leaf(1) }
    _ = add(0x21) { body in
      body.u32(nodes.count)
      for node in nodes {
        body.point(node.normal)
        body.f32(node.distance)
        body.u32(node.region)
        body.u32(node.front)
        body.u32(node.back)
      }
    }
    for index in 0..<count {
      _ = add(0x22, "R\(index + 1)") { body in
        body.u32(0x81)
        for _ in 0..<9 { body.u32(0) }
        body.u32(0)
      }
    }
    for (index, box) in boxes.enumerated() {
      _ = add(0x29, box.name) { body in
        body.u32(0)
        body.u32(1)
        body.u32(index + 1)
        let text = box.data.isEmpty ? [] : WrittenWLD.coded(Array(box.data.utf8) + [0])
        body.u32(text.count)
        body.bytes += text
      }
    }
  }

  /// A placed object: turned about the upright axis by 512ths of a turn.
  mutating func placement(_ model: String, at position: SIMD3<Float>, turn: Float, scale: Float) {
    let actor = name("\(model)_ACTORDEF")
    _ = add(0x15) { body in
      body.u32(actor)
      body.u32(0x32E)
      body.u32(0)
      body.point(position)
      body.point(SIMD3(turn, 0, 0))
      body.u32(0)
      body.f32(scale)
      body.f32(scale)
      body.u32(0)
      body.u32(0)
    }
  }

  /// A model of one mesh.
  mutating func model(_ model: String, mesh: Int) {
    let instance = add(0x2D) { body in
      body.u32(mesh)
      body.u32(0)
    }
    let callback = name("SPRITECALLBACK")
    _ = add(0x14, "\(model)_ACTORDEF") { body in
      body.u32(0)
      body.u32(callback)
      body.u32(1)
      body.u32(1)
      body.u32(0)
      body.u32(1)
      body.u32(0)
      body.f32(1e6)
      body.u32(instance)
      body.u32(0)
    }
  }

  var bytes: [UInt8] {
    var out = Written()
    out.u32(0x5450_3D02)
    out.u32(isNew ? 0x1000_C800 : 0x15500)
    out.u32(fragments.count)
    out.u32(regions)
    out.u32(fragments.map(\.body.count).max() ?? 0)
    var table = strings
    while table.count % 4 != 0 { table.append(0) }
    out.u32(table.count)
    out.u32(1)
    out.bytes += WrittenWLD.coded(table)
    for fragment in fragments {
      out.u32(fragment.body.count)
      out.u32(fragment.type)
      out.bytes += fragment.body
    }
    out.u32(0xFFFF_FFFF)
    return out.bytes
  }
}
