import Core

/// A zone whose mesh stands, but whose lines do not know yet where they lead.
struct ZoneDraft {
  var node: DataNode
  var id: ZoneID
  var name: String
  var title: FixedName
  var seed: UInt64
  var mesh: ZoneMesh
  var collision: CollisionMesh
}

extension WorldDataLoader {
  mutating func zone(_ node: DataNode, models: [MeshModel]) throws(DataError) -> ZoneDraft {
    try node.allowKeys([
      "id", "name", "title", "terrain", "liquids", "boxes", "objects", "scatter", "lines", "arrival", "bind", "doors",
      "camps",
    ])
    var mesh = ZoneMesh()
    mesh.models = models
    let field = try heightfield(node["terrain"])
    (mesh.low, mesh.high) = (vertex(field.low), vertex(field.high))
    var builder = MeshBuilder()
    field.build(into: &builder)
    for box in try optionalArray(node["boxes"]) {
      try box.allowKeys(["low", "high", "material"])
      builder.box(
        low: try box["low"].position(), high: try box["high"].position(), try material(box["material"]))
    }
    (mesh.vertices, mesh.triangles) = (builder.vertices, builder.triangles)
    for liquid in try optionalArray(node["liquids"]) {
      try liquid.allowKeys(["liquid", "low", "high"])
      let name = try liquid["liquid"].string()
      guard name == "water" || name == "lava" else { throw liquid["liquid"].error("expected water or lava") }
      mesh.liquids.append(
        LiquidVolume(
          liquid: name == "lava" ? .lava : .water, low: vertex(try liquid["low"].position()),
          high: vertex(try liquid["high"].position())))
    }
    for object in try optionalArray(node["objects"]) {
      try object.allowKeys(["model", "at", "rotation", "scale"])
      let at = try object["at"].array()
      let position = try object["at"].position()
      let z = at.count == 3 ? position.z : field.height(position.x, position.y)
      mesh.placements.append(
        PlacedModel(
          model: try modelIndex(object["model"], models),
          position: vertex(Position(position.x, position.y, z)),
          rotation: Float(try object.number("rotation", in: 0...512, default: 0)),
          scale: Float(try object.number("scale", in: 0.05...20, default: 1))))
    }
    for scatter in try optionalArray(node["scatter"]) {
      try self.scatter(scatter, field: field, models: models, into: &mesh)
    }
    return ZoneDraft(
      node: node, id: ZoneID(UInt16(try node["id"].integer(in: 1...1_000))), name: try node["name"].string(),
      title: try node["title"].fixedName(), seed: field.seed, mesh: mesh, collision: CollisionMesh(mesh))
  }

  /// The second pass: lines, arrivals, doors and camps, which need the ground of this and other zones.
  mutating func finish(_ drafts: [ZoneDraft], rules: RulesData) -> [ZoneData] {
    drafts.compactMap { draft in
      attempt { loader throws(DataError) in try loader.finish(draft, among: drafts, rules: rules) }
    }
  }

  private mutating func finish(
    _ draft: ZoneDraft, among drafts: [ZoneDraft], rules: RulesData
  ) throws(DataError) -> ZoneData {
    let node = draft.node
    var lines: [ZoneLine] = []
    for line in try optionalArray(node["lines"]) {
      try line.allowKeys(["to", "low", "high", "arrive", "heading"])
      let target = try zoneIndex(line["to"])
      lines.append(
        ZoneLine(
          low: vertex(try line["low"].position()), high: vertex(try line["high"].position()), target: target,
          arrival: try standing(line["arrive"], in: drafts[target]),
          arrivalHeading: Heading(try line.number("heading", in: 0...512, default: 0))))
    }
    try node["arrival"].allowKeys(["at", "heading"])
    var doors: [DoorData] = []
    for door in try optionalArray(node["doors"]) {
      try door.allowKeys(["at", "heading", "half_width", "open"])
      doors.append(
        DoorData(
          id: UInt16(doors.count + 1), position: try standing(door["at"], in: draft),
          heading: Heading(try door["heading"].number(in: 0...512)),
          halfWidth: try door["half_width"].number(in: 0.5...50),
          isOpen: door["open"].exists ? try door["open"].boolean() : false))
    }
    var spawns: [SpawnPoint] = []
    for (number, camp) in try optionalArray(node["camps"]).enumerated() {
      try self.camp(camp, number: number, draft: draft, lines: lines, rules: rules, into: &spawns)
    }
    return ZoneData(
      id: draft.id, name: draft.name, title: draft.title, mesh: draft.mesh, lines: lines, doors: doors,
      arrival: try standing(node["arrival"]["at"], in: draft),
      arrivalHeading: Heading(try node["arrival"].number("heading", in: 0...512, default: 0)),
      bind: node["bind"].exists ? try standing(node["bind"], in: draft) : nil, spawns: spawns,
      collision: draft.collision)
  }

