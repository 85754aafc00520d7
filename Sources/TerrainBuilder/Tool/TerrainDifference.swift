import Core
import Nav

/// What differs between two terrains.
public struct TerrainDifference: Sendable {
  /// What the heads say differently.
  public private(set) var head: [String] = []
  /// Columns whose count of floors differs.
  public private(set) var columns = 0
  /// Floors of the same column and rank with another height, and with another surface.
  public private(set) var heights = 0
  public private(set) var surfaces = 0
  /// The largest difference of height. Unit: world units.
  public private(set) var worst = 0.0
  /// Cells of planes by profile name, where one terrain lets one walk and the other does not.
  public private(set) var walk: [(profile: String, cells: Int)] = []
  public private(set) var links = 0

  public var isEmpty: Bool {
    head.isEmpty && columns == 0 && heights == 0 && surfaces == 0 && links == 0 && walk.allSatisfy { $0.cells == 0 }
  }

  /// - Complexity: O(cells).
  public init(_ old: Terrain, _ new: Terrain) throws {
    let (a, b) = (old.header, new.header)
    func compare<Value: Equatable>(_ name: String, _ one: Value, _ other: Value) {
      if one != other { head.append("\(name): \(one), \(other)") }
    }
    compare("width", a.width, b.width)
    compare("height", a.height, b.height)
    compare("cell", a.cellSize, b.cellSize)
    compare("quantum", a.quantum, b.quantum)
    compare("origin x", a.originX, b.originX)
    compare("origin y", a.originY, b.originY)
    compare("agents", old.profiles.map(\.name), new.profiles.map(\.name))
    for (one, other) in zip(old.profiles, new.profiles) where one != other {
      head.append("agent \(one.name): other measures")
    }
    // Where cells lie elsewhere there is nothing to compare them with.
    guard a.width == b.width, a.height == b.height, a.cellSize == b.cellSize, a.originX == b.originX,
      a.originY == b.originY
    else { return }
    for y in 0..<a.height {
      for x in 0..<a.width {
        let (one, other) = (old.floors(column: x, y), new.floors(column: x, y))
        guard one.count == other.count else {
          columns += 1
          continue
        }
        for (floor, second) in zip(one, other) {
          if floor.z != second.z {
            heights += 1
            worst = max(worst, abs(floor.z - second.z))
          }
          if floor.surface != second.surface { surfaces += 1 }
        }
      }
    }
    for (index, profile) in old.profiles.enumerated() where new.profiles.indices.contains(index) {
      walk.append((profile.name, try Self.walkDifference(old, new, index)))
    }
    let (mine, theirs) = (Set(old.links.map(Self.placed)), Set(new.links.map(Self.placed)))
    links = mine.symmetricDifference(theirs).count
  }

  /// A link without the numbers of its sheets, which may differ where nothing else does.
  private static func placed(_ link: TerrainLink) -> TerrainLink {
    var link = link
    link.from.sheet = 0
    link.to.sheet = 0
    return link
  }

  /// Cells where the sets of heights at which one walks differ.
  private static func walkDifference(_ old: Terrain, _ new: Terrain, _ profile: Int) throws -> Int {
    let (mine, theirs) = (try old.planes(profile: profile), try new.planes(profile: profile))
    func count(_ planes: [TerrainPlanes], _ x: Int, _ y: Int) -> Int {
      planes.count { $0.walk.isWalkable(x - $0.area.x, y - $0.area.y) }
    }
    var different = 0
    for y in 0..<old.header.height {
      for x in 0..<old.header.width where count(mine, x, y) != count(theirs, x, y) { different += 1 }
    }
    return different
  }

  public var text: String {
    guard !isEmpty else { return "no difference" }
    var lines = head
    if columns > 0 { lines.append("\(columns) columns with another count of floors") }
    if heights > 0 { lines.append("\(heights) floors at another height, by \(worst) at most") }
    if surfaces > 0 { lines.append("\(surfaces) floors of another surface") }
    for (profile, cells) in walk where cells > 0 { lines.append("agent \(profile): \(cells) cells walked otherwise") }
    if links > 0 { lines.append("\(links) links in only one of them") }
    return lines.joined(separator: "\n")
  }

  public var json: String {
    var json = JSONText()
    json.object { json in
      json.member("different", !isEmpty)
      json.member(
        "head",
        array: { json in
          for line in head { json.value(line) }
        })
      json.member("columns", columns)
      json.member("heights", heights)
      json.member("worst", worst)
      json.member("surfaces", surfaces)
      json.member(
        "walk",
        object: { json in
          for (profile, cells) in walk { json.member(profile, cells) }
        })
      json.member("links", links)
    }
    return json.text
  }
}
