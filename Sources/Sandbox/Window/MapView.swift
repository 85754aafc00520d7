import Core
import World

/// Everything that stands or moves on the map.
struct MapView {
  let canvas: Canvas
  let world: World
  let state: PlayerState
  let body: Entity
  let scale: Double
  /// Pixel of the zone that lies in the window's corner.
  let left: Int
  let top: Int

  func draw(width: Double, height: Double) {
    drawLines()
    drawDoors()
    let visible = sight(width, height)
    for entity in visible where entity.kind == .corpse { drawCorpse(entity) }
    drawTargetRing(visible)
    for entity in visible where entity.kind != .corpse && entity.id != body.id { drawBody(entity) }
    drawPlayer()
    drawNames(visible)
  }

  private func place(_ position: Position) -> (x: Double, y: Double) {
    (position.x * scale - Double(left), -position.y * scale - Double(top))
  }

  private func sight(_ width: Double, _ height: Double) -> [Entity] {
    let firstNPC = world.npcSlots.first?.lowerBound ?? world.entities.count
    var visible: [Entity] = []
    func look(_ entity: Entity) {
      guard entity.isPresent, entity.zone == body.zone else { return }
      let at = place(entity.position)
      if at.x > -20, at.y > -20, at.x < width + 20, at.y < height + 20 { visible.append(entity) }
    }
    for slot in 0..<firstNPC { look(world.entities[slot]) }
    for slot in world.npcSlots[body.zone] { look(world.entities[slot]) }
    return visible
  }

  static func isFriendly(_ entity: Entity, _ world: World) -> Bool {
    guard let type = entity.type else { return entity.kind != .npc }
    return world.data.npcs[type].role != .monster
  }

  private func isFriendly(_ entity: Entity) -> Bool { Self.isFriendly(entity, world) }
  private func color(_ entity: Entity) -> Color { Self.color(of: entity, for: body, world) }

  /// How `body` sees `entity`: enemies by level, friends and pets in colours of their own.
  static func color(of entity: Entity, for body: Entity, _ world: World) -> Color {
    switch entity.kind {
    case .player: return Color(0xf0d060)
    case .corpse: return Color(0xa39a8c)
    case .pet: return entity.owner == body.id ? Color(0x5fd3a4) : Color(0xb08ad8)
    case .npc:
      if isFriendly(entity, world) { return Color(0x6fc4d8) }
      return color(Con(level: entity.level, own: body.level))
    }
  }

  static func color(_ con: Con) -> Color {
    switch con {
    case .gray: Color(0x9a9a9a)
    case .green: Color(0x48c048)
    case .lightBlue: Color(0x62c6ff)
    case .blue: Color(0x3f6df0)
    case .white: Color(0xf4f4f4)
    case .yellow: Color(0xf2d830)
    case .red: Color(0xe8382c)
    }
  }

  private func radius(_ entity: Entity) -> Double { max(5.5, min(13, entity.height * 1.05)) }

  private func drawBody(_ entity: Entity) {
    let at = place(entity.position)
    let size = radius(entity)
    let direction = entity.heading.direction
    canvas.disc(at.x + 1.5, at.y + 2.5, radius: size, fill: Color(0x000000, alpha: 0.35))
    let color = color(entity)
    // A drop with its point in the direction it looks.
    let tip = (x: at.x + direction.x * size * 1.75, y: at.y - direction.y * size * 1.75)
    let side = (x: direction.y * size * 0.8, y: direction.x * size * 0.8)
    canvas.shape(
      [tip, (at.x + side.x, at.y + side.y), (at.x - side.x, at.y - side.y)], fill: color)
    canvas.disc(at.x, at.y, radius: size, fill: color)
    canvas.ring(at.x, at.y, radius: size, line: Color(0x101214, alpha: 0.9), thickness: 1.2)
    if isFriendly(entity) { canvas.disc(at.x, at.y, radius: size * 0.4, fill: Color(0xffffff, alpha: 0.85)) }
    if entity.posture == .fleeing {
      canvas.ring(at.x, at.y, radius: size + 3, line: Color(0xffffff, alpha: 0.7), thickness: 1)
    }
    guard entity.health < entity.healthMax else { return }
    canvas.gauge(at.x - 12, at.y - size - 8, 24, 5, fraction: entity.healthFraction, fill: .health)
  }

