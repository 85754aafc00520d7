import Core
import Foundation
import TestSupport
import Testing

@testable import Learning

@Suite struct LearningFileTests {
  /// A state of many kinds of evidence.
  static func state(seed: UInt64) -> LearnedState {
    var random = SeededGenerator(seed: seed)
    var state = LearnedState()
    state.epoch = random.uniform(0...1e9)
    state.costs = CostModel(rows: 14)
    for _ in 0..<60 {
      let end: EncounterOutcome.End = random.chance(0.8) ? .defeated : .fled
      state.encounters.observe(
        EncounterKey(species: "a rat", difference: random.integer(-3...3), strategy: UInt8(random.integer(0...3))),
        EncounterOutcome(
          end: end, seconds: random.uniform(5...60), manaSpent: random.unit(), healthLost: random.unit(), adds: 0,
          petDied: false))
      let place = Position(random.uniform(-900...900), random.uniform(-900...900))
      state.heat.note(.defeat, zone: ZoneID(2), at: place, now: state.epoch + random.uniform(0...900))
      state.costs.observe(random.integer(0...13), seconds: random.uniform(1...90))
    }
    return state
  }

  @Test func `an image brings back the same state, and its image is the same again`() throws {
    for seed in UInt64(1)...8 {
      let image = try LearningStore.image(of: Self.state(seed: seed))
      let state = try LearningStore.state(image: image)
      #expect(state.epoch == Self.state(seed: seed).epoch, "seed \(seed)")
      #expect(state.encounters.entries.count == Self.state(seed: seed).encounters.entries.count)
      let again = try LearningStore.state(image: try LearningStore.image(of: state))
      #expect(again.digest == state.digest && again.costs.entries.prefix(14) == state.costs.entries.prefix(14))
    }
  }

  @Test func `what was saved is there again, and the save before it too`() throws {
    let folder = try Repository.temporaryDirectory("learned")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = LearningFile(path: folder.appending(path: "learned.sqlite").path)
    #expect(try file.open().state == nil)
    try file.save(Self.state(seed: 1))
    try file.save(Self.state(seed: 2))
    let opened = try file.open()
    #expect(opened.state?.epoch == Self.state(seed: 2).epoch && opened.remarks.isEmpty)
    #expect(try LearningFile(path: file.previousPath).open().state?.epoch == Self.state(seed: 1).epoch)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2, "a draft stayed")
  }

  @Test func `a damaged file is kept aside under its own name, and the save before it is used`() throws {
    let folder = try Repository.temporaryDirectory("damaged")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = LearningFile(path: folder.appending(path: "learned.sqlite").path)
    let image = try LearningStore.image(of: Self.state(seed: 2))
    var cut = image
    cut.removeLast(image.count / 2)
    var flipped = image
    for place in 4096..<min(image.count, 12_000) { flipped[place] = ~flipped[place] }
    let kinds: [(name: String, bytes: [UInt8])] = [
      ("empty", []), ("text", Array("what is this".utf8)), ("cut", cut), ("flipped", flipped),
      ("zeros", [UInt8](repeating: 0, count: 8192)),
    ]
    for (number, kind) in kinds.enumerated() {
      try file.save(Self.state(seed: 1))
      try file.save(Self.state(seed: 2))
      try Data(kind.bytes).write(to: URL(filePath: file.path))
      let opened = try file.open()
      #expect(opened.state?.epoch == Self.state(seed: 1).epoch, "\(kind.name)")
      #expect(opened.remarks.first?.contains("kept as \(file.path).corrupt-") == true, "\(opened.remarks)")
      let aside = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains(".corrupt-") }
      #expect(aside.count == number + 1, "\(aside)")
    }
    // Both damaged: begins without, and nothing is lost.
    try Data("x".utf8).write(to: URL(filePath: file.path))
    try Data("y".utf8).write(to: URL(filePath: file.previousPath))
    let opened = try file.open()
    #expect(opened.state == nil && opened.remarks.count == 2)
  }

  @Test func `garbage is refused and never trapped on`() throws {
    let image = try LearningStore.image(of: Self.state(seed: 3))
    var random = SeededGenerator(seed: 11)
    for round in 0..<400 {
      var bytes = image
      for _ in 0..<random.integer(1...40) {
        bytes[random.integer(0...bytes.count - 1)] = UInt8(random.integer(0...255))
      }
      if random.chance(0.2) { bytes.removeLast(random.integer(1...bytes.count - 1)) }
      guard let state = try? LearningStore.state(image: bytes) else { continue }
      let means = state.encounters.entries.map(\.belief.danger.mean)
      #expect(means.allSatisfy { (0...1).contains($0) }, "round \(round)")
    }
  }

  @Test func `a newer version's file is refused and left alone; what cannot be written leaves the old`() throws {
    let folder = try Repository.temporaryDirectory("newer")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = LearningFile(path: folder.appending(path: "learned.sqlite").path)
    let store = try LearningStore(path: file.path)
    try store.execute("PRAGMA journal_mode=DELETE")
    try store.execute("PRAGMA user_version=\(LearningStore.version + 1)")
    let before = try Data(contentsOf: URL(filePath: file.path))
    #expect(throws: LearningFile.Failure.newer(path: file.path, version: LearningStore.version + 1)) {
      try file.open()
    }
    #expect(try Data(contentsOf: URL(filePath: file.path)) == before)
    let nowhere = LearningFile(path: folder.appending(path: "none/learned.sqlite").path)
    #expect(throws: LearningFile.Failure.self) { try nowhere.save(Self.state(seed: 1)) }
  }
}
