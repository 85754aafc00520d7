import Core
import Glibc

/// glTF 2, binary (`.glb`) or text (`.gltf`): triangles of all meshes that the scene's nodes show. y up in the file.
///
/// Buffers are the binary chunk, data URIs, or files beside the text.
enum GLBReader {
  /// Reads a file that lies beside the text.
  typealias Loader = (_ name: String) throws(AssetError) -> [UInt8]

  /// A node's matrix, column-major.
  private typealias Matrix = [Double]

  static let nodeDepthMost = 64
  static let cornersMost = 64 << 20

  static func isGLB(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Array("glTF".utf8)) }

  static func read(_ bytes: [UInt8], file: String) throws(AssetError) -> Scene {
    var reader = ByteReader(bytes, file: file)
    guard isGLB(bytes) else { throw reader.error("not a GLB file") }
    try reader.skip(4, "magic")
    guard try reader.u32("version") == 2 else {
      throw reader.error("only version 2 is supported", kind: .unsupported, at: 4)
    }
    let length = try reader.count("length")
    guard length == bytes.count else { throw reader.error("the file has \(bytes.count) bytes, not \(length)", at: 8) }
    let jsonLength = try reader.count("chunk")
    guard try reader.u32("chunk") == 0x4E4F_534A else { throw reader.error("the first chunk must be JSON", at: 16) }
    let json = Array(try reader.take(jsonLength, "JSON"))
    var binary: ArraySlice<UInt8>?
    if reader.remaining > 0 {
      let size = try reader.count("chunk")
      guard try reader.u32("chunk") == 0x004E_4942 else { throw reader.error("the second chunk must be binary") }
      binary = try reader.take(size, "binary")
    }
    return try scene(json, binary: binary, bytes: bytes, file: file, offset: 20) { name throws(AssetError) in
      throw AssetError(.unsupported, file: file, offset: 20, cause: "buffer \(name) lies outside the file")
    }
  }

  /// The text form.
  static func parse(_ bytes: [UInt8], file: String, load: Loader) throws(AssetError) -> Scene {
    try scene(bytes, binary: nil, bytes: bytes, file: file, offset: 0, load: load)
  }

  private static func scene(
    _ json: [UInt8], binary: ArraySlice<UInt8>?, bytes: [UInt8], file: String, offset: Int, load: Loader
  ) throws(AssetError) -> Scene {
    do {
      let root = try DataNode.parse(json, file: file)
      var scene = Scene()
      scene.sources = [SourceFile(name: baseName(file), bytes: bytes)]
      let buffers = try GLTFBuffers(root, binary: binary, load: load)
      scene.sources += buffers.sources
      try readScene(root, buffers.bytes, into: &scene)
      guard !scene.triangles.isEmpty else { throw AssetError(file: file, offset: 0, cause: "holds no triangle") }
      return scene
    } catch let error as AssetError {
      throw error
    } catch {
      throw AssetError(file: file, offset: offset, cause: "\(error)")
    }
  }

  private static func readScene(_ root: DataNode, _ buffers: [ArraySlice<UInt8>], into scene: inout Scene) throws {
    let nodes = root["nodes"].exists ? try root["nodes"].array() : []
    let scenes = root["scenes"].exists ? try root["scenes"].array() : []
    var roots: [Int] = []
    if !scenes.isEmpty {
      let chosen = root["scene"].exists ? try root["scene"].integer(in: 0...(scenes.count - 1)) : 0
      if scenes[chosen]["nodes"].exists { roots = try scenes[chosen]["nodes"].array().map { try $0.integer() } }
    } else {
      roots = Array(nodes.indices)
    }
    for index in roots { try visit(index, identity, depth: 0, root, nodes, buffers, into: &scene) }
  }

  private static let identity: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

  private static func visit(
    _ index: Int, _ above: Matrix, depth: Int, _ root: DataNode, _ nodes: [DataNode], _ buffers: [ArraySlice<UInt8>],
    into scene: inout Scene
  ) throws {
    guard nodes.indices.contains(index) else { throw root["nodes"].error("no node \(index)") }
    guard depth < nodeDepthMost else { throw nodes[index].error("nodes are nested too deeply") }
    let node = nodes[index]
    let matrix = product(above, try local(node))
    if node["mesh"].exists {
      let meshes = try root["meshes"].array()
      let mesh = try node["mesh"].integer(in: 0...max(meshes.count - 1, 0))
      guard mesh < meshes.count else { throw node.error("no mesh \(mesh)") }
      for primitive in try meshes[mesh]["primitives"].array() {
        try append(primitive, matrix, root, buffers, to: &scene)
      }
    }
    guard node["children"].exists else { return }
    for child in try node["children"].array() {
      try visit(try child.integer(), matrix, depth: depth + 1, root, nodes, buffers, into: &scene)
    }
  }

  private static func local(_ node: DataNode) throws -> Matrix {
    func numbers(_ key: String, _ count: Int) throws -> [Double] {
      let values = try node[key].array().map { try $0.number() }
      guard values.count == count else { throw node[key].error("needs \(count) numbers") }
      return values
    }
    if node["matrix"].exists { return try numbers("matrix", 16) }
    let move = node["translation"].exists ? try numbers("translation", 3) : [0, 0, 0]
    let turn = node["rotation"].exists ? try numbers("rotation", 4) : [0, 0, 0, 1]
    let scale = node["scale"].exists ? try numbers("scale", 3) : [1, 1, 1]
    let (x, y, z, w) = (turn[0], turn[1], turn[2], turn[3])
    return [
      (1 - 2 * (y * y + z * z)) * scale[0], 2 * (x * y + z * w) * scale[0], 2 * (x * z - y * w) * scale[0], 0,
      2 * (x * y - z * w) * scale[1], (1 - 2 * (x * x + z * z)) * scale[1], 2 * (y * z + x * w) * scale[1], 0,
      2 * (x * z + y * w) * scale[2], 2 * (y * z - x * w) * scale[2], (1 - 2 * (x * x + y * y)) * scale[2], 0,
      move[0], move[1], move[2], 1,
    ]
  }

  private static func product(_ a: Matrix, _ b: Matrix) -> Matrix {
    var result = Matrix(repeating: 0, count: 16)
    for column in 0..<4 {
      for row in 0..<4 {
        for inner in 0..<4 { result[column * 4 + row] += a[inner * 4 + row] * b[column * 4 + inner] }
      }
    }
    return result
  }

  private static func append(
    _ primitive: DataNode, _ matrix: Matrix, _ root: DataNode, _ buffers: [ArraySlice<UInt8>], to scene: inout Scene
  ) throws {
    let mode = primitive["mode"].exists ? try primitive["mode"].integer() : 4
    guard mode == 4 else {
      scene.notes.append("\(primitive.file): a primitive of mode \(mode) is left out; only triangles are read")
      return
    }
    let points = try accessor(primitive["attributes"]["POSITION"], root, buffers, components: 3)
    guard scene.vertices.count + points.count / 3 <= cornersMost else { throw primitive.error("too many corners") }
    let first = scene.vertices.count
    for corner in 0..<points.count / 3 {
      let (x, y, z) = (points[3 * corner], points[3 * corner + 1], points[3 * corner + 2])
      func row(_ index: Int) -> Float {
        Float(matrix[index] * x + matrix[4 + index] * y + matrix[8 + index] * z + matrix[12 + index])
      }
      let point = SIMD3(row(0), -row(2), row(1))
      guard point.x.isFinite, point.y.isFinite, point.z.isFinite else {
        throw primitive.error("a corner is not finite")
      }
      scene.vertices.append(point)
    }
    let indices =
      primitive["indices"].exists
      ? try accessor(primitive["indices"], root, buffers, components: 1).map { Int($0) }
      : Array(0..<points.count / 3)
    for start in stride(from: 0, to: indices.count - indices.count % 3, by: 3) {
      let corners = indices[start..<start + 3]
      guard corners.allSatisfy({ $0 >= 0 && $0 < points.count / 3 }) else {
        throw primitive.error("a triangle names a corner that is not there")
      }
      scene.triangles.append(
        .init(
          Int32(first + corners[start]), Int32(first + corners[start + 1]), Int32(first + corners[start + 2]), .solid)
      )
    }
  }

  /// Numbers of an accessor, checked against its view and the binary chunk.
  private static func accessor(
    _ reference: DataNode, _ root: DataNode, _ buffers: [ArraySlice<UInt8>], components: Int
  ) throws -> [Double] {
    let accessors = try root["accessors"].array()
    let index = try reference.integer(in: 0...max(accessors.count - 1, 0))
    guard index < accessors.count else { throw reference.error("no accessor \(index)") }
    let accessor = accessors[index]
    let type = try accessor["componentType"].integer()
    let sizes = [5121: 1, 5123: 2, 5125: 4, 5126: 4]
    guard let size = sizes[type], try accessor["type"].string() == (components == 3 ? "VEC3" : "SCALAR"),
      components == 1 ? type != 5126 : type == 5126, !accessor["sparse"].exists
    else { throw accessor.error("a kind of accessor that is not read here") }
    let views = try root["bufferViews"].array()
    let view = try accessor["bufferView"].integer(in: 0...max(views.count - 1, 0))
    guard view < views.count else { throw accessor.error("no buffer view \(view)") }
    let number = try views[view]["buffer"].integer(in: 0...max(buffers.count - 1, 0))
    guard number < buffers.count else { throw views[view].error("no buffer \(number)") }
    let binary = buffers[number]
    let most = binary.count
    func optional(_ node: DataNode) throws -> Int { node.exists ? try node.integer(in: 0...most) : 0 }
    let count = try accessor["count"].integer(in: 0...most)
    let step =
      views[view]["byteStride"].exists ? try views[view]["byteStride"].integer(in: size...252) : size * components
    let start = try optional(views[view]["byteOffset"]) + optional(accessor["byteOffset"])
    let end = try optional(views[view]["byteOffset"]) + views[view]["byteLength"].integer(in: 0...most)
    guard step >= size * components, end <= most, count == 0 || start + (count - 1) * step + size * components <= end
    else { throw accessor.error("leaves its buffer view") }
    var result: [Double] = []
    result.reserveCapacity(count * components)
    for item in 0..<count {
      for component in 0..<components {
        let at = binary.startIndex + start + item * step + component * size
        var word: UInt32 = 0
        for byte in 0..<size { word |= UInt32(binary[at + byte]) << UInt32(8 * byte) }
        let value = type == 5126 ? Double(Float(bitPattern: word)) : Double(word)
        guard value.isFinite else { throw accessor.error("a number is not finite") }
        result.append(value)
      }
    }
    return result
  }
}
