import Core
import Lore
import Perception
import Telemetry

/// Begins a fight: comes into range, sends the pet or casts, and sees to it that the target has turned on us.
struct Pull: Routine {
  enum State: Sendable {
    case targeting
    case approaching
    /// Its kin stand about it and would come along: until they have gone on.
    case waiting(since: Tick)
    case casting(Cast)
    case verifying(since: Tick)
    /// The pet does not get there: it was called back, and we go nearer, so that it begins from another place.
    case fetchingPet(since: Tick)
  }

  let mode: PullMode
  private var state: State = .targeting
  private var take: TakeTarget
  private var walk = Walk()
  private var turner = Turner()
  private var name = FixedName.empty
  private var started: Tick = .start
  private var orders = 0
  private var lastOrder: Tick?
  private var isClosing = false
  /// The pet's way to the prey at its shortest, and when that was.
  private var petWay = Double.infinity
  private var petGained: Tick = .start
  private var fetches = 0
  /// Where to stand, and when that was thought of.
  private var stand: (place: Position, at: Tick)?
  /// We stand where we wanted to, or could not come there.
  private var isPlaced = false
  private var waited = 0
  /// Where we step aside to while we wait, and when to look about again.
  private var aside: Position?
  private var nextLook: Tick = .start
  /// So many of its kin were to be reckoned with when it was chosen.
  private var accepted = 0

  static let limitSlots = 850
  /// Slots without coming nearer after which the pet is stuck behind something.
  static let petPatienceSlots = 25
  static let fetchSlots = 60
  static let fetchesMax = 3
  /// Slots that the target is given to turn on us after the first blow.
  static let verifySlots = 120
  static let orderSlots = 15
  /// Slots that a place to stand holds, and that may go by until we are there.
  static let standSlots = 15
  static let placingSlots = 300
  /// Slots to wait in all for its kin to go on: most who roam stand for less than half a minute, and a place with several
  /// of them needs more than one to go.
  static let waitSlots = 450
  /// Slots between two looks for others while we wait: nobody comes nearer than ten units in that time.
  static let lookSlots = 10
  /// A pet that has further to go than this can be called back in time. Unit: world units.
  static let recallReach = 25.0
  /// From here on it matters who stands about it. Unit: world units.
  static let companyReach = 85.0
  static let ordersMax = 6

  init(target: EntityID, mode: PullMode) {
    self.mode = mode
    take = TakeTarget(target)
  }

  var phase: UInt8 {
    switch state {
    case .targeting: 0
    case .approaching: 1
    case .casting: 2
    case .verifying: 3
    case .fetchingPet: 4
    case .waiting: 5
    }
  }

  var isLocked: Bool {
    switch state {
    case .targeting, .approaching, .waiting: false
    case .casting, .verifying, .fetchingPet: true
    }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
    name = context.spawn(take.wanted)?.name ?? .empty
    accepted = max(context.model.track(take.wanted).map { Int($0.kin) } ?? 0, context.advice.isEasy ? 1 : 0)
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    guard context.tick - started < Self.limitSlots else { return .failed(.timedOut) }
    guard let prey = context.spawn(take.wanted), !prey.isDown else {
      // Some fall at the first blow.
      return context.model.hasCorpse(of: take.wanted) ? .succeeded : .failed(.targetGone)
    }
    if context.state.player.stand == .dead { return .failed(.died) }
    let track = context.model.track(take.wanted)
    if track?.isAttacking ?? false { return .succeeded }
    if let other = prey.target, other != context.state.player.id, other != context.state.pet, !context.isPeer(other) {
      return .failed(.targetLost)
    }
    switch state {
    case .targeting: return target(context, &hands)
    case .approaching: return approach(prey, context, &hands)
    case .waiting(let since): return wait(prey, since, context, &hands)
    case .casting(var cast):
      let step = cast.tick(context, &hands)
      state = .casting(cast)
      return landed(step, cast.spell, prey, context, &hands)
    case .verifying(let since): return verify(prey, since, context, &hands)
    case .fetchingPet(let since): return fetchPet(prey, since, context, &hands)
    }
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    if context.model.track(take.wanted)?.isAttacking ?? false { return true }
    guard let prey = context.spawn(take.wanted) else { return context.model.hasCorpse(of: take.wanted) }
    return context.model.petTrack?.target == prey.id && (prey.healthFraction ?? 1) < 0.97
  }

  mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding) {
    hands.events.append(
      .pullResult(
        target: take.wanted, name: name, mode: mode,
        failure: ending == .interrupted ? .interrupted : ending.failure,
        seconds: context.tick.seconds(since: started)))
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(orders)
    hash.combine(lastOrder?.slot ?? -1)
    hash.combine(fetches)
    hash.combine(waited << 16 | accepted << 1 | (isPlaced ? 1 : 0))
    hash.combine(stand?.at.slot ?? -1)
    hash.combine(nextLook.slot)
    hash.combine(petGained.slot)
    take.combine(into: &hash)
    walk.combine(into: &hash)
    turner.combine(into: &hash)
    if case .casting(let cast) = state { cast.combine(into: &hash) }
  }
}

