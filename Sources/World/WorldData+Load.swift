import Core
import Foundation

extension WorldData {
  /// Reads and checks a world's data directory and builds the meshes of its zones.
  /// - Throws: `DataErrors` with file, line, column and key of every fault found.
  public static func load(directory: String) throws(DataErrors) -> WorldData {
    let files = try readFiles(directory)
    var loader = WorldDataLoader(files: files)
    return try loader.load()
  }

  /// All JSON files of the directory and its `zones`, by name, in the order of their names.
  private static func readFiles(_ directory: String) throws(DataErrors) -> [(name: String, bytes: [UInt8])] {
    let manager = FileManager.default
    var names: [String] = []
    for folder in ["", "zones/"] {
      let path = folder.isEmpty ? directory : "\(directory)/\(folder)"
      guard let entries = try? manager.contentsOfDirectory(atPath: path) else {
        throw DataErrors([DataError(file: path, cause: "this directory of world data cannot be read")])
      }
      names += entries.filter { $0.hasSuffix(".json") }.map { folder + $0 }
    }
    var files: [(name: String, bytes: [UInt8])] = []
    for name in names.sorted() {
      guard let content = manager.contents(atPath: "\(directory)/\(name)") else {
        throw DataErrors([DataError(file: "\(directory)/\(name)", cause: "this file cannot be read")])
      }
      files.append((name, Array(content)))
    }
    return files
  }
}

/// Turns parsed files into `WorldData`; gathers faults and goes on, so that one run shows all of them.
struct WorldDataLoader {
  let files: [(name: String, bytes: [UInt8])]
  var faults: [DataError] = []

  var classNames: [String] = []
  var classIDs: [Int] = []
  var zoneNames: [String] = []
  var items: [String: ItemID] = [:]
  var spells: [String: Int] = [:]
  var npcs: [String: Int] = [:]
  var kins: [String] = []

  init(files: [(name: String, bytes: [UInt8])]) {
    self.files = files
  }

  /// The parsed file; nil (and a fault) when it is missing or no JSON.
  mutating func root(_ name: String) -> DataNode? {
    guard let file = files.first(where: { $0.name == name }) else {
      faults.append(DataError(file: name, cause: "this file of world data is missing"))
      return nil
    }
    do {
      return try DataNode.parse(file.bytes, file: name)
    } catch {
      faults.append(error)
      return nil
    }
  }

  /// `read`'s value, or nil and a fault.
  mutating func attempt<Value>(
    _ read: (inout WorldDataLoader) throws(DataError) -> Value
  ) -> Value? {
    do {
      return try read(&self)
    } catch {
      faults.append(error)
      return nil
    }
  }

  /// Every element of the array at `node` that can be read.
  mutating func each<Value>(
    _ node: DataNode?, _ read: (inout WorldDataLoader, DataNode) throws(DataError) -> Value
  ) -> [Value] {
    guard let node, let elements = attempt({ _ throws(DataError) in try node.array() }) else { return [] }
    var values: [Value] = []
    for element in elements {
      if let value = attempt({ loader throws(DataError) in try read(&loader, element) }) { values.append(value) }
    }
    return values
  }

  mutating func load() throws(DataErrors) -> WorldData {
    var hash = StableHash()
    for file in files {
      hash.combine(file.name)
      hash.combine(bytes: file.bytes)
    }
    let (rulesNode, classNode, spellNode) = (root("rules.json"), root("classes.json"), root("spells.json"))
    let (itemNode, npcNode, modelNode) = (root("items.json"), root("npcs.json"), root("models.json"))
    let (keyNode, benchmarkNode) = (root("client-keys.json"), root("benchmark.json"))
    let zoneFiles = files.filter { $0.name.hasPrefix("zones/") }
    let zoneNodes = zoneFiles.compactMap { root($0.name) }
    guard faults.isEmpty else { throw DataErrors(faults) }

    collectNames(classes: classNode, spells: spellNode, items: itemNode, npcs: npcNode, zones: zoneNodes)
    let rules = rulesNode.flatMap { node in attempt { _ throws(DataError) in try RulesData(node) } }
    let items = each(itemNode) { loader, node throws(DataError) in try loader.item(node) }
    let spells = each(spellNode) { loader, node throws(DataError) in try loader.spell(node) }
    let classes = each(classNode) { loader, node throws(DataError) in try loader.playerClass(node) }
    let npcs = each(npcNode) { loader, node throws(DataError) in try loader.npc(node) }
    let keys = keyNode.flatMap { node in attempt { _ throws(DataError) in try WorldDataLoader.keys(node) } } ?? []
    let models = each(modelNode) { loader, node throws(DataError) in try loader.model(node) }
    guard faults.isEmpty, let rules else { throw DataErrors(faults) }

    var zones: [ZoneDraft] = []
    for node in zoneNodes {
      if let zone = attempt({ loader throws(DataError) in try loader.zone(node, models: models) }) {
        zones.append(zone)
      }
    }
    guard faults.isEmpty else { throw DataErrors(faults) }
    let finished = finish(zones, rules: rules)
    let benchmarks = each(benchmarkNode) { loader, node throws(DataError) in try loader.benchmark(node, zones) }
    guard faults.isEmpty else { throw DataErrors(faults) }
    return WorldData(
      rules: rules, classes: classes, spells: spells, items: items, npcs: npcs, zones: finished, kins: kins,
      benchmarks: benchmarks, keys: keys, hash: hash.value)
  }

