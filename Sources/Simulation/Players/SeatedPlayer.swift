import Agent
import Core
import Nav
import Perception
import Routines
import Telemetry

/// Whoever plays: sees what was read of the client, and answers with keys. It has no way to the world itself.
protocol SeatedPlayer: Sendable {
  /// What it counted, by name.
  var figures: [(name: String, value: Double)] { get }
  /// What it is about; nil between two undertakings.
  var routine: RoutineStatus? { get }
  /// What is left of the way it walked in the last tick; nil when it walked none.
  var way: WayLeft? { get }

  /// The map of a zone, before the first tick in it.
  mutating func provide(zone: ZoneID, navigator: Navigator)
  mutating func tick(_ input: TickInput) -> TickOutput
}

extension Agent: SeatedPlayer {
  var figures: [(name: String, value: Double)] { statistics.figures }
}

/// A player of a few fixed rules, against which the agent is measured.
protocol ReferenceRules: Sendable {
  /// Presses keys for what it sees; called only while what is read means something.
  mutating func act(_ state: GameState, navigator: Navigator?, hands: inout ReferenceHands)
}

/// What a reference player does in one tick.
struct ReferenceHands {
  var commands: [MotorCommand] = []
  var events: [SessionEvent] = []

  mutating func tap(_ key: KeyAction) { commands.append(.tap(key)) }
  mutating func type(_ text: FixedText) { commands.append(.type(text)) }
}

/// Seats `Rules`: maps handed through, loading screens waited out, commands hashed as the agent's are.
struct ReferencePlayer<Rules: ReferenceRules>: SeatedPlayer {
  private var rules: Rules
  private var navigators: [(zone: ZoneID, navigator: Navigator)] = []
  private var hash = StableHash()

  init(_ rules: Rules) { self.rules = rules }

  var figures: [(name: String, value: Double)] { [] }
  var routine: RoutineStatus? { nil }
  var way: WayLeft? { nil }

  mutating func provide(zone: ZoneID, navigator: Navigator) {
    navigators.removeAll { $0.zone == zone }
    navigators.append((zone, navigator))
  }

  mutating func tick(_ input: TickInput) -> TickOutput {
    var hands = ReferenceHands()
    let state = input.state
    if state.validity == .valid, state.player.position != nil {
      rules.act(state, navigator: navigators.first { $0.zone == state.zone }?.navigator, hands: &hands)
    }
    hash.combine(state.tick.slot)
    for command in hands.commands { command.combine(into: &hash) }
    let decision = Decision(tick: state.tick, layer: .idle)
    return TickOutput(
      commands: hands.commands, receipt: DecisionReceipt(decision: decision), events: hands.events,
      decisionHash: hash.value)
  }
}
