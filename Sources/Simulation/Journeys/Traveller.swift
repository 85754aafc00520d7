import Core
import Lore
import Nav
import Perception
import Routines
import Telemetry
import WorldModel

/// Walks where it is told to with the agent's own legs: its travelling routine and its keys, without the brain that
/// would turn aside to fight, rest or loot.
struct Traveller: Sendable {
  private let lore: Lore
  private let body: BodyProfile
  private let isWary: Bool
  private var model = WorldModel()
  private var runner: RoutineRunner
  private var navigators: [(zone: ZoneID, navigator: Navigator)] = []
  private var held: KeySet = .none
  private(set) var commands: [MotorCommand] = []

  init(lore: Lore, body: BodyProfile, seed: UInt64, isWary: Bool = true) {
    self.lore = lore
    self.body = body
    self.isWary = isWary
    runner = RoutineRunner(seed: seed)
  }

  func navigator(of zone: ZoneID) -> Navigator? { navigators.first { $0.zone == zone }?.navigator }

  mutating func provide(zone: ZoneID, navigator: Navigator) { navigators.append((zone, navigator)) }

  /// Somebody attacks.
  var isAttacked: Bool { model.isAttacked }

  /// Events of the last tick.
  var events: [SessionEvent] { runner.hands.events }

  /// One tick on the way to `goal`; what it presses is in `commands` afterwards. Returns how the way ended, if it did.
  mutating func tick(_ state: GameState, to goal: Position, in zone: ZoneID) -> RoutineOutcome.Result? {
    commands.removeAll(keepingCapacity: true)
    guard state.validity == .valid, let here = state.zone, let navigator = navigator(of: here) else {
      commands.append(.releaseAll)
      held = .none
      _ = runner.run(Decision(tick: state.tick, layer: .hold, hold: .loading), context(state, nil))
      return nil
    }
    model.update(state, lore: lore)
    if state.player.stand == .dead, state.tick.slot % 20 == 0 { commands.append(.type("/release")) }
    let decision = Decision(tick: state.tick, layer: .plan, order: .travel(to: goal, zone: zone))
    let outcome = runner.run(decision, context(state, navigator))
    for key in KeyAction.allCases where held.contains(key) && !runner.hands.held.contains(key) {
      commands.append(.release(key))
    }
    commands += runner.hands.strokes
    for key in KeyAction.allCases where runner.hands.held.contains(key) { commands.append(.hold(key)) }
    held = runner.hands.held
    // What is told of an earlier way says nothing of this one.
    return outcome?.order == decision.order ? outcome?.result : nil
  }

  private func context(_ state: GameState, _ navigator: Navigator?) -> RoutineContext {
    RoutineContext(state: state, model: model, lore: lore, navigator: navigator, body: body, isWary: isWary)
  }
}
