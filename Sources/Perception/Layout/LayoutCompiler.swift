import Core

/// Turns paths into blocks, sequences and flat numbers.
struct LayoutCompiler {
  var plan: LayoutPlan
  private var blockKeys: [String: Int] = [:]
  private var sequenceKeys: [String: Int] = [:]
  /// How often what is being compiled is read.
  private var every = 1

  init(plan: LayoutPlan) {
    self.plan = plan
  }

  /// Where a path leads.
  private struct Spot {
    var owner: LayoutPlan.Owner
    var offset: Int
    var structure: Layout.Structure
    var key: String
  }

  mutating func compile(_ faults: inout [DataError]) throws(DataError) {
    let state = plan.layout.state
    if let identity = plan.layout.identity {
      let (spot, field) = try resolve(identity.path)
      guard case .block(let block) = spot.owner, case .bytes(let count) = field.shape,
        count == identity.bytes.count
      else { throw identity.path.node.error("expected a field of type bytes[\(identity.bytes.count)]") }
      extend(.block(block), to: spot.offset + count)
      plan.identity = (block, spot.offset, identity.bytes)
    }
    if let frame = state.frame {
      plan.frame = try number(frame, group: "", field: "frame")
      if let number = plan.frame { plan.moving.append(number) }
      if plan.frame?.isInSequence == true { throw frame.node.error("the frame counter cannot lie in a container") }
    }
    if let loading = state.loading { plan.loading = try number(loading, group: "", field: "loading") }
    for (field, value) in state.values {
      do throws(DataError) {
        try top(field, value)
      } catch {
        faults.append(error)
      }
    }
    // Spawns first: other blocks often point at nodes of their list.
    for (name, group) in state.groups.sorted(by: { ($0.name == "spawns" ? "" : $0.name) < $1.name }) {
      every = group.every
      do throws(DataError) {
        try self.group(name, group)
      } catch {
        faults.append(error)
      }
      every = 1
    }
    if let chat = state.chat { try self.chat(chat) }
    for index in plan.blocks.indices where plan.blocks[index].size == 0 { plan.blocks[index].size = 8 }
  }

  // MARK: Values

  private mutating func top(_ field: String, _ value: StateMap.Value) throws(DataError) {
    if field == "player.name" {
      plan.map.playerName = try text(value, group: "")
      return
    }
    guard let target = Self.sums[field] else { return }
    var sum: StatePlan.Sum = []
    for path in value.paths {
      let one = StateMap.Value(paths: [path], cases: value.cases, node: value.node)
      let number = try number(one, group: "", field: field)
      guard !number.isInSequence else { throw path.node.error("this value cannot lie in a container") }
      sum.append(number)
    }
    plan.map[keyPath: target] = sum
  }

  private static var sums: [String: WritableKeyPath<StatePlan, StatePlan.Sum>] {
    [
      "zone": \.zone, "target": \.target, "pet": \.pet, "is_auto_attacking": \.isAutoAttacking,
      "slots_free": \.slotsFree, "slots_total": \.slotsTotal, "player.id": \.id, "player.x": \.x,
      "player.y": \.y, "player.z": \.z, "player.heading": \.heading, "player.speed": \.speed,
      "player.health": \.health, "player.health_max": \.healthMax, "player.mana": \.mana,
      "player.mana_max": \.manaMax, "player.level": \.level, "player.class_id": \.classID,
      "player.stand": \.stand, "player.casting_spell": \.castingSpell,
      "player.casting_remaining": \.castingRemaining, "player.money": \.money, "player.weight": \.weight,
      "player.weight_max": \.weightMax, "player.experience": \.experience, "player.is_in_combat": \.isInCombat,
    ]
  }