  func benchmark(_ node: DataNode, _ drafts: [ZoneDraft]) throws(DataError) -> BenchmarkCase {
    try node.allowKeys(["name", "kit", "level", "zone", "at", "minutes", "seeds"])
    let kit = try node["kit"].string()
    guard classNames.contains(kit) else { throw node["kit"].error("no class is called \"\(kit)\"") }
    let zone = drafts[try zoneIndex(node["zone"])]
    return BenchmarkCase(
      name: try node["name"].string(), kit: kit, level: try node["level"].integer(in: 1...50), zone: zone.name,
      position: try standing(node["at"], in: zone), minutes: try node["minutes"].integer(in: 1...6_000),
      seeds: try node["seeds"].integer(in: 1...100_000))
  }

  /// Spawn points of one camp: one at `at`, or `count` of them scattered about `center`.
  private func camp(
    _ node: DataNode, number: Int, draft: ZoneDraft, lines: [ZoneLine], rules: RulesData,
    into spawns: inout [SpawnPoint]
  ) throws(DataError) {
    try node.allowKeys([
      "name", "npcs", "at", "heading", "center", "radius", "count", "respawn", "roam", "patrol",
    ])
    var types: [(npc: Int, weight: Double)] = []
    for entry in try node["npcs"].array() {
      let pair = try entry.array()
      guard pair.count == 2 else { throw entry.error("expected [NPC, weight]") }
      types.append((try npcIndex(pair[0]), try pair[1].number(in: 0.000_1...1_000)))
    }
    guard !types.isEmpty else { throw node["npcs"].error("a camp needs at least one kind of NPC") }
    let respawn = try node["respawn"].array()
    guard respawn.count == 2 else { throw node["respawn"].error("expected [mean, spread] in seconds") }
    let (mean, spread) = (try respawn[0].number(in: 1...100_000), try respawn[1].number(in: 0...100_000))
    guard spread < mean else { throw respawn[1].error("the spread (\(spread)) must be below the mean (\(mean))") }
    let roam = try node.number("roam", in: 0...2_000, default: 0)
    var patrol: [Position] = []
    for point in try optionalArray(node["patrol"]) { patrol.append(try standing(point, in: draft)) }
    func add(_ position: Position, _ heading: Heading) {
      spawns.append(
        SpawnPoint(
          position: position, heading: heading, types: types, respawnMean: mean, respawnSpread: spread,
          roamRadius: roam, patrol: patrol))
    }
    if node["at"].exists {
      add(
        try standing(node["at"], in: draft), Heading(try node.number("heading", in: 0...512, default: 0)))
      return
    }
    let center = try node["center"].position()
    let radius = try node["radius"].number(in: 0...4_000)
    let count = try node["count"].integer(in: 1...500)
    var random = SeededGenerator(seed: draft.seed, stream: UInt64(1_000 + number))
    var placed = 0
    for _ in 0..<count * 50 where placed < count {
      let distance = radius * random.unit().squareRoot()
      let point = center.moved(distance, along: Heading(random.unit() * 512))
      let heading = Heading(random.unit() * 512)
      guard let position = free(point, in: draft, lines: lines, rules: rules) else { continue }
      add(position, heading)
      placed += 1
    }
    guard placed == count else { throw node.error("only \(placed) of \(count) spawn points find free ground here") }
  }

