import CCairo
import Core
import Nav

/// A picture of a terrain from above, north up: hill shade, surfaces, floors, a path.
public struct TerrainPicture {
  public enum Fault: Error, CustomStringConvertible {
    case cannotWrite(String)
    case tooLarge

    public var description: String {
      switch self {
      case .cannotWrite(let path): "\(path): cannot write the picture"
      case .tooLarge: "the picture would be too large"
      }
    }
  }

  private let terrain: Terrain
  /// Cells a pixel.
  private let scale: Double
  private let width: Int
  private let height: Int
  private var sheet: Int?
  private let planes: [TerrainPlanes]
  public var path: [Position] = []

  /// - Parameters:
  ///   - side: pixels of the longer side at most.
  ///   - sheet: only this one; nil: the highest floor of every column.
  public init(_ terrain: Terrain, side: Int = 1600, sheet: Int? = nil) throws {
    self.terrain = terrain
    self.sheet = sheet
    scale = max(Double(max(terrain.header.width, terrain.header.height)) / Double(side), 0.25)
    width = max(1, Int(Double(terrain.header.width) / scale))
    height = max(1, Int(Double(terrain.header.height) / scale))
    guard width <= 16384, height <= 16384 else { throw Fault.tooLarge }
    planes = try terrain.planes(profile: 0)
  }

  public func write(to file: String) throws {
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)) else {
      throw Fault.tooLarge
    }
    defer { cairo_surface_destroy(surface) }
    guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let data = cairo_image_surface_get_data(surface)
    else { throw Fault.tooLarge }
    let stride = Int(cairo_image_surface_get_stride(surface))
    cairo_surface_flush(surface)
    for y in 0..<height {
      let row = UnsafeMutableRawPointer(data + y * stride).assumingMemoryBound(to: UInt32.self)
      for x in 0..<width { row[x] = colour(x, y) }
    }
    cairo_surface_mark_dirty(surface)
    drawPath(surface)
    guard cairo_surface_write_to_png(surface, file) == CAIRO_STATUS_SUCCESS else { throw Fault.cannotWrite(file) }
  }

  private func floor(_ x: Int, _ y: Int) -> TerrainFloor? {
    let floors = terrain.floors(column: x, y)
    guard let sheet else { return floors.last }
    return floors.first { $0.sheet == sheet }
  }

  private func colour(_ pixelX: Int, _ pixelY: Int) -> UInt32 {
    let x = min(terrain.header.width - 1, Int((Double(pixelX) + 0.5) * scale))
    let y = min(terrain.header.height - 1, Int((Double(height - 1 - pixelY) + 0.5) * scale))
    guard let floor = floor(x, y) else { return 0x10_1418 }
    let step = max(1, Int(scale))
    let east = self.floor(x + step, y)?.z ?? floor.z
    let north = self.floor(x, y + step)?.z ?? floor.z
    let run = Double(step) * terrain.header.cellSize
    // Light from the north-west, 45 degrees up.
    let (slopeX, slopeY) = ((east - floor.z) / run, (north - floor.z) / run)
    let light = (slopeX - slopeY + 1.4) / (slopeX * slopeX + slopeY * slopeY + 1).squareRoot() / 1.98
    let shade = 0.35 + 0.75 * min(max(light, 0), 1)
    let span = max(terrain.header.highest - terrain.header.lowest, 1)
    let rise = (floor.z - terrain.header.lowest) / span
    var (red, green, blue) = base(floor.surface, rise)
    if floor.surface.isStandable, !isWalkable(x, y, floor.sheet) {
      (red, green, blue) = (red * 0.55 + 40, green * 0.45 + 20, blue * 0.45 + 20)
    }
    func byte(_ value: Double) -> UInt32 { UInt32(min(max(value * shade, 0), 255)) }
    return byte(red) << 16 | byte(green) << 8 | byte(blue)
  }

  private func isWalkable(_ x: Int, _ y: Int, _ sheet: Int) -> Bool {
    guard let own = planes.first(where: { $0.sheet == sheet }) else { return false }
    return own.walk.isWalkable(x - own.area.x, y - own.area.y)
  }

  private func base(_ surface: TerrainSurface, _ rise: Double) -> (Double, Double, Double) {
    switch surface {
    case .void: (16, 20, 24)
    case .walkable: (110 + 110 * rise, 160 + 50 * rise, 90 + 100 * rise)
    case .water, .underwater: (60, 120, 215)
    case .lava: (235, 90, 30)
    case .cliff: (140, 115, 95)
    case .obstacle: (120, 70, 70)
    case .slime: (120, 170, 40)
    case .zoneLine: (200, 110, 220)
    case .slippery: (190, 225, 240)
    case .dynamic: (225, 200, 80)
    }
  }

  private func drawPath(_ surface: OpaquePointer) {
    guard path.count > 1, let context = cairo_create(surface) else { return }
    defer { cairo_destroy(context) }
    func place(_ position: Position) -> (Double, Double) {
      (
        (position.x - terrain.header.originX) / terrain.header.cellSize / scale,
        Double(height) - (position.y - terrain.header.originY) / terrain.header.cellSize / scale
      )
    }
    cairo_set_line_width(context, 2.5)
    cairo_set_source_rgb(context, 1, 0.85, 0.1)
    for (index, position) in path.enumerated() {
      let (x, y) = place(position)
      if index == 0 { cairo_move_to(context, x, y) } else { cairo_line_to(context, x, y) }
    }
    cairo_stroke(context)
    for (position, colour) in [(path[0], (0.2, 1.0, 0.3)), (path[path.count - 1], (1.0, 0.2, 0.2))] {
      let (x, y) = place(position)
      cairo_set_source_rgb(context, colour.0, colour.1, colour.2)
      cairo_arc(context, x, y, 5, 0, 2 * Double.pi)
      cairo_fill(context)
    }
  }
}
