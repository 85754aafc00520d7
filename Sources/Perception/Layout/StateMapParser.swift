import Core

/// Units that a field may state; a mapped value must come out in the unit that `GameState` uses.
enum Unit {
  static let names = [
    "units", "units/s", "512ths", "points", "fraction", "seconds", "copper", "tenths", "count", "id", "flag", "ticks",
  ]
}

/// What can be mapped, with the unit in which it must arrive ("": text or a named case).
enum StateField {
  static let top: [String: String] = [
    "zone": "id", "target": "id", "pet": "id", "is_auto_attacking": "flag", "slots_free": "count",
    "slots_total": "count",
  ]
  static let player: [String: String] = [
    "id": "id", "name": "", "x": "units", "y": "units", "z": "units", "heading": "512ths",
    "speed": "units/s", "health": "points", "health_max": "points", "mana": "points", "mana_max": "points",
    "level": "count", "class_id": "id", "stand": "", "casting_spell": "id", "casting_remaining": "seconds",
    "money": "copper", "weight": "tenths", "weight_max": "tenths", "experience": "fraction",
    "is_in_combat": "flag",
  ]
  static let spawn: [String: String] = [
    "id": "id", "name": "", "kind": "", "x": "units", "y": "units", "z": "units",
    "velocity_x": "units/s", "velocity_y": "units/s", "velocity_z": "units/s", "heading": "512ths",
    "level": "count", "race": "id", "class_id": "id", "body": "", "health": "points",
    "health_max": "points", "health_fraction": "fraction", "owner": "id", "target": "id",
  ]
  static let groups: [String: [String: String]] = [
    "spawns": spawn,
    "buffs": ["spell": "id", "remaining": "seconds"],
    "gems": ["spell": "id", "recast": "seconds"],
    "items": ["item": "id", "count": "count", "slot": "count"],
    "loot": ["item": "id", "count": "count", "slot": "count", "open": "flag", "corpse": "id"],
    "merchant": ["item": "id", "count": "count", "slot": "count", "open": "flag", "merchant": "id"],
    "doors": ["id": "id", "x": "units", "y": "units", "z": "units", "is_open": "flag"],
  ]
  /// Without these an element means nothing.
  static let required: [String: [String]] = [
    "spawns": ["id", "x", "y", "z"], "buffs": ["spell"], "gems": ["spell"], "items": ["item"],
    "loot": ["item", "open"], "merchant": ["item", "open"], "doors": ["id", "x", "y"],
  ]
  /// Values of a group that stand outside its elements.
  static let outside: Set<String> = ["open", "corpse", "merchant"]

  /// The unit in which `field` of `group` ("" for the top) must arrive.
  static func unit(_ group: String, _ field: String) -> String? {
    if group.isEmpty {
      let key = field.hasPrefix("player.") ? String(field.dropFirst(7)) : field
      return (field.hasPrefix("player.") ? player : top)[key].flatMap { $0.isEmpty ? nil : $0 }
    }
    return groups[group]?[field].flatMap { $0.isEmpty ? nil : $0 }
  }
}

extension FieldPath {
  init(_ node: DataNode) throws(DataError) {
    let text = try node.string()
    var parts: [Part] = []
    for word in text.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = word.split(separator: "[", omittingEmptySubsequences: false)
      let inside = pieces.count == 2 && pieces[1].hasSuffix("]") ? pieces[1].dropLast() : nil
      let index = inside.flatMap { Int($0) }
      guard !pieces[0].isEmpty, pieces.count == 1 || inside == "" || (0..<65_536).contains(index ?? -1) else {
        throw node.error("expected a path such as \"root.client.spawns[]\", found \"\(text)\"")
      }
      parts.append(Part(name: String(pieces[0]), isEach: inside == "", index: index))
    }
    guard parts.count <= 32 else { throw node.error("the path has more than 32 parts") }
    self.init(parts: parts, node: node)
  }
}

extension StateMap.Value {
  init(_ node: DataNode) throws(DataError) {
    switch node.value {
    case .array(let items):
      var paths: [FieldPath] = []
      for item in items { paths.append(try FieldPath(item)) }
      guard !paths.isEmpty, paths.count <= 8 else { throw node.error("expected one to eight paths") }
      self.init(paths: paths, cases: [], node: node)
    case .object:
      try node.allowKeys(["path", "cases"])
      self.init(
        paths: [try FieldPath(node["path"])],
        cases: node["cases"].exists ? try caseNames(node["cases"]) : [], node: node)
    default:
      self.init(paths: [try FieldPath(node)], cases: [], node: node)
    }
  }
}

extension StateMap {
  init(_ node: DataNode) throws(DataError) {
    try node.allowKeys(
      Set(["frame", "odd_frame_is_writing", "loading", "player", "chat"])
        .union(StateField.top.keys).union(StateField.groups.keys))
    self.init(
      frame: node["frame"].exists ? try Value(node["frame"]) : nil,
      isOddFrameWriting: node["odd_frame_is_writing"].exists ? try node["odd_frame_is_writing"].boolean() : false,
      loading: nil, loadingWhen: [], playingWhen: [], values: [], groups: [], chat: nil)
    if node["loading"].exists {
      let loading = node["loading"]
      try loading.allowKeys(["path", "when", "unless"])
      self.loading = Value(paths: [try FieldPath(loading["path"])], cases: [], node: loading)
      guard loading["when"].exists != loading["unless"].exists else {
        throw loading.error("expected either \"when\" or \"unless\", a list of raw numbers")
      }
      for raw in loading["when"].exists ? try loading["when"].array() : [] { loadingWhen.append(try raw.integer()) }
      for raw in loading["unless"].exists ? try loading["unless"].array() : [] {
        playingWhen.append(try raw.integer())
      }
    }
    for key in StateField.top.keys.sorted() where node[key].exists {
      values.append((key, try Value(node[key])))
    }
    try node["player"].allowKeys(Set(StateField.player.keys))
    for key in StateField.player.keys.sorted() where node["player"][key].exists {
      values.append(("player.\(key)", try Value(node["player"][key])))
    }
    for name in ["x", "y", "z", "health", "health_max", "id"] where !node["player"][name].exists {
      throw node["player"].error("\"\(name)\" is missing; without it nothing can be decided")
    }
    for name in StateField.groups.keys.sorted() where node[name].exists {
      groups.append((name, try Self.group(name, node[name])))
    }
    guard node["spawns"].exists else { throw node.error("\"spawns\" is missing") }
    if node["chat"].exists {
      try node["chat"].allowKeys(["total", "lines"])
      chat = Chat(total: try FieldPath(node["chat"]["total"]), lines: try FieldPath(node["chat"]["lines"]))
    }
  }

  private static func group(_ name: String, _ node: DataNode) throws(DataError) -> Group {
    let known = StateField.groups[name] ?? [:]
    try node.allowKeys(Set(known.keys).union(["in", "every"]))
    var values: [(field: String, value: Value)] = []
    for key in known.keys.sorted() where node[key].exists { values.append((key, try Value(node[key]))) }
    for key in StateField.required[name] ?? [] where !node[key].exists {
      throw node.error("\"\(key)\" is missing")
    }
    return Group(
      path: try FieldPath(node["in"]), every: node["every"].exists ? try node["every"].integer(in: 1...100) : 1,
      values: values, node: node)
  }
}
