import Nav

/// What numbers and names mean in Doom maps.
enum DoomRules {
  /// What a walker in these maps is. The original's body is a square; here it is a circle.
  static let walker = AgentProfile(name: "doom", radius: 16, height: 56, step: 24, slope: 60, drop: 10000)

  /// Liquids and damage. SLIME13-16 and RROCK01-04 are rock, whatever their names say.
  static func surface(_ sector: DoomMap.Sector) -> TerrainSurface {
    let isHarmful = [4, 5, 7, 11, 16].contains(sector.special) || sector.special & 0x60 != 0 && sector.special > 31
    switch liquid(sector.flat) {
    case .slime?: return isHarmful ? .slime : .water
    case .lava?: return .lava
    case .water?: return isHarmful ? .lava : .water
    default: return isHarmful ? .lava : .walkable
    }
  }

  private static func liquid(_ flat: String) -> Medium? {
    func matches(_ stem: String, _ range: ClosedRange<Int>) -> Bool {
      flat.hasPrefix(stem) && Int(flat.dropFirst(stem.count)).map(range.contains) == true
    }
    if matches("NUKAGE", 1...3) || matches("SLIME", 1...12) { return .slime }
    if matches("FWATER", 1...4) || matches("BLOOD", 1...3) { return .water }
    if matches("LAVA", 1...4) || matches("RROCK", 5...8) { return .lava }
    return nil
  }

  /// Radius of a thing that stops bodies; nil for others. Those that hang from the ceiling are left out.
  static func radius(_ thing: Int) -> Double? {
    switch thing {
    case 2035: 10
    case 54: 32
    case 25...33, 35...37, 41...48, 55...57, 70, 85, 86, 2028: 16
    default: nil
    }
  }

  static let doors: Set<Int> = Set(
    [1, 2, 3, 4, 16, 42, 46, 50, 61, 63, 75, 76, 86, 90, 99, 103] + Array(26...29) + Array(31...34)
      + Array(105...118) + Array(133...137))
  /// Doors that are opened at the line itself: the sector behind it.
  static let doorsAtLine: Set<Int> = [1, 26, 27, 28, 31, 32, 33, 34, 117, 118]
  static let lifts: Set<Int> = [10, 21, 53, 62, 87, 88, 120, 121, 122, 123]
  static let teleports: Set<Int> = [39, 97]
  static let teleportPlace = 14
}
