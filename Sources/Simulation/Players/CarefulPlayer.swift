import Core
import Lore
import Nav
import Perception
import Routines
import Telemetry

/// A decent script, the bar an agent has to beat: one enemy at a time that is no stronger than itself, pet and spells
/// on it, loot, rest by sitting; away from trouble; after a death back to the corpse.
struct CarefulPlayer: ReferenceRules {
  private enum Errand {
    case none
    case fight(EntityID, since: Tick)
    case loot(EntityID, since: Tick)
    case rest(since: Tick)
    case flee(since: Tick)
  }

  private let lore: Lore
  private var walker: Walker
  private var aim = Aim()
  private var random: SeededGenerator
  private var errand = Errand.none
  /// Where it hunts; it moves on when there is nothing left to fight.
  private var home: (zone: ZoneID, place: Position)?
  /// Walks since it last found somebody to fight.
  private var vainWalks = 0
  /// Until when it steps aside, and from when on it would again.
  private var aside: (until: Tick, again: Tick)?
  /// Where its corpse lies, until it is looted or given up.
  private var grave: (zone: ZoneID, place: Position, since: Tick)?
  /// Whom it fought; their corpses are its own to loot.
  private var fought: [EntityID] = []
  private var barred: [(id: EntityID, until: Tick)] = []
  private var rotting: (foe: EntityID, until: Tick)?
  private var wish: Position?
  private var wasDead = false
  /// When it last began to learn a spell.
  private var studied: Tick?

  init(lore: Lore, body: BodyProfile, seed: UInt64) {
    self.lore = lore
    walker = Walker(body: body)
    random = SeededGenerator(seed: seed)
  }

  mutating func act(_ state: GameState, navigator: Navigator?, hands: inout ReferenceHands) {
    guard let place = state.player.position, let zone = state.zone else { return }
    if home == nil { home = (zone, place) }
    barred.removeAll { $0.until <= state.tick }
    if state.player.stand == .dead {
      if !wasDead { grave = (zone, place, state.tick) }
      wasDead = true
      errand = .none
      if state.tick.slot % 20 == 0 { hands.type("/release") }
      return
    }
    wasDead = false
    let attackers = state.attackers(within: 150)
    if isTrouble(state, attackers) {
      if case .flee = errand {
      } else {
        hands.events.append(
          .fleeTrigger(reason: .none, health: state.player.healthFraction, threat: attackers.first?.id, at: place))
        errand = .flee(since: state.tick)
      }
    }
    switch errand {
    case .flee(let since): flee(since, attackers, state, navigator: navigator, hands: &hands)
    case _ where state.player.casting != nil: break
    case .fight(let id, let since): fight(id, since, attackers, state, navigator: navigator, hands: &hands)
    case _ where attackers.isEmpty && shun(state, navigator: navigator, hands: &hands): errand = .none
    case _ where !attackers.isEmpty:
      begin(attackers[0], state)
      fight(attackers[0].id, state.tick, attackers, state, navigator: navigator, hands: &hands)
    case .loot(let id, let since): loot(id, since, state, navigator: navigator, hands: &hands)
    case .rest(let since): rest(since, state, hands: &hands)
    case .none: choose(state, navigator: navigator, hands: &hands)
    }
  }

  // MARK: - Trouble

  private func isTrouble(_ state: GameState, _ attackers: [Spawn]) -> Bool {
    guard !attackers.isEmpty, let health = state.player.healthFraction else { return false }
    let onPlayer = attackers.filter { $0.target == state.player.id }
    // What is nearly dead is finished, not run from.
    let isNearlyWon = attackers.count == 1 && (attackers[0].healthFraction ?? 1) < 0.2
    return !onPlayer.isEmpty && !isNearlyWon
      && (health < 0.35 || (onPlayer.count >= 2 && health < 0.55) || (attackers.count >= 3 && health < 0.75))
  }

