/// A mesh (0x36) with what its faces are. Frame: as in the file, x, y, z up.
struct WLDMesh {
  struct Face {
    /// Counter-clockwise seen from the front (the file has them clockwise).
    var a: Int32
    var b: Int32
    var c: Int32
    var flags: UInt16
    var material: Int
  }

  var name: String
  var vertices: [SIMD3<Float>] = []
  var faces: [Face] = []
  /// By material number: drawn or not.
  var isInvisible: [Bool] = []
  var materialNames: [String] = []

  static let passable: UInt16 = 0x10

  init(_ fragment: WLDFile.Fragment, in file: WLDFile) throws(AssetError) {
    name = fragment.name
    var reader = try file.body(fragment)
    _ = try reader.u32("flags")
    let palette = try reader.i32("materials")
    try reader.skip(12, "references")
    let center = try reader.point("center")
    try reader.skip(12, "parameters")
    // Radius and box are not used; real files hold odd values.
    try reader.skip(28, "bounds")
    var counts: [Int] = []
    for _ in 0..<9 { counts.append(Int(try reader.u16("counts"))) }
    let shift = Int(try reader.u16("scale"))
    guard shift < 32 else { throw reader.error("a scale of \(shift) is not possible") }
    let scale = 1 / Float(1 << shift)
    try reader.checkCount(counts[0], of: 6, "vertices")
    vertices.reserveCapacity(counts[0])
    for _ in 0..<counts[0] {
      let x = Float(try reader.i16("vertex"))
      let y = Float(try reader.i16("vertex"))
      let z = Float(try reader.i16("vertex"))
      vertices.append(center + SIMD3(x, y, z) * scale)
    }
    try reader.skip(counts[1] * (file.isNew ? 8 : 4), "texture coordinates")
    try reader.skip(counts[2] * 3, "normals")
    try reader.skip(counts[3] * 4, "colours")
    try reader.checkCount(counts[4], of: 8, "faces")
    faces.reserveCapacity(counts[4])
    for _ in 0..<counts[4] {
      let flags = try reader.u16("face")
      let corners = (Int32(try reader.u16("face")), Int32(try reader.u16("face")), Int32(try reader.u16("face")))
      guard max(corners.0, corners.1, corners.2) < vertices.count else {
        throw reader.error("a face names a vertex that is not there")
      }
      faces.append(Face(a: corners.0, b: corners.2, c: corners.1, flags: flags, material: 0))
    }
    try reader.skip(counts[5] * 4, "skin pieces")
    var next = 0
    for _ in 0..<counts[6] {
      let count = Int(try reader.u16("material run"))
      let material = Int(try reader.u16("material run"))
      guard count <= faces.count - next else { throw reader.error("materials for more faces than there are") }
      for index in next..<next + count { faces[index].material = material }
      next += count
    }
    if palette > 0 { try readPalette(palette, from: reader, in: file) }
    for face in faces where face.material >= max(isInvisible.count, 1) {
      throw reader.error("a face has material \(face.material) of \(isInvisible.count)")
    }
  }

  private mutating func readPalette(_ reference: Int, from: ByteReader, in file: WLDFile) throws(AssetError) {
    let fragment = try file.fragment(reference, 0x31, from: from)
    var reader = try file.body(fragment)
    _ = try reader.u32("flags")
    let count = try reader.count("materials")
    try reader.checkCount(count, of: 4, "materials")
    for _ in 0..<count {
      let material = try file.fragment(try reader.i32("material"), 0x30, from: reader)
      var body = try file.body(material)
      _ = try body.u32("flags")
      let method = try body.u32("render method") & 0x7FFF_FFFF
      try body.skip(12, "colours")
      let texture = try body.i32("texture")
      isInvisible.append(method == 0 || texture == 0)
      materialNames.append(material.name)
    }
  }
}
