import Core

/// The buffers of a glTF file: the binary chunk, data URIs, files beside it.
struct GLTFBuffers {
  private(set) var bytes: [ArraySlice<UInt8>] = []
  /// Files that were read.
  private(set) var sources: [SourceFile] = []

  static let countMost = 64

  init(_ root: DataNode, binary: ArraySlice<UInt8>?, load: GLBReader.Loader) throws {
    let nodes = root["buffers"].exists ? try root["buffers"].array() : []
    guard nodes.count <= Self.countMost else { throw root["buffers"].error("more than \(Self.countMost) buffers") }
    for (index, node) in nodes.enumerated() {
      let size = try node["byteLength"].integer(in: 0...FileBytes.most)
      var content: ArraySlice<UInt8>
      if node["uri"].exists {
        let uri = try node["uri"].string()
        if uri.hasPrefix("data:") {
          guard let mark = uri.firstRange(of: ";base64,"), let data = Self.base64(uri[mark.upperBound...].utf8) else {
            throw node["uri"].error("a data URI must be in base 64")
          }
          content = data[...]
        } else {
          let name = try Self.fileName(uri, node["uri"])
          let file = try load(name)
          sources.append(SourceFile(name: name, bytes: file))
          content = file[...]
        }
      } else {
        guard index == 0, let binary else { throw node.error("has neither a URI nor a binary chunk") }
        content = binary
      }
      guard content.count >= size else {
        throw node["byteLength"].error("\(size) bytes are named, \(content.count) are there")
      }
      content = content.prefix(size)
      bytes.append(content)
    }
  }

  /// A name in the same directory, with %xx undone.
  private static func fileName(_ uri: String, _ node: DataNode) throws -> String {
    var bytes: [UInt8] = []
    var rest = Array(uri.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest.removeFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    let name = String(decoding: bytes, as: UTF8.self)
    guard !name.isEmpty, !name.contains("/"), !name.contains("\0"), name != ".", name != "..", !name.contains(":")
    else {
      throw node.error("a buffer must lie beside the file")
    }
    return name
  }

  /// RFC 4648, with or without padding; nil for anything else.
  static func base64(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var word: UInt32 = 0
    var bits = 0
    var isPadded = false
    for letter in text {
      let value: UInt8
      switch letter {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = letter - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = letter - 71
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = letter + 4
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "="):
        isPadded = true
        continue
      default: return nil
      }
      guard !isPadded else { return nil }
      word = word << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
      }
    }
    return bits < 6 ? bytes : nil
  }
}
