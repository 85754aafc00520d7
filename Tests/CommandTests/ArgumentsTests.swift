import Command
import Testing

@Suite struct ArgumentsTests {
  @Test func `reads options, flags, lists and words in any order`() throws {
    var arguments = Arguments(["run", "--seed=5", "--input", "a", "b", "--armed", "--seeds", "0..<8"])
    let word = arguments.word()
    let seed = try arguments.integer("--seed", in: 0...10)
    let inputs = try arguments.values("--input")
    let seeds = try arguments.range("--seeds")
    let isArmed = arguments.flag("--armed")
    #expect(word == "run" && seed == 5 && inputs == ["a", "b"] && seeds == 0..<8 && isArmed)
    try arguments.finish()
  }

  @Test func `refuses what it does not understand, with the exit code for usage`() {
    func refuses(_ words: [String], _ read: (inout Arguments) throws -> Void) {
      var arguments = Arguments(words)
      let error = #expect(throws: CommandError.self) {
        try read(&arguments)
        try arguments.finish()
      }
      #expect(error?.code == .usage)
    }
    refuses(["--seed"]) { _ = try $0.integer("--seed", in: 0...1) }
    refuses(["--seed", "x"]) { _ = try $0.integer("--seed", in: 0...1) }
    refuses(["--seed", "7"]) { _ = try $0.integer("--seed", in: 0...1) }
    refuses(["--seeds", "8..<8"]) { _ = try $0.range("--seeds") }
    refuses(["--kind", "z"]) { _ = try $0.choice("--kind", of: ["a"]) }
    refuses(["--what"]) { _ in }
    refuses([]) { _ = try $0.word("a directory") }
  }
}
