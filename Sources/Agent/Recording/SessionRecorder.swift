import Core
import Perception
import Telemetry

/// Puts whole ticks of an agent into a session. Owned by the tick thread.
///
///     let recorder = SessionRecorder(writer)
///     let output = agent.tick(input)
///     recorder.record(input, output, routine: agent.routine, timing: timing)
public struct SessionRecorder {
  public let writer: SessionWriter

  public init(_ writer: SessionWriter) {
    self.writer = writer
    writer.setPacker(InputPacker())
  }

  /// Records the input of a tick and all that came of it: one copy into mapped memory, nothing else.
  /// - Parameter routine: the routine that runs after the tick.
  public func record(
    _ input: borrowing TickInput, _ output: borrowing TickOutput, routine: RoutineStatus?, timing: TickTiming
  ) {
    let record = TickRecord(
      timing: timing, vitals: TickVitals(input.state), receipt: output.receipt, routine: routine,
      commands: output.commands, events: output.events, held: input.motor.held, decisionHash: output.decisionHash)
    let configuration = input.configuration?.text
    writer.record(record, inputSizeMax: input.flatSizeMax(configuration: configuration)) {
      $0.put(input, configuration: configuration)
    }
  }
}

extension TickVitals {
  /// What a reader wants of a snapshot at every tick.
  public init(_ state: GameState) {
    let player = state.player
    self.init(
      zone: state.zone, position: player.position, heading: player.heading?.units,
      health: player.healthFraction, mana: player.manaFraction, petHealth: Self.petHealth(state),
      experience: player.experience, level: player.level, target: state.target, pet: state.pet,
      spawnCount: state.spawns.count, isInCombat: player.isInCombat, validity: state.validity.rawValue)
  }
  /// Looks at ids alone: an entity is large.
  private static func petHealth(_ state: GameState) -> Double? {
    guard let pet = state.pet, let index = state.spawns.firstIndex(where: { $0.id == pet }) else { return nil }
    return state.spawns[index].healthFraction
  }
}
