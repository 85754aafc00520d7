import Core
import Glibc
import Learning
import Lore
import Telemetry
import WorldModel

extension Brain {
  /// Takes in what the tick's events teach: fights that ended, and where we died. Called once per tick, after the
  /// routines ran.
  public mutating func learn(from events: [SessionEvent], at tick: Tick) {
    for event in events {
      memory.experience.card.count(event)
      switch event {
      case .encounterEnd(let encounter): learn(encounter, at: tick)
      case .playerDeath(let place, _): note(.danger, at: place, tick)
      default: break
      }
    }
  }

  private mutating func learn(_ encounter: EncounterEnd, at tick: Tick) {
    let end: EncounterOutcome.End =
      switch encounter.outcome {
      case .defeated: .defeated
      case .fled: .fled
      case .died: .died
      case .lost: .lost
      }
    let key = EncounterKey(
      species: encounter.name.species, difference: encounter.level - (memory.level ?? encounter.level),
      strategy: encounter.strategy)
    learned.encounters.observe(
      key,
      EncounterOutcome(
        end: end, seconds: encounter.seconds, manaSpent: encounter.manaSpent, healthLost: encounter.healthLost,
        adds: encounter.adds, petDied: encounter.petDied))
    switch end {
    case .defeated:
      note(.defeat, at: encounter.at, tick)
      memory.anomalies.noteDefeat(at: tick)
      if let zone = memory.zone, let home = memory.experience.home(of: encounter.target) {
        learned.spawns.vacated(zone: zone, place: home, now: learned.seconds(at: tick))
      }
    case .fled: note(.danger, at: encounter.at, tick)
    case .died, .lost: break
    }
    reward(encounter, end)
  }

  /// Credits the weights with what the hunt for this target gave: experience per second, with the rest it costs.
  private mutating func reward(_ encounter: EncounterEnd, _ end: EncounterOutcome.End) {
    guard let hunt = memory.experience.hunt, hunt.target == encounter.target else { return }
    memory.experience.hunt = nil
    guard let now = memory.experienceNow else { return }
    let levels = Double((memory.level ?? hunt.level) - hunt.level)
    let gain = max(0, now - hunt.experience + levels)
    if end == .defeated {
      memory.experience.lessons.note(encounter.level - hunt.level, hasGained: gain > 0, at: hunt.level)
    }
    let seconds =
      memory.now.seconds(since: hunt.started)
      + Self.restSeconds * min(2, encounter.manaSpent + encounter.healthLost)
    let paid = end == .defeated ? gain / max(5, seconds) : end == .died ? -0.001 : 0
    learned.weights.observe(hunt.points, reward: paid)
    learned.differences.observe(hunt.points, reward: paid)
  }

  /// What a full bar of health or mana costs in rest, roughly. Unit: seconds.
  static let restSeconds = 30.0

  private mutating func note(_ evidence: SpatialHeat.Evidence, at place: Position, _ tick: Tick) {
    guard let zone = memory.zone else { return }
    learned.heat.note(evidence, zone: zone, at: place, now: learned.seconds(at: tick))
  }

  /// What the snapshot itself teaches: who came back, and when the window of the scorecard ends.
  mutating func observe(_ situation: Situation, events: inout [SessionEvent]) {
    memory.now = situation.tick
    memory.experienceNow = situation.state.player.experience ?? memory.experienceNow
    for row in situation.model.engaged { memory.experience.noteHome(situation.model.tracks[row]) }
    if let zone = situation.zone, situation.model.updatesInZone > 20, situation.state.validity == .valid {
      let tracks = situation.model.tracks
      for row in tracks.indices
      where tracks[row].firstSeen == situation.tick && tracks[row].isLivingNPC && tracks[row].distance < Self.sight {
        learned.spawns.appeared(zone: zone, place: tracks[row].position, now: learned.seconds(at: situation.tick))
      }
    }
    finishCard(situation)
    correct(situation, events: &events)
    let tuning = configuration.learning.usesTuning ? learned.tuner.parameters : TunedParameters()
    if tuning != memory.experience.tuning {
      events.append(.tuningChange(roam: tuning.roam, social: tuning.social, thrift: tuning.thrift))
      memory.experience.tuning = tuning
    }
    expect(situation)
  }

  /// Who appears nearer than this has appeared, and not merely come into sight. Unit: world units.
  static let sight = 220.0

