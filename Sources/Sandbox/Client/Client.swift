import CLinux
import Core
import Glibc
import SandboxMirror
import World

// Sandbox: the sandbox client as a program (window, keys, memory) and the writer of its asset files.

/// The sandbox world as an ordinary program with a window: steps the world by the clock, feeds it the keyboard, shows
/// it, and keeps its state in memory as C structs. Knows nothing of whoever may be watching.
public struct Client {
  let options: ClientOptions
  let window: ClientWindow
  var world: World
  var mirror: Mirror
  /// Which of the world's players this is.
  let player: Int
  /// The way to the server whose world this is a copy of; nil when the world is this client's own.
  let link: PartyLink?
  var input: KeyInput
  private var clock = ServerClock()
  private var view: ClientView
  var pending: [(time: Int64, event: PlayerInput.Event)] = []
  private var inputs: [PlayerInput] = []
  private var chatLog: ChatLog?
  var end: ClientEnd?
  private var nextDrawing: Int64 = 0

  public static let windowTitle = "Compass Sandbox"

  /// - Throws: `SandboxFailure`, `DataErrors` or `WorldSetupError`.
  public init(_ options: ClientOptions) throws {
    self.options = options
    let data = try WorldData.load(directory: options.dataDirectory)
    if let port = options.server {
      let link = try PartyLink(port: port, worldHash: data.hash, player: options.player)
      world = try World(
        data: data, seed: link.terms.seed, players: data.group(of: link.terms.players, link.terms.setup))
      player = link.terms.player
      self.link = link
    } else {
      world = try World(data: data, seed: options.seed, players: [options.setup])
      player = 0
      link = nil
    }
    window = try ClientWindow(display: options.display, title: Self.windowTitle, width: 1024, height: 768)
    mirror = Mirror(memory: .live(), layout: options.memoryLayout)
    mirror.misbehaviour = options.misbehaviour
    mirror.write(world, player: player)
    input = KeyInput(keys: data.keys)
    view = ClientView(picture: window.picture, keys: data.keys)
    if let path = options.chatLog { chatLog = try ChatLog(path: path) }
    pending.reserveCapacity(64)
    inputs.reserveCapacity(64)
  }

  /// Plays until somebody ends it.
  public mutating func run() throws -> ClientEnd {
    Signals.install()
    linux_set_timer_slack(1)
    if let link { return try follow(link) }
    var log = try options.keyLog.map {
      try KeyLog(path: $0, seed: options.seed, setup: options.setup, worldHash: world.data.hash)
    }
    let period = Int64(1_000_000_000 / (Double(World.stepsPerSecond) * options.speed))
    let start = linux_monotonic_nanoseconds()
    let last = options.duration.map { start + Int64($0 * 1_000_000_000) } ?? .max
    var deadline = start + period
    while true {
      sleep(until: deadline)
      takeEvents()
      takeInputs(from: deadline - period, to: deadline)
      world.step(inputs)
      mirror.write(world, player: 0)
      log?.note(inputs, world)
      takeChat()
      let now = linux_monotonic_nanoseconds()
      if now - deadline < 2 * period { draw(now) }
      if let end = isOver(now, last: last) { return end }
      deadline += period
      // After a stop (a debugger, a sleeping machine) the world goes on where it was.
      if now - deadline > 250_000_000 { deadline = now + period }
    }
  }

  /// Shows what the last step told the player.
  mutating func takeChat() {
    for line in world.chat where line.player == player {
      let text = line.text
      view.chat.append(text)
      chatLog?.append(text)
    }
  }

  /// Draws the window when its next picture is due.
  mutating func draw(_ now: Int64) {
    guard now >= nextDrawing else { return }
    view.draw(world, player: player, typed: input.typed, isHelpShown: input.isHelpShown)
    window.present()
    nextDrawing = max(nextDrawing + 1_000_000_000 / 30, now)
  }

  /// Does what signals have asked for; why the client ends, when it does.
  mutating func isOver(_ now: Int64, last: Int64) -> ClientEnd? {
    if Signals.isScreenshot.exchange(false, ordering: .relaxed) { saveScreenshot() }
    if Signals.isTermination.load(ordering: .relaxed) { end = end ?? .terminated }
    if now >= last { end = end ?? .durationOver }
    guard let end else { return nil }
    if end != .displayLost || options.screenshot != nil { saveScreenshot() }
    return end
  }

  private func sleep(until deadline: Int64) {
    var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
  }

  mutating func takeEvents() {
    var events: [WindowEvent] = []
    window.takeEvents { events.append($0) }
    guard !events.isEmpty else { return }
    let received = linux_monotonic_nanoseconds()
    for event in events {
      switch event {
      case .key(let name, let text, let isDown, let milliseconds):
        let time = clock.nanoseconds(of: milliseconds, receivedAt: received)
        if let event = input.take(name: name, text: text, isDown: isDown) { pending.append((time, event)) }
      case .focusLost:
        for event in input.releaseAll() { pending.append((received, event)) }
      case .closeAsked: end = .windowClosed
      case .displayLost: end = .displayLost
      case .exposed: view.needsRedraw = true
      }
    }
  }

  /// Moves what happened before `end` into the step's inputs; what is older than the step counts at its start.
  private mutating func takeInputs(from start: Int64, to end: Int64) {
    inputs.removeAll(keepingCapacity: true)
    let count = pending.prefix { $0.time < end }.count
    var earliest = 0
    for (time, event) in pending[..<count] {
      let within = Double(time - start) * options.speed / 1000
      let microsecond = max(earliest, min(World.stepMicroseconds - 1, max(0, Int(within))))
      earliest = microsecond
      inputs.append(PlayerInput(player: 0, microsecond: microsecond, event))
    }
    pending.removeSubrange(..<count)
  }

  private func saveScreenshot() {
    guard let path = options.screenshot else { return }
    // A reader never finds half a picture.
    if window.picture.writePNG(path + ".part") == nil { rename(path + ".part", path) }
  }
}

/// The client's chat as a text file.
final class ChatLog {
  private let file: UnsafeMutablePointer<FILE>

  init(path: String) throws {
    guard let file = fopen(path, "a") else {
      throw SandboxFailure.cannotWrite("cannot write \(path): \(systemMessage(errno))")
    }
    self.file = file
    setvbuf(file, nil, Int32(_IOLBF), 4096)
  }

  deinit { fclose(file) }

  func append(_ text: String) { fputs(text + "\n", file) }
}
