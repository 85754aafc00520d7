import Core

// Reading of items, spells, classes and NPC types.
extension WorldDataLoader {
  func itemID(_ node: DataNode) throws(DataError) -> ItemID {
    let name = try node.string()
    guard let id = items[name] else { throw node.error("no item is called \"\(name)\"") }
    return id
  }

  func spellIndex(_ node: DataNode) throws(DataError) -> Int {
    let name = try node.string()
    guard let index = spells[name] else { throw node.error("no spell is called \"\(name)\"") }
    return index
  }

  func npcIndex(_ node: DataNode) throws(DataError) -> Int {
    let key = try node.string()
    guard let index = npcs[key] else { throw node.error("no NPC has the key \"\(key)\"") }
    return index
  }

  func zoneIndex(_ node: DataNode) throws(DataError) -> Int {
    let name = try node.string()
    guard let index = zoneNames.firstIndex(of: name) else { throw node.error("no zone is called \"\(name)\"") }
    return index
  }

  func item(_ node: DataNode) throws(DataError) -> ItemData {
    try node.allowKeys(["id", "name", "kind", "value", "weight", "stack", "no_drop", "effect", "damage", "armor"])
    let kind: ItemData.Kind = try node["kind"].choice()
    for (key, owner) in [("damage", ItemData.Kind.weapon), ("armor", .armor), ("effect", .food)]
    where node[key].exists && kind != owner {
      throw node[key].error("only items of kind \(owner.rawValue) have \"\(key)\"")
    }
    return ItemData(
      id: try itemID(node["name"]), name: try node["name"].fixedName(), kind: kind,
      value: try node["value"].integer(in: 0...1_000_000), weight: try node["weight"].integer(in: 0...10_000),
      stack: try node.integer("stack", in: 1...100, default: 1),
      isNoDrop: node["no_drop"].exists ? try node["no_drop"].boolean() : false,
      effect: node["effect"].exists ? try spellIndex(node["effect"]) : nil,
      damage: try node.number("damage", in: 0...1_000, default: 0),
      armor: try node.integer("armor", in: 0...1_000, default: 0))
  }

  func spell(_ node: DataNode) throws(DataError) -> SpellData {
    try node.allowKeys([
      "id", "name", "kind", "target", "mana", "cast", "recast", "range", "duration", "amount", "per_level", "health",
      "mana_regeneration", "health_regeneration", "armor", "speed", "resist", "pet", "levels", "reagent",
      "stun",
    ])
    var levels: [(classID: Int, level: Int)] = []
    if node["levels"].exists {
      for (name, level) in try node["levels"].object() {
        guard let index = classNames.firstIndex(of: name) else { throw level.error("no class is called \"\(name)\"") }
        levels.append((classIDs[index], try level.integer(in: 1...50)))
      }
    }
    let kind: SpellKind = try node["kind"].choice()
    let pet = node["pet"].exists ? try npcIndex(node["pet"]) : nil
    guard (kind == .pet) == (pet != nil) else {
      throw node.error(
        kind == .pet ? "a spell of kind pet names its \"pet\"" : "only spells of kind pet name a \"pet\"")
    }
    return SpellData(
      id: SpellID(UInt16(try node["id"].integer(in: 1...60_000))), name: try node["name"].fixedName(), kind: kind,
      target: try node["target"].choice(), mana: try node["mana"].integer(in: 0...10_000),
      cast: try node["cast"].number(in: 0...60), recast: try node["recast"].number(in: 0...3_600),
      range: try node.number("range", in: 0...1_000, default: 0),
      duration: try node.integer("duration", in: 0...10_000, default: 0),
      amount: node["amount"].exists ? try node["amount"].wholeSpan(in: 0...100_000) : 0...0,
      perLevel: try node.number("per_level", in: 0...1_000, default: 0),
      healthBonus: try node.integer("health", in: 0...10_000, default: 0),
      manaRegeneration: try node.integer("mana_regeneration", in: 0...1_000, default: 0),
      healthRegeneration: try node.integer("health_regeneration", in: 0...1_000, default: 0),
      armorBonus: try node.integer("armor", in: 0...1_000, default: 0),
      speedBonus: try node.number("speed", in: 0...2, default: 0),
      resistBonus: try node.number("resist", in: -1...1, default: 0),
      stun: try node.number("stun", in: 0...10, default: 0), pet: pet, levels: levels,
      reagent: node["reagent"].exists ? try itemID(node["reagent"]) : nil)
  }