  private mutating func group(_ name: String, _ group: StateMap.Group) throws(DataError) {
    let spot = try container(group.path)
    guard case .sequence(let sequence) = spot.owner else {
      throw group.path.node.error("expected the elements of a container, such as \"root.spawns.head[]\"")
    }
    var numbers: [String: StatePlan.Number] = [:]
    var name31: LayoutPlan.Text?
    for (field, value) in group.values {
      guard value.paths.count == 1 else { throw value.node.error("a sum is not possible here") }
      let start = StateField.outside.contains(field) ? nil : spot
      if field == "name" {
        name31 = try text(value, group: name, from: start)
      } else {
        numbers[field] = try number(value, group: name, field: field, from: start)
      }
    }
    func need(_ field: String) -> StatePlan.Number { numbers[field] ?? StatePlan.Number() }
    switch name {
    case "spawns":
      plan.map.spawns = StatePlan.SpawnPlan(
        sequence: sequence, id: need("id"), x: need("x"), y: need("y"), z: need("z"), name: name31,
        kind: numbers["kind"], velocityX: numbers["velocity_x"], velocityY: numbers["velocity_y"],
        velocityZ: numbers["velocity_z"], heading: numbers["heading"], level: numbers["level"],
        race: numbers["race"], classID: numbers["class_id"], body: numbers["body"], health: numbers["health"],
        healthMax: numbers["health_max"], healthFraction: numbers["health_fraction"], owner: numbers["owner"],
        target: numbers["target"])
    case "buffs", "gems":
      let pair = StatePlan.PairPlan(
        sequence: sequence, every: group.every, spell: need("spell"),
        seconds: numbers[name == "gems" ? "recast" : "remaining"])
      if name == "gems" { plan.map.gems = pair } else { plan.map.buffs = pair }
    case "doors":
      plan.map.doors = StatePlan.DoorPlan(
        sequence: sequence, every: group.every, id: need("id"), x: need("x"), y: need("y"), z: numbers["z"],
        isOpen: numbers["is_open"])
    default:
      let stacks = StatePlan.StackPlan(
        sequence: sequence, every: group.every, item: need("item"), count: numbers["count"],
        slot: numbers["slot"], open: numbers["open"], whose: numbers[name == "loot" ? "corpse" : "merchant"])
      switch name {
      case "items": plan.map.items = stacks
      case "loot": plan.map.loot = stacks
      default: plan.map.merchant = stacks
      }
    }
  }

  private mutating func chat(_ chat: StateMap.Chat) throws(DataError) {
    plan.map.chatTotal = try number(
      StateMap.Value(paths: [chat.total], cases: [], node: chat.total.node), group: "", field: "chat.total")
    let spot = try container(chat.lines)
    guard case .sequence(let sequence) = spot.owner, plan.sequences[sequence].kind == .inlineArray,
      plan.sequences[sequence].size > 0
    else { throw chat.lines.node.error("expected an array of texts, such as \"root.chat.lines[]\"") }
    plan.map.chatLines = (sequence, plan.sequences[sequence].stride)
  }

  private mutating func number(
    _ value: StateMap.Value, group: String, field name: String, from start: Spot? = nil
  ) throws(DataError) -> StatePlan.Number {
    let path = value.paths[0]
    let (spot, field) = try resolve(path, from: start)
    var type: ScalarType
    switch field.shape {
    case .scalar(let scalar): type = scalar
    case .array(.scalar(let scalar), _) where path.parts.last?.index != nil: type = scalar
    case .vector(.scalar(let scalar), _) where path.parts.last?.index != nil: type = scalar
    default: throw path.node.error("\"\(field.name)\" is not a number")
    }
    let reading = field.reading
    if let wanted = StateField.unit(group, name), let unit = reading.unit, unit != wanted {
      throw field.node.error("the unit is \(unit), but \(name) needs \(wanted)")
    }
    var number = StatePlan.Number()
    number.type = type
    number.offset = Int32(spot.offset)
    switch spot.owner {
    case .block(let block): number.base = Int32(block)
    case .sequence(let sequence):
      number.base = Int32(sequence)
      number.isInSequence = true
    }
    extend(spot.owner, to: spot.offset + type.size)
    number.shift = UInt8(reading.shift)
    number.hasMask = reading.mask != nil || reading.shift > 0
    if type == .f32 || type == .f64, number.hasMask {
      throw field.node.error("\"mask\" and \"shift\" need a whole number")
    }
    number.mask = reading.mask ?? .max
    number.scale = reading.scale
    number.bias = reading.bias
    if let range = reading.range { (number.low, number.high) = (range.lowerBound, range.upperBound) }
    number.noneCount = UInt8(reading.none.count)
    let none = reading.none + [0, 0, 0, 0]
    number.none = (none[0], none[1], none[2], none[3])
    let label = group.isEmpty ? name : "\(group).\(name)"
    number.field = Int32(plan.fieldNames.count)
    plan.fieldNames.append(label)
    if let names = Self.caseNames(group, name) {
      let cases = value.cases.isEmpty ? reading.cases : value.cases
      guard !cases.isEmpty else {
        throw value.node.error("\(label) needs \"cases\" that name \(names.joined(separator: ", "))")
      }
      number.cases = Int32(plan.caseTable.count / 256)
      var row = [UInt8](repeating: 255, count: 256)
      for (raw, caseName) in cases {
        guard let ordinal = names.firstIndex(of: caseName) else {
          throw value.node.unknown("case", caseName, among: names)
        }
        guard (0..<256).contains(raw) else { throw value.node.error("raw value \(raw) is outside 0...255") }
        row[raw] = UInt8(ordinal)
      }
      plan.caseTable += row
    }
    if field.mustMove, !number.isInSequence { plan.moving.append(number) }
    return number
  }