  /// Steps aside for who is far too strong; true while somebody like that is near.
  private mutating func shun(_ state: GameState, navigator: Navigator?, hands: inout ReferenceHands) -> Bool {
    guard let place = state.player.position, let level = state.player.level else { return false }
    let giant = state.living(within: 140) { spawn in
      !lore.policy.neverFight.contains(spawn.name.species)
        && lore.policy.con.colour(level: Int(spawn.level), player: level) == .red
        && abs(spawn.position.z - place.z) < 15
    }.first
    guard let giant else { return false }
    // Not for ever: where all are too strong, something else must be done.
    if aside.map({ $0.again <= state.tick }) ?? true { aside = (state.tick + 150, state.tick + 450) }
    guard let aside, state.tick < aside.until else { return false }
    let point = place.moved(120, along: giant.position.heading(to: place))
    wish = nil
    _ = walker.walk(
      to: navigator?.nearestWalkable(to: point, within: 60) ?? point, within: 5, state, navigator: navigator,
      hands: &hands)
    return true
  }

  private mutating func flee(
    _ since: Tick, _ attackers: [Spawn], _ state: GameState, navigator: Navigator?, hands: inout ReferenceHands
  ) {
    let isChased = attackers.contains { $0.target == state.player.id }
    if (!isChased && state.tick - since > 50) || state.tick - since > 600 {
      errand = .none
      wish = nil
      walker.stop(&hands)
      return
    }
    if playDead(isChased, state, hands: &hands) { return }
    guard let place = state.player.position else { return }
    if wish == nil || state.tick.slot % 50 == 0 {
      var away = attackers.first.map { $0.position.heading(to: place) } ?? state.player.heading ?? .north
      if let home, home.zone == state.zone, home.place.horizontalDistance(to: place) > 80 {
        away = place.heading(to: home.place)
      }
      var point = place.moved(200, along: away)
      // Not into another zone.
      for turn in [64.0, -64, 128, -128] where isNearLine(point, zone: state.zone) {
        point = place.moved(200, along: away + turn)
      }
      wish = navigator?.nearestWalkable(to: point, within: 80) ?? point
    }
    if let wish, walker.walk(to: wish, within: 10, state, navigator: navigator, hands: &hands) { self.wish = nil }
  }

  /// Lies down as if dead, if it knows how; true while it is at that, or lies.
  private func playDead(_ isChased: Bool, _ state: GameState, hands: inout ReferenceHands) -> Bool {
    if state.player.stand == .feigned {
      if isChased, state.tick.slot % 10 == 0 { hands.tap(.sitStand) }
      return true
    }
    if state.player.casting.flatMap({ lore.spell($0.spell) })?.kind == .feign { return true }
    guard isChased, let (key, _) = state.readyGem(.feign, lore) else { return false }
    walker.stop(&hands)
    if state.player.casting != nil {
      if state.tick.slot % 5 == 0 { hands.tap(.sitStand) }
    } else if state.tick.slot % 3 == 0 {
      hands.tap(key)
    }
    return true
  }

  private func isNearLine(_ point: Position, zone: ZoneID?) -> Bool {
    guard let zone = zone.flatMap(lore.zone) else { return false }
    return !zone.contains(point)
      || zone.lines.contains { $0.at.horizontalDistance(to: point) < $0.radius + 60 }
  }

  // MARK: - Fighting

  private mutating func begin(_ foe: Spawn, _ state: GameState) {
    errand = .fight(foe.id, since: state.tick)
    wish = nil
    if vainWalks > 2, let zone = state.zone, let place = state.player.position { home = (zone, place) }
    vainWalks = 0
    if !fought.contains(foe.id) { fought.append(foe.id) }
    if fought.count > 12 { fought.removeFirst() }
  }

