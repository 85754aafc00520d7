import Core
import Foundation
import Learning
import Simulation
import TestSupport
import Testing

/// Stepping through a run, as a person or a script does it.
@Suite struct SteppingTests {
  /// Runs `compass-sim step` with `words` on its standard input.
  private func step(_ words: String, _ arguments: [String] = []) throws -> Finished {
    let program = Repository.program("compass-sim").path
    return try run(
      URL(filePath: "/bin/sh"),
      ["-c", "printf '%b' \"$WORDS\" | exec \(program) step \"$@\"", "sh"] + arguments,
      environment: ["WORDS": words], directory: Repository.root)
  }

  @Test func `words on the input step, stop at breakpoints and show what is`() throws {
    let folder = try Repository.temporaryDirectory("step")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "breakpoints")
    try Data("# where it begins\ntick 40\nevent encounter.*\nrule rest # after the fight\n".utf8).write(to: file)
    let words =
      "step 3\\nstate\\nbreaks\\nc\\nrules\\nplan\\nc\\nreceipt\\nspawns 2\\ndelete 2\\nnonsense\\nbreak rule nonsense\\n"
      + "b layer defence\\nc\\nquit\\n"
    let result = try step(words, ["--seed", "1", "--minutes", "8", "--breakpoints", file.path])
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("#2 ") == true, "\(lines.first ?? "")")
    for part in [
      "tick 2 of 4800, ", "2  event encounter.*", "[breakpoint 1: tick 40]", "> ",
      "[breakpoint 2: event encounter.*]",
      "event encounter.end ", "phase 2, credit ", "deleted event encounter.*", "\"nonsense\" is not known",
      "there is no rule \"nonsense\"", "breakpoint 3: layer defence",
    ] {
      #expect(result.output.contains(part), "\(part)\n\(result.output)")
    }
  }

  @Test func `a faulty file of breakpoints is refused with its line and column`() throws {
    let cases: [(text: String, fault: String)] = [
      ("tick 1\nrule fle\n", "b:2:6: there is no rule \"fle\"; did you mean \"flee\"?"),
      ("tick\n", "b:1:5: after \"tick\" its number is missing"),
      ("tick -1\n", "b:1:6: \"-1\" is no tick"),
      ("tick 9999999999999999999999\n", "b:1:6:"),
      ("  event player.deth\n", "b:1:9: no event is named \"player.deth\"; did you mean \"player.death\"?"),
      ("rule rest rest\n", "b:1:11: \"rest\" is too much"),
      ("brake 1\n", "b:1:1: \"brake\" is no breakpoint"),
      ("tic 1\n", "did you mean \"tick\"?"),
      ("layer utilty\n", "did you mean \"utility\"?"),
      ("event \u{1B}[2J\n", "no event is named \"?[2J\""),
    ]
    for (text, fault) in cases {
      let error = #expect(throws: DataError.self) { try Breakpoint.parse(text, file: "b") }
      #expect(error?.description.contains(fault) == true, "\(text): \(error?.description ?? "")")
    }
    #expect(try Breakpoint.parse("\n  # nothing\r\n\ttick 3\t# x\r\n", file: "b") == [.tick(3)])
    let folder = try Repository.temporaryDirectory("faulty")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "b")
    try Data("rule fle".utf8).write(to: file)
    let result = try step("", ["--breakpoints", file.path])
    #expect(result.status == 65 && result.errors.contains("b:1:6: there is no rule"), "\(result)")
    #expect(try step("", ["--breakpoints", "/nonexistent/b"]).status == 66)
    // Garbage of any kind is refused or read, never trapped on.
    var random = SeededGenerator(seed: 4)
    for _ in 0..<3000 {
      let bytes = (0..<random.integer(0...40)).map { _ in UInt8(random.integer(0...255)) }
      _ = try? Breakpoint.parse(String(decoding: bytes, as: UTF8.self), file: "b")
    }
  }

  @Test func `stepping tells the story of the run itself`() throws {
    let data = try SimulationData(environment: "sandbox")
    var options = SimulationOptions()
    options.minutes = 1
    let whole = try SimulationRun(data: data, options: options, seed: 3).run()
    var stepper = try SimulationStepper(data: data, options: options, seed: 3)
    while try stepper.step() != nil {}
    #expect(stepper.decisionHash == whole.decisionHash && stepper.world.stateHash == whole.stateHash)
    #expect(stepper.next == 600 && stepper.isAtEnd)
  }

  @Test func `experience is begun with, whatever the number of threads, and changes what is known`() throws {
    let data = try SimulationData(environment: "sandbox")
    var options = SimulationOptions()
    options.minutes = 4
    let first = try SimulationRun(data: data, options: options, seed: 5).run()
    let learned = try #require(first.learned)
    #expect(learned.epoch == 240 && !learned.encounters.entries.isEmpty)
    options.learned = try LearningStore.image(of: learned)
    let once = try LearningStore.state(image: options.learned)
    let twice = try LearningStore.state(image: try LearningStore.image(of: once))
    #expect(twice.digest == once.digest, "storing loses something")
    options.minutes = 2
    let batch = SimulationBatch(data: data, options: options)
    let alone = try batch.run(seeds: 0..<3, jobs: 1) { _ in }
    let together = try batch.run(seeds: 0..<3, jobs: 2) { _ in }
    #expect(alone.map(\.decisionHash) == together.map(\.decisionHash))
    #expect(alone.map { $0.learned?.epoch } == [360, 360, 360])
    var without = options
    without.learned = []
    let fresh = try SimulationRun(data: data, options: without, seed: 0).run()
    #expect(fresh.decisionHash != alone[0].decisionHash, "what was learned is in the hash")
    options.learned = Array("nonsense".utf8)
    #expect(throws: (any Error).self) { try SimulationRun(data: data, options: options, seed: 0).run() }
  }

  @Test func `a recorded run that began with experience replays without a difference`() throws {
    let folder = try Repository.temporaryDirectory("learned")
    defer { try? FileManager.default.removeItem(at: folder) }
    let learned = folder.appending(path: "learned.sqlite").path
    let record = folder.appending(path: "record").path
    func sim(_ arguments: [String]) throws -> Finished {
      try run(Repository.program("compass-sim"), ["run"] + arguments, directory: Repository.root)
    }
    let trained = try sim(["--seeds", "6", "--minutes", "3", "--save-learned", learned])
    #expect(trained.status == 0, "\(trained.errors)")
    let manners = try LearningStore(path: learned).load(costRows: 64).manners
    #expect(!manners.tempers.isEmpty, "who attacks of its own, and who does not, is kept")
    let played = try sim(["--seeds", "0..<2", "--minutes", "2", "--learned", learned, "--record", record])
    #expect(played.status == 0, "\(played.errors)")
    for seed in 0..<2 {
      let replay = try run(
        Repository.program("compass-sessions"), ["replay", "\(record)/seed-\(seed)"], directory: Repository.root)
      #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
    }
    #expect(try sim(["--seeds", "0..<2", "--save-learned", learned]).status == 64)
    #expect(try sim(["--seeds", "0", "--learned", "/nonexistent"]).status == 66)
    #expect(try sim(["--seeds", "0", "--minutes", "0.1", "--learned", "/bin/true"]).status == 65)
  }
}
