import Core
import Foundation
import TestSupport
import Testing

@testable import World

@Suite struct WorldDataTests {
  /// What loading says after `change` was done to a copy of the data.
  func fault(_ file: String, replacing old: String, with new: String) throws -> String {
    let directory = try Repository.temporaryDirectory("world-data")
    defer { try? FileManager.default.removeItem(at: directory) }
    let copy = directory.appending(path: "data")
    try FileManager.default.copyItem(atPath: Sandbox.directory, toPath: copy.path)
    let target = copy.appending(path: file)
    let text = try String(contentsOf: target, encoding: .utf8)
    #expect(text.contains(old), "\(file) has no \(old)")
    let range = try #require(text.range(of: old))
    try text.replacingCharacters(in: range, with: new).write(to: target, atomically: true, encoding: .utf8)
    do {
      _ = try WorldData.load(directory: copy.path)
      return "no fault"
    } catch {
      return error.description
    }
  }

  @Test func `faults in the data name file, line and column`() throws {
    let cases: [(String, String, String, [String])] = [
      ("rules.json", "\"run\": 30", "\"run\": -3", ["rules.json:4:", "out of range", "movement.run"]),
      ("rules.json", "\"arc\": 64", "\"arg\": 64", ["rules.json:", "unknown key \"arg\"", "did you mean \"arc\""]),
      (
        "spells.json", "\"reagent\": \"bone chips\"", "\"reagent\": \"bone chops\"",
        ["spells.json:10:", "bone chops"]
      ),
      ("npcs.json", "[\"rat pelt\", 0.3]", "[\"rat pelt\", 3]", ["npcs.json:", "out of range"]),
      ("zones/meadow.json", "[\"grass_snake\", 6]", "[\"gras_snake\", 6]", ["zones/meadow.json:", "gras_snake"]),
      ("zones/meadow.json", "\"to\": \"harbour\"", "\"to\": \"harbor\"", ["zones/meadow.json:", "harbor"]),
      ("items.json", "\"id\": 1002", "\"id\": 1001", ["items.json:3:", "stands twice"]),
      ("client-keys.json", "\"w\": \"forward\"", "\"w\": \"forwards\"", ["client-keys.json:2:", "forwards"]),
      ("classes.json", "\"Clinging Rot\"", "\"Clinging Dot\"", ["classes.json:", "Clinging Dot"]),
      ("models.json", "\"bark\"", "\"barq\"", ["models.json:", "barq"]),
    ]
    for (file, old, new, wanted) in cases {
      let text = try fault(file, replacing: old, with: new)
      for part in wanted { #expect(text.contains(part), "\(text) lacks \(part)") }
    }
    #expect(throws: DataErrors.self) { try WorldData.load(directory: "/nowhere") }
  }

  @Test func `the hash of the data changes with a byte`() throws {
    let directory = try Repository.temporaryDirectory("world-hash")
    defer { try? FileManager.default.removeItem(at: directory) }
    let copy = directory.appending(path: "data")
    try FileManager.default.copyItem(atPath: Sandbox.directory, toPath: copy.path)
    #expect(try WorldData.load(directory: copy.path).hash == Sandbox.data().hash)
    let rules = copy.appending(path: "rules.json")
    try (String(contentsOf: rules, encoding: .utf8) + " ").write(to: rules, atomically: true, encoding: .utf8)
    #expect(try WorldData.load(directory: copy.path).hash != Sandbox.data().hash)
  }

  @Test func `mesh corners are multiples of a sixteenth, triangles of the ground look up`() throws {
    for zone in try Sandbox.data().zones {
      let isExact = zone.mesh.vertices.allSatisfy { vertex in
        [vertex.x, vertex.y, vertex.z].allSatisfy { ($0 * 16).rounded() == $0 * 16 }
      }
      #expect(isExact)
      for x in stride(from: Double(zone.mesh.low.x) + 50, to: Double(zone.mesh.high.x) - 50, by: 97) {
        for y in stride(from: Double(zone.mesh.low.y) + 50, to: Double(zone.mesh.high.y) - 50, by: 89) {
          #expect(zone.ground(x: x, y: y) != nil, "\(zone.name) \(x) \(y)")
        }
      }
    }
  }

  @Test func `seeds with random keys and words run without a trap`() throws {
    let data = try Sandbox.data()
    let words = [
      "/loot all", "/sell all", "/buy 1 3", "/mem 8 Gate", "/target a", "/release", "/deposit all", "/withdraw all",
      "/open", "/pet attack", "/sit", "/stand", "/target corpse", "", "/", "/buy 99999999999999999999", "/loot -1",
      "/destroy 3", "/cast 3", "hello", "/mem 9 x", "/target pet", "/pet leave", "/sell 99",
    ]
    for seed in 0..<(Repository.runsLongTests ? 100 : 12) as Range<UInt64> {
      var random = SeededGenerator(seed: seed, stream: 77)
      let zone = data.zones[random.integer(0...data.zones.count - 1)]
      let kit = data.classes[random.integer(0...data.classes.count - 1)].name
      let place = Position(
        random.uniform(Double(zone.mesh.low.x)...Double(zone.mesh.high.x)),
        random.uniform(Double(zone.mesh.low.y)...Double(zone.mesh.high.y)), 900)
      var world = try World(
        data: data, seed: seed,
        players: [PlayerSetup(kit: kit, level: random.integer(1...50), zone: zone.name, position: place)])
      var inputs: [PlayerInput] = []
      for step in 0..<3_600 {
        inputs.removeAll(keepingCapacity: true)
        if step % 200 == 0 { inputs.append(PlayerInput(player: 0, .key(.forward, isDown: true))) }
        while random.chance(0.2) {
          let key = ClientKey.allCases[random.integer(0...ClientKey.allCases.count - 1)]
          inputs.append(
            PlayerInput(
              player: random.chance(0.01) ? 7 : 0, microsecond: random.integer(-5...40_000),
              .key(key, isDown: random.chance(0.5))))
        }
        if random.chance(0.02) {
          inputs.append(PlayerInput(player: 0, .text(FixedText(words[random.integer(0...words.count - 1)]))))
        }
        world.step(inputs)
        guard world.me.position.isFinite, abs(world.me.position.x) < 2_100, world.me.position.z > -300 else {
          Issue.record("seed \(seed), step \(step): at \(world.me.position)")
          return
        }
      }
    }
  }
}
