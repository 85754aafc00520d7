import Nav

/// The floors of a terrain as a mesh: corners at the cells' centres, a face where three neighbours of one sheet lie
/// within a step of each other.
public struct TerrainExport: Sendable {
  /// x east, y north, z up; world units.
  private var corners: [SIMD3<Float>] = []
  /// Counter-clockwise from above, by surface code.
  private var faces = [[SIMD3<UInt32>]](repeating: [], count: 16)

  /// More corners than this are refused.
  static let cornersMost = 1 << 26

  public init(_ terrain: Terrain) throws(BuildError) {
    let header = terrain.header
    let climb = terrain.profiles.map { max($0.step, header.cellSize * 2) }.max() ?? header.cellSize * 2
    // Corners of the row before and of this one, by sheet.
    var before: [Int: [Int32]] = [:]
    for y in 0..<header.height {
      var row: [Int: [Int32]] = [:]
      var surfaces: [Int: [UInt8]] = [:]
      for x in 0..<header.width {
        for floor in terrain.floors(column: x, y) {
          guard corners.count < Self.cornersMost else { throw BuildError("the mesh would be too large") }
          let centre = terrain.centre(x, y)
          row[floor.sheet, default: Array(repeating: -1, count: header.width)][x] = Int32(corners.count)
          surfaces[floor.sheet, default: Array(repeating: 0, count: header.width)][x] = floor.surface.rawValue
          corners.append(SIMD3(Float(centre.x), Float(centre.y), Float(floor.z)))
        }
      }
      for sheet in row.keys.sorted() {
        guard let here = row[sheet], let below = before[sheet], let codes = surfaces[sheet] else { continue }
        for x in 1..<max(header.width, 1) {
          let (a, b, c, d) = (below[x - 1], below[x], here[x], here[x - 1])
          let code = Int(codes[x] > 0 ? codes[x] : codes[x - 1])
          add(a, b, c, code, climb)
          add(a, c, d, code, climb)
          // Across the other diagonal where a corner is missing.
          if a < 0 { add(b, c, d, code, climb) }
          if c < 0 { add(a, b, d, code, climb) }
        }
      }
      before = row
    }
  }

  private mutating func add(_ a: Int32, _ b: Int32, _ c: Int32, _ code: Int, _ climb: Double) {
    guard a >= 0, b >= 0, c >= 0 else { return }
    let heights = [a, b, c].map { Double(corners[Int($0)].z) }
    guard let low = heights.min(), let high = heights.max(), high - low <= climb else { return }
    faces[code].append(SIMD3(UInt32(a), UInt32(b), UInt32(c)))
  }

  public var faceCount: Int { faces.reduce(0) { $0 + $1.count } }

  private var surfaces: [TerrainSurface] { TerrainSurface.allCases.filter { !faces[Int($0.rawValue)].isEmpty } }

  /// Wavefront OBJ, y up, an object for each surface.
  public var obj: [UInt8] {
    var bytes: [UInt8] = []
    func line(_ text: String) { bytes += Array((text + "\n").utf8) }
    for corner in corners { line("v \(corner.x) \(corner.z) \(-corner.y)") }
    for surface in surfaces {
      line("o \(surface.name)")
      for face in faces[Int(surface.rawValue)] { line("f \(face.x + 1) \(face.y + 1) \(face.z + 1)") }
    }
    return bytes
  }

  /// Binary glTF 2: one mesh, a primitive for each surface.
  public var glb: [UInt8] {
    var binary: [UInt8] = []
    binary.reserveCapacity(corners.count * 12 + faceCount * 12)
    func word(_ value: UInt32) {
      for shift in [UInt32(0), 8, 16, 24] { binary.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
    var low = SIMD3<Float>(repeating: .infinity)
    var high = -low
    for corner in corners {
      let turned = SIMD3(corner.x, corner.z, -corner.y)
      low = pointwiseMin(low, turned)
      high = pointwiseMax(high, turned)
      for axis in 0..<3 { word(turned[axis].bitPattern) }
    }
    var views = ["{\"buffer\":0,\"byteLength\":\(binary.count),\"target\":34962}"]
    var accessors = [
      "{\"bufferView\":0,\"componentType\":5126,\"count\":\(corners.count),\"type\":\"VEC3\","
        + "\"min\":[\(low.x),\(low.y),\(low.z)],\"max\":[\(high.x),\(high.y),\(high.z)]}"
    ]
    var primitives: [String] = []
    var materials: [String] = []
    for (number, surface) in surfaces.enumerated() {
      let start = binary.count
      for face in faces[Int(surface.rawValue)] { for axis in 0..<3 { word(face[axis]) } }
      views.append("{\"buffer\":0,\"byteOffset\":\(start),\"byteLength\":\(binary.count - start),\"target\":34963}")
      accessors.append(
        "{\"bufferView\":\(number + 1),\"componentType\":5125,\"count\":\((binary.count - start) / 4),\"type\":\"SCALAR\"}"
      )
      primitives.append("{\"attributes\":{\"POSITION\":0},\"indices\":\(number + 1),\"material\":\(number)}")
      materials.append("{\"name\":\"\(surface.name)\"}")
    }
    func list(_ items: [String]) -> String { "[\(items.joined(separator: ","))]" }
    var json = Array(
      ("{\"asset\":{\"version\":\"2.0\",\"generator\":\"compass-terrain\"},\"scene\":0,\"scenes\":[{\"nodes\":[0]}],"
        + "\"nodes\":[{\"mesh\":0}],\"meshes\":[{\"primitives\":\(list(primitives))}],\"materials\":\(list(materials)),"
        + "\"accessors\":\(list(accessors)),\"bufferViews\":\(list(views)),\"buffers\":[{\"byteLength\":\(binary.count)}]}")
        .utf8)
    while json.count % 4 != 0 { json.append(0x20) }
    let content = binary
    binary = []
    binary.reserveCapacity(content.count + json.count + 28)
    binary += Array("glTF".utf8)
    word(2)
    word(UInt32(28 + json.count + content.count))
    word(UInt32(json.count))
    binary += Array("JSON".utf8) + json
    word(UInt32(content.count))
    binary += [0x42, 0x49, 0x4E, 0]
    return binary + content
  }
}
