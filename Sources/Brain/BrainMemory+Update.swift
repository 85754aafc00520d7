import Core
import Learning
import Lore
import Perception
import Telemetry
import WorldModel

extension BrainMemory {
  /// Everything that changes once per tick before the rules are asked.
  mutating func update(_ situation: Situation, learned: LearnedState, events: inout [SessionEvent]) {
    noteChanges(situation, events: &events)
    attempts.expire(at: situation.tick)
    updateDefence(situation)
    updateFlight(situation, events: &events)
    updateEvasion(situation)
    updatePrimary(situation)
    updateRest(situation)
    updateLeader(situation)
    updateCamp(situation)
    updateErrand(situation)
    updateCorpse(situation)
    updateChoice(situation, learned)
  }

  /// Level, zone, death and the loss of the pet.
  private mutating func noteChanges(_ situation: Situation, events: inout [SessionEvent]) {
    if let now = situation.state.player.level {
      if let level, now > level { events.append(.levelUp(level: now)) }
      level = now
    }
    if let now = situation.zone, now != zone {
      if zone != nil { events.append(.zoneChange(from: zone, to: now)) }
      zone = now
      attempts.clear()
      walks.clear()
      choice = nil
      primary = nil
      flight.destination = nil
      evasion = nil
      stuckCount = 0
    }
    if situation.isDead != wasDead {
      wasDead = situation.isDead
      if situation.isDead { noteDeath(situation, events: &events) }
    }
    if !situation.isDead { carries = situation.carriesAnything }
    if hadPet, !situation.hasPet { petDied = situation.tick }
    if situation.state.validity == .valid { hadPet = situation.hasPet }
    seekPet(situation)
    if let last = lastStuck, situation.tick - last > 600 { stuckCount = 0 }
  }

  private mutating func seekPet(_ situation: Situation) {
    guard pet.update(situation), case .pull(let prey, _) = order else { return }
    attempts.bar(prey, until: situation.tick + PetSearch.preyTicks)
  }

  private mutating func noteDeath(_ situation: Situation, events: inout [SessionEvent]) {
    let at = situation.position ?? .origin
    events.append(.playerDeath(at: at, attacker: situation.model.killer?.name ?? .empty))
    // Whoever dies on the way to a corpse learns that the way is deadly; twice is enough.
    if let row = lostCorpses.firstIndex(where: { !$0.isGuarded }) { lostCorpses[row].deaths += 1 }
    if let zone = situation.zone, situation.position != nil, carries {
      lostCorpses.insert(LostCorpse(zone: zone, at: at, since: situation.tick), at: 0)
      if lostCorpses.count > LostCorpse.capacity { lostCorpses.removeLast() }
    }
    flight = Flight()
    flight.ended = situation.tick
    isResting = false
    choice = nil
    primary = nil
    giveUpErrand(situation)
    errand = nil
  }

  private mutating func updateDefence(_ situation: Situation) {
    guard situation.isAttacked, !situation.isDead else {
      defence = Defence()
      defence.progressed = situation.tick
      return
    }
    var remaining = 0.0
    for row in situation.model.attackers { remaining += situation.model.tracks[row].health ?? 1 }
    let count = situation.model.attackers.count
    // Who runs from us is no danger while it runs.
    let isRun = situation.model.attackers.allSatisfy { situation.model.tracks[$0].body == .fleeing }
    if count != defence.attackerCount || remaining < defence.remaining - 0.005 || isRun {
      defence.attackerCount = count
      defence.remaining = isRun ? min(remaining, defence.remaining) : remaining
      defence.progressed = situation.tick
    }
    if situation.hasStruck { defence.struck = situation.tick }
    if defence.isStalled {
      if situation.tick - defence.stalledSince > Defence.stallTicks {
        defence.isStalled = false
        defence.remaining = remaining
        defence.progressed = situation.tick
      }
    } else if defence.isVain(at: situation.tick) {
      defence.isStalled = true
      defence.stalledSince = situation.tick
      vain.note(situation.model.tracks[situation.model.attackers[0]].id, at: situation.tick)
    }
  }

  private mutating func updateFlight(_ situation: Situation, events: inout [SessionEvent]) {
    let urgency = FleeUrgency(situation, petDied: petDied, isStalled: defence.isStalled)
    flight.urgency = urgency.urgency
    flight.floor = urgency.floor
    if situation.isThreatened { flight.lastThreat = situation.tick }
    if flight.isOn {
      let isQuiet = !situation.isThreatened && situation.tick - flight.lastThreat >= 20
      // What made us run may lie on the edge of counting, and be there and gone every tick.
      let isCalm =
        urgency.floor == nil && urgency.urgency < situation.thresholds.fleeUrgencyExit
        && situation.tick - flight.since >= Flight.leastTicks
      if situation.isDead || isQuiet || (isCalm && situation.isThreatened) {
        flight.isOn = false
        flight.ended = situation.tick
        flight.destination = nil
        flight.threat = nil
        return
      }
    } else if urgency.floor != nil || urgency.urgency >= situation.thresholds.fleeUrgencyEnter {
      flight.isOn = true
      flight.since = situation.tick
      flight.reason = urgency.floor ?? .threatNear
      flight.destination = nil
      flight.threat =
        situation.model.attackers.first.map { situation.model.tracks[$0].id } ?? situation.model.threats.first?.id
      events.append(
        .fleeTrigger(
          reason: flight.reason, health: situation.health, threat: flight.threat, at: situation.position ?? .origin))
      giveUpErrand(situation)
    }
    guard flight.isOn else { return }
    let hasArrived =
      flight.destination.flatMap { goal in situation.position.map { $0.horizontalDistance(to: goal) < 12 } } ?? false
    if flight.destination == nil || (hasArrived && situation.isThreatened) {
      flight.destination = FleePoint.choose(
        situation, camp: camp, threat: flight.threat, isFirst: flight.since == situation.tick,
        isVain: isVain(situation))
    }
  }