  func playerClass(_ node: DataNode) throws(DataError) -> ClassData {
    try node.allowKeys([
      "id", "name", "health", "mana", "armor", "melee", "regeneration", "gems", "items", "money", "start",
    ])
    func pair(_ key: String) throws(DataError) -> (Double, Double) {
      let items = try node[key].array()
      guard items.count == 2 else { throw node[key].error("expected [at level 0, per level]") }
      return (try items[0].number(in: 0...10_000), try items[1].number(in: 0...1_000))
    }
    let (melee, regeneration) = (node["melee"], node["regeneration"])
    try melee.allowKeys(["delay", "damage", "hit"])
    try regeneration.allowKeys(["health_standing", "health_sitting", "mana_standing", "mana_sitting"])
    let damage = try melee["damage"].array()
    guard damage.count == 2 else { throw melee["damage"].error("expected [at level 0, per level]") }
    var gems: [Int?] = []
    for gem in try node["gems"].array() {
      if case .null = gem.value { gems.append(nil) } else { gems.append(try spellIndex(gem)) }
    }
    guard gems.count <= 8 else { throw node["gems"].error("there are eight gems") }
    var items: [ItemStack] = []
    for entry in try node["items"].array() {
      let pair = try entry.array()
      guard pair.count == 2 else { throw entry.error("expected [item, count]") }
      items.append(ItemStack(item: try itemID(pair[0]), count: try pair[1].integer(in: 1...100)))
    }
    let (health, mana, armor) = (try pair("health"), try pair("mana"), try pair("armor"))
    return ClassData(
      id: try node["id"].integer(in: 1...200), name: try node["name"].string(), healthBase: health.0,
      healthPerLevel: health.1, manaBase: mana.0, manaPerLevel: mana.1, armor: armor.0, armorPerLevel: armor.1,
      meleeDelay: try melee["delay"].number(in: 0.2...20), damageBase: try damage[0].number(in: 0...1_000),
      damagePerLevel: try damage[1].number(in: 0...100), hitChance: try melee["hit"].number(in: 0...1),
      regenerationStanding: try regeneration["health_standing"].number(in: 0...1),
      regenerationSitting: try regeneration["health_sitting"].number(in: 0...1),
      manaStanding: try regeneration["mana_standing"].number(in: 0...1),
      manaSitting: try regeneration["mana_sitting"].number(in: 0...1),
      gems: gems + Array(repeating: nil, count: 8 - gems.count), items: items,
      money: try node["money"].integer(in: 0...10_000_000), startZone: try zoneIndex(node["start"]))
  }

