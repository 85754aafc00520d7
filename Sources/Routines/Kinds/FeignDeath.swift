import Core
import Perception

/// Plays dead until nobody cares, then stands up.
struct FeignDeath: Routine {
  enum State: Sendable {
    case casting(Cast)
    case lying(since: Tick)
  }

  private let spell: SpellID
  private var state: State
  private var calmSince: Tick?
  /// Our health when we lay down.
  private var healthDown: Double?

  /// Slots without an attacker before standing up; and the longest rest on the ground.
  static let calmSlots = 60
  /// Whom we fought a while ago goes home before we stand up, if it does so within this time.
  static let watchedSlots = 250
  /// Whoever loses so much of its health on the ground fools nobody.
  static let beatenHealth = 0.08
  static let watchDistance = 70.0
  static let lyingSlots = 300

  init(_ spell: SpellID) {
    self.spell = spell
    state = .casting(Cast(spell, .start))
  }

  var phase: UInt8 {
    switch state {
    case .casting: 0
    case .lying: 1
    }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    // Under blows a second try would only cost time to run: whoever fails runs.
    state = .casting(Cast(spell, context.tick, triesMax: 1))
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    let stand = context.state.player.stand
    if stand == .dead { return .failed(.died) }
    switch state {
    case .casting(var cast):
      if stand == .feigned {
        hands.stayDown()
        state = .lying(since: context.tick)
        hands.progress()
        return .running
      }
      let step = cast.tick(context, &hands)
      state = .casting(cast)
      switch step {
      case .running: return .running
      case .failed(let failure): return .failed(failure)
      case .done: state = .lying(since: context.tick)
      }
      return .running
    case .lying(let since):
      hands.stayDown()
      if stand != .feigned {
        // The spell is through and we do not lie: it failed to fool them.
        return context.tick - since > 10 ? .failed(.resisted) : .running
      }
      if context.isAttackedDirectly {
        calmSince = nil
        let health = context.state.player.healthFraction ?? 1
        let before = max(healthDown ?? health, health)
        healthDown = before
        if health < before - Self.beatenHealth { return .failed(.threatened) }
        return context.tick - since > Self.lyingSlots ? .failed(.threatened) : .running
      }
      let calm = calmSince ?? context.tick
      calmSince = calm
      let slots = isWatched(context) ? Self.watchedSlots : Self.calmSlots
      return context.tick - calm >= slots ? .succeeded : .running
    }
  }

  /// Somebody whom we fought stands so near that it would see us rise.
  private func isWatched(_ context: RoutineContext) -> Bool {
    let tracks = context.model.tracks
    context.onScan?(tracks.count)
    return tracks.indices.contains { row in
      tracks[row].distance < Self.watchDistance && tracks[row].isLivingNPC
        && tracks[row].lastFought.map { context.tick - $0 < 1200 } ?? false
    }
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    guard case .lying = state else { return false }
    return !context.model.isAttacked
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(calmSince?.slot ?? -1)
    hash.combine(healthDown ?? -1)
    if case .casting(let cast) = state { cast.combine(into: &hash) }
  }
}