  /// Does something about what goes wrong slowly, where something can be done.
  private mutating func correct(_ situation: Situation, events: inout [SessionEvent]) {
    var anomalies = memory.anomalies
    let found = anomalies.check(situation, memory)
    memory.anomalies = anomalies
    if let found { events.append(.anomaly(found)) }
    switch found {
    case .campDrift: memory.isFarFromCamp = memory.campDistance != nil
    // Whoever is left alone for now is perhaps the last that was to be had, and another camp may be better off.
    case .acquireLoop, .defeatDrought:
      memory.attempts.clear()
      memory.expected = nil
    case .headingLock, .stuckOften: memory.stuckCount = max(memory.stuckCount, 3)
    case .manaDepletion, .fizzleStreak, nil: break
    }
  }

  private mutating func finishCard(_ situation: Situation) {
    guard let started = memory.experience.cardStarted else {
      memory.experience.cardStarted = situation.tick
      return
    }
    let seconds = situation.tick.seconds(since: started)
    guard seconds >= Scorecard.windowSeconds else { return }
    memory.experience.card.seconds = seconds
    if configuration.learning.usesTuning { learned.tuner.finish(memory.experience.card) }
    memory.experience.card = Scorecard()
    memory.experience.cardStarted = situation.tick
  }

  /// Looks for the spawn point that is worth a walk, when there is nothing to hunt.
  private mutating func expect(_ situation: Situation) {
    if situation.tick - memory.expectedAsked > BrainMemory.expectedTicks { memory.expected = nil }
    guard configuration.learning.usesSpawns, memory.choice == nil, memory.expected == nil, !situation.isThreatened,
      situation.tick - memory.expectedAsked >= 50 || memory.expectedAsked == .start,
      let row = memory.camp, lore.camps[row].zone == situation.zone, let place = situation.position
    else { return }
    memory.expectedAsked = situation.tick
    memory.expected = learned.spawns.soonest(
      zone: lore.camps[row].zone, around: lore.camps[row].center, radius: lore.camps[row].radius, from: place,
      speed: situation.navigator?.speed ?? 30, now: learned.seconds(at: situation.tick))
    // Not on another floor, and not where death waits.
    if let at = memory.expected?.place,
      situation.isOnAnotherFloor(at, than: lore.camps[row].center) || situation.isPerilous(at)
    {
      memory.expected = nil
    }
  }

  /// Begins what will be credited: the hunt for the chosen target, the emptying of a corpse.
  mutating func begin(_ decision: Decision, _ situation: Situation) {
    switch decision.order {
    case .acquire(let target), .pull(let target, _):
      if let choice = memory.choice, choice.id == target, memory.experience.hunt?.target != target {
        memory.experience.hunt = Experience.Hunt(
          target: target, points: choice.factors.points, started: situation.tick,
          experience: memory.experienceNow ?? 0, level: situation.level)
        drawStrategy(target, situation)
      }
    case .loot(let corpse):
      guard memory.experience.purse == nil, let worth = situation.worth,
        let track = situation.model.track(corpse)
      else { return }
      memory.experience.purse = (track.species, worth)
    default:
      break
    }
  }

  /// The corpse is empty: the difference is what it was worth.
  mutating func closePurse(_ outcome: RoutineOutcome, _ situation: Situation) {
    guard case .loot = outcome.order, let purse = memory.experience.purse else { return }
    memory.experience.purse = nil
    guard outcome.result == .succeeded, let worth = situation.worth else { return }
    learned.loot.observe(purse.species, value: max(0, worth - purse.worth))
  }

  private mutating func drawStrategy(_ target: EntityID, _ situation: Situation) {
    memory.experience.strategy = nil
    guard configuration.learning.usesStrategies, let track = situation.model.track(target) else { return }
    let strategies = situation.strategies
    let row = StrategyChoice.draw(
      strategies.map(\.rawValue), against: track.species, difference: Int(track.level) - situation.level,
      in: learned.encounters, health: situation.health, random: &generator)
    if let row { memory.experience.strategy = (target, strategies[row]) }
  }

  /// How the fight under way is to be fought; nil leaves it to the kit.
  public var strategy: StrategyID? {
    guard let drawn = memory.experience.strategy, memory.primary ?? drawn.target == drawn.target else { return nil }
    return drawn.id
  }
}

extension Scorecard {
  mutating func count(_ event: SessionEvent) {
    switch event {
    case .encounterEnd(let end):
      if end.outcome == .defeated { defeats += 1 }
      fightingSeconds += end.seconds
      casts += end.casts
    case .playerDeath: deaths += 1
    case .fleeTrigger: flees += 1
    case .pullResult(_, _, _, let failure, _):
      pulls += 1
      if failure == nil { pullsDone += 1 }
    case .acquireResult(_, _, let taps, let failure):
      self.taps += taps
      if failure == nil { targetsTaken += 1 }
    case .stuck: stuck += 1
    default: break
    }
  }
}
