import Core
import Lore
import Perception

/// Puts the kit's spells into the gems, one after the other, sitting.
struct MemorizeSpells: Routine {
  enum State: Sendable {
    case choosing
    case sitting(gem: Int, SpellID)
    /// The line is typed; the gem does not show the spell yet.
    case waiting(gem: Int, SpellID, since: Tick)
  }

  private var state: State = .choosing
  private var tries = 0
  private var failed: [SpellID] = []

  /// Slots that memorising one spell may take, typing included.
  static let spellSlots = 150
  static let triesMax = 2

  init() {}

  var phase: UInt8 {
    switch state {
    case .choosing: 0
    case .sitting: 1
    case .waiting: 2
    }
  }

  var isLocked: Bool {
    if case .waiting = state { true } else { false }
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    if context.state.player.stand == .dead { return .failed(.died) }
    if context.isAttackedDirectly { return .failed(.threatened) }
    switch state {
    case .choosing:
      guard let next = next(context) else { return failed.isEmpty ? .succeeded : .failed(.nothingGained) }
      tries = 0
      state = .sitting(gem: next.gem, next.spell)
    case .sitting(let gem, let id):
      guard let spell = context.lore.spell(id) else { return .failed(.spellMissing) }
      guard hands.take(posture: .sitting, context.state), (context.state.player.speed ?? 0) < 0.5 else { break }
      guard hands.type(ClientCommands.memorise(spell, gem: gem)) else { break }
      tries += 1
      state = .waiting(gem: gem, id, since: context.tick)
    case .waiting(let gem, let id, let since):
      hands.take(posture: .sitting, context.state)
      if gem < context.state.gems.count, context.state.gems[gem].spell == id {
        hands.progress()
        state = .choosing
        break
      }
      guard context.tick - since > Self.spellSlots else { break }
      if tries < Self.triesMax {
        state = .sitting(gem: gem, id)
      } else {
        failed.append(id)
        state = .choosing
      }
    }
    return .running
  }

  /// The first gem that does not hold what the kit wants in it.
  private func next(_ context: RoutineContext) -> (gem: Int, spell: SpellID)? {
    guard let gems = context.kit?.loadout(level: context.state.player.level ?? 1).gems else { return nil }
    for (gem, wish) in gems.enumerated() where gem < context.state.gems.count {
      guard let wish, context.gem(of: wish) == nil, !failed.contains(wish) else { continue }
      return (gem, wish)
    }
    return nil
  }

  func isAchieved(_ context: RoutineContext) -> Bool { next(context) == nil && failed.isEmpty }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(tries)
    hash.combine(failed.count)
  }
}
