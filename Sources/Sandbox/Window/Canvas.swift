import CCairo

/// A picture in memory that can be drawn on. Has identity (cairo's handles), hence a class.
final class Picture {
  let surface: OpaquePointer
  let context: OpaquePointer
  let width: Int
  let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
      let context = cairo_create(surface)
    else { preconditionFailure("no memory for a picture of \(width) × \(height)") }
    self.surface = surface
    self.context = context
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  var canvas: Canvas { Canvas(context: context) }

  /// Lets `body` write pixels, 0x00RRGGBB, row by row; `stride` is the words per row.
  func withPixels(_ body: (_ pixels: UnsafeMutablePointer<UInt32>, _ stride: Int) -> Void) {
    cairo_surface_flush(surface)
    guard let data = cairo_image_surface_get_data(surface) else { return }
    let stride = Int(cairo_image_surface_get_stride(surface)) / 4
    data.withMemoryRebound(to: UInt32.self, capacity: stride * height) { body($0, stride) }
    cairo_surface_mark_dirty(surface)
  }

  /// Writes the picture as PNG.
  /// - Returns: nil when it worked, else cairo's words for the fault.
  func writePNG(_ path: String) -> String? {
    let status = cairo_surface_write_to_png(surface, path)
    return status == CAIRO_STATUS_SUCCESS ? nil : String(cString: cairo_status_to_string(status))
  }
}

/// Drawing in pixels, x to the right, y down.
struct Canvas {
  let context: OpaquePointer

  func set(_ color: Color) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha)
  }

  func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: Color) {
    set(fill)
    cairo_rectangle(context, x, y, width, height)
    cairo_fill(context)
  }

  func frame(_ x: Double, _ y: Double, _ width: Double, _ height: Double, line: Color, thickness: Double = 1) {
    set(line)
    cairo_set_line_width(context, thickness)
    cairo_rectangle(context, x + 0.5, y + 0.5, width - 1, height - 1)
    cairo_stroke(context)
  }

  /// A panel with rounded corners.
  func panel(_ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: Color = .panel) {
    let radius = 5.0
    cairo_new_path(context)
    cairo_arc(context, x + width - radius, y + radius, radius, -.pi / 2, 0)
    cairo_arc(context, x + width - radius, y + height - radius, radius, 0, .pi / 2)
    cairo_arc(context, x + radius, y + height - radius, radius, .pi / 2, .pi)
    cairo_arc(context, x + radius, y + radius, radius, .pi, 1.5 * .pi)
    cairo_close_path(context)
    set(fill)
    cairo_fill_preserve(context)
    set(.panelEdge)
    cairo_set_line_width(context, 1)
    cairo_stroke(context)
  }

  func disc(_ x: Double, _ y: Double, radius: Double, fill: Color) {
    set(fill)
    cairo_new_path(context)
    cairo_arc(context, x, y, radius, 0, 2 * .pi)
    cairo_fill(context)
  }

  func ring(_ x: Double, _ y: Double, radius: Double, line: Color, thickness: Double) {
    set(line)
    cairo_set_line_width(context, thickness)
    cairo_new_path(context)
    cairo_arc(context, x, y, radius, 0, 2 * .pi)
    cairo_stroke(context)
  }

  func line(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, line: Color, thickness: Double) {
    set(line)
    cairo_set_line_width(context, thickness)
    cairo_move_to(context, x0, y0)
    cairo_line_to(context, x1, y1)
    cairo_stroke(context)
  }

  /// A closed shape through `points`.
  func shape(_ points: [(x: Double, y: Double)], fill: Color, line: Color? = nil, thickness: Double = 1) {
    cairo_new_path(context)
    for point in points { cairo_line_to(context, point.x, point.y) }
    cairo_close_path(context)
    set(fill)
    if let line {
      cairo_fill_preserve(context)
      set(line)
      cairo_set_line_width(context, thickness)
      cairo_stroke(context)
    } else {
      cairo_fill(context)
    }
  }

  /// A bar that is filled from the left to `fraction` (0...1).
  func gauge(_ x: Double, _ y: Double, _ width: Double, _ height: Double, fraction: Double, fill: Color) {
    rectangle(x, y, width, height, fill: Color(0x0b0d10, alpha: 0.85))
    let part = fraction.isFinite ? min(1, max(0, fraction)) : 0
    rectangle(x + 1, y + 1, (width - 2) * part, height - 2, fill: fill)
    rectangle(x + 1, y + 1, (width - 2) * part, (height - 2) * 0.4, fill: Color(0xffffff, alpha: 0.16))
  }

  enum Align { case left, middle, right }

  func font(size: Double, isBold: Bool = false) {
    cairo_select_font_face(
      context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, size)
  }

  /// Writes `text` with its baseline at `y`, in the font last set.
  func text(_ text: String, _ x: Double, _ y: Double, _ color: Color, align: Align = .left, isShadowed: Bool = false)
  {
    var start = x
    if align != .left {
      let width = textWidth(text)
      start -= align == .middle ? (width / 2).rounded() : width
    }
    if isShadowed {
      set(Color(0x000000, alpha: 0.75))
      cairo_move_to(context, start + 1, y + 1)
      cairo_show_text(context, text)
    }
    set(color)
    cairo_move_to(context, start, y)
    cairo_show_text(context, text)
  }

  func textWidth(_ text: String) -> Double {
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return extents.x_advance
  }

  /// Puts `picture` with its upper left corner at (x, y), pixel by pixel.
  func draw(_ picture: Picture, _ x: Int, _ y: Int) {
    cairo_set_source_surface(context, picture.surface, Double(x), Double(y))
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    cairo_rectangle(context, Double(x), Double(y), Double(picture.width), Double(picture.height))
    cairo_fill(context)
  }
}
