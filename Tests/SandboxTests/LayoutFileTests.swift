import CSandboxMemory
import Core
import Testing

@Suite struct LayoutFileTests {
  /// The client's own offsets by "struct_field" and "size_struct".
  static func offsets(_ layout: Int) throws -> [String: Int] {
    let table = try #require(sandbox_layout(Int32(layout))?.pointee)
    var offsets: [String: Int] = [:]
    for (label, value) in Swift.Mirror(reflecting: table).children {
      if let label, let offset = value as? UInt32 { offsets[label] = Int(offset) }
    }
    return offsets
  }

  @Test func `the layout files say where the client's fields are`() throws {
    for layout in 1...2 {
      let offsets = try Self.offsets(layout)
      let file = "Data/layouts/sandbox-\(layout).json"
      let root = try DataNode.parse(try #require(fileBytes(file)), file: file)
      var wrong: [String] = []
      var count = 0
      for (name, node) in try root["structs"].object() {
        if try node["size"].integer() != offsets["size_\(name)"] { wrong.append("size of \(name)") }
        for (field, place) in try node["fields"].object() {
          // The list is the pointer to its head.
          if try place["at"].integer() != offsets["\(name)_\(field)"] { wrong.append("\(name).\(field)") }
          count += 1
        }
      }
      #expect(wrong == [], "layout \(layout)")
      #expect(count > 90)
      let table = try #require(sandbox_layout(Int32(layout))?.pointee)
      let buildID = withUnsafeBytes(of: table.build_id) { $0.map { hexadecimalByte($0) }.joined() }
      #expect(try root["identity"]["bytes"].string() == buildID)
    }
  }

  @Test func `the second build moved nearly every field`() throws {
    let (first, second) = (try Self.offsets(1), try Self.offsets(2))
    let same = first.filter { second[$0.key] == $0.value && $0.value != 0 }
    #expect(same.count * 4 < first.count)
    #expect(sandbox_layout(3) == nil)
  }
}

private func hexadecimalByte(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16)
  return digits.count == 1 ? "0" + digits : digits
}