  /// Ground at `point` that carries, is dry, and has room around it.
  private func free(
    _ point: Position, in draft: ZoneDraft, lines: [ZoneLine], rules: RulesData
  ) -> Position? {
    let mesh = draft.mesh
    guard point.x > Double(mesh.low.x) + 20, point.x < Double(mesh.high.x) - 20, point.y > Double(mesh.low.y) + 20,
      point.y < Double(mesh.high.y) - 20,
      let ground = draft.collision.ground(point.x, point.y, below: point.z > 0 ? point.z : 1e9), ground.up > 0.8
    else { return nil }
    let out = draft.collision.pushedOut(
      point.x, point.y, radius: 3, low: ground.z + rules.stepHeight, high: ground.z + rules.bodyHeight, carries: 0.5)
    guard abs(out.x - point.x) < 0.001, abs(out.y - point.y) < 0.001,
      !mesh.liquids.contains(where: { $0.contains(point.x, point.y, ground.z, margin: 4) })
    else { return nil }
    return Position(point.x, point.y, ground.z)
  }

  /// [x, y] on the ground of a zone, or [x, y, z] on the ground below that z (plus a step).
  private func standing(_ node: DataNode, in draft: ZoneDraft) throws(DataError) -> Position {
    let position = try node.position()
    let hasHeight = try node.array().count == 3
    guard
      let ground = draft.collision.ground(position.x, position.y, below: hasHeight ? position.z + 3 : 1e9)
    else { throw node.error("there is no ground in \(draft.name) at \(position)") }
    return Position(position.x, position.y, ground.z)
  }

  private func scatter(
    _ node: DataNode, field: Heightfield, models: [MeshModel], into mesh: inout ZoneMesh
  ) throws(DataError) {
    try node.allowKeys(["model", "count", "seed", "scale", "margin", "center", "radius", "avoid"])
    let model = try modelIndex(node["model"], models)
    let count = try node["count"].integer(in: 1...2_000)
    var random = SeededGenerator(seed: field.seed, stream: UInt64(try node["seed"].integer(in: 0...10_000)))
    let scale = node["scale"].exists ? try node["scale"].span(in: 0.05...20) : 1...1
    let margin = try node.number("margin", in: 0...2_000, default: 60)
    let center = node["center"].exists ? try node["center"].position() : nil
    let radius = try node.number("radius", in: 1...4_000, default: 1_000)
    var avoided: [(Position, Double)] = []
    for entry in try optionalArray(node["avoid"]) {
      let parts = try entry.array()
      guard parts.count == 3 else { throw entry.error("expected [x, y, radius]") }
      avoided.append((Position(try parts[0].number(), try parts[1].number()), try parts[2].number(in: 0...4_000)))
    }
    var placed = 0
    for _ in 0..<count * 20 where placed < count {
      var point = Position(
        random.uniform(field.low.x + margin...field.high.x - margin),
        random.uniform(field.low.y + margin...field.high.y - margin))
      if let center { point = center.moved(radius * random.unit().squareRoot(), along: Heading(random.unit() * 512)) }
      let (turn, size) = (random.unit() * 512, random.uniform(scale))
      let z = field.height(point.x, point.y)
      let rise = max(
        abs(field.height(point.x + 6, point.y) - field.height(point.x - 6, point.y)),
        abs(field.height(point.x, point.y + 6) - field.height(point.x, point.y - 6)))
      guard rise < 6, !avoided.contains(where: { $0.0.horizontalDistance(to: point) < $0.1 }),
        !mesh.liquids.contains(where: { $0.contains(point.x, point.y, z, margin: 8) }),
        !mesh.placements.contains(where: {
          Position(Double($0.position.x), Double($0.position.y)).horizontalDistance(to: point) < 12
        })
      else { continue }
      placed += 1
      // A little into the ground, so that no gap shows on a slope.
      mesh.placements.append(
        PlacedModel(
          model: model, position: vertex(Position(point.x, point.y, z - 0.5)), rotation: Float(turn.rounded()),
          scale: MeshBuilder.snapped(size)))
    }
  }

