import Core
import World

/// Gauges, gems, chat and windows above the map.
struct Panels {
  let canvas: Canvas
  let world: World
  let state: PlayerState
  let body: Entity
  let width: Double
  let height: Double

  func draw(chat: ChatHistory, typed: String?) {
    drawPlayer()
    drawPet()
    drawTarget()
    drawBuffs()
    drawGems()
    drawCast()
    drawChat(chat, typed)
    drawPlace()
    if state.isInventoryOpen { drawInventory() }
    if let corpse = state.loot { drawLoot(corpse) }
    if let merchant = state.merchant { drawMerchant(merchant) }
  }

  private func labelled(
    _ x: Double, _ y: Double, _ width: Double, part: Int, of whole: Int, fill: Color, label: String
  ) {
    canvas.gauge(x, y, width, 15, fraction: whole > 0 ? Double(part) / Double(whole) : 0, fill: fill)
    canvas.text(label, x + 6, y + 11.5, .paper, isShadowed: true)
    canvas.text("\(part) / \(whole)", x + width - 6, y + 11.5, .paper, align: .right, isShadowed: true)
  }

  private func drawPlayer() {
    canvas.panel(10, 10, 230, 122)
    canvas.font(size: 13, isBold: true)
    canvas.text("\(body.name)", 20, 28, .gold)
    canvas.font(size: 11)
    let kit = world.data.classes[state.kit].name
    canvas.text("level \(body.level) \(kit)", 230, 28, .faint, align: .right)
    canvas.font(size: 10.5)
    labelled(20, 36, 210, part: body.health, of: body.healthMax, fill: .health, label: "health")
    labelled(20, 54, 210, part: state.mana, of: state.manaMax, fill: .mana, label: "mana")
    canvas.gauge(20, 72, 210, 9, fraction: state.experienceFraction, fill: .stamina)
    canvas.font(size: 11)
    let money = state.money
    canvas.text(
      "\(money / 1000)p  \(money / 100 % 10)g  \(money / 10 % 10)s  \(money % 10)c", 20, 98, .paper)
    let isHeavy = state.weight > state.weightMax
    canvas.text(
      "weight \(state.weight / 10) / \(state.weightMax / 10)", 230, 98, isHeavy ? .health : .faint, align: .right)
    canvas.text(posture, 20, 118, .paper)
    let flags = [state.isAutoAttacking ? "auto attack" : nil, state.isInCombat ? "in combat" : nil].compactMap(\.self)
    canvas.text(flags.joined(separator: " · "), 230, 118, Color(0xff7a66), align: .right)
  }

  private var posture: String {
    switch body.posture {
    case .standing: "standing"
    case .sitting: "sitting"
    case .feigned: "feigning death"
    case .swimming: "swimming"
    case .dead: "dead"
    case .fleeing: "fleeing"
    }
  }

  private func drawPet() {
    guard let id = state.pet, let pet = world.entity(id) else { return }
    canvas.panel(10, 140, 230, 46)
    canvas.font(size: 11, isBold: true)
    canvas.text("\(pet.name)", 20, 156, Color(0x7fe0b8))
    canvas.font(size: 10.5)
    canvas.text("pet, level \(pet.level)", 230, 156, .faint, align: .right)
    canvas.gauge(20, 163, 210, 13, fraction: pet.healthFraction, fill: Color(0x46a87e))
    canvas.text(percent(pet), 125, 173, .paper, align: .middle, isShadowed: true)
  }

  private func percent(_ entity: Entity) -> String {
    "\(Int((entity.healthFraction * 100).rounded(.up))) %"
  }

  private func drawTarget() {
    guard let id = state.target, let target = world.entity(id) else { return }
    let x = width / 2 - 140
    canvas.panel(x, 10, 280, 54)
    canvas.font(size: 11)
    let detail = "level \(target.level) · \(Int(target.position.distance(to: body.position))) away"
    let room = 252 - canvas.textWidth(detail)
    canvas.text(detail, x + 270, 28, .faint, align: .right)
    canvas.font(size: 13, isBold: true)
    canvas.text(cut("\(target.name)", to: room), x + 10, 28, MapView.color(of: target, for: body, world))
    canvas.font(size: 11)
    canvas.gauge(x + 10, 37, 260, 16, fraction: target.healthFraction, fill: .health)
    canvas.text(percent(target), x + 140, 49, .paper, align: .middle, isShadowed: true)
  }

