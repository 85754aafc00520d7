import Foundation
import TestSupport
import Testing

/// Every program as a user meets it: help, version, and what it says when something is wrong.
@Suite struct ProgramsTests {
  static let names = [
    "compassd", "compass-terrain", "compass-sessions", "compass-sandbox", "compass-sim", "compass-bench",
  ]

  @Test func `every program tells how it is used, and its version`() throws {
    for name in Self.names {
      let help = try run(Repository.program(name), ["--help"])
      #expect(help.status == 0 && help.output.contains(name) && help.errors.isEmpty, "\(name)")
      let version = try run(Repository.program(name), ["--version"])
      #expect(version.status == 0 && version.output.hasPrefix(name), "\(name)")
    }
  }

  @Test func `what is refused has its exit code and says what to do`() throws {
    let nowhere = "/nonexistent/compass"
    let cases: [(program: String, arguments: [String], status: Int32, text: String)] = [
      ("compassd", ["run"], 64, "--environment is missing"),
      ("compassd", ["fly"], 64, "unknown command"),
      ("compassd", ["run", "--environment", "atlantis"], 66, "there are: sandbox"),
      ("compassd", ["run", "--environment", "sandbox", "--pid", "1", "--process", "x"], 64, "exclude"),
      ("compassd", ["run", "--environment", "sandbox", "--process", "no-such-program"], 69, "start it first"),
      ("compassd", ["run", "--environment", "sandbox", "--pid", "\(getpid())"], 69, "is not the program"),
      ("compassd", ["run", "--environment", "sandbox", "--phase", "7"], 64, "from 0 to 4"),
      ("compassd", ["run", "--environment", "sandbox", "--config", nowhere], 66, "cannot be read"),
      ("compassd", ["run", "--environment", "sandbox", "--config", "README.md"], 78, "README.md:1:1"),
      ("compassd", ["check-config", "--environment", "sandbox"], 0, ""),
      ("compassd", ["release-keys", "--display", ":9999"], 69, "display"),
      ("compass-sim", ["run"], 64, "--seeds is missing"),
      ("compass-sim", ["run", "--seeds", "0..<1", "--environment", "atlantis"], 66, "there are: sandbox"),
      ("compass-sandbox", ["client", "--display", ":9999"], 69, ":9999"),
      ("compass-terrain", ["info", nowhere], 66, nowhere),
      ("compass-sessions", ["report", nowhere], 66, nowhere),
      ("compass-bench", ["nothing"], 64, "there is no benchmark"),
    ]
    for (program, arguments, status, text) in cases {
      let finished = try run(Repository.program(program), arguments, directory: Repository.root)
      let call = "\(program) \(arguments.joined(separator: " "))"
      #expect(finished.status == status, "\(call): \(finished.status), \(finished.errors)")
      #expect(text.isEmpty || finished.errors.contains(text), "\(call): \(finished.errors)")
    }
  }

  @Test func `a faulty environment is refused with file, line and column`() throws {
    let folder = try Repository.temporaryDirectory("environment")
    defer { try? FileManager.default.removeItem(at: folder) }
    let sandbox = Repository.root.appending(path: "Data/environments/sandbox")
    for (file, old, new, text) in [
      ("environment.json", "\"turn_rate\": 160", "\"turn_rate\": -1", "environment.json:7:16: -1.0 is out of range"),
      ("environment.json", "\"keys\"", "\"kyes\"", "unknown key \"kyes\"; did you mean \"keys\"?"),
      ("keys.json", "\"w\"", "\"no-such-key\"", "is no X keysym name"),
    ] {
      let copy = folder.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
      for name in try FileManager.default.contentsOfDirectory(atPath: sandbox.path)
      where !["assets", "terrain"].contains(name) {
        try FileManager.default.copyItem(at: sandbox.appending(path: name), to: copy.appending(path: name))
      }
      let url = copy.appending(path: file)
      let content = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        .replacing("../../layouts", with: Repository.root.appending(path: "Data/layouts").path)
      try #require(content.contains(old))
      try Data(content.replacing(old, with: new).utf8).write(to: url)
      let finished = try run(Repository.program("compassd"), ["check-config", "--environment", copy.path])
      #expect(finished.status == 78, "\(finished.errors)")
      #expect(finished.errors.contains(text), "\(finished.errors)")
    }
  }
}
