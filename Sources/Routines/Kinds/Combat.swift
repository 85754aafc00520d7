import Core
import Lore
import Perception

/// Fights one target until it is down: a strategy chooses, the routine carries out.
struct Combat: Routine {
  enum State: Sendable {
    case targeting
    case choosing
    case casting(Cast)
  }

  let target: EntityID
  private var state: State = .targeting
  private var take: TakeTarget
  private var approach = Walk()
  /// Where we step back to, out of the sight of others, and when to look about again.
  private var retreat: Position?
  private var nextLook: Tick = .start
  private var turner = Turner()
  private var strategy: StrategyID = .melee
  private var started: Tick = .start
  private var castCount = 0
  private var course = FightCourse()
  private var lastPetOrder: Tick?
  private var lowest = 2.0
  private var gained: Tick = .start
  private var lastSeen = 1.0
  private var isClosing = false
  /// Where the target was at first.
  private var origin: Position?
  /// Where we give ground to, and since when.
  private var ground: (place: Position, at: Tick)?
  /// We hit it ourselves as well; auto-attack goes on while we cast.
  private var isBrawling = false
  /// The spell that failed last, and until when it is left alone.
  private var lastLasting: (spell: SpellID, at: Tick)?
  private var blocked: (spell: SpellID, until: Tick)?
  /// No way leads to the target: until then we fight from where we stand.
  private var waylessUntil: Tick = .start
  private var waylessCount = 0
  /// Why no way was found, until the target is hurt again.
  private var wayless: RoutineFailure?

  /// Slots without a scratch on the target until the fight is of no use.
  static let uselessSlots = 350
  /// A way that was not found is not looked for again for so long; after so many times the fight is given up.
  static let waylessSlots = 40
  static let waylessMax = 3
  static let petOrderSlots = 12
  /// Slots between two looks for others, and that stepping back may take.
  static let lookSlots = 10
  static let retreatSlots = 30
  /// Units from which blows land, with a margin.
  static let meleeReach = 7.0
  /// Slots for which one way of giving ground holds.
  static let groundSlots = 25
  /// What lasts is counted in whole beats of the server, and may end one of them earlier than it says. Unit: seconds.
  static let effectSlack = 6.0
  /// Slots before its end at which a snare is cast again.
  static let snareMargin = 80
  /// Units within which a target counts as seen.
  static let alwaysSeen = 14.0

  init(target: EntityID) {
    self.target = target
    take = TakeTarget(target)
  }

  var phase: UInt8 {
    switch state {
    case .targeting: 0
    case .choosing: 1
    case .casting: 2
    }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
    gained = context.tick
    strategy = context.standardStrategy
    course.expectedSeconds = context.advice.seconds
    hands.strategy = strategy
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    guard let foe = context.spawn(target) else {
      return isAchieved(context) ? .succeeded : .failed(.targetGone)
    }
    if foe.isDown { return .succeeded }
    if context.state.player.stand == .dead { return .failed(.died) }
    let health = foe.healthFraction ?? lastSeen
    lastSeen = health
    if origin == nil { origin = foe.position }
    if health < lowest - 0.004 {
      lowest = health
      gained = context.tick
      wayless = nil
      hands.progress()
    }
    if context.tick - gained > Self.uselessSlots { return .failed(wayless ?? .timedOut) }
    return act(on: foe, context, &hands)
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    guard let foe = context.spawn(target) else { return lastSeen < 0.15 || context.model.hasCorpse(of: target) }
    return foe.isDown
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(UInt64(strategy.rawValue))
    hash.combine(castCount)
    hash.combine(gained.slot)
    hash.combine(lastPetOrder?.slot ?? -1)
    hash.combine(waylessUntil.slot)
    if let retreat { hash.combine(retreat) }
    hash.combine(ground?.at.slot ?? -1)
    hash.combine(nextLook.slot)
    hash.combine(UInt64(wayless?.rawValue ?? .max))
    hash.combine(UInt64(course.left) << 8 | UInt64(clamping: course.fearsResisted))
    take.combine(into: &hash)
    approach.combine(into: &hash)
    turner.combine(into: &hash)
    if case .casting(let cast) = state { cast.combine(into: &hash) }
  }
}