  private mutating func fight(
    _ id: EntityID, _ since: Tick, _ attackers: [Spawn], _ state: GameState, navigator: Navigator?,
    hands: inout ReferenceHands
  ) {
    guard let foe = state.spawn(id), foe.kind == .npc, foe.body != .dead, state.tick - since < 1200 else {
      errand = .none
      return
    }
    let isFighting = attackers.contains { $0.id == id }
    if let other = attackers.first(where: { $0.target == state.player.id }), !isFighting, other.id != id {
      begin(other, state)
      return
    }
    let isUnhurt = (foe.healthFraction ?? 1) > 0.99
    if isUnhurt, !isFighting, state.tick - since > 300 {
      give(up: id, state)
      return
    }
    switch aim.take(foe, state, hands: &hands) {
    case .hopeless: give(up: id, state)
    case .trying: break
    case .taken: strike(foe, state, navigator: navigator, hands: &hands)
    }
  }

  private mutating func strike(_ foe: Spawn, _ state: GameState, navigator: Navigator?, hands: inout ReferenceHands) {
    let distance = state.distance(to: foe)
    let hasSpells = [SpellKind.dot, .nuke, .lifetap].contains { state.hasGem($0, lore) }
    let health = foe.healthFraction ?? 1
    if let pet = state.petSpawn, pet.target != foe.id {
      guard walker.walk(to: foe.position, within: 95, state, navigator: navigator, hands: &hands) else { return }
      if state.tick.slot % 5 == 0 { hands.tap(.petAttack) }
    }
    // The pet goes first, so that it takes the blows.
    if state.petSpawn != nil, health > 0.97, foe.target != state.player.id { return }
    if mend(state, hands: &hands) { return }
    let hasMana = (state.player.manaFraction ?? 0) > 0.08
    let needsSpells = state.petSpawn == nil || health > 0.25 || foe.target == state.player.id
    if hasSpells, hasMana, distance > 7 || needsSpells {
      guard walker.walk(to: foe.position, within: 95, state, navigator: navigator, hands: &hands) else { return }
      guard state.tick.slot % 3 == 0, needsSpells else { return }
      if rotting?.foe != foe.id || rotting.map({ $0.until <= state.tick }) ?? true, health > 0.4,
        let (key, spell) = state.readyGem(.dot, lore)
      {
        hands.tap(key)
        rotting = (foe.id, state.tick + Int(spell.durationSeconds * 10))
      } else if (state.player.healthFraction ?? 1) < 0.8, let (key, _) = state.readyGem(.lifetap, lore) {
        hands.tap(key)
      } else if let (key, _) = state.readyGem(.nuke, lore) ?? state.readyGem(.lifetap, lore) {
        if (state.player.manaFraction ?? 0) > 0.2 || state.petSpawn == nil { hands.tap(key) }
      }
      if distance > 12 { return }
    } else if !hasSpells || state.petSpawn == nil {
      guard walker.walk(to: foe.position, within: 7, state, navigator: navigator, hands: &hands) else { return }
    }
    guard distance <= 14 else { return }
    if walker.face(foe.position, state, hands: &hands), state.isAutoAttacking == false, state.tick.slot % 5 == 0 {
      hands.tap(.autoAttack)
    }
  }

  /// Heals itself, or its servant; true when it does.
  private func mend(_ state: GameState, hands: inout ReferenceHands) -> Bool {
    guard state.tick.slot % 3 == 0, let (key, spell) = state.readyGem(.heal, lore) else { return false }
    switch spell.target {
    case .caster where (state.player.healthFraction ?? 1) < 0.6,
      .pet where (state.petSpawn?.healthFraction ?? 1) < 0.5:
      hands.tap(key)
      return true
    default: return false
    }
  }

  private mutating func give(up id: EntityID, _ state: GameState) {
    barred.append((id, state.tick + 600))
    errand = .none
  }

  // MARK: - Between fights

  private mutating func choose(_ state: GameState, navigator: Navigator?, hands: inout ReferenceHands) {
    if state.isAutoAttacking == true, state.tick.slot % 5 == 0 { hands.tap(.autoAttack) }
    if let corpse = corpse(state) {
      errand = .loot(corpse.id, since: state.tick)
      return
    }
    if needsRest(state) {
      errand = .rest(since: state.tick)
      return
    }
    if study(state, hands: &hands) { return }
    if state.player.stand == .sitting {
      if state.tick.slot % 5 == 0 { hands.tap(.sitStand) }
      return
    }
    if prepare(state, hands: &hands) { return }
    if goBack(state, navigator: navigator, hands: &hands) { return }
    if let foe = prey(state) {
      begin(foe, state)
      return
    }
    wander(state, navigator: navigator, hands: &hands)
  }