  /// Whoever had to run on the way to another zone's merchant, or died of it, has met more than the trade is worth: that
  /// way is not tried again for a while, and each time for twice as long. Who made it there begins anew.
  private mutating func giveUpErrand(_ situation: Situation) {
    guard let zone = errand?.zone, let row = camp, situation.lore.camps[row].zone != zone else { return }
    errand = nil
    tradeBarred = situation.tick + Errand.barTicks << min(errandsGivenUp, Errand.doublingsMax)
    errandsGivenUp += 1
  }

  /// Flights within the zone have not rid us of who attacks.
  private func isVain(_ situation: Situation) -> Bool {
    vain.count >= VainDefence.patience && situation.tick - vain.last < VainDefence.memoryTicks
      && situation.model.attackers.contains { situation.model.tracks[$0].id == vain.attacker }
  }

  private mutating func updateEvasion(_ situation: Situation) {
    if let current = evasion {
      let isOver =
        situation.tick >= current.until || situation.isDead || situation.isAttacked
        || situation.position.map { $0.horizontalDistance(to: current.to) < 8 } ?? true
      if !isOver { return }
      evasion = nil
      lastEvasion = situation.tick
    }
    guard !situation.isDead, !situation.isAttacked, let threat = situation.deadlyThreat,
      let track = situation.model.track(threat.id), let place = situation.position
    else { return }
    if let last = lastEvasion, situation.tick - last < 20 { return }
    evasion = Evasion(
      from: threat.id, to: EvadePoint.choose(situation, place: place, threat: track), until: situation.tick + 50)
  }

  /// The fight that goes on stays the same until its enemy is gone.
  private mutating func updatePrimary(_ situation: Situation) {
    if !situation.model.engaged.isEmpty { lastEngaged = situation.tick }
    let model = situation.model
    if let id = primary, let row = model.row(id), model.engaged.contains(row) { return }
    primary = nil
    if let row = model.target, model.engaged.contains(row) {
      primary = model.tracks[row].id
    } else if let target = model.petTrack?.target, let row = model.row(target), model.engaged.contains(row) {
      primary = target
    } else if let row = model.attackers.first ?? model.engaged.first {
      primary = model.tracks[row].id
    }
  }

  private mutating func updateRest(_ situation: Situation) {
    guard !situation.isDead, !situation.isThreatened, let health = situation.health else {
      isResting = false
      return
    }
    let thresholds = situation.thresholds
    let mana = situation.mana ?? 1
    let isFull = health >= 0.99 && mana >= 0.99
    let pet = situation.hasPet ? situation.petHealth ?? 1 : 1
    // Who needs no rest itself waits for no more than a pet that can fight.
    let isPetFit = pet >= thresholds.petFit
    if isResting {
      let isPetReady =
        pet >= thresholds.restPetExit || (isFull && isPetFit) || situation.tick - restingSince > 1200
      if health >= thresholds.restHealthExit, mana >= thresholds.restManaExit, isPetReady { isResting = false }
    } else if health < thresholds.restHealthEnter || mana < thresholds.restManaEnter || situation.lacksMeans(self)
      || (isBeforeRecovery(situation) && (health < thresholds.restHealthExit || mana < thresholds.restManaExit))
      || (pet < thresholds.restPetEnter && !(isFull && isPetFit)) || restsToHunt(situation, health)
    {
      isResting = true
      restingSince = situation.tick
    }
  }

  /// There is somebody to hunt, and nobody whom our health would do for, as of the tick before.
  private func restsToHunt(_ situation: Situation, _ health: Double) -> Bool {
    situation.loadout.pet == nil && health < situation.thresholds.restHealthExit && choice == nil && lacksHealthToHunt
  }

  /// Where we died once, without our belongings, nobody goes but rested.
  private func isBeforeRecovery(_ situation: Situation) -> Bool {
    guard let corpse = lostCorpse, corpse.zone == situation.zone, let place = situation.position,
      situation.configuration.features.recoversCorpses
    else { return false }
    return place.horizontalDistance(to: corpse.at) > 60
  }