extension Combat {
  private mutating func act(on foe: Spawn, _ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    switch state {
    case .targeting:
      switch take.tick(context, &hands) {
      case .running: return .running
      case .failed(let failure): return .failed(failure)
      case .done: state = .choosing
      }
      return act(on: foe, context, &hands)
    case .casting(var cast):
      let step = cast.tick(context, &hands)
      state = .casting(cast)
      if isBrawling, context.distance(to: foe) < 3 * Self.meleeReach { hands.autoAttack(context.state) }
      if step != .running {
        finish(cast.spell, step, foe, context, &hands)
        noteResists(context, &hands)
      }
      return .running
    case .choosing:
      noteResists(context, &hands)
      if context.state.target != target {
        take = TakeTarget(target)
        state = .targeting
        return .running
      }
      let view = view(of: foe, context, hands)
      changeStrategy(view, context, &hands)
      if keepClear(of: foe, view, context, &hands) { return .running }
      return carryOut(strategy.choose(view), foe, isAtEase: view.isAtEase, context, &hands)
    }
  }

  private mutating func carryOut(
    _ act: CombatAct, _ foe: Spawn, isAtEase: Bool, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    isBrawling = act == .melee || (isBrawling && act.isCast)
    if isBrawling, context.distance(to: foe) < 3 * Self.meleeReach { hands.autoAttack(context.state) }
    switch act {
    case .petAttack:
      if lastPetOrder.map({ context.tick - $0 >= Self.petOrderSlots }) ?? true {
        lastPetOrder = context.tick
        hands.tap(.petAttack)
      }
      face(foe, context, &hands)
    case .cast(let id):
      guard let spell = context.lore.spell(id) else { return .failed(.spellMissing) }
      if let reach = reachNeeded(for: spell, foe, context) {
        return goNearer(foe, within: reach, context, &hands)
      }
      approach = Walk()
      var cast = Cast(id, context.tick)
      let step = cast.tick(context, &hands)
      state = .casting(cast)
      if spell.target == .single { face(foe, context, &hands) }
      if step != .running { finish(id, step, foe, context, &hands) }
    case .melee:
      guard context.distance(to: foe) <= Self.meleeReach else {
        return goNearer(foe, within: Self.meleeReach, context, &hands)
      }
      approach = Walk()
      face(foe, context, &hands)
    case .giveGround: giveGround(to: foe, context, &hands)
    case .wait where strategy == .fearKite && foe.body == .fleeing && context.distance(to: foe) > Kite.follow:
      // What runs is followed: the next spell must reach it.
      return goNearer(foe, within: Kite.follow * 0.8, context, &hands)
    case .wait where isAtEase && !isBrawling:
      hands.take(posture: .sitting, context.state)
    case .wait:
      hands.take(posture: .standing, context.state)
      face(foe, context, &hands)
    }
    return .running
  }

  /// Steps back from who might join the fight, while the pet keeps the target busy; true while it does.
  private mutating func keepClear(
    of foe: Spawn, _ view: CastContext, _ context: RoutineContext, _ hands: inout Hands
  ) -> Bool {
    guard view.isTargetOnPet, !view.isTargetOnPlayer, view.addCount == 0, strategy.usesPet else {
      retreat = nil
      return false
    }
    if retreat == nil, context.tick >= nextLook {
      nextLook = context.tick + Self.lookSlots
      retreat = context.retreat(from: foe)
      approach = Walk()
    }
    guard let goal = retreat else { return false }
    guard context.tick - nextLook < Self.retreatSlots, approach.tick(to: goal, within: 4, context, &hands) == .running
    else {
      retreat = nil
      approach = Walk()
      nextLook = context.tick + Self.lookSlots
      return false
    }
    return true
  }

  /// Runs from the target, to where nobody else notices us; where there is no such place we stand and fight.
  private mutating func giveGround(to foe: Spawn, _ context: RoutineContext, _ hands: inout Hands) {
    if ground.map({ context.tick - $0.at >= Self.groundSlots }) ?? true {
      guard let place = context.wayOut(from: foe) else {
        // Cornered: blow for blow.
        isBrawling = true
        hands.take(posture: .standing, context.state)
        face(foe, context, &hands)
        return
      }
      ground = (place, context.tick)
      approach = Walk()
    }
    guard let goal = ground?.place else { return }
    // From one place to the next without a stop.
    if approach.tick(to: goal, within: 4, context, &hands) != .running {
      ground?.at = context.tick - Self.groundSlots + 1
    }
  }

