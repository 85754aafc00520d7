import Core
import Lore
import Perception

/// Casts one memorised spell and sees to it that it was cast: the cast bar appears, and mana or recast shows the end.
public struct Cast: Sendable {
  /// Where the cast stands.
  enum State: Hashable, Sendable {
    /// Standing still, waiting for the gem.
    case readying(since: Tick)
    /// The key was tapped; the cast bar has not shown yet.
    case pressed(at: Tick, mana: Int)
    /// The bar runs; `mana` as it was in the tick before.
    case casting(since: Tick, mana: Int)
  }

  public let spell: SpellID
  private(set) var state: State
  public private(set) var tries = 0

  /// How often a cast that fizzles or is broken is begun anew.
  let triesMax: Int
  /// Slots to wait for the gem, for standing still and standing up.
  static let readySlots = 60
  /// Slots until the cast bar must show.
  static let barSlots = 7

  public init(_ spell: SpellID, _ tick: Tick, triesMax: Int = 3) {
    self.spell = spell
    self.triesMax = triesMax
    state = .readying(since: tick)
  }

  /// The cast bar runs.
  public var isCasting: Bool {
    if case .casting = state { true } else { false }
  }

  /// The spell's key was tapped, so that walking now would break it.
  public var isUnderWay: Bool {
    if case .readying = state { false } else { true }
  }

  public mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> TaskStep {
    guard let spell = context.lore.spell(spell), let gem = context.gem(of: spell.id) else {
      return .failed(.spellMissing)
    }
    let mana = context.state.player.mana ?? 0
    let casting = context.state.player.casting
    switch state {
    case .readying(let since):
      return ready(spell, gem, mana: mana, since: since, context, &hands)
    case .pressed(let at, let before):
      if casting?.spell == spell.id {
        state = .casting(since: context.tick, mana: mana)
        hands.progress()
        return .running
      }
      let isSpent = before - mana >= max(1, spell.mana / 2) || context.state.gems[gem].recast > 0
      if isSpent, spell.castSeconds < 0.6 { return .done }
      guard isSpent || context.tick - at >= Self.barSlots else { return .running }
      return again(isSpent ? .fizzled : .castFailed, context)
    case .casting(let since, let before):
      if casting?.spell == spell.id {
        state = .casting(since: since, mana: mana)
        let limit = Tick.slots(seconds: spell.castSeconds * 2 + 5)
        return context.tick - since > limit ? .failed(.timedOut) : .running
      }
      hands.progress()
      // A broken cast lets the gems rest as well, so that only mana tells; what costs none is believed.
      if spell.mana == 0 || before - mana >= max(1, spell.mana / 2) { return .done }
      return again(.interrupted, context)
    }
  }

  private mutating func ready(
    _ spell: Spell, _ gem: Int, mana: Int, since: Tick, _ context: RoutineContext,
    _ hands: inout Hands
  ) -> TaskStep {
    guard mana >= spell.mana else { return .failed(.outOfMana) }
    guard context.tick - since <= Self.readySlots else { return .failed(.timedOut) }
    let isStanding = hands.take(posture: .standing, context.state)
    let isStill = (context.state.player.speed ?? 0) < 0.5
    guard isStanding, isStill, context.state.player.casting == nil,
      context.state.gems[gem].recast <= 0
    else {
      return .running
    }
    hands.tap(.gem(gem))
    tries += 1
    state = .pressed(at: context.tick, mana: mana)
    return .running
  }

  private mutating func again(_ failure: RoutineFailure, _ context: RoutineContext) -> TaskStep {
    guard tries < triesMax else { return .failed(failure) }
    state = .readying(since: context.tick)
    return .running
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(UInt64(spell.raw))
    hash.combine(tries)
    switch state {
    case .readying(let since): hash.combine(since.slot)
    case .pressed(let at, let mana):
      hash.combine(at.slot)
      hash.combine(mana)
    case .casting(let since, let mana):
      hash.combine(since.slot)
      hash.combine(mana)
    }
  }
}
