import Core
import Lore
import Nav
import Perception
import Telemetry

/// Runs to a safe place; also steps out of the way of something dangerous (evade), which is a shorter run.
///
/// Nothing is waited for but standing up: the run begins in the tick of the decision. Whoever keeps up with it would
/// only strike from behind all the way: it is slowed, held or frightened, as far as there is a spell for it.
struct Flee: Routine {
  enum State: Sendable {
    case running
    /// The way to the point is closed: away from the threat, over whatever ground.
    case anywhere(Position)
    /// Somebody keeps up: taken as target, then held by a spell.
    case shaking(TakeTarget, Cast, since: Tick)
  }

  let point: Position
  let threat: EntityID?
  let isEvasion: Bool
  private var state: State = .running
  private var walk = Walk()
  private var started: Tick = .start
  private var detours = 0
  private var shakes = 0
  /// What was cast last on a pursuer, to be taken back when it was resisted.
  private var lastHeld: (spell: SpellID, id: EntityID, at: Tick)?

  static let fleeSlots = 1200
  static let evadeSlots = 150
  static let detoursMax = 3
  /// Whoever is so near after so many slots keeps up with us. Unit: world units.
  static let heelReach = 16.0
  static let headStartSlots = 8
  static let shakesMax = 4
  static let shakeSlots = 60
  /// Who is nearer to death only runs. Range: `0...1`.
  static let shakeHealth = 0.12

  init(to point: Position, from threat: EntityID?, isEvasion: Bool) {
    self.point = point
    self.threat = threat
    self.isEvasion = isEvasion
  }

  var phase: UInt8 {
    switch state {
    case .running: 0
    case .anywhere: 1
    case .shaking: 2
    }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
    if context.state.loot != nil || context.state.merchant != nil { hands.tap(.closeWindow) }
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    if context.state.player.stand == .dead { return .failed(.died) }
    guard context.tick - started < (isEvasion ? Self.evadeSlots : Self.fleeSlots) else { return .failed(.timedOut) }
    noteResists(context, &hands)
    if let (id, spell) = pursuer(context, hands) {
      shakes += 1
      walk = Walk()
      state = .shaking(TakeTarget(id), Cast(spell, context.tick, triesMax: 2), since: context.tick)
    }
    let goal: Position
    switch state {
    case .running: goal = point
    case .anywhere(let open): goal = open
    case .shaking(let take, let cast, let since): return shake(take, cast, since, context, &hands)
    }
    switch walk.tick(to: goal, within: isEvasion ? 5 : 8, context, &hands) {
    case .running: return .running
    case .done:
      if case .running = state { return .succeeded }
      state = .running
      walk = Walk()
      return .running
    case .failed(let failure): return detour(failure, context, &hands)
    }
  }

  /// Somebody at our heels who is not held yet, and the spell for it; nil while the run itself will do.
  private func pursuer(_ context: RoutineContext, _ hands: Hands) -> (EntityID, SpellID)? {
    if case .shaking = state { return nil }
    guard !isEvasion, shakes < Self.shakesMax, context.tick - started >= Self.headStartSlots,
      (context.state.player.healthFraction ?? 0) > Self.shakeHealth
    else { return nil }
    var first: EntityID?
    var hunters = 0
    for row in context.model.attackers {
      let track = context.model.tracks[row]
      guard track.isOnPlayer, track.body != .fleeing else { continue }
      hunters += 1
      if first == nil, track.distance < Self.heelReach, !isHeld(track.id, context, hands) { first = track.id }
    }
    guard let first else { return nil }
    let spell = context.readySpell(.snare) ?? context.readySpell(.root)
    guard let spell = spell ?? (hunters == 1 ? context.readySpell(.fear) : nil) else { return nil }
    return (first, spell.id)
  }

  private func isHeld(_ id: EntityID, _ context: RoutineContext, _ hands: Hands) -> Bool {
    context.state.gems.contains { gem in
      guard let spell = gem.spell.flatMap(context.lore.spell) else { return false }
      guard spell.kind == .snare || spell.kind == .root || spell.kind == .fear else { return false }
      return hands.dots.isActive(spell.id, on: id, now: context.tick)
    }
  }

  private mutating func shake(
    _ take: TakeTarget, _ cast: Cast, _ since: Tick, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    var (take, cast) = (take, cast)
    var step = take.tick(context, &hands)
    if step == .done { step = cast.tick(context, &hands) }
    state = .shaking(take, cast, since: since)
    if step == .running, context.tick - since < Self.shakeSlots { return .running }
    if step == .done, let spell = context.lore.spell(cast.spell), spell.durationSeconds > 0 {
      let until = context.tick + Tick.slots(seconds: spell.durationSeconds)
      hands.dots.note(spell.id, on: take.wanted, until: until, now: context.tick)
      lastHeld = (spell.id, take.wanted, context.tick)
      hands.progress()
    }
    state = .running
    return .running
  }

  private mutating func noteResists(_ context: RoutineContext, _ hands: inout Hands) {
    guard let last = lastHeld, context.tick - last.at <= 10, let spell = context.lore.spell(last.spell) else {
      return
    }
    for line in context.chat where ClientCommands.isResist(line, of: spell.name) {
      hands.dots.strike(last.spell, on: last.id)
      lastHeld = nil
    }
  }

  /// The way is closed: run anywhere away from the threat first, then try again.
  private mutating func detour(
    _ failure: RoutineFailure, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    guard detours < Self.detoursMax, let place = context.state.player.position else { return .failed(failure) }
    detours += 1
    let from = threat.flatMap(context.spawn)?.position ?? point
    let away = from.heading(to: place)
    for turn in [0.0, 64, -64, 128, -128] {
      let wish = place.moved(60, along: away + turn)
      guard let open = context.navigator.map({ $0.nearestWalkable(to: wish, within: 12) }) ?? wish else { continue }
      state = .anywhere(open)
      walk = Walk()
      return .running
    }
    return .failed(failure)
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    !context.model.isAttacked && context.state.player.stand != .dead
  }

  mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding) {
    guard !isEvasion else { return }
    hands.events.append(
      .fleeEnd(
        seconds: context.tick.seconds(since: started),
        failure: ending == .interrupted ? .interrupted : ending.failure))
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(detours)
    hash.combine(shakes)
    if case .shaking(let take, let cast, let since) = state {
      take.combine(into: &hash)
      cast.combine(into: &hash)
      hash.combine(since.slot)
    }
    walk.combine(into: &hash)
  }
}
