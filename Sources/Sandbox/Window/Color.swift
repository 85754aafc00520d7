/// A colour, parts in 0...1.
struct Color: Hashable, Sendable {
  var red: Double
  var green: Double
  var blue: Double
  var alpha: Double

  init(_ rgb: UInt32, alpha: Double = 1) {
    red = Double(rgb >> 16 & 0xFF) / 255
    green = Double(rgb >> 8 & 0xFF) / 255
    blue = Double(rgb & 0xFF) / 255
    self.alpha = alpha
  }

  func with(alpha: Double) -> Color {
    var color = self
    color.alpha = alpha
    return color
  }

  static let ink = Color(0x15181c)
  static let paper = Color(0xf2ead8)
  static let faint = Color(0xa9a392)
  static let gold = Color(0xe8c15a)
  static let health = Color(0xc8453b)
  static let mana = Color(0x4677c8)
  static let stamina = Color(0xd0a63c)
  static let panel = Color(0x1b1f26, alpha: 0.86)
  static let panelEdge = Color(0x6d6248)
}