  /// Goes on towards the target, around those who would join it. Where no way leads there we stand and do what can be
  /// done from here, then look anew.
  private mutating func goNearer(
    _ foe: Spawn, within reach: Double, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    guard context.tick >= waylessUntil else {
      hands.take(posture: .standing, context.state)
      face(foe, context, &hands)
      return .running
    }
    let step = approach.tick(
      to: foe.position, within: reach, clearOf: .all(except: foe.id), context, &hands)
    guard case .failed(let failure) = step else { return .running }
    approach = Walk()
    wayless = failure
    waylessCount += 1
    waylessUntil = context.tick + Self.waylessSlots
    return waylessCount < Self.waylessMax ? .running : .failed(failure)
  }

  /// Takes back what a cast was thought to have done, when the chat says that it was resisted.
  private mutating func noteResists(_ context: RoutineContext, _ hands: inout Hands) {
    guard let last = lastLasting, context.tick - last.at <= 10 else { return }
    guard let spell = context.lore.spell(last.spell) else { return }
    for line in context.chat where ClientCommands.isResist(line, of: spell.name) {
      hands.dots.strike(last.spell, on: target)
      if spell.kind == .fear { course.fearsResisted += 1 }
      lastLasting = nil
    }
  }

  /// What a finished or failed cast means for the next choice.
  private mutating func finish(
    _ id: SpellID, _ step: TaskStep, _ foe: Spawn, _ context: RoutineContext, _ hands: inout Hands
  ) {
    state = .choosing
    if case .failed(let failure) = step {
      // A key that brings no cast bar: too far, behind something, or not the gem that we think.
      if failure == .castFailed { isClosing = true }
      blocked = (id, context.tick + (failure == .castFailed ? 30 : 10))
      return
    }
    castCount += 1
    isClosing = false
    hands.progress()
    guard let spell = context.lore.spell(id), spell.durationSeconds > 0, spell.kind.isHostile else { return }
    lastLasting = (id, context.tick)
    hands.dots.note(
      id, on: foe.id, until: context.tick + Tick.slots(seconds: spell.durationSeconds), now: context.tick)
  }

  /// How near we must go before the spell can be cast; nil where it can be cast from here.
  private func reachNeeded(for spell: Spell, _ foe: Spawn, _ context: RoutineContext) -> Double? {
    guard spell.target == .single, spell.range > 0, let place = context.state.player.position else { return nil }
    let distance = place.distance(to: foe.position)
    // Who runs from us is further away when the cast is done.
    let lead = receding(foe, from: place, context) * spell.castSeconds
    let reach = max(spell.range * 0.3, spell.range * (isClosing ? 0.5 : 0.92) - lead)
    guard distance <= reach else { return max(spell.range * 0.25, reach - spell.range * 0.1) }
    // Close by, the map's idea of what hides what is not to be trusted more than trying.
    guard distance > Self.alwaysSeen, let navigator = context.navigator else { return nil }
    return navigator.isVisible(from: place, to: foe.position) ? nil : max(Self.alwaysSeen * 0.8, distance * 0.5)
  }

  /// How fast the target's way from us grows; 0 for one that does not run from us. Unit: world units per second.
  private func receding(_ foe: Spawn, from place: Position, _ context: RoutineContext) -> Double {
    guard foe.body == .fleeing, let velocity = context.model.track(foe.id)?.velocity else { return 0 }
    let way = foe.position - place
    let length = way.horizontalLength
    guard length > 1 else { return velocity.horizontalLength }
    return max(0, (velocity.x * way.x + velocity.y * way.y) / length)
  }

  private mutating func face(_ foe: Spawn, _ context: RoutineContext, _ hands: inout Hands) {
    guard let place = context.state.player.position, let heading = context.state.player.heading,
      context.state.player.stand == .standing, place.horizontalDistance(to: foe.position) > 1
    else { return }
    let error = heading.turn(to: place.heading(to: foe.position))
    if abs(error) > 20 { turner.turn(error, rate: context.body.turnRate, &hands) }
  }

