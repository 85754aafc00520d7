import Core
import Nav

/// Counts of a terrain, for people and for JSON.
public struct TerrainStatistics: Sendable {
  private let terrain: Terrain
  /// By surface code.
  public private(set) var surfaces = [Int](repeating: 0, count: 16)
  public private(set) var floors = 0
  /// Columns with n floors.
  public private(set) var levels: [Int] = []

  /// - Complexity: O(cells).
  public init(_ terrain: Terrain) {
    self.terrain = terrain
    for y in 0..<terrain.header.height {
      for x in 0..<terrain.header.width {
        var count = 0
        terrain.eachSurface(column: x, y) {
          surfaces[Int($0.rawValue)] += 1
          count += 1
        }
        floors += count
        while levels.count <= count { levels.append(0) }
        levels[count] += 1
      }
    }
  }

  private var walkable: [(profile: String, sheets: Int, cells: Int)] {
    terrain.profiles.indices.map { profile in
      let planes = (try? terrain.planes(profile: profile)) ?? []
      return (terrain.profiles[profile].name, planes.count, planes.reduce(0) { $0 + $1.walk.walkableCount })
    }
  }

  public var text: String {
    let header = terrain.header
    var lines = [
      "\(terrain.file): \(terrain.byteCount) bytes",
      "  \(header.width) × \(header.height) cells of \(header.cellSize), heights in \(header.quantum), "
        + "from (\(header.originX), \(header.originY)), z \(header.lowest)...\(header.highest)",
      "  \(floors) floors on \(terrain.sheetCount) sheets, \(terrain.links.count) links, "
        + "\(terrain.dynamics.count) moving parts",
    ]
    for (profile, (name, _, cells)) in zip(terrain.profiles, walkable) {
      lines.append(
        "  agent \(name): radius \(profile.radius), height \(profile.height), step \(profile.step), "
          + "slope \(profile.slope), drop \(profile.drop): \(cells) walkable cells")
    }
    let named = TerrainSurface.allCases.filter { surfaces[Int($0.rawValue)] > 0 }
    lines.append("  surfaces: " + named.map { "\($0.name) \(surfaces[Int($0.rawValue)])" }.joined(separator: ", "))
    lines.append("  columns by count of floors: \(levels.map(String.init).joined(separator: " "))")
    let bytes = terrain.sectionBytes
    lines.append("  bytes: " + bytes.map { "\($0.name) \($0.bytes)" }.joined(separator: ", "))
    return lines.joined(separator: "\n")
  }

  public var json: String {
    let header = terrain.header
    var json = JSONText()
    json.object { json in
      json.member("file", terrain.file)
      json.member("bytes", terrain.byteCount)
      json.member("width", header.width)
      json.member("height", header.height)
      json.member("cell", header.cellSize)
      json.member("quantum", header.quantum)
      json.member(
        "origin",
        array: {
          $0.value(header.originX)
          $0.value(header.originY)
        })
      json.member(
        "z",
        array: {
          $0.value(header.lowest)
          $0.value(header.highest)
        })
      json.member("floors", floors)
      json.member("sheets", terrain.sheetCount)
      json.member("links", terrain.links.count)
      json.member("dynamics", terrain.dynamics.count)
      json.member("levels", array: { json in for count in levels { json.value(count) } })
      json.member(
        "agents",
        array: { json in
          for (name, sheets, cells) in walkable {
            json.object {
              $0.member("name", name)
              $0.member("sheets", sheets)
              $0.member("cells", cells)
            }
          }
        })
      json.member(
        "surfaces",
        object: { json in
          for surface in TerrainSurface.allCases where surfaces[Int(surface.rawValue)] > 0 {
            json.member(surface.name, surfaces[Int(surface.rawValue)])
          }
        })
      json.member(
        "sections",
        object: { json in
          for section in terrain.sectionBytes { json.member(section.name, section.bytes) }
        })
      json.member("source", header.sourceHash.map { hexadecimalByte($0) }.joined())
    }
    return json.text
  }
}