  private func heightfield(_ node: DataNode) throws(DataError) -> Heightfield {
    try node.allowKeys([
      "seed", "low", "high", "cell", "base", "noise", "border", "shapes", "material", "steep_material", "steep",
    ])
    var noise: [Heightfield.Noise] = []
    for entry in try node["noise"].array() {
      try entry.allowKeys(["scale", "amplitude"])
      noise.append(
        Heightfield.Noise(
          scale: try entry["scale"].number(in: 4...10_000), amplitude: try entry["amplitude"].number(in: 0...1_000)))
    }
    var shapes: [Heightfield.Shape] = []
    for entry in try optionalArray(node["shapes"]) {
      try entry.allowKeys(["center", "from", "to", "radius", "falloff", "height", "heights", "material"])
      let start = try entry[entry["center"].exists ? "center" : "from"].position()
      let end = entry["center"].exists ? start : try entry["to"].position()
      let height: (Double, Double)
      if entry["heights"].exists {
        let pair = try entry["heights"].array()
        guard pair.count == 2 else { throw entry["heights"].error("expected [at from, at to]") }
        height = (try pair[0].number(in: -1_000...1_000), try pair[1].number(in: -1_000...1_000))
      } else {
        let level = try entry["height"].number(in: -1_000...1_000)
        height = (level, level)
      }
      shapes.append(
        Heightfield.Shape(
          start: start, end: end, radius: try entry["radius"].number(in: 0...4_000),
          falloff: try entry["falloff"].number(in: 0.1...4_000), height: height,
          material: entry["material"].exists ? try material(entry["material"]) : nil))
    }
    let (low, high) = (try node["low"].position(), try node["high"].position())
    let cell = try node["cell"].number(in: 4...64)
    guard high.x - low.x >= 100, high.y - low.y >= 100, (high.x - low.x) * (high.y - low.y) / cell / cell < 600_000
    else {
      throw node["high"].error("the zone must be at least 100 units wide and have at most 600000 cells")
    }
    try node["border"].allowKeys(["width", "height"])
    return Heightfield(
      seed: UInt64(try node["seed"].integer(in: 0...1 << 50)), low: low, high: high, cell: cell,
      base: try node["base"].number(in: -1_000...1_000), noise: noise,
      borderWidth: try node["border"]["width"].number(in: 0...1_000),
      borderHeight: try node["border"]["height"].number(in: -500...500), shapes: shapes,
      material: try material(node["material"]), steepMaterial: try material(node["steep_material"]),
      steepSlope: try node["steep"].number(in: 0.05...10))
  }

  private func optionalArray(_ node: DataNode) throws(DataError) -> [DataNode] {
    node.exists ? try node.array() : []
  }

  private func material(_ node: DataNode) throws(DataError) -> SurfaceMaterial {
    let name = try node.string()
    guard let material = SurfaceMaterial.allCases.first(where: { $0.name == name }) else {
      throw node.error("no material is called \"\(name)\"")
    }
    return material
  }

  private func modelIndex(_ node: DataNode, _ models: [MeshModel]) throws(DataError) -> Int {
    let name = try node.string()
    guard let index = models.firstIndex(where: { $0.name == name }) else {
      throw node.error("no model is called \"\(name)\"")
    }
    return index
  }

  private func vertex(_ position: Position) -> MeshVertex {
    MeshVertex(MeshBuilder.snapped(position.x), MeshBuilder.snapped(position.y), MeshBuilder.snapped(position.z))
  }
}

extension LiquidVolume {
  /// True for a point inside, or within `margin` of it.
  func contains(_ x: Double, _ y: Double, _ z: Double, margin: Double = 0) -> Bool {
    x >= Double(low.x) - margin && x <= Double(high.x) + margin && y >= Double(low.y) - margin
      && y <= Double(high.y) + margin && z >= Double(low.z) - margin && z <= Double(high.z) + margin
  }
}
