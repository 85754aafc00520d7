import Core
import World

/// The ground of a zone from above, drawn once in square tiles and kept.
///
/// Ground, buildings and trees are drawn by height; liquids cover what lies below them. In zones with ceilings only
/// what is at most a body's height above the player is drawn, so that rooms can be looked into.
final class TerrainPicture {
  /// Pixels per world unit.
  let scale: Double
  static let side = 256

  private let mesh: ZoneMesh
  private var shapes: [Shape] = []
  private var shadows: [(x: Double, y: Double, radius: Double)] = []
  /// Indices into `shapes` by tile.
  private var bins: [TileKey: [Int]] = [:]
  private var tiles: [TileKey: Picture] = [:]
  let hasCeilings: Bool
  private var level = 0
  private var heights = [Float](repeating: 0, count: side * side)

  private struct TileKey: Hashable {
    var column: Int
    var row: Int
  }

  /// A triangle in pixels (y down), with height and colour at each corner.
  private struct Shape {
    var x: SIMD3<Float>
    var y: SIMD3<Float>
    var z: SIMD3<Float>
    var red: SIMD3<Float>
    var green: SIMD3<Float>
    var blue: SIMD3<Float>
  }

  init(zone: ZoneData, scale: Double) {
    self.scale = scale
    mesh = zone.mesh
    var surface = SurfaceShading(mesh.vertices, mesh.triangles, isSmooth: true)
    hasCeilings = surface.downwardArea > 0.1 * surface.upwardArea
    Self.append(surface, to: &shapes, scale: scale)
    for placement in mesh.placements {
      let corners = mesh.corners(of: placement)
      surface = SurfaceShading(corners, mesh.models[placement.model].triangles, isSmooth: false)
      Self.append(surface, to: &shapes, scale: scale)
      let reach =
        corners.map {
          max(abs($0.x - placement.position.x), abs($0.y - placement.position.y))
        }.max() ?? 0
      shadows.append(
        (
          Double(placement.position.x) * scale, -Double(placement.position.y) * scale, Double(min(reach, 20)) * scale
        ))
    }
    for (index, shape) in shapes.enumerated() {
      let side = Float(Self.side)
      for row in Int((shape.y.min() / side).rounded(.down))...Int((shape.y.max() / side).rounded(.down)) {
        for column in Int((shape.x.min() / side).rounded(.down))...Int((shape.x.max() / side).rounded(.down)) {
          bins[TileKey(column: column, row: row), default: []].append(index)
        }
      }
    }
  }

  private static func append(_ surface: SurfaceShading, to shapes: inout [Shape], scale: Double) {
    let scale = Float(scale)
    for triangle in surface.triangles {
      let corners = [Int(triangle.a), Int(triangle.b), Int(triangle.c)]
      func each(_ value: (Int) -> Float) -> SIMD3<Float> {
        SIMD3(value(corners[0]), value(corners[1]), value(corners[2]))
      }
      let color = surface.colors(of: triangle)
      shapes.append(
        Shape(
          x: each { surface.vertices[$0].x * scale }, y: each { -surface.vertices[$0].y * scale },
          z: each { surface.vertices[$0].z }, red: color.red, green: color.green, blue: color.blue))
    }
  }

  /// Draws the part of the zone whose pixel (`left`, `top`) comes to the canvas's corner.
  func draw(on canvas: Canvas, left: Int, top: Int, width: Int, height: Int, playerZ: Double) {
    let level = hasCeilings ? Int((playerZ / 6).rounded(.down)) : 0
    if level != self.level {
      self.level = level
      tiles.removeAll(keepingCapacity: true)
    }
    func tile(_ pixel: Int) -> Int { Int((Double(pixel) / Double(Self.side)).rounded(.down)) }
    for row in tile(top)...tile(top + height) {
      for column in tile(left)...tile(left + width) {
        let key = TileKey(column: column, row: row)
        canvas.draw(picture(key), column * Self.side - left, row * Self.side - top)
      }
    }
  }

  private func picture(_ key: TileKey) -> Picture {
    if let known = tiles[key] { return known }
    // Enough for what a window shows and a walk around it.
    if tiles.count > 160 { tiles.removeAll(keepingCapacity: true) }
    let picture = Picture(width: Self.side, height: Self.side)
    picture.withPixels { pixels, stride in paint(key, pixels, stride) }
    tiles[key] = picture
    return picture
  }