  /// Puts the strongest spell of its kind into each gem; true while it is at that.
  private mutating func study(_ state: GameState, hands: inout ReferenceHands) -> Bool {
    guard let level = state.player.level, let own = state.player.classID else { return false }
    func rank(_ spell: Spell) -> (Int, UInt16)? {
      spell.levels[own].flatMap { $0 <= level ? ($0, spell.id.raw) : nil }
    }
    if let studied, state.tick - studied < 80 { return true }
    for (index, gem) in state.gems.enumerated() {
      guard let spell = gem.spell.flatMap(lore.spell), let known = rank(spell) else { continue }
      let better = lore.spells.filter { other in
        other.kind == spell.kind && other.target == spell.target && rank(other).map { $0 > known } ?? false
          && !state.gems.contains { $0.spell == other.id }
      }.max { (rank($0) ?? (0, 0)) < (rank($1) ?? (0, 0)) }
      guard let better else { continue }
      walker.stop(&hands)
      if state.player.stand != .sitting {
        if state.tick.slot % 5 == 0 { hands.tap(.sitStand) }
      } else {
        hands.type(FixedText("/mem \(index + 1) \(better.id.raw)"))
        studied = state.tick
      }
      return true
    }
    return false
  }

  /// A pet and a blessing on itself; true while it is at that.
  private func prepare(_ state: GameState, hands: inout ReferenceHands) -> Bool {
    if state.pet == nil, let (key, _) = state.readyGem(.pet, lore) {
      walker.stop(&hands)
      if state.tick.slot % 10 == 0 { hands.tap(key) }
      return true
    }
    if let (key, spell) = state.readyGem(.buff, lore), !state.player.buffs.contains(where: { $0.spell == spell.id }) {
      walker.stop(&hands)
      if state.tick.slot % 10 == 0 { hands.tap(key) }
      return true
    }
    return false
  }

  private func needsRest(_ state: GameState) -> Bool {
    (state.player.healthFraction ?? 1) < 0.65
      || ((state.player.manaMax ?? 0) > 0 && (state.player.manaFraction ?? 1) < 0.35)
      || (state.petSpawn?.healthFraction ?? 1) < 0.5
  }

  private mutating func rest(_ since: Tick, _ state: GameState, hands: inout ReferenceHands) {
    let health = state.player.healthFraction ?? 1
    let mana = (state.player.manaMax ?? 0) > 0 ? state.player.manaFraction ?? 1 : 1
    let isRested = health > 0.95 && mana > 0.85 && (state.petSpawn?.healthFraction ?? 1) > 0.85
    if isRested || state.tick - since > 2400 {
      hands.events.append(.restEnd(seconds: Double(state.tick - since) / 10, health: health, mana: mana))
      errand = .none
    } else if state.player.stand != .sitting, state.tick.slot % 5 == 0 {
      walker.stop(&hands)
      hands.tap(.sitStand)
    }
  }

  private mutating func wander(_ state: GameState, navigator: Navigator?, hands: inout ReferenceHands) {
    guard let home, home.zone == state.zone else { return }
    if wish == nil || state.tick.slot % 600 == 0 {
      let point = home.place.moved(random.uniform(0...searchRadius - 120), along: Heading(random.uniform(0...511)))
      vainWalks += 1
      wish = navigator?.nearestWalkable(to: point, within: 60) ?? point
    }
    if let wish, walker.walk(to: wish, within: 10, state, navigator: navigator, hands: &hands) { self.wish = nil }
  }

