import CCairo
import Core
import World

/// What a player sees: the map around its body, and panels above it.
struct ClientView {
  /// The last lines, newest last.
  var chat = ChatHistory()
  var needsRedraw = true

  private let picture: Picture
  private let keys: [(keysym: String, key: ClientKey)]
  private var terrain: TerrainPicture?
  private var terrainZone = -1
  /// Pixels per world unit.
  private let scale = 1.6

  init(picture: Picture, keys: [(keysym: String, key: ClientKey)]) {
    self.picture = picture
    self.keys = keys
    cairo_set_antialias(picture.context, CAIRO_ANTIALIAS_FAST)
  }

  mutating func draw(_ world: World, player: Int, typed: String?, isHelpShown: Bool) {
    let canvas = picture.canvas
    let (width, height) = (Double(picture.width), Double(picture.height))
    let body = world.body(ofPlayer: player)
    let state = world.players[player]
    if state.isLoading {
      canvas.rectangle(0, 0, width, height, fill: .ink)
      canvas.font(size: 26, isBold: true)
      canvas.text("Loading…", width / 2, height / 2, .gold, align: .middle)
      canvas.font(size: 13)
      canvas.text(
        "\(world.data.zones[body.zone].title)", width / 2, height / 2 + 26, .faint, align: .middle)
    } else {
      drawMap(world, body, state, canvas)
    }
    Panels(canvas: canvas, world: world, state: state, body: body, width: width, height: height)
      .draw(chat: chat, typed: typed)
    if isHelpShown { HelpPanel(keys: keys).draw(on: canvas, width: width, height: height) }
    needsRedraw = false
  }

  private mutating func drawMap(_ world: World, _ body: Entity, _ state: PlayerState, _ canvas: Canvas) {
    if terrain == nil || terrainZone != body.zone {
      terrain = TerrainPicture(zone: world.data.zones[body.zone], scale: scale)
      terrainZone = body.zone
    }
    let left = Int((body.position.x * scale).rounded()) - picture.width / 2
    let top = Int((-body.position.y * scale).rounded()) - picture.height / 2
    terrain?.draw(
      on: canvas, left: left, top: top, width: picture.width, height: picture.height, playerZ: body.position.z)
    MapView(canvas: canvas, world: world, state: state, body: body, scale: scale, left: left, top: top)
      .draw(width: Double(picture.width), height: Double(picture.height))
  }
}

/// The chat's last lines.
struct ChatHistory {
  static let lineCount = 9
  private(set) var lines: [String] = []

  mutating func append(_ line: String) {
    if lines.count == Self.lineCount { lines.removeFirst() }
    lines.append(line)
  }
}