  private mutating func updateCamp(_ situation: Situation) {
    let lore = situation.lore
    if let row = camp, lore.camps[row].levels.contains(situation.level) || lore.policy.camp != nil {
    } else {
      camp = CampChoice.choose(lore, level: situation.level, zone: situation.zone, place: situation.position)
    }
    if let leader {
      let distance = situation.position.map { $0.horizontalDistance(to: leader.at) }
      campDistance = leader.zone == situation.zone ? distance : nil
      isFarFromCamp = (campDistance ?? 0) > (isFarFromCamp ? 0.5 : 1) * Leader.leash
      return
    }
    guard let row = camp, lore.camps[row].zone == situation.zone, let place = situation.position else {
      campDistance = nil
      isFarFromCamp = false
      return
    }
    let distance = place.horizontalDistance(to: lore.camps[row].center)
    campDistance = distance
    // Whoever meets somebody to hunt on the way home is home.
    let home = (choice == nil || isHuntBarred ? 0.6 : 0.9) * lore.camps[row].radius
    isFarFromCamp = isFarFromCamp ? distance > home : distance > lore.policy.leash
  }

  /// Full bags or too few reagents are a reason to see a merchant, if one is known.
  private mutating func updateErrand(_ situation: Situation) {
    if let current = errand {
      if situation.tick - current.since > Errand.patienceTicks { errand = nil }
      if errand?.merchant == nil, current.zone == situation.zone {
        errand?.merchant = situation.model.tracks.first { $0.policy == .vendor && $0.distance < 150 }?.id
      }
      return
    }
    guard situation.configuration.features.trades, !situation.isDead, let zone = situation.zone,
      situation.tick >= tradeBarred
    else { return }
    let isNeeded = Trade.isNeeded(situation)
    guard isNeeded || Trade.isWished(situation), let wish = Trade.errand(situation, from: zone),
      isNeeded || Trade.isWorthIt(wish, situation, from: zone)
    else { return }
    // No trade is worth a way past somebody who would be the death of us; and only full bags one through a country that
    // is too hard.
    if wish.zone != zone, let line = situation.lore.line(from: zone, to: wish.zone),
      situation.isPerilous(line.at)
        || (situation.isWorse(line.to) && situation.state.inventory.slotsFree ?? 2 > 1)
    {
      tradeBarred = situation.tick + Errand.barTicks
    } else {
      errand = wish
    }
  }

  private mutating func updateCorpse(_ situation: Situation) {
    lostCorpses.removeAll {
      $0.tries >= LostCorpse.triesMax || $0.deaths >= LostCorpse.deathsMax
        || situation.tick - $0.since > LostCorpse.patienceTicks
    }
    for row in lostCorpses.indices where lostCorpses[row].zone == situation.zone {
      lostCorpses[row].isGuarded = situation.isPerilous(lostCorpses[row].at)
    }
    if isAfterCorpse(situation) { return }
    corpse = nil
    corpseLeft = nil
    // Who sits gets up for nothing that keeps, and who needs a rest goes nowhere far before it.
    let isSitting = isResting && rule == .rest
    let isSpent = (situation.health ?? 0) <= Self.corpseHealth
    for row in situation.model.corpses {
      let track = situation.model.tracks[row]
      guard track.distance <= situation.lore.policy.lootDistance else { break }
      if attempts.bars(track.id, at: situation.tick) { continue }
      var refusal: RuleReason?
      // Whoever goes there now has the next fight on what the last one left: it lies there a while.
      if track.distance > Self.corpseAtHand, situation.model.isWatched(track.position, within: Self.corpseRoom) {
        refusal = .threatNear
      } else if isResting, isSitting || isSpent || track.distance >= Self.corpseBeforeRest {
        refusal = .recovered
      }
      guard let refusal else {
        corpse = track.id
        corpseLeft = nil
        return
      }
      if corpseLeft == nil { corpseLeft = (refusal, track.distance, track.firstSeen) }
    }
  }

  /// The corpse that we want is still to be had, and nothing speaks against it.
  private func isAfterCorpse(_ situation: Situation) -> Bool {
    guard let current = corpse, let row = situation.model.row(current), situation.model.corpses.contains(row),
      !attempts.bars(current, at: situation.tick)
    else { return false }
    let track = situation.model.tracks[row]
    guard track.distance <= 1.5 * situation.lore.policy.lootDistance,
      track.distance <= Self.corpseAtHand || !situation.model.isWatched(track.position, within: Self.corpseGuard)
    else { return false }
    guard isResting else { return true }
    guard rule != .rest, (situation.health ?? 0) > Self.corpseHealth else { return false }
    return rule == .loot || track.distance < Self.corpseBeforeRest
  }

  private mutating func updateChoice(_ situation: Situation, _ learned: LearnedState) {
    guard !situation.isDead, !situation.isAttacked else {
      choice = nil
      candidates.removeAll(keepingCapacity: true)
      clearRejected()
      return
    }
    TargetScoring.choose(situation, learned: learned, memory: &self)
  }
}

extension Situation {
  /// There is something in the bags or the purse that a corpse would keep.
  fileprivate var carriesAnything: Bool {
    if (state.player.money ?? 0) > 0 { return true }
    return state.inventory.slotsTotal == nil || !state.inventory.items.isEmpty
  }
}