  private func paint(_ key: TileKey, _ pixels: UnsafeMutablePointer<UInt32>, _ stride: Int) {
    let side = Self.side
    let (left, top) = (Float(key.column * side), Float(key.row * side))
    let ceiling = hasCeilings ? Float(level) * 6 + 13 : .greatestFiniteMagnitude
    for row in 0..<side {
      for column in 0..<side {
        pixels[row * stride + column] = 0x0c0e12
        heights[row * side + column] = -.greatestFiniteMagnitude
      }
    }
    for index in bins[key] ?? [] {
      paint(shapes[index], left, top, ceiling, pixels, stride)
    }
    for shadow in shadows { paint(shadow, left, top, pixels, stride) }
    if hasCeilings {
      for index in bins[key] ?? [] { drawWall(shapes[index], left, top, pixels, stride) }
    }
    for liquid in mesh.liquids { paint(liquid, left, top, pixels, stride) }
    grain(key, pixels, stride)
  }

  private func paint(
    _ shape: Shape, _ left: Float, _ top: Float, _ ceiling: Float, _ pixels: UnsafeMutablePointer<UInt32>,
    _ stride: Int
  ) {
    let side = Self.side
    let x = shape.x - left
    let y = shape.y - top
    let area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
    guard abs(area) > 1e-4 else { return }
    let first = max(0, Int((y.min() - 0.5).rounded(.up)))
    let last = min(side - 1, Int((y.max() - 0.5).rounded(.down)))
    let firstColumn = max(0, Int((x.min() - 0.5).rounded(.up)))
    let lastColumn = min(side - 1, Int((x.max() - 0.5).rounded(.down)))
    guard first <= last, firstColumn <= lastColumn else { return }
    for row in first...last {
      let py = Float(row) + 0.5
      for column in firstColumn...lastColumn {
        let px = Float(column) + 0.5
        let b = ((px - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (py - y[0])) / area
        let c = ((x[1] - x[0]) * (py - y[0]) - (px - x[0]) * (y[1] - y[0])) / area
        let weights = SIMD3(1 - b - c, b, c)
        guard weights.min() >= -1e-4 else { continue }
        let height = (weights * shape.z).sum()
        guard height > heights[row * side + column], height < ceiling else { continue }
        heights[row * side + column] = height
        pixels[row * stride + column] = packed(
          (weights * shape.red).sum(), (weights * shape.green).sum(), (weights * shape.blue).sum())
      }
    }
  }

  /// Draws an upright face, which from above is no more than a line, when it stands at the player's height.
  private func drawWall(
    _ shape: Shape, _ left: Float, _ top: Float, _ pixels: UnsafeMutablePointer<UInt32>, _ stride: Int
  ) {
    let (x, y) = (shape.x - left, shape.y - top)
    let area = abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]))
    let floor = Float(level) * 6
    guard area < 2, shape.z.min() < floor + 6, shape.z.max() > floor + 7 else { return }
    let side = Self.side
    for (a, b) in [(0, 1), (1, 2), (2, 0)] {
      let reach = max(abs(x[b] - x[a]), abs(y[b] - y[a]))
      let count = Int(min(4096, reach.rounded(.up)))
      guard count > 0 else { continue }
      for step in 0...count {
        let part = Float(step) / Float(count)
        let column = Int((x[a] + (x[b] - x[a]) * part).rounded(.down))
        let row = Int((y[a] + (y[b] - y[a]) * part).rounded(.down))
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
          guard (0..<side).contains(column + dx), (0..<side).contains(row + dy) else { continue }
          pixels[(row + dy) * stride + column + dx] = 0x2a2622
          heights[(row + dy) * side + column + dx] = max(heights[(row + dy) * side + column + dx], floor)
        }
      }
    }
  }

  /// Darkens the ground to the south-east of an object.
  private func paint(
    _ shadow: (x: Double, y: Double, radius: Double), _ left: Float, _ top: Float,
    _ pixels: UnsafeMutablePointer<UInt32>, _ stride: Int
  ) {
    let radius = shadow.radius
    let x = shadow.x + radius * 0.45 - Double(left)
    let y = shadow.y + radius * 0.45 - Double(top)
    let reach = radius * 1.15
    let side = Double(Self.side)
    guard x + reach > 0, y + reach > 0, x - reach < side, y - reach < side else { return }
    // The object itself stands above its shadow and is not darkened.
    let base = heights[min(Self.side - 1, max(0, Int(y))) * Self.side + min(Self.side - 1, max(0, Int(x)))]
    for row in max(0, Int(y - reach))...min(Self.side - 1, Int(y + reach)) {
      for column in max(0, Int(x - reach))...min(Self.side - 1, Int(x + reach)) {
        let distance = ((Double(column) - x) * (Double(column) - x) + (Double(row) - y) * (Double(row) - y))
          .squareRoot()
        guard distance < reach, heights[row * Self.side + column] < base + 3 else { continue }
        let strength = Float(1 - 0.38 * (1 - distance / reach))
        let pixel = pixels[row * stride + column]
        pixels[row * stride + column] = packed(
          Float(pixel >> 16 & 0xFF) * strength, Float(pixel >> 8 & 0xFF) * strength, Float(pixel & 0xFF) * strength)
      }
    }
  }

  private func paint(
    _ liquid: LiquidVolume, _ left: Float, _ top: Float, _ pixels: UnsafeMutablePointer<UInt32>, _ stride: Int
  ) {
    let side = Self.side
    let scale = Float(scale)
    func edge(_ pixel: Float) -> Int { max(0, min(side, Int(pixel))) }
    let (west, east) = (edge(liquid.low.x * scale - left), edge(liquid.high.x * scale - left))
    let (north, south) = (edge(-liquid.high.y * scale - top), edge(-liquid.low.y * scale - top))
    guard west < east, north < south else { return }
    let (columns, rows) = (west..<east, north..<south)
    let (shallow, deep): (SIMD3<Float>, SIMD3<Float>) =
      liquid.liquid == .water ? ([92, 150, 170], [28, 66, 112]) : ([250, 170, 60], [196, 52, 16])
    for row in rows {
      for column in columns {
        let depth = liquid.high.z - heights[row * side + column]
        guard depth > 0, liquid.high.z > liquid.low.z else { continue }
        let part = min(1, depth / 10)
        let cover = min(0.95, 0.5 + depth / 12)
        let pixel = pixels[row * stride + column]
        let ground = SIMD3(Float(pixel >> 16 & 0xFF), Float(pixel >> 8 & 0xFF), Float(pixel & 0xFF))
        var color = ground * (1 - cover) + (shallow * (1 - part) + deep * part) * cover
        // A light line along the shore.
        if depth < 0.4 { color = color * 0.65 + SIMD3(220, 228, 216) * 0.35 }
        pixels[row * stride + column] = packed(color.x, color.y, color.z)
      }
    }
  }

  /// A little noise, so that large surfaces do not look like plastic.
  private func grain(_ key: TileKey, _ pixels: UnsafeMutablePointer<UInt32>, _ stride: Int) {
    for row in 0..<Self.side {
      for column in 0..<Self.side {
        guard heights[row * Self.side + column] > -1e30 else { continue }
        let x = key.column * Self.side + column
        let y = key.row * Self.side + row
        let fine = Float(mixed(UInt64(bitPattern: Int64(x &* 73_856_093 ^ y &* 19_349_663))) & 0xFF) / 255 - 0.5
        let coarse =
          Float(mixed(UInt64(bitPattern: Int64((x >> 2) &* 83_492_791 ^ (y >> 2) &* 49_979_687))) & 0xFF) / 255 - 0.5
        let factor = 1 + fine * 0.07 + coarse * 0.06
        let pixel = pixels[row * stride + column]
        pixels[row * stride + column] = packed(
          Float(pixel >> 16 & 0xFF) * factor, Float(pixel >> 8 & 0xFF) * factor, Float(pixel & 0xFF) * factor)
      }
    }
  }
}

/// 0xRRGGBB of parts in 0...255.
private func packed(_ red: Float, _ green: Float, _ blue: Float) -> UInt32 {
  func part(_ value: Float) -> UInt32 { UInt32(max(0, min(255, value))) }
  return part(red) << 16 | part(green) << 8 | part(blue)
}
