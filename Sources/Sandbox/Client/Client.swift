import CLinux
import Core
import Glibc
import SandboxMirror
import World

// Sandbox: the sandbox client as a program (window, keys, memory) and the writer of its asset files.

/// The sandbox world as an ordinary program with a window: steps the world by the clock, feeds it the keyboard, shows
/// it, and keeps its state in memory as C structs. Knows nothing of whoever may be watching.
public struct Client {
  private let options: ClientOptions
  private let window: ClientWindow
  private var world: World
  private var mirror: Mirror
  private var input: KeyInput
  private var clock = ServerClock()
  private var view: ClientView
  private var pending: [(time: Int64, event: PlayerInput.Event)] = []
  private var inputs: [PlayerInput] = []
  private var chatLog: ChatLog?
  private var end: ClientEnd?

  public static let windowTitle = "Compass Sandbox"

  /// - Throws: `SandboxFailure`, `DataErrors` or `WorldSetupError`.
  public init(_ options: ClientOptions) throws {
    self.options = options
    let data = try WorldData.load(directory: options.dataDirectory)
    world = try World(
      data: data, seed: options.seed,
      players: [PlayerSetup(kit: options.kit, level: options.level, zone: options.zone)])
    window = try ClientWindow(display: options.display, title: Self.windowTitle, width: 1024, height: 768)
    mirror = Mirror(memory: .live(), layout: options.memoryLayout)
    mirror.misbehaviour = options.misbehaviour
    mirror.write(world, player: 0)
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
    var log = try options.keyLog.map { try KeyLog(path: $0, options: options, worldHash: world.data.hash) }
    let period = Int64(1_000_000_000 / (Double(World.stepsPerSecond) * options.speed))
    let start = linux_monotonic_nanoseconds()
    let last = options.duration.map { start + Int64($0 * 1_000_000_000) } ?? .max
    var deadline = start + period
    var nextDrawing = start
    while true {
      sleep(until: deadline)
      takeEvents(deadline)
      takeInputs(from: deadline - period, to: deadline)
      world.step(inputs)
      mirror.write(world, player: 0)
      log?.note(inputs, world)
      for line in world.chat where line.player == 0 {
        let text = line.text
        view.chat.append(text)
        chatLog?.append(text)
      }
      let now = linux_monotonic_nanoseconds()
      if now >= nextDrawing, now - deadline < 2 * period {
        view.draw(world, typed: input.typed, isHelpShown: input.isHelpShown)
        window.present()
        nextDrawing = max(nextDrawing + 1_000_000_000 / 30, now)
      }
      if Signals.isScreenshot.exchange(false, ordering: .relaxed) { saveScreenshot() }
      if Signals.isTermination.load(ordering: .relaxed) { end = end ?? .terminated }
      if now >= last { end = end ?? .durationOver }
      if let end {
        if end != .displayLost || options.screenshot != nil { saveScreenshot() }
        return end
      }
      deadline += period
      // After a stop (a debugger, a sleeping machine) the world goes on where it was.
      if now - deadline > 250_000_000 { deadline = now + period }
    }
  }

  private func sleep(until deadline: Int64) {
    var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
  }

  private mutating func takeEvents(_ now: Int64) {
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