  /// Names of the cases that a mapped field can have; nil for a plain number.
  private static func caseNames(_ group: String, _ field: String) -> [String]? {
    switch (group, field) {
    case ("spawns", "kind"): SpawnKind.allCases.map { String(describing: $0) }
    case ("spawns", "body"): BodyState.allCases.map { String(describing: $0) }
    case ("", "player.stand"): StandState.allCases.map { String(describing: $0) }
    default: nil
    }
  }

  private mutating func text(
    _ value: StateMap.Value, group: String, from start: Spot? = nil
  ) throws(DataError) -> LayoutPlan.Text {
    let (spot, field) = try resolve(value.paths[0], from: start)
    let (bytes, isString): (Int, Bool)
    switch field.shape {
    case .text(let count): (bytes, isString) = (count, false)
    case .shortString: (bytes, isString) = (32, true)
    default: throw value.node.error("\"\(field.name)\" is not a text")
    }
    extend(spot.owner, to: spot.offset + bytes)
    let (base, isInSequence): (Int, Bool) =
      switch spot.owner {
      case .block(let block): (block, false)
      case .sequence(let sequence): (sequence, true)
      }
    return LayoutPlan.Text(
      base: Int32(base), isInSequence: isInSequence, offset: Int32(spot.offset), bytes: Int32(bytes),
      isString: isString)
  }

  // MARK: Paths

  /// Makes sure that so many bytes of what `owner` stands for are read.
  private mutating func extend(_ owner: LayoutPlan.Owner, to end: Int) {
    switch owner {
    case .block(let block):
      plan.blocks[block].size = max(plan.blocks[block].size, end)
      plan.blocks[block].every = min(plan.blocks[block].every, every)
    case .sequence(let sequence):
      plan.sequences[sequence].size = max(plan.sequences[sequence].size, end)
      // Inline elements lie in their owner, which must be read as far.
      if plan.sequences[sequence].kind == .inlineArray {
        let owned = plan.sequences[sequence]
        extend(owned.owner, to: owned.offset + (owned.max - 1) * owned.stride + end)
      }
    }
  }

  private func structure(_ name: String, at path: FieldPath) throws(DataError) -> Layout.Structure {
    guard let structure = plan.layout.structure(name) else { throw path.node.error("struct \"\(name)\" is unknown") }
    return structure
  }

  private mutating func start(_ path: FieldPath) throws(DataError) -> Spot {
    let name = path.parts[0].name
    guard let index = plan.layout.anchors.firstIndex(where: { $0.name == name }) else {
      throw path.node.unknown("anchor", name, among: plan.layout.anchors.map(\.name))
    }
    let structure = try structure(plan.layout.anchors[index].structure, at: path)
    return Spot(
      owner: .block(block(.anchor(index), key: name)), offset: 0, structure: structure, key: name)
  }

  private mutating func block(_ parent: LayoutPlan.Parent, key: String) -> Int {
    if let known = blockKeys[key] {
      plan.blocks[known].every = min(plan.blocks[known].every, every)
      return known
    }
    plan.blocks.append(LayoutPlan.Block(parent: parent, size: 0, every: every, name: key))
    blockKeys[key] = plan.blocks.count - 1
    return plan.blocks.count - 1
  }

