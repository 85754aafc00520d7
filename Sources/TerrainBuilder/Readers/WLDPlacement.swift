/// A placed object (0x15).
struct WLDPlacement {
  /// Upper case, without `_ACTORDEF`.
  var model: String
  var position: SIMD3<Float>
  /// 512ths of a turn about z, y, x.
  var rotation: SIMD3<Float>
  var scale: Float

  /// Nil for what is no object: the player's place, an object without a position.
  init?(_ fragment: WLDFile.Fragment, in file: WLDFile) throws(AssetError) {
    var reader = try file.body(fragment)
    let actor = try reader.i32("actor")
    guard actor < 0, let name = file.string(at: -actor) else {
      if actor >= 0 { return nil }
      throw reader.error("the actor has no name")
    }
    let flags = try reader.u32("flags")
    _ = try reader.i32("sphere")
    if flags & 1 != 0 { _ = try reader.u32("action") }
    guard flags & 2 != 0, flags != 0x2E else { return nil }
    position = try reader.point("position")
    rotation = try reader.point("rotation")
    _ = try reader.u32("rotation")
    var radius: Float = 1
    if flags & 4 != 0 { radius = try reader.f32("radius") }
    scale = flags & 8 != 0 ? try reader.f32("scale") : radius
    guard abs(scale) < 1e6 else { throw reader.error("a scale of \(scale) is not possible") }
    model = name.uppercased()
    if model.hasSuffix("_ACTORDEF") { model.removeLast(9) }
  }

  func placed(_ points: [SIMD3<Float>]) -> [SIMD3<Float>] {
    ObjectPlace(position: position, turn: rotation * (2 * Float.pi / 512), scale: scale).placed(points)
  }
}

/// Models by name: actor (0x14) → instance (0x2D) → mesh (0x36).
struct WLDModels {
  private(set) var meshes: [String: [WLDMesh]] = [:]
  private(set) var notes: [String] = []

  init(_ file: WLDFile) throws(AssetError) {
    for fragment in file.fragments where fragment.type == 0x14 {
      var reader = try file.body(fragment)
      let flags = try reader.u32("flags")
      _ = try reader.i32("callback")
      let actions = try reader.count("actions")
      let references = try reader.count("references")
      _ = try reader.i32("bounds")
      if flags & 1 != 0 { _ = try reader.u32("current action") }
      if flags & 2 != 0 { try reader.skip(28, "place") }
      try reader.checkCount(actions, of: 8, "actions")
      for _ in 0..<actions {
        let levels = try reader.count("levels of detail")
        _ = try reader.u32("action")
        try reader.checkCount(levels, of: 4, "levels of detail")
        try reader.skip(levels * 4, "levels of detail")
      }
      try reader.checkCount(references, of: 4, "references")
      var name = fragment.name.uppercased()
      if name.hasSuffix("_ACTORDEF") { name.removeLast(9) }
      var found: [WLDMesh] = []
      for _ in 0..<references {
        let reference = try reader.i32("reference")
        guard reference > 0, reference <= file.fragments.count else {
          throw reader.error("reference \(reference) names no fragment")
        }
        let instance = file.fragments[reference - 1]
        guard instance.type == 0x2D else {
          notes.append("\(file.file): model \(name) uses fragment \(hexadecimal(instance.type)), which is left out")
          continue
        }
        var body = try file.body(instance)
        let mesh = try body.i32("mesh")
        guard mesh > 0, mesh <= file.fragments.count, file.fragments[mesh - 1].type == 0x36 else {
          notes.append("\(file.file): model \(name) has a mesh of an old form, which is left out")
          continue
        }
        found.append(try WLDMesh(file.fragments[mesh - 1], in: file))
      }
      meshes[name] = found
    }
  }
}