  /// The nearest enemy that is worth it, unhurt, and alone.
  private func prey(_ state: GameState) -> Spawn? {
    let level = state.player.level ?? 1
    let near = state.living(within: 260)
    // Where nobody stands alone, it becomes less particular.
    let room = max(30, 50 - 5 * Double(vainWalks))
    func isFair(_ spawn: Spawn, _ colours: [ConColour]) -> Bool {
      guard colours.contains(lore.policy.con.colour(level: Int(spawn.level), player: level)),
        !lore.policy.neverFight.contains(spawn.name.species), (spawn.healthFraction ?? 1) > 0.99,
        spawn.target == nil, !barred.contains(where: { $0.id == spawn.id }),
        home.map({ $0.zone != state.zone || $0.place.horizontalDistance(to: spawn.position) < searchRadius }) ?? true
      else { return false }
      return !near.contains { other in
        guard other.id != spawn.id else { return false }
        let distance = other.position.distance(to: spawn.position)
        let isKin = other.name.species == spawn.name.species || other.race == spawn.race
        let isStrong = lore.policy.con.colour(level: Int(other.level), player: level) >= .yellow
        return distance < (isKin ? max(45, room) : isStrong ? room + 20 : room / 2)
      }
    }
    // Without the servant that it is used to, nobody of its own size.
    let isBereft = state.pet == nil && state.hasGem(.pet, lore)
    if !isBereft, let foe = near.first(where: { isFair($0, [.blue, .white]) }) { return foe }
    return near.first { isFair($0, [.lightBlue, .green]) }
  }

  /// How far from home it looks for somebody to fight.
  private var searchRadius: Double { min(1_500, 420 + 120 * Double(vainWalks)) }

  // MARK: - Corpses

  private func corpse(_ state: GameState) -> Spawn? {
    let hasRoom = (state.inventory.slotsFree ?? 1) > 0
    return state.spawns.first { spawn in
      guard spawn.kind == .corpse, state.distance(to: spawn) < 150, !barred.contains(where: { $0.id == spawn.id })
      else { return false }
      if isOwn(spawn, state) { return true }
      return hasRoom && (spawn.owner.map { fought.contains($0) } ?? false)
    }
  }

  private func isOwn(_ corpse: Spawn, _ state: GameState) -> Bool {
    corpse.owner == state.player.id && corpse.owner != nil
  }

  private mutating func loot(
    _ id: EntityID, _ since: Tick, _ state: GameState, navigator: Navigator?, hands: inout ReferenceHands
  ) {
    guard let corpse = state.spawn(id), corpse.kind == .corpse, state.tick - since < 300 else {
      if grave.map({ state.tick - $0.since < 36_000 && state.distance(to: $0.place) < 30 }) ?? false { grave = nil }
      barred.append((id, state.tick + 1200))
      errand = .none
      return
    }
    guard walker.walk(to: corpse.position, within: 8, state, navigator: navigator, hands: &hands) else { return }
    switch aim.take(corpse, state, hands: &hands) {
    case .hopeless: give(up: id, state)
    case .trying: break
    case .taken: if state.tick.slot % 10 == 0 { hands.type("/loot all") }
    }
  }

  /// After a death: to the corpse, and where that is another zone, home; true while it is at that.
  private mutating func goBack(_ state: GameState, navigator: Navigator?, hands: inout ReferenceHands) -> Bool {
    if let grave,
      state.tick - grave.since > 6000 || (grave.zone == state.zone && state.distance(to: grave.place) < 10)
    {
      self.grave = nil
    }
    guard let goal = grave.map({ ($0.zone, $0.place) }) ?? home.map({ ($0.zone, $0.place) }), let zone = state.zone
    else { return false }
    guard goal.0 == zone else {
      guard let line = lore.line(from: zone, to: goal.0) else { return false }
      _ = walker.walk(to: line.at, within: 1, state, navigator: navigator, hands: &hands)
      return true
    }
    guard state.distance(to: goal.1) > (grave == nil ? searchRadius : 8) else { return false }
    _ = walker.walk(to: goal.1, within: 5, state, navigator: navigator, hands: &hands)
    return true
  }
}

extension GameState {
  fileprivate func distance(to place: Position) -> Double { player.position?.distance(to: place) ?? .infinity }
}
