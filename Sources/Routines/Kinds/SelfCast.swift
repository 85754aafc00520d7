import Core
import Lore
import Perception

/// Casts a spell on ourselves and waits until its effect shows: a pet, or a buff. What no gem holds and something in the
/// bags gives is eaten.
struct SelfCast: Routine {
  enum Effect: UInt8, Sendable {
    case pet, buff
  }

  enum State: Sendable {
    case casting(Cast)
    case verifying(since: Tick)
    /// The line is yet to be typed.
    case eating
  }

  let spell: SpellID
  let effect: Effect
  private var state: State
  private var rounds = 0

  /// Slots that the effect is given to show.
  static let effectSlots = 30
  static let roundsMax = 3

  init(_ spell: SpellID, _ effect: Effect) {
    self.spell = spell
    self.effect = effect
    state = .casting(Cast(spell, .start))
  }

  var phase: UInt8 {
    switch state {
    case .casting: 0
    case .verifying: 1
    case .eating: 2
    }
  }

  /// A cast that runs is not given up for something of no urgency.
  var isLocked: Bool {
    if case .casting(let cast) = state { cast.isUnderWay } else { false }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    state = begin(context)
  }

  private func begin(_ context: RoutineContext) -> State {
    context.gem(of: spell) == nil && context.meal(giving: spell) != nil
      ? .eating : .casting(Cast(spell, context.tick))
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    if context.state.player.stand == .dead { return .failed(.died) }
    if isAchieved(context) {
      hands.progress()
      return .succeeded
    }
    switch state {
    case .casting(var cast):
      if let reagent = context.lore.spell(spell)?.reagent, !context.has(reagent) { return .failed(.reagentMissing) }
      let step = cast.tick(context, &hands)
      state = .casting(cast)
      switch step {
      case .running: return .running
      case .failed(let failure): return .failed(failure)
      case .done: state = .verifying(since: context.tick)
      }
      return .running
    case .verifying(let since):
      guard context.tick - since >= Self.effectSlots else { return .running }
      rounds += 1
      guard rounds < Self.roundsMax else { return .failed(.nothingGained) }
      state = begin(context)
      return .running
    case .eating:
      guard let slot = context.meal(giving: spell) else { return .failed(.spellMissing) }
      if hands.type(ClientCommands.consume(slot: slot)) { state = .verifying(since: context.tick) }
      return .running
    }
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    switch effect {
    case .pet: context.model.pet != nil
    case .buff: context.state.player.buffs.contains { $0.spell == spell }
    }
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(rounds)
    if case .casting(let cast) = state { cast.combine(into: &hash) }
  }
}
