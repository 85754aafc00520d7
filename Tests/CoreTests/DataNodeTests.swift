import Core
import Testing

@Suite struct DataNodeTests {
  @Test func `names the place of every kind of fault`() {
    let faults: [(text: String, place: String)] = [
      ("", "f:1:1: expected a value, found the end of the file"),
      ("{\n  \"a\": 1,\n  \"a\": 2}", "f:3:6: key \"a\" stands twice"),
      ("[1 2]", "f:1:4: expected ',' or ']', found '2'"),
      ("{\"a\" 1}", "f:1:6: expected ':', found '1'"),
      ("\"abc", "f:1:5: the string does not end"),
      ("\"\\ud800x\"", "f:1:8: half a surrogate pair"),
      ("\"\\q\"", "f:1:4: unknown escape '\\q'"),
      ("01", "f:1:1: \"01\" is no number"),
      ("1e999", "f:1:1: \"1e999\" is no number"),
      ("nul", "f:1:1: expected a value, found 'n'"),
      ("1 x", "f:1:3: expected the end of the file, found 'x'"),
      (String(repeating: "[", count: 70), "f:1:65: nested deeper than 64 levels"),
    ]
    for (text, place) in faults {
      let error = #expect(throws: DataError.self, "\(text)") { try DataNode.parse(text, file: "f") }
      #expect(error?.description.hasPrefix(place) == true, "\(text): \(error?.description ?? "")")
    }
  }

  @Test func `checks types and ranges where the value stands`() throws {
    let root = try DataNode.parse("{\n \"radius\": 5000,\n \"nmae\": \"x\", \"at\": [1, 2]}", file: "f")
    #expect(try root["at"].position() == Position(1, 2))
    #expect(
      throws: DataError(file: "f", line: 2, column: 12, path: "radius", cause: "5000.0 is out of range 0.0...4000.0")
    ) {
      try root["radius"].number(in: 0...4000)
    }
    #expect(throws: DataError(file: "f", line: 1, column: 1, path: "name", cause: "missing; expected a string")) {
      try root["name"].string()
    }
    let unknown = #expect(throws: DataError.self) { try root.allowKeys(["radius", "at", "name"]) }
    #expect(unknown?.description == "f:3:10: unknown key \"nmae\"; did you mean \"name\"? (at nmae)")
  }

  @Test func `never traps on damaged text`() {
    let good = Array(#"{"a": [1, -2.5e3, "x\u00e9\n", true, null], "b": {"c": []}}"#.utf8)
    var generator = SeededGenerator(seed: 7)
    for round in 0..<5000 {
      var bytes = good
      for _ in 0...generator.integer(0...3) {
        bytes[generator.integer(0...bytes.count - 1)] = UInt8(truncatingIfNeeded: generator.next())
      }
      bytes.removeLast(generator.integer(0...bytes.count))
      _ = try? DataNode.parse(bytes, file: "round \(round)")
    }
  }

  @Test func `reads back what JSONText writes`() throws {
    var json = JSONText()
    json.object {
      $0.member("text", "a\"b\\c\n</script>\u{1}")
      $0.member("nan", Double.nan)
      $0.member(
        "list",
        array: {
          $0.value(1)
          $0.value(-2.5)
          $0.value(true)
        })
    }
    let root = try DataNode.parse(json.text, file: "f")
    #expect(try root["text"].string() == "a\"b\\c\n</script>\u{1}")
    #expect(!json.text.contains("</script"))
    #expect(try root["list"].array().count == 3)
    #expect(throws: DataError.self) { try root["nan"].number() }
  }
}
