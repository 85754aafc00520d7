import Agent
import Core
import Learning
import Telemetry

/// Feeds the recorded inputs of a session to the same agent again, and compares what it decides.
public struct Replay {
  /// A tick at which the replay decided otherwise.
  public struct Difference: Sendable {
    public var tick: Int
    public var recorded: DecisionReceipt
    public var replayed: DecisionReceipt
    public var recordedCommands: [MotorCommand]
    public var replayedCommands: [MotorCommand]

    /// What was decided is not the same, not only how it is carried out.
    public var isDecision: Bool {
      recorded.decision.rule != replayed.decision.rule || recorded.decision.order != replayed.decision.order
        || recorded.decision.layer != replayed.decision.layer
    }
  }

  /// How a replay went.
  public struct Outcome: Sendable {
    public var ticks = 0
    /// Ticks whose decision hash differs.
    public var different = 0
    public var first: Difference?
    /// Ticks at which another rule or order was chosen, the first thousand.
    public var divergences: [Difference] = []
    /// Ticks whose input is not in the record.
    public var lost = 0
    public var damaged = 0
    public var isCut = false
    public var remarks: [String] = []

    public var isEqual: Bool { different == 0 && ticks > 0 }
  }

  /// Replays the session in `directory`.
  /// - Parameters:
  ///   - configuration: Text of a configuration to lay over the recorded one; the agent's decisions are compared then
  ///     although they are expected to differ.
  ///   - data: Name or directory of another environment to take the data from, for example a copy with one threshold
  ///     changed.
  ///   - visit: Called with every tick: the recorded frame and what the replay gave.
  /// - Throws: `SessionsFailure.badData` when nothing can be replayed, `.noInput` when there is no session.
  public static func run(
    _ directory: String, configuration text: String? = nil, data: String? = nil,
    visit: (TickFrame, TickOutput) throws -> Void = { _, _ in }
  ) throws -> Outcome {
    var outcome = Outcome()
    try walk(directory, configuration: text, data: data, outcome: &outcome) { frame, output, _ in
      try visit(frame, output)
      return true
    }
    guard outcome.ticks > 0 else {
      throw SessionsFailure.badData("\(directory): the record holds no tick that can be replayed")
    }
    return outcome
  }

  /// Calls `visit` with every tick that is lived through again, and with the agent after it, until it returns false.
  static func walk(
    _ directory: String, configuration text: String? = nil, data: String? = nil, outcome: inout Outcome,
    visit: (TickFrame, TickOutput, Agent) throws -> Bool
  ) throws {
    var info: SessionInfo
    let reader: RecordReader
    do {
      info = try SessionInfo.read(directory)
      reader = try RecordReader("\(directory)/\(SessionFileName.record)")
    } catch {
      throw SessionsFailure(error)
    }
    var player: Player?
    var decoder = InputDecoder()
    try reader.visit { entry in
      if player == nil {
        if info.fault != nil, let header = reader.header { info = header }
        player = try Player(info, configuration: text, data: data, learned: reader.learned, outcome: &outcome)
      }
      guard player != nil else { return false }
      var bytes = ByteReader(entry.input)
      guard !entry.input.isEmpty, let input = try? decoder.decode(&bytes) else {
        outcome.lost += 1
        return true
      }
      guard let output = try player?.play(input, entry.frame, &outcome), let agent = player?.agent else {
        return false
      }
      return try visit(entry.frame, output, agent)
    }
    outcome.damaged = reader.damaged
    outcome.isCut = reader.isCut
  }

  /// The agent right after it lived through `tick` again, with what is in no receipt; nil when the record does not
  /// come so far.
  /// - Throws: As `run`.
  public static func agent(at tick: Int, of directory: String) throws -> Agent? {
    var (outcome, found) = (Outcome(), Agent?.none)
    try walk(directory, outcome: &outcome) { frame, _, agent in
      if frame.tick.slot == tick { found = agent }
      return frame.tick.slot < tick
    }
    return found
  }

  /// Calls `body` with every input of the record until it returns false.
  public static func visitInputs(_ directory: String, _ body: (TickInput) throws -> Bool) throws {
    let reader: RecordReader
    do {
      reader = try RecordReader("\(directory)/\(SessionFileName.record)")
    } catch {
      throw SessionsFailure(error)
    }
    var decoder = InputDecoder()
    try reader.visit { entry in
      var bytes = ByteReader(entry.input)
      guard !entry.input.isEmpty, let input = try? decoder.decode(&bytes) else { return true }
      return try body(input)
    }
  }

  /// The agent of a replay, and the edge around it.
  private struct Player {
    let environment: ReplayEnvironment
    let whatIf: String?
    var agent: Agent

    init(
      _ info: SessionInfo, configuration text: String?, data: String?, learned: [UInt8], outcome: inout Outcome
    ) throws {
      if let fault = info.fault { throw SessionsFailure.badData("the session's header cannot be read: \(fault)") }
      environment = try ReplayEnvironment(info, data: data)
      whatIf = text
      outcome.remarks = environment.remarks
      agent = Agent(
        configuration: try environment.configuration(info, with: text), lore: environment.lore, seed: info.seed,
        learned: try Self.experience(learned))
      agent.explainsRejected = true
    }

    /// What the agent knew at the start; nil when it began without.
    private static func experience(_ image: [UInt8]) throws -> LearnedState? {
      guard !image.isEmpty else { return nil }
      do {
        return try LearningStore.state(image: image)
      } catch {
        throw SessionsFailure.badData("the record's experience at the start cannot be read: \(error)")
      }
    }

    mutating func play(_ input: TickInput, _ frame: TickFrame, _ outcome: inout Outcome) throws -> TickOutput {
      if let zone = input.zoneReady { agent.provide(zone: zone, navigator: try environment.navigator(of: zone)) }
      var input = input
      if let whatIf, let reloaded = input.configuration {
        input.configuration = try AgentConfiguration(text: whatIf, file: "--with-config", over: reloaded)
      }
      let output = agent.tick(input)
      outcome.ticks += 1
      guard output.decisionHash != frame.decisionHash else { return output }
      outcome.different += 1
      let difference = Difference(
        tick: frame.tick.slot, recorded: frame.receipt, replayed: output.receipt, recordedCommands: frame.commands,
        replayedCommands: output.commands)
      if outcome.first == nil { outcome.first = difference }
      if difference.isDecision, outcome.divergences.count < 1000 { outcome.divergences.append(difference) }
      return output
    }
  }
}