  /// The field that `path` names, and where it lies.
  private mutating func resolve(
    _ path: FieldPath, from context: Spot? = nil
  ) throws(DataError) -> (Spot, Layout.Field) {
    var spot: Spot
    var parts = path.parts[...]
    if let context {
      spot = context
    } else {
      spot = try start(path)
      parts = parts.dropFirst()
    }
    while let part = parts.popFirst() {
      guard let field = spot.structure.field(part.name) else {
        let known = spot.structure.fields.map(\.name)
        throw path.node.error(
          "struct \"\(spot.structure.name)\" has no field \"\(part.name)\"\(didYouMean(part.name, among: known))")
      }
      guard !part.isEach else { throw path.node.error("\"\(part.name)[]\" is not possible here") }
      if parts.isEmpty {
        spot = try last(spot, part, field, path)
        return (spot, field)
      }
      spot = try enter(spot, part, field, path)
    }
    throw path.node.error("expected a field after \"\(path.parts[0].name)\"")
  }

  /// Where the last field of a path lies: itself, or the element that an index names.
  private mutating func last(
    _ spot: Spot, _ part: FieldPath.Part, _ field: Layout.Field, _ path: FieldPath
  ) throws(DataError) -> Spot {
    var spot = spot
    guard let index = part.index else {
      spot.offset += field.offset
      return spot
    }
    switch field.shape {
    case .array(.scalar(let type), .fixed(let count)) where index < count:
      spot.offset += field.offset + index * type.size
    case .vector(.scalar(let type), _):
      spot = try follow(spot, at: field.offset, to: spot.structure, name: "\(part.name)[]", path)
      spot.offset = index * type.size
    default: throw path.node.error("\"\(part.name)\" has no element \(index)")
    }
    return spot
  }

  private mutating func enter(
    _ spot: Spot, _ part: FieldPath.Part, _ field: Layout.Field, _ path: FieldPath
  ) throws(DataError) -> Spot {
    var spot = spot
    switch field.shape {
    case .embedded(let name):
      spot.structure = try structure(name, at: path)
      spot.offset += field.offset
      return spot
    case .pointer(let name):
      return try follow(spot, at: field.offset, to: try structure(name, at: path), name: part.name, path)
    case .array(.structure(let name), .fixed(let count)):
      guard let index = part.index, index < count else { break }
      spot.structure = try structure(name, at: path)
      spot.offset += field.offset + index * spot.structure.size
      return spot
    case .array(.pointer(let name), .fixed(let count)):
      guard let index = part.index, index < count else { break }
      let structure = try structure(name, at: path)
      return try follow(spot, at: field.offset + index * 8, to: structure, name: "\(part.name)[\(index)]", path)
    default: break
    }
    throw path.node.error("\"\(part.name)\" leads nowhere from here")
  }

  private mutating func follow(
    _ spot: Spot, at offset: Int, to structure: Layout.Structure, name: String, _ path: FieldPath
  ) throws(DataError) -> Spot {
    let place = spot.offset + offset
    extend(spot.owner, to: place + 8)
    let key = "\(spot.key).\(name)"
    switch spot.owner {
    case .block(let parent):
      let next = block(.pointer(block: parent, offset: place), key: key)
      return Spot(owner: .block(next), offset: 0, structure: structure, key: key)
    case .sequence:
      let next = sequence(
        LayoutPlan.Sequence(
          owner: spot.owner, offset: place, kind: .follow, stride: 8, size: 8, max: maximum(of: spot.owner),
          count: 0, countField: nil, first: -1, second: -1, linkOffset: 0, isCircular: false, every: every,
          name: key), key: key)
      return Spot(owner: .sequence(next), offset: 0, structure: structure, key: key)
    }
  }

  private func maximum(of owner: LayoutPlan.Owner) -> Int {
    if case .sequence(let sequence) = owner { plan.sequences[sequence].max } else { 1 }
  }