  /// Names first, so that files may refer to each other in any order.
  private mutating func collectNames(
    classes: DataNode?, spells: DataNode?, items: DataNode?, npcs: DataNode?, zones: [DataNode]
  ) {
    _ = each(classes) { loader, node throws(DataError) in
      loader.classNames.append(try node["name"].string())
      loader.classIDs.append(try node["id"].integer(in: 1...200))
    }
    _ = each(spells) { loader, node throws(DataError) in
      let name = try node["name"].string()
      guard loader.spells.updateValue(loader.spells.count, forKey: name) == nil else {
        throw node.error("spell \"\(name)\" stands twice")
      }
    }
    _ = each(items) { loader, node throws(DataError) in
      let name = try node["name"].string()
      let id = ItemID(UInt32(try node["id"].integer(in: 1...1_000_000)))
      guard !loader.items.values.contains(id) else { throw node["id"].error("item id \(id.raw) stands twice") }
      guard loader.items.updateValue(id, forKey: name) == nil else {
        throw node.error("item \"\(name)\" stands twice")
      }
    }
    _ = each(npcs) { loader, node throws(DataError) in
      let key = try node["key"].string()
      guard loader.npcs.updateValue(loader.npcs.count, forKey: key) == nil else {
        throw node.error("NPC \"\(key)\" stands twice")
      }
    }
    for node in zones {
      if let name = attempt({ _ throws(DataError) in try node["name"].string() }) { zoneNames.append(name) }
    }
  }

  private static func keys(_ node: DataNode) throws(DataError) -> [(keysym: String, key: ClientKey)] {
    var keys: [(keysym: String, key: ClientKey)] = []
    for (keysym, value) in try node.object() where !keysym.hasPrefix("//") {
      let name = try value.string()
      guard let key = ClientKey(name: name) else { throw value.error("no key command is called \"\(name)\"") }
      keys.append((keysym, key))
    }
    for key in ClientKey.allCases where !keys.contains(where: { $0.key == key }) {
      throw node.error("no key is bound to \"\(key.name)\"")
    }
    return keys
  }
}

extension DataNode {
  /// The member as a number, or `fallback` when it is absent.
  func number(_ key: String, in range: ClosedRange<Double>, default fallback: Double) throws(DataError) -> Double {
    self[key].exists ? try self[key].number(in: range) : fallback
  }

  func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int) throws(DataError) -> Int {
    self[key].exists ? try self[key].integer(in: range) : fallback
  }

  /// [low, high], or one number for both.
  func span(in range: ClosedRange<Double>) throws(DataError) -> ClosedRange<Double> {
    if case .number = value {
      let number = try number(in: range)
      return number...number
    }
    let items = try array()
    guard items.count == 2 else { throw error("expected [least, most]") }
    let (low, high) = (try items[0].number(in: range), try items[1].number(in: range))
    guard low <= high else { throw error("the least (\(low)) is above the most (\(high))") }
    return low...high
  }

  func wholeSpan(in range: ClosedRange<Int>) throws(DataError) -> ClosedRange<Int> {
    let span = try span(in: Double(range.lowerBound)...Double(range.upperBound))
    guard let low = Int(exactly: span.lowerBound), let high = Int(exactly: span.upperBound) else {
      throw error("expected whole numbers")
    }
    return low...high
  }

  /// One of the named cases.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _: Choice.Type = Choice.self
  ) throws(DataError) -> Choice where Choice.RawValue == String {
    let name = try string()
    guard let choice = Choice(rawValue: name) else {
      throw error("\"\(name)\" is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  /// A name short enough for the game: at most `count` bytes of ASCII.
  func fixedName(upTo count: Int = FixedName.capacityBytes) throws(DataError) -> FixedName {
    let text = try string()
    guard !text.isEmpty, text.utf8.count <= count, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
      throw error("\"\(text)\" is no name of 1 to \(count) ASCII characters")
    }
    return FixedName(text)
  }
}