extension Pull {
  private mutating func target(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    switch take.tick(context, &hands) {
    case .running: break
    case .failed(let failure): return .failed(failure)
    case .done: state = .approaching
    }
    return .running
  }

  private mutating func approach(
    _ prey: Spawn, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    guard let place = context.state.player.position else { return .failed(.stateUnknown) }
    let reach = range(context)
    let distance = place.distance(to: prey.position)
    if distance <= max(reach, Self.companyReach), context.company(of: prey) > accepted {
      state = .waiting(since: context.tick)
      return wait(prey, context.tick, context, &hands)
    }
    let isSeen = context.navigator?.isVisible(from: place, to: prey.position) ?? true
    let isNear = distance <= reach
    let isThere = isNear && (isSeen || mode == .pet || place.horizontalDistance(to: prey.position) < 15)
    if mode != .body, !isPlaced, isSeen || !isNear, context.tick - started < Self.placingSlots {
      if isThere, context.clearance(at: place, except: prey.id) >= Elbow.room { return begin(prey, context, &hands) }
      if let step = takePlace(prey, reach, context, &hands) { return step }
    }
    if isThere { return begin(prey, context, &hands) }
    // Whose blows begin the fight strikes as soon as he is near enough, not first when he has come to a stop.
    if mode == .body, isSeen, distance < 3 * reach { hands.autoAttack(context.state) }
    let goal = max(6, isNear ? reach * 0.5 : reach * 0.95)
    switch walk.tick(
      to: prey.position, within: goal, setsOut: mode == .body, clearOf: .all(except: prey.id), context, &hands)
    {
    case .running: return .running
    case .failed(let failure): return .failed(failure)
    case .done: return isNear ? begin(prey, context, &hands) : .running
    }
  }