  private func drawBuffs() {
    let effects = world.effects.filter { $0.target == body.id }
    guard !effects.isEmpty else { return }
    canvas.panel(10, 194, 230, 10 + Double(effects.count) * 18)
    canvas.font(size: 11)
    for (index, effect) in effects.enumerated() {
      let spell = world.data.spells[effect.spell]
      let y = 210 + Double(index) * 18
      canvas.rectangle(20, y - 9, 10, 10, fill: Self.color(spell.kind))
      canvas.text("\(spell.name)", 36, y, .paper)
      canvas.text(Self.time(effect.secondsLeft), 230, y, .faint, align: .right)
    }
  }

  private static func time(_ seconds: Double) -> String {
    let whole = Int(seconds)
    return whole >= 60 ? "\(whole / 60) min" : "\(whole) s"
  }

  static func color(_ kind: SpellKind) -> Color {
    switch kind {
    case .nuke: Color(0xe8743a)
    case .dot: Color(0x8a4fb0)
    case .lifetap: Color(0xb02848)
    case .fear: Color(0x5a3f78)
    case .snare, .root: Color(0x6d8a3a)
    case .heal: Color(0x4fb87a)
    case .buff: Color(0x4a86c8)
    case .pet: Color(0x3fa08a)
    case .feign: Color(0x77706a)
    case .gate: Color(0x7f6fd8)
    case .mez: Color(0xc070b8)
    }
  }

  private func drawGems() {
    let (size, gap) = (54.0, 6.0)
    let total = 8 * size + 7 * gap
    let x0 = width / 2 - total / 2 + 80
    let y = height - size - 14
    canvas.panel(x0 - 8, y - 8, total + 16, size + 16)
    for index in 0..<8 {
      let x = x0 + Double(index) * (size + gap)
      canvas.rectangle(x, y, size, size, fill: Color(0x0d0f13))
      if index < state.gems.count, let spell = state.gems[index].spell {
        let data = world.data.spells[spell]
        let color = Self.color(data.kind)
        canvas.rectangle(x + 2, y + 2, size - 4, size - 4, fill: color.with(alpha: 0.55))
        canvas.rectangle(x + 2, y + 2, size - 4, (size - 4) * 0.35, fill: Color(0xffffff, alpha: 0.10))
        canvas.font(size: 9)
        for (line, word) in Self.words("\(data.name)").enumerated() {
          canvas.text(word, x + size / 2, y + 26 + Double(line) * 11, .paper, align: .middle, isShadowed: true)
        }
        drawCooldown(x, y, size, ready: state.gems[index].readyStep, recast: data.recast)
        if data.mana > state.mana { canvas.rectangle(x, y, size, size, fill: Color(0x102a60, alpha: 0.5)) }
      }
      canvas.frame(x, y, size, size, line: .panelEdge)
      canvas.font(size: 10, isBold: true)
      canvas.text("\(index + 1)", x + 5, y + 13, .gold, isShadowed: true)
    }
  }

  private func drawCooldown(_ x: Double, _ y: Double, _ size: Double, ready: Int, recast: Double) {
    let left = Double(ready - world.stepIndex) / Double(World.stepsPerSecond)
    guard left > 0 else { return }
    let part = min(1, left / max(recast, 1))
    canvas.rectangle(x, y + size * (1 - part), size, size * part, fill: Color(0x000000, alpha: 0.65))
    canvas.font(size: 15, isBold: true)
    canvas.text(
      left < 10 ? left.tenths : "\(Int(left.rounded(.up)))", x + size / 2, y + size / 2 + 5, .paper, align: .middle,
      isShadowed: true)
  }

  /// At most three lines of at most eight letters.
  private static func words(_ name: String) -> [String] {
    name.split(separator: " ").prefix(3).map { String($0.prefix(9)) }
  }

  private func drawCast() {
    if let memorising = state.memorising {
      let left = Double(memorising.endStep - world.stepIndex) / Double(World.stepsPerSecond)
      canvas.font(size: 12)
      canvas.text(
        "memorising \(world.data.spells[memorising.spell].name) … \(left.tenths) s", width / 2, height - 112, .paper,
        align: .middle, isShadowed: true)
    }
    guard let cast = state.casting, cast.endStep > cast.startStep else { return }
    let part = Double(world.stepIndex - cast.startStep) / Double(cast.endStep - cast.startStep)
    let x = width / 2 - 120
    let y = height - 140
    canvas.panel(x - 8, y - 8, 256, 32)
    canvas.gauge(x, y, 240, 16, fraction: part, fill: Self.color(world.data.spells[cast.spell].kind))
    canvas.font(size: 11)
    canvas.text("\(world.data.spells[cast.spell].name)", x + 120, y + 12, .paper, align: .middle, isShadowed: true)
  }

