import Core

// What a client ships: items, spells, zones.
extension LoreLoader {
  func item(_ node: DataNode) throws(DataError) -> Item {
    try node.allowKeys(["id", "name", "value", "weight", "stack", "no_drop", "kind", "effect"])
    return Item(
      id: ItemID(try node["id"].raw()), name: FixedName(try node["name"].string()),
      value: try node["value"].integer(in: 0...1_000_000_000), weight: try node["weight"].integer(in: 0...1_000_000),
      stackMax: node["stack"].exists ? try node["stack"].integer(in: 1...10_000) : 1,
      isNoDrop: node["no_drop"].exists ? try node["no_drop"].boolean() : false,
      kind: node["kind"].exists ? try node["kind"].string() : "",
      effect: node["effect"].exists ? try node["effect"].spellID() : nil)
  }

  func spell(_ node: DataNode) throws(DataError) -> Spell {
    try node.allowKeys([
      "id", "name", "kind", "target", "mana", "cast", "recast", "range", "duration", "levels", "reagent",
    ])
    var levels: [Int: Int] = [:]
    if node["levels"].exists {
      for (key, value) in try node["levels"].object() {
        guard let id = Int(key) ?? classes.first(where: { $0.value == key })?.key else {
          throw value.error("\"\(key)\" is no class")
        }
        levels[id] = try value.integer(in: 1...255)
      }
    }
    return Spell(
      id: try node["id"].spellID(), name: FixedName(try node["name"].string()),
      kind: try node["kind"].word(), target: try node["target"].word(),
      mana: try node["mana"].integer(in: 0...100_000),
      castSeconds: try node["cast"].number(in: 0...600), recastSeconds: try node["recast"].number(in: 0...86_400),
      range: try node["range"].number(in: 0...10_000),
      durationSeconds: try node["duration"].number(in: 0...1_000_000),
      reagent: try node["reagent"].item(among: items), levels: levels)
  }

  func zone(_ root: DataNode) throws(DataError) -> Zone {
    try root.allowKeys(["id", "name", "title", "bounds", "lines", "vendors", "bankers", "bind", "arrival"])
    let corners = try root["bounds"].array()
    guard corners.count == 2 else { throw root["bounds"].error("expected [[x0, y0], [x1, y1]]") }
    let (a, b) = (try corners[0].position(), try corners[1].position())
    var lines: [ZoneLine] = []
    if root["lines"].exists {
      for node in try root["lines"].array() {
        try node.allowKeys(["to", "at", "radius", "arrive"])
        lines.append(
          ZoneLine(
            to: try node["to"].zoneID(), at: try node["at"].position(),
            radius: try node["radius"].number(in: 0.5...5000),
            arrive: try node["arrive"].position()))
      }
    }
    var bind: Position?
    if root["bind"].exists, case .null = root["bind"].value {
    } else if root["bind"].exists {
      bind = try root["bind"].position()
    }
    return Zone(
      id: try root["id"].zoneID(), name: try root["name"].string(),
      southWest: Position(min(a.x, b.x), min(a.y, b.y)), northEast: Position(max(a.x, b.x), max(a.y, b.y)),
      lines: lines, vendors: try residents(root["vendors"]), bankers: try residents(root["bankers"]), bind: bind)
  }

  private func residents(_ list: DataNode) throws(DataError) -> [Vendor] {
    var residents: [Vendor] = []
    guard list.exists else { return residents }
    for node in try list.array() {
      try node.allowKeys(["name", "at"])
      residents.append(Vendor(name: FixedName(try node["name"].string()), at: try node["at"].position()))
    }
    return residents
  }
}

extension DataNode {
  func raw() throws(DataError) -> UInt32 { UInt32(try integer(in: 1...Int(UInt32.max))) }

  func spellID() throws(DataError) -> SpellID { SpellID(UInt16(try integer(in: 1...65535))) }

  func zoneID() throws(DataError) -> ZoneID { ZoneID(UInt16(try integer(in: 0...65535))) }

  /// A word of a closed list.
  func word<Word: RawRepresentable & CaseIterable>() throws(DataError) -> Word where Word.RawValue == String {
    let text = try string()
    guard let word = Word(rawValue: text) else {
      throw error("\"\(text)\" is none of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }

  /// An item by number or by name; nil when absent or null.
  func item(among items: [Item]) throws(DataError) -> ItemID? {
    switch value {
    case .missing, .null: return nil
    case .string(let name):
      guard let item = items.first(where: { $0.name == FixedName(name) }) else {
        throw error("no item is called \"\(name)\"")
      }
      return item.id
    default: return ItemID(try raw())
    }
  }
}