  /// Goes to where nobody else notices us; nil when we are there, or cannot come there.
  private mutating func takePlace(
    _ prey: Spawn, _ reach: Double, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep? {
    if stand.map({ context.tick - $0.at >= Self.standSlots }) ?? true {
      guard let place = context.stand(before: prey.position, reach: reach * 0.9, except: prey.id) else {
        isPlaced = true
        return nil
      }
      stand = (place, context.tick)
    }
    guard let goal = stand?.place else { return nil }
    switch walk.tick(to: goal, within: 6, clearOf: .all(except: prey.id), context, &hands) {
    case .running: return .running
    case .done, .failed: break
    }
    isPlaced = true
    walk = Walk()
    return nil
  }

  /// Stands until nobody is left who would come to the prey's help.
  private mutating func wait(
    _ prey: Spawn, _ since: Tick, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    guard context.company(of: prey) > accepted else {
      walk = Walk()
      state = .approaching
      return .running
    }
    guard waited < Self.waitSlots else { return .failed(.threatened) }
    waited += 1
    // Whoever stands about in the open is found by others.
    if aside == nil, context.tick >= nextLook {
      nextLook = context.tick + Self.lookSlots
      aside = context.retreat(from: prey)
      walk = Walk()
    }
    if let goal = aside {
      if walk.tick(to: goal, within: 4, context, &hands) == .running { return .running }
      aside = nil
      walk = Walk()
    }
    hands.take(posture: .standing, context.state)
    return .running
  }

  /// How near one must be. Unit: world units.
  private func range(_ context: RoutineContext) -> Double {
    let wish = context.kit?.pullDistance ?? 80
    switch mode {
    case .pet: return wish
    case .body: return 8
    case .spell, .fear:
      guard let spell = opener(context), spell.range > 0 else { return 8 }
      return min(wish, spell.range * (isClosing ? 0.4 : 0.9))
    }
  }

  /// The spell that begins the fight; nil where none is ready.
  private func opener(_ context: RoutineContext) -> Spell? {
    if mode == .fear { return context.readySpell(.fear) }
    return context.readySpell(.dot) ?? context.readySpell(.nuke) ?? context.readySpell(.snare)
      ?? context.readySpell(.lifetap)
  }

  private mutating func begin(
    _ prey: Spawn, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    switch mode {
    case .pet:
      guard context.state.pet != nil else { return .failed(.petMissing) }
      hands.take(posture: .standing, context.state)
      hands.tap(.petAttack)
      orders += 1
      lastOrder = context.tick
      hands.progress()
      petWay = .infinity
      petGained = context.tick
      state = .verifying(since: context.tick)
    case .body:
      hands.autoAttack(context.state)
      state = .verifying(since: context.tick)
    case .spell, .fear:
      guard let spell = opener(context) else { return withoutOpener(context) }
      face(prey, context, &hands)
      state = .casting(Cast(spell.id, context.tick))
    }
    return .running
  }

  /// No spell to begin with is ready: gone for good, too dear, or in a moment.
  private func withoutOpener(_ context: RoutineContext) -> RoutineStep {
    let openers = context.state.gems.compactMap { $0.spell.flatMap(context.lore.spell) }.filter {
      mode == .fear ? $0.kind == .fear : Self.openerKinds.contains($0.kind)
    }
    guard let cheapest = openers.map(\.mana).min() else { return .failed(.spellMissing) }
    return (context.state.player.mana ?? 0) < cheapest ? .failed(.outOfMana) : .running
  }

  private static let openerKinds: Set<SpellKind> = [.dot, .nuke, .snare, .lifetap]

  private mutating func landed(
    _ step: TaskStep, _ id: SpellID, _ prey: Spawn, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    switch step {
    case .running: break
    case .done:
      if let spell = context.lore.spell(id), spell.durationSeconds > 0 {
        hands.dots.note(
          id, on: prey.id, until: context.tick + Tick.slots(seconds: spell.durationSeconds), now: context.tick)
      }
      state = .verifying(since: context.tick)
    case .failed(.castFailed) where !isClosing:
      // No cast bar: too far or hidden. Once more from nearer.
      isClosing = true
      walk = Walk()
      state = .approaching
    case .failed(let failure): return .failed(failure)
    }
    return .running
  }

  private mutating func verify(
    _ prey: Spawn, _ since: Tick, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    guard context.tick - since < Self.verifySlots else {
      return .failed(mode == .pet ? .petRefused : .nothingGained)
    }
    switch mode {
    case .pet:
      guard let pet = context.model.petTrack else { return .failed(.petMissing) }
      // Its kin has come before the pet has, and is known to help.
      if pet.target == prey.id, context.model.track(prey.id)?.isHelped ?? false, context.company(of: prey) > accepted,
        (prey.healthFraction ?? 1) >= 1,
        pet.position.distance(to: prey.position) > Self.recallReach, waited < Self.waitSlots
      {
        hands.tap(.petBack)
        walk = Walk()
        state = .waiting(since: context.tick)
        return .running
      }
      if pet.target == prey.id {
        if (prey.healthFraction ?? 1) < 0.97 { return .succeeded }
        return watchPet(pet.position.distance(to: prey.position), context, &hands)
      }
      guard let lastOrder, context.tick - lastOrder >= Self.orderSlots else { return .running }
      guard orders < Self.ordersMax else { return .failed(.petRefused) }
      if context.state.target != prey.id {
        take = TakeTarget(prey.id)
        state = .targeting
        return .running
      }
      hands.tap(.petAttack)
      orders += 1
      self.lastOrder = context.tick
    case .body:
      face(prey, context, &hands)
      _ = walk.tick(to: prey.position, within: 6, context, &hands)
      hands.autoAttack(context.state)
    case .spell, .fear:
      // A resisted spell angers as well; one that did not reach does not: once more.
      if context.tick - since > 40, orders < 2 {
        orders += 1
        state = .approaching
      }
    }
    return .running
  }

  /// Sees to it that the pet comes nearer; one that is held up behind something is called back.
  private mutating func watchPet(
    _ way: Double, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    if way < petWay - 1 {
      petWay = way
      petGained = context.tick
    }
    guard way > 14, context.tick - petGained > Self.petPatienceSlots else { return .running }
    guard fetches < Self.fetchesMax else { return .failed(.petRefused) }
    fetches += 1
    hands.tap(.petBack)
    walk = Walk()
    state = .fetchingPet(since: context.tick)
    return .running
  }

  /// Goes nearer to the prey with the pet behind; then it is sent again.
  private mutating func fetchPet(
    _ prey: Spawn, _ since: Tick, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    let share = [0.6, 0.4, 0.25][min(2, fetches - 1)]
    let isOver = context.tick - since >= Self.fetchSlots
    switch walk.tick(to: prey.position, within: max(15, range(context) * share), context, &hands) {
    case .running where !isOver: return .running
    case .failed(let failure): return .failed(failure)
    case .running, .done: break
    }
    // It follows as far as it can; one that stays away is sent from where it is.
    let pet = context.model.petTrack?.distance ?? 0
    if pet > 25, !isOver { return .running }
    if context.state.target != prey.id {
      take = TakeTarget(prey.id)
      state = .targeting
      return .running
    }
    return begin(prey, context, &hands)
  }

  private mutating func face(_ prey: Spawn, _ context: RoutineContext, _ hands: inout Hands) {
    guard let place = context.state.player.position, let heading = context.state.player.heading else { return }
    let error = heading.turn(to: place.heading(to: prey.position))
    if abs(error) > 20 { turner.turn(error, rate: context.body.turnRate, &hands) }
  }
}