  private func drawCorpse(_ entity: Entity) {
    let at = place(entity.position)
    let isPlayers = entity.type == nil
    let color = isPlayers ? Color(0xf0d060) : Color(0xcfc6b4)
    for (thickness, shade) in [(4.5, Color(0x000000, alpha: 0.55)), (2.2, color)] {
      canvas.line(at.x - 5, at.y - 5, at.x + 5, at.y + 5, line: shade, thickness: thickness)
      canvas.line(at.x - 5, at.y + 5, at.x + 5, at.y - 5, line: shade, thickness: thickness)
    }
  }

  private func drawPlayer() {
    let at = place(body.position)
    let direction = body.heading.direction
    let size = 11.0
    func point(_ forward: Double, _ sideways: Double) -> (x: Double, y: Double) {
      (
        at.x + direction.x * forward * size + direction.y * sideways * size,
        at.y - direction.y * forward * size + direction.x * sideways * size
      )
    }
    canvas.disc(at.x, at.y, radius: size * 1.5, fill: Color(0xffe9a0, alpha: 0.20))
    let isDown = body.posture == .dead || body.posture == .feigned
    canvas.shape(
      [point(1.35, 0), point(-0.85, 0.85), point(-0.4, 0), point(-0.85, -0.85)],
      fill: isDown ? Color(0x7d7563) : Color(0xffd75a), line: Color(0x2a1e08), thickness: 1.6)
    if body.posture == .sitting { canvas.ring(at.x, at.y, radius: size * 1.5, line: Color(0xffe9a0), thickness: 1.5) }
    if let cast = state.casting, cast.endStep > cast.startStep {
      let part = Double(world.stepIndex - cast.startStep) / Double(cast.endStep - cast.startStep)
      canvas.ring(at.x, at.y, radius: 14 + 12 * part, line: Color(0x9fd0ff, alpha: 0.9 - 0.5 * part), thickness: 2.5)
    }
  }

  private func drawTargetRing(_ visible: [Entity]) {
    guard let target = state.target, let entity = visible.first(where: { $0.id == target }) else { return }
    let at = place(entity.position)
    let size = radius(entity) + 6
    canvas.ring(at.x, at.y, radius: size, line: Color(0x000000, alpha: 0.6), thickness: 4)
    canvas.ring(at.x, at.y, radius: size, line: Color(0xff5a46), thickness: 2)
  }

  private func drawNames(_ visible: [Entity]) {
    canvas.font(size: 11)
    let target = state.target
    for entity in visible where entity.id != body.id {
      let isTarget = entity.id == target
      guard isTarget || entity.position.horizontalDistance(to: body.position) < 110 else { continue }
      let at = place(entity.position)
      let text = entity.kind == .corpse ? "\(entity.name)" : "\(entity.name) (\(entity.level))"
      canvas.text(
        text, at.x, at.y + radius(entity) + 13, isTarget ? Color(0xffd9d2) : Color(0xf4efe2, alpha: 0.9),
        align: .middle, isShadowed: true)
    }
  }

  private func drawLines() {
    canvas.font(size: 12, isBold: true)
    for line in world.data.zones[body.zone].lines {
      let low = place(Position(Double(line.low.x), Double(line.high.y)))
      let high = place(Position(Double(line.high.x), Double(line.low.y)))
      canvas.rectangle(low.x, low.y, high.x - low.x, high.y - low.y, fill: Color(0xb48cf0, alpha: 0.28))
      canvas.frame(low.x, low.y, high.x - low.x, high.y - low.y, line: Color(0xd9c4ff), thickness: 1.5)
      canvas.text(
        "to \(world.data.zones[line.target].title)", max(110, (low.x + high.x) / 2), (low.y + high.y) / 2,
        Color(0xeee4ff),
        align: .middle, isShadowed: true)
    }
  }

  private func drawDoors() {
    let doors = world.data.zones[body.zone].doors
    for (index, door) in doors.enumerated() {
      let isOpen = world.doorsOpen[body.zone][index]
      let at = place(door.position)
      let along = door.heading.direction
      let half = door.halfWidth * scale
      // The leaf lies across the direction that the door looks; open, along it.
      let leaf = isOpen ? (x: along.x * half, y: -along.y * half) : (x: along.y * half, y: along.x * half)
      canvas.line(
        at.x - leaf.x, at.y - leaf.y, at.x + leaf.x, at.y + leaf.y, line: Color(0x2a1a0c), thickness: 5)
      canvas.line(
        at.x - leaf.x, at.y - leaf.y, at.x + leaf.x, at.y + leaf.y, line: Color(0xb9854a), thickness: 3)
    }
  }
}
