import Core
import Perception
import Telemetry

/// Everything that can change a decision of one tick. Recorded whole; feeding the same inputs again gives the same
/// outputs, bit for bit.
public struct TickInput: Sendable {
  /// What was read; carries the tick.
  public var state: GameState
  /// Keys may be sent.
  public var isArmed: Bool
  /// The operator, or the edge, asks to stand still.
  public var hold: HoldReason
  /// How the agent decides from this tick on; nil leaves it. Comes before `phase`.
  public var configuration: AgentConfiguration?
  /// Selection phase from this tick on; nil leaves it.
  public var phase: UInt8?
  public var motor: MotorReport
  /// Lines of the chat log since the tick before.
  public var chat: [FixedText]
  /// A zone whose terrain the edge has handed over (`Agent.provide`) just before this tick.
  public var zoneReady: ZoneID?
  /// What the others of the party told of themselves; empty for an agent that is alone.
  public var peers: [PeerNote]

  public init(
    state: GameState, isArmed: Bool = true, hold: HoldReason = .none,
    configuration: AgentConfiguration? = nil, phase: UInt8? = nil, motor: MotorReport = MotorReport(),
    chat: [FixedText] = [], zoneReady: ZoneID? = nil, peers: [PeerNote] = []
  ) {
    self.state = state
    self.isArmed = isArmed
    self.hold = hold
    self.configuration = configuration
    self.phase = phase
    self.motor = motor
    self.chat = chat
    self.zoneReady = zoneReady
    self.peers = peers
  }
}

/// What one tick gave: keys out, and the full account.
public struct TickOutput: Sendable {
  public var commands: [MotorCommand]
  public var receipt: DecisionReceipt
  public var events: [SessionEvent]
  /// Covers the decision, all commands, routine state, generator state and a digest of learned state.
  public var decisionHash: UInt64
  /// What the agent tells its party; nil while its place is unknown.
  public var note: PeerNote?

  public init(
    commands: [MotorCommand] = [], receipt: DecisionReceipt, events: [SessionEvent] = [], decisionHash: UInt64 = 0,
    note: PeerNote? = nil
  ) {
    self.commands = commands
    self.receipt = receipt
    self.events = events
    self.decisionHash = decisionHash
    self.note = note
  }
}