  private mutating func changeStrategy(_ view: CastContext, _ context: RoutineContext, _ hands: inout Hands) {
    guard !context.advice.isFixed else { return }
    course.learn(context)
    guard let change = strategy.change(view, course) else { return }
    hands.events.append(
      .strategySwitch(target: target, from: strategy.rawValue, to: change.to.rawValue, reason: change.reason))
    course.left |= 1 << strategy.rawValue
    strategy = change.to
    hands.strategy = strategy
  }

  private func view(of foe: Spawn, _ context: RoutineContext, _ hands: Hands) -> CastContext {
    let player = context.state.player
    let track = context.model.track(foe.id)
    let pet = context.model.petTrack
    var adds = 0
    var addsOnPlayer = 0
    for row in context.model.attackers where context.model.tracks[row].id != foe.id {
      adds += 1
      if context.model.tracks[row].isOnPlayer { addsOnPlayer += 1 }
    }
    var view = CastContext(
      tick: context.tick, targetDistance: context.distance(to: foe), targetHealth: foe.healthFraction ?? 1,
      targetLevel: Int(foe.level), isTargetFleeing: foe.body == .fleeing,
      isTargetOnPlayer: track?.isOnPlayer ?? false, isTargetOnPet: track?.isOnPet ?? false,
      seconds: context.tick.seconds(since: started), addCount: adds, addsOnPlayer: addsOnPlayer,
      playerHealth: player.healthFraction ?? 0, playerMana: player.manaFraction ?? 0,
      manaPoints: player.mana ?? 0, level: player.level ?? 1,
      petHealth: pet.map { $0.health ?? 1 }, petSeconds: pet?.secondsToDeath, targetSeconds: track?.secondsToDeath,
      isPetOnTarget: pet?.target == foe.id,
      petDistance: track?.petDistance ?? .infinity, castCount: castCount,
      spells: choices(against: foe, context, hands))
    noteHold(on: foe, context, hands, &view)
    view.targetHaleSeconds = context.tick.seconds(since: gained)
    view.isGivingGround = ground.map { context.tick - $0.at < Self.groundSlots } ?? false
    view.targetStrayed = origin?.horizontalDistance(to: foe.position) ?? 0
    return view
  }

  /// What of ours slows the target or drives it away.
  private func noteHold(on foe: Spawn, _ context: RoutineContext, _ hands: Hands, _ view: inout CastContext) {
    for gem in context.state.gems {
      guard let spell = gem.spell.flatMap(context.lore.spell), spell.kind == .snare || spell.kind == .fear else {
        continue
      }
      let left = hands.dots.slotsLeft(spell.id, on: foe.id, now: context.tick)
      guard left > 0 else { continue }
      if spell.kind == .snare {
        view.isTargetSlowed = true
      } else if foe.body == .fleeing {
        view.fearSeconds = max(view.fearSeconds, max(0.1, Double(left) / 10 - Self.effectSlack))
      }
    }
  }

  /// The first ready spell of each use, in the order of the gems.
  private func choices(against foe: Spawn, _ context: RoutineContext, _ hands: Hands) -> SpellChoices {
    var choices = SpellChoices()
    for gem in context.state.gems where gem.recast <= 0 {
      guard let id = gem.spell, let spell = context.lore.spell(id), (context.state.player.mana ?? 0) >= spell.mana
      else { continue }
      if let blocked, blocked.spell == id, context.tick < blocked.until { continue }
      // What slows is renewed before it may end.
      let margin = spell.kind == .snare ? Self.snareMargin : 10
      if spell.kind.isHostile, spell.durationSeconds > 0,
        hands.dots.isActive(id, on: foe.id, now: context.tick, margin: margin)
      {
        if spell.kind != .fear { continue }
      }
      choices.offer(spell)
    }
    return choices
  }
}

extension SpellChoices {
  /// Takes the spell where none of its use is there yet.
  mutating func offer(_ spell: Spell) {
    switch spell.kind {
    case .dot: dot = dot ?? spell.id
    case .lifetap: lifetap = lifetap ?? spell.id
    case .fear: fear = fear ?? spell.id
    case .snare: snare = snare ?? spell.id
    case .root: root = root ?? spell.id
    case .nuke: nuke = nuke ?? spell.id
    case .heal where spell.target == .pet: mend = mend ?? spell.id
    case .heal: heal = heal ?? spell.id
    case .buff, .pet, .feign, .gate, .mez: break
    }
  }
}
