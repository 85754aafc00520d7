import TestSupport
import Testing

@Suite struct EnvelopeExitTests {
  @Test func `a run whose brain breaks the safety envelope ends with status 70`() throws {
    func sim(_ arguments: [String]) throws -> Finished {
      try run(
        Repository.program("compass-sim"), ["run", "--seeds", "0..<1", "--minutes", "3"] + arguments,
        directory: Repository.root)
    }
    let sound = try sim(["--json"])
    #expect(sound.status == 0 && sound.output.contains("\"envelope_violations\":0"), "\(sound.errors)")
    let weak = try sim(["--json", "--weaken", "combatScoreZero"])
    #expect(weak.status == 70 && weak.errors.contains("safety envelope"), "\(weak.errors)")
    #expect(!weak.output.contains("\"envelope_violations\":0"))
    #expect(try sim(["--weaken", "everything"]).status == 64)
  }
}
