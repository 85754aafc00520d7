// Writers of the parts of EQG archives for these tests only, from the description of the format.

/// A model (`.mod`) or terrain (`.ter`) of one quadrilateral, counter-clockwise from its front.
func writtenMesh(_ corners: [SIMD3<Float>], isModel: Bool) -> [UInt8] {
  var file = Written()
  file.bytes = Array((isModel ? "EQGM" : "EQGT").utf8)
  file.u32(2)
  file.u32(0)
  file.u32(0)
  file.u32(4)
  file.u32(2)
  if isModel { file.u32(0) }
  for corner in corners {
    file.point(corner)
    file.point(SIMD3(0, 0, 1))
    file.f32(0)
    file.f32(0)
  }
  for triangle in [[0, 1, 2], [0, 2, 3]] {
    for corner in triangle { file.u32(corner) }
    file.u32(-1)
    file.u32(0)
  }
  return file.bytes
}

/// A `.zon` with objects, each of a model of its own, turned by radians about z, y, x; and with boxes: name, centre,
/// 512ths of a turn, half sides.
func writtenZone(
  version: Int = 1, objects: [(model: String, position: SIMD3<Float>, turn: SIMD3<Float>, scale: Float)],
  regions: [(name: String, center: SIMD3<Float>, turn: Float, reach: SIMD3<Float>)]
) -> [UInt8] {
  var names: [UInt8] = []
  func name(_ text: String) -> Int {
    defer { names += Array(text.utf8) + [0] }
    return names.count
  }
  let models = objects.map { name($0.model) }
  let titles = objects.indices.map { name("object\($0)") }
  let places = regions.map { name($0.name) }
  var file = Written()
  file.bytes = Array("EQGZ".utf8)
  for number in [version, names.count, objects.count, objects.count, regions.count, 0] { file.u32(number) }
  file.bytes += names
  for model in models { file.u32(model) }
  for (index, object) in objects.enumerated() {
    file.u32(index)
    file.u32(titles[index])
    file.point(object.position)
    file.point(object.turn)
    file.f32(object.scale)
    if version > 1 {
      file.u32(2)
      file.u32(7)
      file.u32(8)
    }
  }
  for (index, region) in regions.enumerated() {
    file.u32(places[index])
    file.point(region.center)
    file.f32(region.turn)
    file.u32(0)
    file.u32(0)
    file.point(region.reach)
  }
  return file.bytes
}
