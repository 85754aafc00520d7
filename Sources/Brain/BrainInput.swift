import Core
import Nav
import Perception
import WorldModel

/// Everything that one decision depends on, beside what the brain remembers.
public struct BrainInput: Sendable {
  public var state: GameState
  public var model: WorldModel
  /// How the running routine stands; nil when none runs.
  public var routine: RoutineStatus?
  /// How a routine ended since the decision before.
  public var outcome: RoutineOutcome?
  public var isArmed: Bool
  /// Why the agent must stand still; `none` lets it act.
  public var hold: HoldReason
  /// The ground of the zone; nil while its terrain is not there.
  public var navigator: Navigator?
  /// What the others of the party tell of themselves.
  public var peers: [PeerNote]
  /// Lines of the chat log since the decision before.
  public var chat: [FixedText]

  public init(
    state: GameState, model: WorldModel, routine: RoutineStatus? = nil, outcome: RoutineOutcome? = nil,
    isArmed: Bool = true, hold: HoldReason = .none, navigator: Navigator? = nil, peers: [PeerNote] = [],
    chat: [FixedText] = []
  ) {
    self.state = state
    self.model = model
    self.routine = routine
    self.outcome = outcome
    self.isArmed = isArmed
    self.hold = hold
    self.navigator = navigator
    self.peers = peers
    self.chat = chat
  }
}
