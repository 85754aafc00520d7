import Core
import Perception
import Telemetry
import WorldModel

/// Goes to where our corpse lies and takes our belongings back.
struct RecoverCorpse: Routine {
  enum State: Sendable {
    case approaching
    case targeting(TakeTarget)
    case taking(TakeAll)
  }

  let place: Position
  private var state: State = .approaching
  private var walk = Walk()
  private var corpse: EntityID?
  private var taken = 0
  private var started: Tick = .start

  static let limitSlots = 2400
  /// Units around the remembered place within which the corpse must be in sight.
  static let searchRadius = 40.0

  init(at place: Position) {
    self.place = place
  }

  var phase: UInt8 {
    switch state {
    case .approaching: 0
    case .targeting: 1
    case .taking: 2
    }
  }

  var isLocked: Bool {
    if case .taking = state { true } else { false }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    if context.state.player.stand == .dead { return .failed(.died) }
    guard context.tick - started < Self.limitSlots else { return .failed(.timedOut) }
    guard let position = context.state.player.position else { return .failed(.stateUnknown) }
    switch state {
    case .approaching:
      let own = nearestOwn(context)
      if own == nil, position.horizontalDistance(to: place) < Self.searchRadius { return .failed(.corpseGone) }
      let goal = own?.position ?? place
      switch walk.tick(to: goal, within: Loot.reach, clearOf: .all(except: nil), context, &hands) {
      case .running: break
      case .failed(let failure): return .failed(failure)
      case .done:
        guard let own else { return .failed(.corpseGone) }
        corpse = own.id
        state = .targeting(TakeTarget(own.id))
      }
    case .targeting(var take):
      let step = take.tick(context, &hands)
      state = .targeting(take)
      switch step {
      case .running: break
      case .failed(let failure): return .failed(failure)
      case .done: state = .taking(TakeAll(take.wanted))
      }
    case .taking(var window):
      let step = window.tick(context, &hands)
      state = .taking(window)
      taken = window.taken
      switch step {
      case .running: break
      case .failed(let failure): return .failed(failure)
      case .done: return .succeeded
      }
    }
    return .running
  }

  /// Of several corpses of ours the one at the place that we were sent to.
  private func nearestOwn(_ context: RoutineContext) -> Track? {
    var best: Track?
    for row in context.model.ownCorpses {
      let track = context.model.tracks[row]
      let distance = track.position.horizontalDistance(to: place)
      if distance < best?.position.horizontalDistance(to: place) ?? .infinity { best = track }
    }
    return best
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    guard case .taking(let window) = state else { return false }
    return window.hasOpened && corpse.map { context.spawn($0) == nil } ?? false
  }

  mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding) {
    if context.state.loot != nil { hands.tap(.closeWindow) }
    if let corpse {
      hands.events.append(
        .loot(
          corpse: corpse, name: context.state.player.name, items: taken, coins: 0, isOwn: true,
          failure: ending == .interrupted ? .interrupted : ending.failure))
    }
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(taken)
    walk.combine(into: &hash)
    if case .targeting(let take) = state { take.combine(into: &hash) }
    if case .taking(let window) = state { window.combine(into: &hash) }
  }
}
