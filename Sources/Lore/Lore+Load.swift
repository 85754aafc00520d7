import Core
import Foundation

extension Lore {
  /// Reads and checks everything under an environment's directory: what the client ships (`lore/`, `zones/`) and what
  /// the operator wrote (`kits/`, `camps/`, `policy.json`).
  /// - Throws: `DataErrors` with every fault that was found, each with file, line and column.
  public static func load(environment: EnvironmentFile) throws(DataErrors) -> Lore {
    try load(directory: environment.directory, name: environment.name)
  }

  /// As above, for a directory that needs no `environment.json`.
  public static func load(directory: URL, name: String = "") throws(DataErrors) -> Lore {
    var loader = LoreLoader(directory: directory)
    loader.load()
    guard loader.faults.isEmpty else { throw DataErrors(loader.faults) }
    return Lore(
      name: name, spells: loader.spells, items: loader.items, classes: loader.classes, zones: loader.zones,
      kits: loader.kits, camps: loader.camps, policy: loader.policy, hash: loader.hash.value)
  }
}

/// Reads file by file and goes on after a fault, so that one run names them all.
struct LoreLoader {
  let directory: URL
  var faults: [DataError] = []
  var spells: [Spell] = []
  var items: [Item] = []
  var classes: [Int: String] = [:]
  var zones: [Zone] = []
  var kits: [Kit] = []
  var camps: [Camp] = []
  var policy = Policy()
  var hash = StableHash()

  init(directory: URL) {
    self.directory = directory
  }

  mutating func load() {
    file("lore/items.json") { (loader: inout LoreLoader, root) throws(DataError) in
      try loader.list(root) { loader, node throws(DataError) in loader.items.append(try loader.item(node)) }
    }
    file("lore/classes.json") { (loader: inout LoreLoader, root) throws(DataError) in
      try loader.list(root) { loader, node throws(DataError) in
        try node.allowKeys(["id", "name"])
        loader.classes[try node["id"].integer(in: 1...255)] = try node["name"].string()
      }
    }
    file("lore/spells.json") { (loader: inout LoreLoader, root) throws(DataError) in
      try loader.list(root) { loader, node throws(DataError) in loader.spells.append(try loader.spell(node)) }
    }
    for path in files(in: "zones") {
      file(path) { (loader: inout LoreLoader, root) throws(DataError) in loader.zones.append(try loader.zone(root)) }
    }
    zones.sort { $0.id < $1.id }
    for path in files(in: "kits") {
      file(path) { (loader: inout LoreLoader, root) throws(DataError) in loader.kits.append(try loader.kit(root)) }
    }
    for path in files(in: "camps") {
      file(path) { (loader: inout LoreLoader, root) throws(DataError) in loader.camps.append(try loader.camp(root)) }
    }
    if FileManager.default.fileExists(atPath: directory.appending(path: "policy.json").path) {
      file("policy.json") { (loader: inout LoreLoader, root) throws(DataError) in
        loader.policy = try loader.policy(root)
      }
    }
    checkWhole()
  }

  /// The JSON files of a folder, by name; a folder that is not there holds none.
  private func files(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.appending(path: folder).path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }
  }

  private mutating func file(
    _ path: String, _ body: (inout LoreLoader, DataNode) throws(DataError) -> Void
  ) {
    let url = directory.appending(path: path)
    do throws(DataError) {
      let bytes = try EnvironmentFile.bytes(of: url)
      hash.combine(path)
      hash.combine(bytes: bytes)
      try body(&self, try DataNode.parse(bytes, file: url.path))
    } catch {
      faults.append(error)
    }
  }

  /// Reads every entry of a list; a faulty one is reported and left out.
  private mutating func list(
    _ root: DataNode, _ body: (inout LoreLoader, DataNode) throws(DataError) -> Void
  ) throws(DataError) {
    for node in try root.array() {
      do throws(DataError) {
        try body(&self, node)
      } catch {
        faults.append(error)
      }
    }
  }

  /// What only the whole can show.
  private mutating func checkWhole() {
    guard faults.isEmpty else { return }
    func twice<Key: Hashable>(_ keys: [Key]) -> Key? {
      var seen: Set<Key> = []
      return keys.first { !seen.insert($0).inserted }
    }
    func fault(_ file: String, _ cause: String) {
      faults.append(DataError(file: directory.appending(path: file).path, cause: cause))
    }
    if let id = twice(spells.map(\.id)) { fault("lore/spells.json", "spell id \(id.raw) stands twice") }
    if let id = twice(items.map(\.id)) { fault("lore/items.json", "item id \(id.raw) stands twice") }
    if let id = twice(zones.map(\.id)) { fault("zones", "zone id \(id.raw) stands twice") }
    if let id = twice(kits.map(\.classID)) { fault("kits", "class \(id) has two kits") }
    if let name = twice(camps.map(\.name)) { fault("camps", "camp \"\(name)\" stands twice") }
    if let name = policy.camp, !camps.contains(where: { $0.name == name }) {
      fault("policy.json", "no camp is called \"\(name)\"")
    }
    for zone in zones {
      for line in zone.lines where !zones.contains(where: { $0.id == line.to }) {
        fault("zones", "\(zone.name) has a line to zone \(line.to.raw), which is not there")
      }
    }
  }
}
