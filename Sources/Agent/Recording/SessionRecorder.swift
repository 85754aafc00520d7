import Core
import Perception
import Telemetry

/// Puts whole ticks of an agent into a session. Owned by the tick thread.
///
///     var recorder = SessionRecorder(writer)
///     let output = agent.tick(input)
///     recorder.record(input, output, routine: agent.routine, timing: timing)
public struct SessionRecorder {
  public let writer: SessionWriter
  private var encoder = InputEncoder()
  private let memory: Memory

  /// A class because it owns memory.
  private final class Memory {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    deinit { bytes.deallocate() }
  }

  public init(_ writer: SessionWriter) {
    self.writer = writer
    memory = Memory()
  }

  /// Records the input of a tick and all that came of it.
  /// - Parameter routine: the routine that runs after the tick.
  public mutating func record(
    _ input: TickInput, _ output: TickOutput, routine: RoutineStatus?, timing: TickTiming
  ) {
    if writer.takeKeyframeWish() { encoder.reset() }
    var bytes = ByteWriter(memory.bytes)
    encoder.encode(input, into: &bytes)
    let record = TickRecord(
      timing: timing, vitals: TickVitals(input.state), receipt: output.receipt, routine: routine,
      commands: output.commands, events: output.events, held: input.motor.held, decisionHash: output.decisionHash)
    writer.record(record, input: bytes.bytes)
  }
}

extension TickVitals {
  /// What a reader wants of a snapshot at every tick.
  public init(_ state: GameState) {
    let player = state.player
    self.init(
      zone: state.zone, position: player.position, heading: player.heading?.units,
      health: player.healthFraction, mana: player.manaFraction, petHealth: state.petSpawn?.healthFraction ?? nil,
      experience: player.experience, level: player.level, target: state.target, pet: state.pet,
      spawnCount: state.spawns.count, isInCombat: player.isInCombat, validity: state.validity.rawValue)
  }
}
