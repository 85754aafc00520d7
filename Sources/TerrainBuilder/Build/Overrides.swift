import Nav

/// What a person knows better than the assets: places that are closed, other surfaces, passages. Lines of a text file
/// beside the zone; they survive a rebuild, because they are part of what is built.
///
///     closed  10,20 35,40            # nobody walks in this rectangle
///     surface water 0,0 8,8 -5,2     # floors of this height are water
///     link    10,20,3 50,20,18       # a passage there and back
///     oneway  50,20,18 55,20,3
public struct Overrides: Sendable {
  struct Area: Sendable {
    var low: SIMD2<Double>
    var high: SIMD2<Double>
    /// World heights.
    var heights: ClosedRange<Double>
    /// nil: closed.
    var surface: TerrainSurface?

    func contains(_ x: Double, _ y: Double, _ z: Double) -> Bool {
      x >= low.x && y >= low.y && x <= high.x && y <= high.y && heights.contains(z)
    }
  }

  struct Passage: Sendable {
    var from: SIMD3<Double>
    var to: SIMD3<Double>
    var isTwoWay: Bool
  }

  /// In file order; later ones win.
  var areas: [Area] = []
  var passages: [Passage] = []
  public var source: SourceFile

  static let linesMost = 100_000

  public static func read(_ path: String) throws(AssetError) -> Overrides {
    try Overrides(try FileBytes.read(path), file: path)
  }

  init(_ bytes: [UInt8], file: String) throws(AssetError) {
    source = SourceFile(name: baseName(file), bytes: bytes)
    var offset = 0
    for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      defer { offset += line.count + 1 }
      func fail(_ cause: String) -> AssetError {
        AssetError(file: file, offset: offset, cause: "line \(number + 1): \(cause)")
      }
      guard number < Self.linesMost else { throw fail("too many lines") }
      let text = line.prefix { $0 != UInt8(ascii: "#") }
      var words = text.split(whereSeparator: { $0 <= 0x20 }).map { String(decoding: $0, as: UTF8.self) }
      guard !words.isEmpty else { continue }
      func numbers(_ index: Int, _ count: Int) throws(AssetError) -> [Double] {
        guard words.indices.contains(index) else { throw fail("a place is missing") }
        let values = words[index].split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
        guard values.count == count, values.allSatisfy({ abs($0) < 1e9 }) else {
          throw fail("\"\(words[index])\" is not \(count) numbers with commas between them")
        }
        return values
      }
      let verb = words.removeFirst()
      switch verb {
      case "closed", "surface":
        var surface: TerrainSurface?
        if verb == "surface" {
          let name = words.isEmpty ? "" : words.removeFirst()
          guard let known = TerrainSurface.allCases.first(where: { $0.name == name && $0 != .void }) else {
            throw fail("\"\(name)\" is no surface")
          }
          surface = known
        }
        let (a, b) = (try numbers(0, 2), try numbers(1, 2))
        var heights = -Double.infinity...Double.infinity
        if words.count == 3 {
          let range = try numbers(2, 2)
          heights = min(range[0], range[1])...max(range[0], range[1])
        }
        guard words.count <= 3 else { throw fail("too many words") }
        areas.append(
          Area(
            low: SIMD2(min(a[0], b[0]), min(a[1], b[1])), high: SIMD2(max(a[0], b[0]), max(a[1], b[1])),
            heights: heights, surface: surface))
      case "link", "oneway":
        let (a, b) = (try numbers(0, 3), try numbers(1, 3))
        guard words.count == 2 else { throw fail("too many words") }
        passages.append(
          Passage(from: SIMD3(a[0], a[1], a[2]), to: SIMD3(b[0], b[1], b[2]), isTwoWay: verb == "link"))
      default: throw fail("\"\(verb)\" is none of closed, surface, link, oneway")
      }
    }
  }
}

/// Floors of a source, corrected.
struct OverriddenFloors<Base: FloorSource>: FloorSource {
  let base: Base
  let overrides: Overrides
  let profileCount: Int

  var grid: ZoneGrid { base.grid }

  func floors(chunk: Int) -> ChunkFloors {
    var floors = base.floors(chunk: chunk)
    let area = floors.area
    for place in 0..<area.width * area.height {
      let (x, y) = (grid.centreX(area.x + place % area.width), grid.centreY(area.y + place / area.width))
      for change in overrides.areas where x >= change.low.x && x <= change.high.x {
        for floor in Int(floors.first[place])..<Int(floors.first[place + 1])
        where change.contains(x, y, Double(floors.z[floor])) {
          guard let surface = change.surface else {
            floors.walk[floor] = 0
            continue
          }
          let wasStandable = TerrainSurface(rawValue: floors.surface[floor])?.isStandable ?? false
          floors.surface[floor] = surface.rawValue
          if !surface.isStandable {
            floors.walk[floor] = 0
          } else if !wasStandable {
            // Somebody says that one can stand here: every body can.
            floors.walk[floor] = ChunkFloors.Mask(truncatingIfNeeded: UInt64(1) << UInt64(profileCount) - 1)
          }
        }
      }
    }
    return floors
  }
}
