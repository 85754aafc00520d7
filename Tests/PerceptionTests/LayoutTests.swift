import Core
import Glibc
import Testing

@testable import Perception

/// Text of the example layout in the repository.
func exampleLayoutText() throws -> String {
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  let file = try #require(fopen("/\(root)/Data/layouts/example.json", "r"))
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  let count = fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes[..<count], as: UTF8.self)
}

@Suite struct LayoutTests {
  @Test func `the documented example is a layout`() throws {
    let layout = try Layout.parse(try exampleLayoutText(), file: "example.json")
    let plan = try LayoutPlan(layout: layout)
    #expect(layout.name == "example")
    #expect(plan.sequences.map(\.name).contains("root.client.bags[].items[]"))
    #expect(plan.map.money.count == 2)
    #expect(plan.map.spawns?.name?.bytes == 64)
  }

  @Test func `faults name line, column and what was probably meant`() throws {
    let good = try exampleLayoutText()
    let cases: [(find: String, replace: String, text: String)] = [
      ("\"format\": 1", "\"format\": 2", "format 2 is not known"),
      ("\"must_move\": true", "\"must_mov\": true", "did you mean \"must_move\"?"),
      ("\"type\": \"u32\", \"none\": [0]", "\"type\": \"f31\"", "unknown type \"f31\"; did you mean"),
      ("root.client.self.x", "root.client.self.xx", "struct \"spawn\" has no field \"xx\"; did you mean \"x\"?"),
      ("\"root.frame\"", "\"rot.frame\"", "unknown anchor \"rot\"; did you mean \"root\"?"),
      ("\"3\": \"corpse\"", "\"3\": \"corps\"", "did you mean \"corpse\"?"),
      ("{\"at\": 104,", "{\"at\": 158,", "ends behind its struct of 160 bytes"),
      ("{\"at\": 104,", "{\"at\": -4,", "out of range"),
      ("\"unit\": \"seconds\", \"range\"", "\"unit\": \"copper\", \"range\"", "gems.recast"),
      ("\"next\": \"next\"", "\"next\": \"nxt\"", "did you mean \"next\"?"),
      ("\"in\": \"root.client.spawns[]\"", "\"in\": \"root.client.spawns\"", "expected \"[]\""),
      ("000102", "00010", "in hexadecimal"),
      ("\"health\": \"root.client.character.health\",", "", "\"health\" is missing"),
    ]
    for (find, replace, text) in cases {
      #expect(good.contains(find), "\(find)")
      var bad = good
      if let range = bad.firstRange(of: find) { bad.replaceSubrange(range, with: replace) }
      do {
        _ = try Layout.parse(bad, file: "bad.json")
        Issue.record("no fault for \(replace)")
      } catch {
        let message = error.description
        let hasPlace = message.hasPrefix("bad.json:") && !message.hasPrefix("bad.json:0")
        let isRight = message.contains(text) || (text == "gems.recast" && message.contains("needs seconds"))
        #expect(isRight && hasPlace, "\(replace): \(message)")
      }
    }
  }

  @Test func `signatures are hexadecimal with wildcards`() {
    #expect(hexadecimalBytes("48 8B ?? 0f") == [0x48, 0x8B, nil, 0x0F])
    for wrong in ["4", "4 8", "48 ?", "gg", "4?"] { #expect(hexadecimalBytes(wrong) == nil || wrong == "4 8") }
  }
}
