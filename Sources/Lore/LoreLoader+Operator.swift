import Core

// What the operator wrote: kits, camps, policy.
extension LoreLoader {
  func kit(_ root: DataNode) throws(DataError) -> Kit {
    try root.allowKeys(["name", "class", "pull", "thresholds", "not_hunted", "levels"])
    let pull = root["pull"]
    try pull.allowKeys(["mode", "distance"])
    let modeName = try pull["mode"].string()
    guard let mode = PullMode.allCases.first(where: { String(describing: $0) == modeName }) else {
      throw pull["mode"].error("\"\(modeName)\" is no way to pull")
    }
    var bands: [KitBand] = []
    for node in try root["levels"].array() {
      try node.allowKeys(["from", "to", "strategy", "gems", "buffs"])
      let from = try node["from"].integer(in: 1...Kit.levelMax)
      let to = try node["to"].integer(in: from...Kit.levelMax)
      guard from == (bands.last?.levels.upperBound ?? 0) + 1 else {
        throw node["from"].error("bands follow each other without a gap, from level 1")
      }
      let strategyName = try node["strategy"].string()
      guard let strategy = StrategyID(name: strategyName) else {
        throw node["strategy"].error(
          "\"\(strategyName)\" is none of \(StrategyID.allCases.map(\.name).joined(separator: ", "))")
      }
      let gems = try wishes(node["gems"])
      guard gems.count <= 8 else { throw node["gems"].error("there are at most eight gems") }
      bands.append(
        KitBand(
          levels: from...to, strategy: strategy, gems: gems,
          buffs: node["buffs"].exists ? try wishes(node["buffs"]) : []))
    }
    guard !bands.isEmpty else { throw root["levels"].error("names no level") }
    return Kit(
      name: try root["name"].string(), classID: try classID(root["class"]), pullMode: mode,
      pullDistance: try pull["distance"].number(in: 1...1000), thresholds: try thresholds(root["thresholds"]),
      notHunted: try species(root["not_hunted"]), bands: bands)
  }

  private func classID(_ node: DataNode) throws(DataError) -> Int {
    if case .string(let name) = node.value {
      guard let id = classes.sorted(by: { $0.key < $1.key }).first(where: { $0.value == name })?.key else {
        throw node.error("no class is called \"\(name)\"")
      }
      return id
    }
    return try node.integer(in: 1...255)
  }

  /// `"dot"` is the strongest spell of the kind, `"dot:1"` the next one, a number a spell, null an empty gem.
  private func wishes(_ node: DataNode) throws(DataError) -> [KitBand.GemWish] {
    var wishes: [KitBand.GemWish] = []
    for entry in try node.array() {
      switch entry.value {
      case .null: wishes.append(.empty)
      case .string(let text):
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let rank = parts.count == 2 ? Int(parts[1]) : 0
        guard parts.count <= 2, let kind = SpellKind(rawValue: String(parts[0])), let rank, (0..<8).contains(rank)
        else { throw entry.error("\"\(text)\" is no kind of spell") }
        wishes.append(.kind(kind, rank: rank))
      default:
        let id = try entry.spellID()
        guard spells.contains(where: { $0.id == id }) else { throw entry.error("there is no spell \(id.raw)") }
        wishes.append(.spell(id))
      }
    }
    return wishes
  }

  private func thresholds(_ node: DataNode) throws(DataError) -> KitThresholds {
    var result = KitThresholds()
    guard node.exists else { return result }
    let fields: [(String, WritableKeyPath<KitThresholds, Double>)] = [
      ("rest_health", \.restHealthEnter), ("rest_mana", \.restManaEnter), ("rest_pet", \.restPetEnter),
      ("rested_health", \.restHealthExit), ("rested_mana", \.restManaExit), ("rested_pet", \.restPetExit),
      ("flee_health", \.fleeHealth), ("flee_urgency", \.fleeUrgencyEnter), ("calm_urgency", \.fleeUrgencyExit),
      ("acquire_health", \.acquireHealth), ("acquire_mana", \.acquireMana), ("acquire_pet", \.acquirePet),
    ]
    try node.allowKeys(Set(fields.map(\.0)))
    for (key, path) in fields where node[key].exists { result[keyPath: path] = try node[key].number(in: 0...1) }
    guard result.restHealthEnter <= result.restHealthExit, result.restManaEnter <= result.restManaExit,
      result.restPetEnter <= result.restPetExit, result.fleeUrgencyExit <= result.fleeUrgencyEnter
    else { throw node.error("a state must begin below the value at which it ends") }
    guard result.acquireHealth <= result.restHealthEnter, result.acquirePet <= result.restPetEnter else {
      throw node.error("who need not rest must be fit to hunt: acquire_* may not exceed rest_*")
    }
    return result
  }

