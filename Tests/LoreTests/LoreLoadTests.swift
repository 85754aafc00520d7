import Core
import Foundation
import Lore
import TestSupport
import Testing

@Suite struct LoreLoadTests {
  /// A directory with a small sound environment; single files may be replaced.
  static func environment(_ changes: [String: String] = [:]) throws -> URL {
    let root = try Repository.temporaryDirectory("lore")
    var files = [
      "lore/items.json":
        """
      [{"id": 1, "name": "bone chips", "value": 4, "weight": 1, "stack": 20, "kind": "reagent"},
      {"id": 2, "name": "bread", "value": 2, "weight": 1, "stack": 20, "kind": "food", "effect": 8}]
      """,
      "lore/classes.json": #"[{"id": 11, "name": "caster"}]"#,
      "lore/spells.json": """
      [{"id": 5, "name": "Rot", "kind": "dot", "target": "single", "mana": 9, "cast": 2, "recast": 2, "range": 100,
        "duration": 36, "levels": {"11": 2}},
       {"id": 6, "name": "Raise", "kind": "pet", "target": "self", "mana": 30, "cast": 5, "recast": 8, "range": 0,
        "duration": 0, "levels": {"caster": 1}, "reagent": 1},
       {"id": 7, "name": "Rot More", "kind": "dot", "target": "single", "mana": 40, "cast": 2, "recast": 2,
        "range": 100, "duration": 36, "levels": {"11": 9}}]
      """,
      "zones/a.json": """
      {"id": 1, "name": "a", "bounds": [[-100, -100], [100, 100]], "bind": [0, 0, 1],
       "lines": [{"to": 2, "at": [90, 0, 0], "radius": 5, "arrive": [-90, 0, 0]}],
       "vendors": [{"name": "Tam", "at": [5, 5, 0]}]}
      """,
      "zones/b.json": """
      {"id": 2, "name": "b", "bounds": [[-100, -100], [100, 100]], "vendors": [],
       "lines": [{"to": 1, "at": [-95, 0, 0], "radius": 5, "arrive": [85, 0, 0]},
                 {"to": 3, "at": [95, 0, 0], "radius": 5, "arrive": [0, 0, 0]}]}
      """,
      "zones/c.json": #"{"id": 3, "name": "c", "bounds": [[0, 0], [9, 9]], "lines": [], "vendors": []}"#,
      "kits/caster.json": """
      {"name": "caster", "class": "caster", "pull": {"mode": "pet", "distance": 90},
       "not_hunted": ["A Wolf"], "levels": [{"from": 1, "to": 60, "strategy": "petAndDot", "gems": ["dot", "pet", "dot:1"], "buffs": []}]}
      """,
      "camps/a.json": #"{"name": "here", "zone": "b", "center": [0, 0], "radius": 50, "avoid": ["A Bear"]}"#,
      "policy.json": #"{"never_fight": ["Tam"], "items": {"bone chips": "keep"}}"#,
    ]
    files.merge(changes) { $1 }
    for (path, text) in files {
      let url = root.appending(path: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return root
  }

  @Test func `loads an environment whole`() throws {
    let root = try Self.environment()
    let lore = try Lore.load(directory: root, name: "small")
    let kit = try #require(lore.kit(classID: 11))
    #expect(kit.notHunted == ["a wolf"])
    #expect(kit.loadout(level: 1).gems == [nil, SpellID(6), nil])
    #expect(kit.loadout(level: 5).gems == [SpellID(5), SpellID(6), nil])
    #expect(kit.loadout(level: 9).gems == [SpellID(7), SpellID(6), SpellID(5)])
    #expect(kit.loadout(level: 999).pet == SpellID(6))
    #expect(lore.spell(SpellID(6))?.reagent == ItemID(1))
    #expect(lore.spell(SpellID(60000)) == nil)
    #expect(lore.item(ItemID(2))?.effect == SpellID(8) && lore.item(ItemID(1))?.effect == nil)
    #expect(lore.policy(for: ItemID(1)) == .keep)
    #expect(lore.line(from: ZoneID(1), to: ZoneID(3))?.at == Position(90, 0, 0))
    #expect(lore.line(from: ZoneID(2), to: ZoneID(3))?.to == ZoneID(3))
    #expect(lore.line(from: ZoneID(3), to: ZoneID(1)) == nil)
    #expect(lore.camps[0].avoid == ["a bear"])
    #expect(try Lore.load(directory: root).hash == lore.hash)
  }

  @Test func `names every fault with its place`() throws {
    let cases: [(file: String, text: String, cause: String)] = [
      ("policy.json", #"{"leesh": 3}"#, "did you mean \"leash\""),
      ("policy.json", #"{"camp": "nowhere"}"#, "no camp is called"),
      ("policy.json", #"{"con_fought": ["pink"]}"#, "is no colour"),
      ("camps/a.json", #"{"name": "x", "zone": "q", "center": [0, 0], "radius": 50}"#, "no zone is called"),
      ("camps/a.json", #"{"name": "x", "zone": "a", "center": [999, 0], "radius": 50}"#, "not on the map"),
      ("lore/spells.json", #"[{"id": 1, "name": "x", "kind": "zap"}]"#, "is none of nuke, dot"),
      ("lore/classes.json", "[", "expected a value"),
      (
        "kits/caster.json",
        #"{"name": "x", "class": 11, "pull": {"mode": "pet", "distance": 9}, "thresholds": {"flee_healt": 1},"#
          + #" "levels": [{"from": 1, "to": 60, "strategy": "melee", "gems": []}]}"#, "did you mean \"flee_health\""
      ),
      (
        "kits/caster.json",
        #"{"name": "x", "class": 11, "pull": {"mode": "pet", "distance": 9},"#
          + #" "levels": [{"from": 2, "to": 60, "strategy": "melee", "gems": []}]}"#, "without a gap"
      ),
      (
        "zones/c.json",
        #"{"id": 3, "name": "c", "bounds": [[0, 0], [9, 9]],"#
          + #" "lines": [{"to": 9, "at": [0, 0], "radius": 1, "arrive": [0, 0]}]}"#, "which is not there"
      ),
    ]
    for (file, text, cause) in cases {
      let root = try Self.environment([file: text])
      let faults = #expect(throws: DataErrors.self) { try Lore.load(directory: root) }
      #expect(faults?.description.contains(cause) ?? false, "\(file): \(faults?.description ?? "none")")
    }
  }

  @Test func `the sandbox's kits, camps and policy fit what its client ships`() throws {
    let root = Repository.root.appending(path: "Data/environments/sandbox")
    guard FileManager.default.fileExists(atPath: root.appending(path: "lore/spells.json").path) else {
      print("skipped: the client's lists have not been exported")
      return
    }
    let lore = try Lore.load(environment: try EnvironmentFile(directory: root))
    #expect(lore.kits.count == 4)
    for kit in lore.kits where kit.pullMode == .pet { #expect(kit.hasPet(level: 1)) }
    for level in 1...8 { #expect(lore.camps.contains { $0.levels.contains(level) }, "level \(level)") }
  }
}

@Suite struct LoreTests {
  @Test func `a species is a name without number, case and corpse`() {
    let cases: [(FixedName, FixedName)] = [
      ("a_meadow_rat007", "a meadow rat"), ("A Field Rat", "a field rat"), ("a rat's corpse", "a rat"),
      ("a rat's corpse12", "a rat"), ("", ""), ("'s", "'s"), ("0123", ""),
    ]
    for (name, species) in cases { #expect(name.species == species, "\(name)") }
  }

  @Test func `colours follow the difference of levels`() {
    let table = ConTable()
    let cases: [(Int, Int, ConColour)] = [
      (5, 5, .white), (6, 5, .yellow), (7, 5, .yellow), (8, 5, .red), (3, 5, .blue), (2, 5, .lightBlue),
      (1, 6, .green),
      (0, 5, .red), (5, 0, .red), (34, 40, .lightBlue), (35, 40, .blue),
    ]
    for (level, player, colour) in cases { #expect(table.colour(level: level, player: player) == colour) }
  }
}
