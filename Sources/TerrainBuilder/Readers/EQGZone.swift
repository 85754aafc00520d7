/// The description of a zone (`.zon`) in an EQG archive: which models stand where, and boxes of water and the like.
///
/// Layout: "EQGZ", u32 version, bytes of names, counts of models, objects, regions, lights; the names; u32 name of each
/// model; objects {i32 model, u32 name, position, turn in radians, f32 scale, and from version 2 on a row of words};
/// regions {u32 name, centre, f32 512ths of a turn, 2 × u32, half sides}.
struct EQGZone {
  struct Object {
    /// Of a file in the archive, in lower case.
    var model: String
    var place: ObjectPlace
  }

  struct Region {
    var name: String
    var center: SIMD3<Float>
    /// About z. Unit: radians.
    var turn: Float
    /// Half its sides.
    var reach: SIMD3<Float>
  }

  private(set) var objects: [Object] = []
  private(set) var regions: [Region] = []

  init(_ bytes: [UInt8], file: String) throws(AssetError) {
    var reader = ByteReader(bytes, file: file)
    let magic = Array(try reader.take(4, "magic"))
    guard magic != Array("EQTZ".utf8) else {
      throw reader.error("a zone of height maps is not supported", kind: .unsupported, at: 0)
    }
    guard magic == Array("EQGZ".utf8) else { throw reader.error("no zone description", at: 0) }
    let version = try reader.u32("version")
    guard (1...2).contains(version) else {
      throw reader.error("version \(version) is not supported", kind: .unsupported, at: 4)
    }
    let nameBytes = try reader.count("names")
    let modelCount = try reader.count("models")
    let objectCount = try reader.count("objects")
    let regionCount = try reader.count("regions")
    _ = try reader.count("lights")
    let names = Array(try reader.take(nameBytes, "names"))
    func name(_ offset: Int) throws(AssetError) -> String {
      guard offset < names.count else { throw reader.error("name \(offset) of \(names.count) bytes") }
      return String(decoding: names[offset...].prefix { $0 != 0 }, as: UTF8.self)
    }
    try reader.checkCount(modelCount, of: 4, "models")
    var models: [String] = []
    for _ in 0..<modelCount { models.append(try name(try reader.count("model")).lowercased()) }
    try reader.checkCount(objectCount, of: 36, "objects")
    for _ in 0..<objectCount {
      let model = try reader.i32("object")
      _ = try reader.u32("object")
      let position = try reader.point("object")
      let turn = try reader.point("object")
      let scale = try reader.f32("object")
      if version > 1 {
        let words = try reader.count("object")
        try reader.checkCount(words, of: 4, "words of an object")
        try reader.skip(words * 4, "object")
      }
      guard abs(scale) < 1e6 else { throw reader.error("a scale of \(scale) is not possible") }
      guard models.indices.contains(model) else { continue }
      objects.append(
        Object(model: models[model], place: ObjectPlace(position: position, turn: turn, scale: scale)))
    }
    try reader.checkCount(regionCount, of: 40, "regions")
    for _ in 0..<regionCount {
      let name = try name(try reader.count("region"))
      let center = try reader.point("region")
      let turn = try reader.f32("region")
      try reader.skip(8, "region")
      let reach = try reader.point("region")
      regions.append(Region(name: name, center: center, turn: turn * (2 * Float.pi / 512), reach: reach))
    }
  }
}

extension EQGZone.Region {
  /// What its name stands for; nil for what does not matter to who walks.
  var medium: Medium? {
    switch name.uppercased().prefix(3) {
    case "AWT", "AVW": .water
    case "ALV": .lava
    case "ATP": .zoneLine
    case "ASL": .slippery
    default: nil
    }
  }

  /// Its six sides, n · p ≤ d.
  var planes: [SIMD4<Double>] {
    let axes = ObjectPlace(position: .zero, turn: SIMD3(turn, 0, 0), scale: 1)
      .placed([SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)])
    return (0..<3).flatMap { index in
      let axis = SIMD3<Double>(axes[index])
      let middle = (axis * SIMD3<Double>(center)).sum()
      let half = Double(abs(reach[index]))
      return [SIMD4(axis, middle + half), SIMD4(-axis, half - middle)]
    }
  }
}
