import Core
import Motor
import Perception
import SandboxMirror
import World

/// A world with a mirror, a reader and a keyboard for each player, stepped tick by tick.
///
/// Whoever plays sees only snapshots and presses only keys.
public struct ClosedLoop {
  public private(set) var world: World
  private var seats: [Seat]
  private var inputs: [PlayerInput] = []
  private var edges: [KeySchedule.Edge] = []
  private let translation: KeyTranslation

  static let tickMicroseconds = 100_000
  static let stepsPerTick = 3

  /// What one player has of the world.
  private struct Seat {
    var mirror: Mirror
    var reader: SnapshotReader
    var keyboard: SimulatedKeyboard
    /// Chat lines that are being typed, and when they are done. Unit: microseconds.
    var typing: [(at: Int, text: FixedText)] = []
    var faults: FaultInjector?
  }

  /// - Parameter latency: From command to key event. Unit: microseconds.
  public init(
    data: SimulationData, seed: UInt64, players: [PlayerSetup], latency: Int = 0,
    faults: FaultProfile = FaultProfile()
  ) throws {
    world = try World(data: data.world, seed: seed, players: players)
    translation = data.translation
    seats = players.indices.map { index in
      let memory = MirrorMemory.arena()
      let anchors = data.plan.layout.anchors.map { anchor in
        anchor.places.lazy.compactMap { place -> UInt64? in
          guard case .symbol(let name, let plus) = place, let address = memory.address(ofSymbol: name) else {
            return nil
          }
          return address &+ UInt64(bitPattern: Int64(plus))
        }.first ?? 0
      }
      let source = VirtualMemory { memory.read($0, into: $1) }
      return Seat(
        mirror: Mirror(memory: memory), reader: SnapshotReader(plan: data.plan, memory: source, anchors: anchors),
        keyboard: SimulatedKeyboard(latencyMicroseconds: latency),
        faults: faults.kinds.isEmpty ? nil : FaultInjector(faults, seed: seed, player: index))
    }
    for index in seats.indices { seats[index].mirror.write(world, player: index) }
  }

  /// True when player `index`'s loop is too late for `tick`: nothing is read and nothing is decided.
  public mutating func skips(_ tick: Tick, player index: Int) -> Bool {
    seats[index].faults?.skips(tick) ?? false
  }

  /// Changes the world before the first tick; everybody's memory shows it.
  mutating func arrange(_ change: (inout World) -> Void) {
    change(&world)
    for index in seats.indices { seats[index].mirror.write(world, player: index) }
  }

  /// What player `index` sees at `tick`.
  public mutating func snapshot(player index: Int, tick: Tick) throws -> Snapshot {
    try seats[index].reader.read(tick: tick)
  }

  /// What player `index`'s keyboard tells of itself.
  public func report(player index: Int) -> MotorReport { seats[index].keyboard.report }

  /// Hands player `index`'s keyboard the commands of `tick`.
  public mutating func carryOut(_ commands: [MotorCommand], player index: Int, tick: Tick) {
    let now = tick.slot * Self.tickMicroseconds + (seats[index].faults?.delay() ?? 0)
    seats[index].keyboard.carryOut(commands, now: now)
  }

  /// Three steps of the world, with all keys pressed at their times; then everybody's memory shows the new frame.
  public mutating func advance(_ tick: Tick) {
    let start = tick.slot * Self.tickMicroseconds
    for index in seats.indices {
      guard let faults = seats[index].faults else { continue }
      seats[index].keyboard.focus(faults.hasFocus(tick + 1), now: start + Self.tickMicroseconds / 2)
      seats[index].mirror.misbehaviour = faults.misbehaviour(step: world.stepIndex + Self.stepsPerTick)
    }
    for step in 0..<Self.stepsPerTick {
      let from = start + step * Self.tickMicroseconds / Self.stepsPerTick
      let end = start + (step + 1) * Self.tickMicroseconds / Self.stepsPerTick
      inputs.removeAll(keepingCapacity: true)
      for index in seats.indices { collect(player: index, from: from, before: end) }
      if seats.count > 1 { inputs.sort { ($0.microsecond, $0.player) < ($1.microsecond, $1.player) } }
      world.step(inputs)
      for index in seats.indices {
        if step == Self.stepsPerTick - 1 {
          seats[index].mirror.write(world, player: index)
        } else {
          seats[index].mirror.noteChat(world, player: index)
        }
      }
    }
  }

  private mutating func collect(player index: Int, from: Int, before end: Int) {
    edges.removeAll(keepingCapacity: true)
    seats[index].keyboard.take(before: end, into: &edges)
    for edge in edges {
      let time = max(0, edge.microseconds - from)
      switch edge.kind {
      case .down(let key):
        if seats[index].faults?.losesPress() ?? false { continue }
        if let key = translation[key] { append(index, time, .key(key, isDown: true)) }
      case .up(let key):
        if let key = translation[key] { append(index, time, .key(key, isDown: false)) }
      case .type(let text):
        seats[index].typing.append((edge.microseconds + KeySchedule.typing(text), text))
      }
    }
    while let line = seats[index].typing.first, line.at < end {
      seats[index].typing.removeFirst()
      append(index, max(0, line.at - from), .text(line.text))
    }
  }

  private mutating func append(_ player: Int, _ microsecond: Int, _ event: PlayerInput.Event) {
    let input = PlayerInput(player: player, microsecond: min(World.stepMicroseconds - 1, microsecond), event)
    // Typed lines are done later than keys that were collected before them: keep the order of times.
    let place = inputs.lastIndex { $0.player != player || $0.microsecond <= input.microsecond }.map { $0 + 1 } ?? 0
    inputs.insert(input, at: place)
  }
}