  private func drawChat(_ chat: ChatHistory, _ typed: String?) {
    let panelWidth = 320.0
    let rows = Double(ChatHistory.lineCount)
    let panelHeight = rows * 15 + 30
    let y = height - panelHeight - 10
    canvas.panel(10, y, panelWidth, panelHeight)
    canvas.font(size: 10.5)
    for (index, line) in chat.lines.enumerated() {
      canvas.text(fitted(line, panelWidth - 20), 20, y + 16 + Double(index) * 15, Self.color(line))
    }
    canvas.rectangle(16, y + panelHeight - 20, panelWidth - 12, 15, fill: Color(0x000000, alpha: 0.4))
    if let typed {
      canvas.text("\(typed)▏", 20, y + panelHeight - 8.5, .gold)
    } else {
      canvas.text("F1 keys · Return or / to type", 20, y + panelHeight - 8.5, Color(0x6f6a5e))
    }
  }

  private func fitted(_ line: String, _ width: Double) -> String {
    line.utf8.count > 46 ? cut(line, to: width) : line
  }

  private func cut(_ line: String, to width: Double) -> String {
    guard canvas.textWidth(line) > width else { return line }
    var short = line
    while !short.isEmpty, canvas.textWidth(short + "…") > width { short.removeLast(min(2, short.count)) }
    return short + "…"
  }

  private static func color(_ line: String) -> Color {
    if line.contains("YOU") || line.contains("slain by") { return Color(0xff8a78) }
    if line.contains("experience") || line.contains("level") { return .gold }
    if line.hasPrefix("You have slain") { return Color(0xa8e07a) }
    if line.contains("spell") || line.contains("casting") { return Color(0x9cc4f4) }
    if line.contains("looted") || line.contains("copper") { return Color(0xd8d088) }
    return .paper
  }

  private func drawPlace() {
    let zone = world.data.zones[body.zone]
    canvas.panel(width - 220, 10, 210, 44)
    canvas.font(size: 13, isBold: true)
    canvas.text("\(zone.title)", width - 210, 28, .gold)
    canvas.font(size: 10.5)
    let at = body.position
    canvas.text("\(Int(at.x)), \(Int(at.y)), \(Int(at.z))", width - 210, 45, .faint)
    let seconds = world.stepIndex / World.stepsPerSecond
    let clock = "\(padded(seconds / 3600, to: 2)):\(padded(seconds / 60 % 60, to: 2)):\(padded(seconds % 60, to: 2))"
    canvas.text(clock, width - 20, 45, .faint, align: .right)
  }

  // MARK: Windows

  private func list(_ title: String, _ rows: [(String, String)], x: Double, y: Double, empty: String) {
    let height = 34 + Double(max(1, rows.count)) * 17
    canvas.panel(x, y, 280, height, fill: Color(0x221d16, alpha: 0.93))
    canvas.font(size: 12, isBold: true)
    canvas.text(title, x + 12, y + 19, .gold)
    canvas.line(x + 10, y + 26, x + 270, y + 26, line: .panelEdge, thickness: 1)
    canvas.font(size: 11)
    for (index, row) in rows.enumerated() {
      canvas.text(row.0, x + 14, y + 42 + Double(index) * 17, .paper)
      canvas.text(row.1, x + 266, y + 42 + Double(index) * 17, .faint, align: .right)
    }
    if rows.isEmpty { canvas.text(empty, x + 14, y + 42, .faint) }
  }

  private func name(_ item: ItemID) -> String { world.data.item(item).map { "\($0.name)" } ?? "?" }

  private func drawInventory() {
    let rows = state.inventory.filter { $0.count > 0 }.prefix(30).map { (name($0.item), "× \($0.count)") }
    let used = state.inventory.count { $0.count > 0 }
    list("Bags (\(used) of \(state.inventory.count))", rows, x: width - 290, y: 64, empty: "Your bags are empty.")
  }

  /// Left edge of the loot and merchant windows: beside the bags when these are open.
  private var windowX: Double { state.isInventoryOpen ? width - 580 : width / 2 + 60 }

  private func drawLoot(_ corpse: EntityID) {
    let rows = world.contents(ofCorpse: corpse).filter { $0.count > 0 }.map { (name($0.item), "× \($0.count)") }
    let title = world.entity(corpse).map { "\($0.name)" } ?? "Corpse"
    list(title, rows, x: windowX, y: 120, empty: "Nothing is left.")
  }

  private func drawMerchant(_ merchant: EntityID) {
    let rows = world.wares(ofMerchant: merchant).prefix(24).enumerated().map { index, ware in
      ("\(index + 1)  \(name(ware.item))", "\(ware.price) c")
    }
    let title = world.entity(merchant).map { "\($0.name)" } ?? "Merchant"
    list("\(title): /buy N, /sell all", rows, x: windowX, y: 120, empty: "Nothing to sell.")
  }
}
