extension QuakeMap {
  /// What a map's entities add to a scene: brushes that stand still or rest, parts that move, ways without a floor.
  /// How far things move and fly is what the game's own rules say.
  struct EntityScene {
    private(set) var movers: [SceneMover] = []
    private(set) var passages: [ScenePassage] = []
    /// Models whose brushes are there, and where.
    private(set) var standing: [(model: Int, way: SIMD3<Double>)] = []
    private(set) var notes: [String] = []

    // Height of the point that moves above the feet, and headroom under a trigger's lower side.
    private static let eyes = 24.0
    private static let gravity = 800.0
    private static let step = 18.0
    /// Beside a moving part one stands no farther away.
    private static let beside = 64.0

    init(_ entities: [QuakeEntity], models: [SceneBox], file: String) throws(AssetError) {
      var places: [String: SIMD3<Double>] = [:]
      for entity in entities {
        guard let name = entity["targetname"], let origin = entity.point("origin"), places[name] == nil else {
          continue
        }
        places[name] = origin
      }
      var leftOut: [String: Int] = [:]
      var used: Set<Int> = []
      for entity in entities {
        guard let kind = entity["classname"], let name = entity["model"], name.hasPrefix("*") else { continue }
        guard let model = Int(name.dropFirst()), models.indices.contains(model), model > 0 else {
          throw AssetError(file: file, offset: 0, cause: "\(kind) has model \(name) of \(models.count)")
        }
        guard used.insert(model).inserted else {
          throw AssetError(file: file, offset: 0, cause: "model \(name) belongs to two entities")
        }
        let way = entity.point("origin") ?? .zero
        let box = models[model].moved(way)
        guard all(box.low .<= box.high) else {
          leftOut["\(kind) with an empty box", default: 0] += 1
          continue
        }
        let target = entity["target"].flatMap { places[$0] }
        switch kind {
        case "func_static", "func_button", "func_wall": standing.append((model, way))
        case "func_door": addDoor(entity, model, box, way)
        case "func_plat": addLift(entity, model, box, way)
        case "trigger_teleport":
          guard let target else {
            leftOut["\(kind) without a target", default: 0] += 1
            continue
          }
          addTeleport(model, box, to: target)
        case "trigger_push":
          guard let target, addJump(model, box, over: target) else {
            leftOut["\(kind) without a target above", default: 0] += 1
            continue
          }
        case "func_rotating", "func_bobbing", "func_pendulum", "func_train": leftOut[kind, default: 0] += 1
        default: continue
        }
      }
      notes = leftOut.keys.sorted().map { "\(file): \(leftOut[$0] ?? 0) × \($0) left out" }
    }

    /// A door that opens for whoever comes is a passage; one that waits for something else stands closed.
    private mutating func addDoor(_ door: QuakeEntity, _ model: Int, _ box: SceneBox, _ way: SIMD3<Double>) {
      let isOpen = Int(door.number("spawnflags") ?? 0) & 1 == 1
      if !isOpen && (door["targetname"] != nil || (door.number("health") ?? 0) > 0) { standing.append((model, way)) }
      let isRaised = (door.number("angle") ?? door.point("angles")?.y) == -1
      let height = box.high.z - box.low.z
      // Whatever goes aside or down gives its whole height free.
      let free = isRaised ? max(0, height - (door.number("lip") ?? 8)) : height
      movers.append(
        SceneMover(kind: .door, box: box, low: box.low.z, high: box.low.z + free, tag: Int32(model)))
    }

    /// A lift is drawn where it is highest, and rests where it is lowest.
    private mutating func addLift(_ lift: QuakeEntity, _ model: Int, _ box: SceneBox, _ way: SIMD3<Double>) {
      let travel = max(0, lift.number("height") ?? (box.high.z - box.low.z - (lift.number("lip") ?? 8)))
      standing.append((model, way - SIMD3(0, 0, travel)))
      let (low, high) = (box.high.z - travel, box.high.z)
      movers.append(SceneMover(kind: .lift, box: box, low: low, high: high, tag: Int32(model)))
      func level(_ z: Double, _ beside: Double) -> SceneBox {
        SceneBox(
          low: SIMD3(box.low.x - beside, box.low.y - beside, z - Self.step),
          high: SIMD3(box.high.x + beside, box.high.y + beside, z + Self.step))
      }
      passages.append(
        ScenePassage(
          kind: .lift, from: level(low, 0), to: .place(level(high, Self.beside)), tag: Int32(model)))
    }

    private mutating func addTeleport(_ model: Int, _ box: SceneBox, to target: SIMD3<Double>) {
      let feet = target - SIMD3(0, 0, Self.eyes)
      passages.append(
        ScenePassage(
          kind: .teleport, from: floor(under: box),
          to: .place(SceneBox(low: feet - SIMD3(32, 32, 256), high: feet + SIMD3(32, 32, Self.step))),
          tag: Int32(model)))
    }

    /// A jump pad throws so that the highest place of the flight is its target; false where that is not above it.
    private mutating func addJump(_ model: Int, _ box: SceneBox, over target: SIMD3<Double>) -> Bool {
      let rise = target.z - box.middle.z
      guard rise > 0 else { return false }
      let seconds = (rise / (Self.gravity / 2)).squareRoot()
      let way = target - box.middle
      passages.append(
        ScenePassage(
          kind: .jump, from: floor(under: box),
          to: .flight(
            apex: target, speed: SIMD2(way.x, way.y) / seconds, gravity: Self.gravity, eyes: Self.eyes),
          tag: Int32(model)))
      return true
    }

    /// Where feet are when a body touches a trigger.
    private func floor(under box: SceneBox) -> SceneBox {
      SceneBox(low: box.low - SIMD3(0, 0, 56), high: box.high)
    }
  }

  /// The way up a side of a brush that one climbs: from before its foot to behind its upper edge, and back.
  static func ladder(_ face: [SIMD3<Double>], normal: SIMD3<Double>, tag: Int32) -> ScenePassage? {
    guard abs(normal.z) < 0.5 else { return nil }
    var box = SceneBox(low: SIMD3(repeating: .infinity), high: SIMD3(repeating: -.infinity))
    for corner in face {
      box.low = pointwiseMin(box.low, corner)
      box.high = pointwiseMax(box.high, corner)
    }
    func beside(_ z: Double, _ way: SIMD3<Double>) -> SceneBox {
      SceneBox(
        low: SIMD3(box.low.x + min(0, way.x), box.low.y + min(0, way.y), z - 18),
        high: SIMD3(box.high.x + max(0, way.x), box.high.y + max(0, way.y), z + 18))
    }
    guard box.high.z - box.low.z > 18 else { return nil }
    return ScenePassage(
      kind: .ladder, isTwoWay: true, from: beside(box.low.z, normal * 64),
      to: .place(beside(box.high.z, normal * -64)), tag: tag)
  }
}
