import World

/// The list of keys (F1).
struct HelpPanel {
  let keys: [(keysym: String, key: ClientKey)]

  private static let commands = [
    ("/loot all", "take everything from the open corpse"), ("/sell all", "sell what a merchant buys"),
    ("/buy N COUNT", "buy ware N"), ("/mem N SPELL", "memorise a spell into gem N (sitting)"),
    ("/target NAME", "take as target"), ("/use N, /equip N", "eat, or wear, what lies in bag slot N"),
    ("/say TEXT", "speak"),
  ]

  func draw(on canvas: Canvas, width: Double, height: Double) {
    var rows: [(String, String)] = []
    for key in ClientKey.allCases {
      let names = keys.filter { $0.key == key }.map(\.keysym)
      if !names.isEmpty { rows.append((names.joined(separator: ", "), Self.text(key.name))) }
    }
    let half = (rows.count + 1) / 2
    let panelHeight = 70 + Double(half + Self.commands.count) * 17
    let (x, y) = (width / 2 - 280, max(70, height / 2 - panelHeight / 2))
    canvas.panel(x, y, 560, panelHeight, fill: Color(0x16191f, alpha: 0.95))
    canvas.font(size: 14, isBold: true)
    canvas.text("Keys", x + 20, y + 26, .gold)
    canvas.font(size: 11)
    canvas.text("F1 or Escape closes this", x + 540, y + 26, .faint, align: .right)
    for (index, row) in rows.enumerated() {
      let left = x + 20 + (index < half ? 0 : 280)
      let line = y + 50 + Double(index % half) * 17
      canvas.text(row.0, left, line, .paper)
      canvas.text(row.1, left + 110, line, .faint)
    }
    for (index, row) in Self.commands.enumerated() {
      let line = y + 62 + Double(half + index) * 17
      canvas.text(row.0, x + 20, line, .paper)
      canvas.text(row.1, x + 130, line, .faint)
    }
  }

  /// "targetNextNPC" as words.
  private static func text(_ name: String) -> String {
    var text = ""
    for character in name {
      if character.isUppercase, text.last?.isUppercase == false { text += " " }
      text.append(character)
    }
    return text.lowercased()
  }
}