  private mutating func sequence(_ sequence: LayoutPlan.Sequence, key: String) -> Int {
    if let known = sequenceKeys[key] {
      plan.sequences[known].every = min(plan.sequences[known].every, every)
      return known
    }
    plan.sequences.append(sequence)
    sequenceKeys[key] = plan.sequences.count - 1
    return plan.sequences.count - 1
  }

  /// The elements that a path ending in `[]` names.
  private mutating func container(_ path: FieldPath) throws(DataError) -> Spot {
    var spot = try start(path)
    for (index, part) in path.parts.enumerated().dropFirst() {
      guard let field = spot.structure.field(part.name) else {
        let known = spot.structure.fields.map(\.name)
        throw path.node.error(
          "struct \"\(spot.structure.name)\" has no field \"\(part.name)\"\(didYouMean(part.name, among: known))")
      }
      if part.isEach {
        spot = try each(spot, field, path)
      } else if index < path.parts.count - 1 {
        spot = try enter(spot, part, field, path)
      } else {
        throw path.node.error("expected \"[]\" after the container \"\(part.name)\"")
      }
    }
    return spot
  }

  private mutating func each(_ spot: Spot, _ field: Layout.Field, _ path: FieldPath) throws(DataError) -> Spot {
    let place = spot.offset + field.offset
    let key = "\(spot.key).\(field.name)[]"
    var made = LayoutPlan.Sequence(
      owner: spot.owner, offset: place, kind: .inlineArray, stride: 8, size: 0, max: 0, count: 0, countField: nil,
      first: -1, second: -1, linkOffset: 0, isCircular: false, every: every, name: key)
    var element = spot.structure
    func link(_ name: String, in structure: Layout.Structure) throws(DataError) -> Int {
      guard let field = structure.field(name) else {
        throw path.node.error(
          "struct \"\(structure.name)\" has no field \"\(name)\""
            + didYouMean(name, among: structure.fields.map(\.name)))
      }
      return field.offset
    }
    switch field.shape {
    case .array(let of, let count):
      switch count {
      case .fixed(let fixed):
        made.count = fixed
        made.max = fixed
      case .field(let name, let max):
        made.max = max
        let value = StateMap.Value(
          paths: [FieldPath(parts: [FieldPath.Part(name: name, isEach: false, index: nil)], node: path.node)],
          cases: [], node: path.node)
        made.countField = try number(value, group: "", field: "\(key).count", from: spot)
      }
      try shape(&made, &element, of, path)
      extend(spot.owner, to: place + made.max * made.stride)
    case .vector(let of, let max):
      made.max = max
      try shape(&made, &element, of, path)
      made.kind = made.kind == .pointerArray ? .vectorOfPointers : .vector
      extend(spot.owner, to: place + 16)
    case .list(let of, let next, let previous, let linkOffset, let isCircular, let max):
      element = try structure(of, at: path)
      made.kind = .list
      made.max = max
      made.first = try link(next, in: element)
      if let previous { made.second = try link(previous, in: element) }
      made.linkOffset = linkOffset
      made.isCircular = isCircular
      made.size = Swift.max(made.first, made.second) + 8
      extend(spot.owner, to: place + 8)
    case .tree(let of, let left, let right, let max):
      element = try structure(of, at: path)
      made.kind = .tree
      made.max = max
      made.first = try link(left, in: element)
      made.second = try link(right, in: element)
      made.size = Swift.max(made.first, made.second) + 8
      extend(spot.owner, to: place + 8)
    default: throw path.node.error("\"\(field.name)\" is no container")
    }
    return Spot(owner: .sequence(sequence(made, key: key)), offset: 0, structure: element, key: key)
  }

  private func shape(
    _ made: inout LayoutPlan.Sequence, _ element: inout Layout.Structure, _ of: FieldShape.Element,
    _ path: FieldPath
  ) throws(DataError) {
    switch of {
    case .structure(let name):
      element = try structure(name, at: path)
      made.stride = element.size
    case .pointer(let name):
      element = try structure(name, at: path)
      made.kind = .pointerArray
      made.size = 8
    case .scalar(let type):
      made.stride = type.size
      made.size = type.size
    case .text(let bytes):
      made.stride = bytes
      made.size = bytes
    }
  }
}