  mutating func npc(_ node: DataNode) throws(DataError) -> NPCData {
    try node.allowKeys([
      "key", "name", "role", "race", "class", "height", "levels", "health", "armor", "melee", "walk", "run", "aggro",
      "assist", "kin", "leash", "flee_below", "sees_feign", "experience", "coins", "loot", "wares", "spell",
      "spell_chance", "stun",
    ])
    let melee = node["melee"]
    try melee.allowKeys(["delay", "damage", "per_level", "hit"])
    let damage = try melee["damage"].span(in: 0...10_000)
    let health = try node["health"].array()
    guard health.count == 2 else { throw node["health"].error("expected [at level 0, per level]") }
    var loot: [LootEntry] = []
    if node["loot"].exists {
      for entry in try node["loot"].array() {
        let parts = try entry.array()
        guard (2...3).contains(parts.count) else {
          throw entry.error("expected [item, chance] or [item, chance, count]")
        }
        loot.append(
          LootEntry(
            item: try itemID(parts[0]), chance: try parts[1].number(in: 0...1),
            count: parts.count == 3 ? try parts[2].wholeSpan(in: 1...100) : 1...1))
      }
    }
    var wares: [Ware] = []
    if node["wares"].exists {
      for entry in try node["wares"].array() {
        let pair = try entry.array()
        guard pair.count == 2 else { throw entry.error("expected [item, price in copper]") }
        wares.append(Ware(item: try itemID(pair[0]), price: try pair[1].integer(in: 1...10_000_000)))
      }
    }
    guard loot.count <= 12, wares.count <= 40 else { throw node.error("at most 12 kinds of loot and 40 wares") }
    var kin = -1
    if node["kin"].exists {
      let name = try node["kin"].string()
      if let known = kins.firstIndex(of: name) {
        kin = known
      } else {
        kin = kins.count
        kins.append(name)
      }
    }
    var stun = (chance: 0.0, seconds: 0.0)
    if node["stun"].exists {
      let pair = try node["stun"].array()
      guard pair.count == 2 else { throw node["stun"].error("expected [chance, seconds]") }
      stun = (try pair[0].number(in: 0...1), try pair[1].number(in: 0...10))
    }
    let name = try node["name"].fixedName(upTo: 22)
    return NPCData(
      key: try node["key"].string(), name: name, corpseName: FixedName("\(name)'s corpse"),
      role: node["role"].exists ? try node["role"].choice() : .monster,
      race: UInt16(try node["race"].integer(in: 0...2_000)),
      classID: UInt8(try node.integer("class", in: 0...250, default: 1)),
      height: try node.number("height", in: 0.5...60, default: 5), levels: try node["levels"].wholeSpan(in: 1...80),
      healthBase: try health[0].number(in: 0...100_000), healthPerLevel: try health[1].number(in: 0...10_000),
      armor: try node.number("armor", in: 0...1_000, default: 0), meleeDelay: try melee["delay"].number(in: 0.2...20),
      damageMin: damage.lowerBound, damageMax: damage.upperBound,
      damagePerLevel: try melee["per_level"].number(in: 0...100), hitChance: try melee["hit"].number(in: 0...1),
      walkSpeed: try node.number("walk", in: 0...60, default: 9),
      runSpeed: try node.number("run", in: 0...80, default: 28),
      aggroRadius: try node.number("aggro", in: 0...400, default: 0),
      assistRadius: try node.number("assist", in: 0...400, default: 0), kin: kin,
      leash: try node.number("leash", in: 10...4_000, default: 400),
      fleeBelow: try node.number("flee_below", in: 0...1, default: 0),
      seesThroughFeign: try node.number("sees_feign", in: 0...1, default: 0),
      experience: try node.number("experience", in: 0...100, default: 1),
      coins: node["coins"].exists ? try node["coins"].wholeSpan(in: 0...1_000_000) : 0...0, loot: loot, wares: wares,
      spell: node["spell"].exists ? try spellIndex(node["spell"]) : nil,
      spellChance: try node.number("spell_chance", in: 0...1, default: 0), stunChance: stun.chance,
      stunSeconds: stun.seconds)
  }

  func model(_ node: DataNode) throws(DataError) -> MeshModel {
    try node.allowKeys(["name", "parts"])
    var builder = MeshBuilder()
    for part in try node["parts"].array() {
      let name = try part["material"].string()
      guard let material = SurfaceMaterial.allCases.first(where: { $0.name == name }) else {
        throw part["material"].error("no material is called \"\(name)\"")
      }
      if part["box"].exists {
        try part.allowKeys(["box", "material"])
        let corners = try part["box"].array()
        guard corners.count == 2 else { throw part["box"].error("expected two corners") }
        builder.box(low: try corners[0].position(), high: try corners[1].position(), material)
      } else {
        try part.allowKeys(["column", "height", "radius", "top", "sides", "material"])
        let radius = try part["radius"].number(in: 0.1...500)
        builder.column(
          at: try part["column"].position(), height: try part["height"].number(in: 0.1...500), radius: radius,
          topRadius: try part.number("top", in: 0...500, default: radius),
          sides: try part.integer("sides", in: 3...24, default: 6), material)
      }
    }
    return MeshModel(name: try node["name"].string(), vertices: builder.vertices, triangles: builder.triangles)
  }
}