  func camp(_ root: DataNode) throws(DataError) -> Camp {
    try root.allowKeys([
      "name", "zone", "center", "safe_spot", "flee_points", "radius", "levels", "targets", "avoid", "dangers",
    ])
    let zoneName = try root["zone"].string()
    guard let zone = zones.first(where: { $0.name == zoneName }) else {
      throw root["zone"].error("no zone is called \"\(zoneName)\"")
    }
    let center = try root["center"].position()
    guard zone.contains(center) else { throw root["center"].error("is not on the map of \(zoneName)") }
    let levels = root["levels"].exists ? try root["levels"].array() : []
    guard levels.isEmpty || levels.count == 2 else { throw root["levels"].error("expected [from, to]") }
    let from = levels.isEmpty ? 1 : try levels[0].integer(in: 1...Kit.levelMax)
    let to = levels.isEmpty ? Kit.levelMax : try levels[1].integer(in: from...Kit.levelMax)
    var fleePoints: [Position] = []
    if root["flee_points"].exists {
      for node in try root["flee_points"].array() { fleePoints.append(try node.position()) }
    }
    var dangers: [DangerPoint] = []
    if root["dangers"].exists {
      for node in try root["dangers"].array() {
        try node.allowKeys(["at", "radius"])
        dangers.append(DangerPoint(at: try node["at"].position(), radius: try node["radius"].number(in: 1...2000)))
      }
    }
    return Camp(
      name: try root["name"].string(), zone: zone.id, center: center,
      safeSpot: root["safe_spot"].exists ? try root["safe_spot"].position() : nil, fleePoints: fleePoints,
      radius: try root["radius"].number(in: 20...2000), levels: from...to, targets: try species(root["targets"]),
      avoid: try species(root["avoid"]), dangers: dangers)
  }

  private func species(_ node: DataNode) throws(DataError) -> [FixedName] {
    guard node.exists else { return [] }
    var names: [FixedName] = []
    for entry in try node.array() { names.append(FixedName(try entry.string()).species) }
    return names
  }

  func policy(_ root: DataNode) throws(DataError) -> Policy {
    try root.allowKeys([
      "camp", "never_fight", "always_fight", "con", "con_fought", "level_difference", "leash", "seek_distance",
      "loot_distance", "player_distance", "social_max", "items", "other_items", "reagent_stock", "caster_classes",
      "stock", "trade_value",
    ])
    var policy = Policy()
    if root["camp"].exists { policy.camp = try root["camp"].string() }
    policy.neverFight = try species(root["never_fight"])
    policy.alwaysFight = try species(root["always_fight"])
    let con = root["con"]
    if con.exists {
      try con.allowKeys(["red_above", "blue_below", "light_blue_below", "blue_part", "light_blue_part"])
      policy.con = ConTable(
        redAbove: try con["red_above"].integer(in: 1...50), blueBelow: try con["blue_below"].integer(in: 0...50),
        bluePart: try con["blue_part"].integer(in: 0...60),
        lightBlueBelow: try con["light_blue_below"].integer(in: 0...60),
        lightBluePart: try con["light_blue_part"].integer(in: 0...60))
    }
    if root["con_fought"].exists {
      policy.conFought = []
      for node in try root["con_fought"].array() {
        let name = try node.string()
        guard let colour = ConColour(name: name) else { throw node.error("\"\(name)\" is no colour") }
        policy.conFought.insert(colour)
      }
    }
    if root["level_difference"].exists {
      let bounds = try root["level_difference"].array()
      guard bounds.count == 2 else { throw root["level_difference"].error("expected [least, most]") }
      policy.levelDifferenceMin = try bounds[0].integer(in: -60...0)
      policy.levelDifferenceMax = try bounds[1].integer(in: -60...60)
    }
    let distances: [(String, WritableKeyPath<Policy, Double>)] = [
      ("leash", \.leash), ("seek_distance", \.seekDistance), ("loot_distance", \.lootDistance),
      ("player_distance", \.playerDistance),
    ]
    for (key, path) in distances where root[key].exists { policy[keyPath: path] = try root[key].number(in: 0...5000) }
    if root["caster_classes"].exists {
      for node in try root["caster_classes"].array() { policy.casterClasses.insert(try node.integer(in: 1...255)) }
    }
    if root["social_max"].exists { policy.socialMax = try root["social_max"].integer(in: 1...100) }
    if root["reagent_stock"].exists { policy.reagentStock = try root["reagent_stock"].integer(in: 0...1000) }
    if root["trade_value"].exists { policy.tradeValue = try root["trade_value"].integer(in: 1...1_000_000_000) }
    if root["stock"].exists {
      for (name, node) in try root["stock"].object() {
        policy.stock[try item(named: name, node).id] = try node.integer(in: 0...1000)
      }
    }
    if root["other_items"].exists { policy.otherItems = try root["other_items"].word() }
    if root["items"].exists {
      for (name, node) in try root["items"].object() {
        policy.items[try item(named: name, node).id] = try node.word()
      }
    }
    return policy
  }

  private func item(named name: String, _ node: DataNode) throws(DataError) -> Item {
    guard let item = items.first(where: { $0.name == FixedName(name) }) else {
      throw node.error("no item is called \"\(name)\"")
    }
    return item
  }
}
