import Core
import Learning
import Lore
import Perception
import Telemetry
import WorldModel

/// Chooses whom to hunt: every living NPC in reach is scored, or rejected for a reason.
enum TargetScoring {
  /// Nobody dangerous may come by for so long. Unit: seconds.
  static let patrolSeconds = 32.0
  /// A candidate below this score is left alone.
  static let scoreMin = 40.0
  /// So many rejected ones stand in a receipt.
  static let rejectedMax = 5
  /// What the enemy of one who needs help is worth.
  static let assistScore = 200.0
  /// The chosen target stays until another is better by so much.
  static let loyalty = 1.25

  /// Fills the memory's choice and the lists for the receipt.
  ///
  /// Every track is scored by what it is; the best few are then weighed by the way on foot and against each other.
  /// - Complexity: O(n) over the tracks.
  static func choose(_ situation: Situation, learned: LearnedState, memory: inout BrainMemory) {
    memory.candidates.removeAll(keepingCapacity: true)
    memory.clearRejected()
    memory.pool.clear()
    guard let place = situation.position else {
      memory.choice = nil
      return
    }
    memory.isAssisting = false
    if let enemy = Party.enemy(situation, memory) {
      memory.isAssisting = true
      memory.choice = TargetChoice(
        id: enemy.id, score: assistScore, distance: enemy.distance,
        factors: TargetFactors(enemy, situation, camp: memory.camp.map { situation.lore.camps[$0] }))
      memory.candidates.append(DecisionReceipt.Candidate(id: enemy.id, name: enemy.name, score: assistScore))
      return
    }
    let weights = weights(situation.configuration.learning, learned)
    memory.targetWeights = weights
    gather(situation, learned, weights, memory: &memory)
    memory.noteWished(situation)
    if memory.takesStopgaps(at: situation.tick) {
      gather(situation, learned, weights, takesStopgaps: true, memory: &memory)
    }
    measure(situation, from: place, memory: &memory)
    memory.pool.compare(weights)
    for entry in memory.pool.entries.prefix(5) {
      memory.candidates.append(DecisionReceipt.Candidate(id: entry.id, name: entry.name, score: entry.score))
    }
    decide(situation.state.target, memory: &memory)
    let most = max(1, situation.lore.policy.socialMax)
    let isAlone = memory.choice.flatMap { situation.model.track($0.id) }.map { Int($0.kin) < most } ?? false
    if isAlone || memory.isResting || memory.isFarFromCamp { memory.huntingSince = situation.tick }
  }

  private static func weights(_ learning: BrainConfiguration.Learning, _ learned: LearnedState) -> SIMD16<Double> {
    if learning.usesWeights { return learned.weights.weights }
    return learning.usesDifferences ? learned.differences.weights : TargetFactors.defaultWeights
  }

  /// Scores or rejects everything in reach.
  private static func gather(
    _ situation: Situation, _ learned: LearnedState, _ weights: SIMD16<Double>, takesStopgaps: Bool = false,
    memory: inout BrainMemory
  ) {
    memory.clearRejected()
    let camp = memory.camp.map { situation.lore.camps[$0] }
    let learning = situation.configuration.learning
    let reach = situation.lore.policy.seekDistance * 1.5
    for row in situation.model.tracks.indices {
      guard situation.model.tracks[row].kind == .npc, situation.model.tracks[row].distance <= reach else { continue }
      let track = situation.model.tracks[row]
      let reason: RuleReason? =
        Party.isTaken(track.id, situation, memory)
        ? .peerTarget
        : reject(
          track, situation, camp: camp, memory, takesStopgaps: takesStopgaps,
          isEasy: learning.usesEncounters
            && EasyPrey.includes(track, level: situation.level, situation.model, learned))
      if let reason, memory.rejected.count >= rejectedMax || !memory.explainsRejected {
        note(track, reason, TargetFactors(), in: &memory)
        continue
      }
      let belief =
        learning.usesEncounters
        ? learned.encounters.belief(species: track.species, difference: Int(track.level) - situation.level) : nil
      let factors = TargetFactors(
        track, situation, camp: camp, belief: belief, heat: heat(track, situation, learned),
        loot: learning.usesLoot ? learned.loot.value(of: track.species) : 0)
      if let reason {
        note(track, reason, factors, in: &memory)
        continue
      }
      if let reason = rejectByExperience(belief, situation) {
        note(track, reason, score: belief?.danger.mean ?? 0, factors, in: &memory)
        continue
      }
      let guess = FightGuess(track, belief: belief)
      if let reason = rejectByHealth(guess, situation), !memory.isAfter(track.id) {
        note(track, reason, score: guess.danger, factors, in: &memory)
        continue
      }
      let score = factors.score(weights)
      guard score >= scoreMin || memory.isAfter(track.id) else {
        note(track, .scoreTooLow, score: score, factors, in: &memory)
        continue
      }
      memory.pool.add(
        CandidatePool.Entry(
          id: track.id, name: track.name, place: track.position, distance: track.distance, factors: factors,
          guess: guess, score: score))
    }
  }

  /// Puts the way on foot in the place of the straight line; who is too far that way is rejected.
  private static func measure(_ situation: Situation, from place: Position, memory: inout BrainMemory) {
    guard let navigator = situation.navigator else { return }
    memory.walks.refresh(memory.pool, from: place, navigator: navigator, at: situation.tick)
    let reach = situation.lore.policy.seekDistance * 2
    for row in memory.pool.entries.indices.reversed() {
      let entry = memory.pool.entries[row]
      guard let units = memory.walks.units(to: entry.id, straight: entry.distance, at: situation.tick) else {
        continue
      }
      if units <= reach {
        memory.pool.walk(row, units: units)
        continue
      }
      if memory.rejected.count < rejectedMax {
        memory.rejected.append(
          DecisionReceipt.Candidate(id: entry.id, name: entry.name, score: entry.score, reject: .unreachable))
        memory.rejectedFactors.append(entry.factors)
      }
      memory.pool.remove(row)
    }
  }

  /// The best, unless the one that we are after is nearly as good.
  private static func decide(_ taken: EntityID?, memory: inout BrainMemory) {
    let best = memory.pool.entries.first.map(TargetChoice.init)
    let kept = memory.choice.flatMap { choice in
      memory.pool.entries.first { $0.id == choice.id }.map(TargetChoice.init)
    }
    // A pull under way decides: changing one's mind in its middle helps nobody.
    if case .pull(let target, _) = memory.order, let kept, kept.id == target {
      memory.choice = kept
    } else if let kept, kept.id == taken {
      // It is the client's target already.
      memory.choice = kept
    } else if let kept, let best, best.score < kept.score * loyalty {
      memory.choice = kept
    } else {
      memory.choice = best
    }
  }

  /// Why `track` is no target at all; nil when it may be scored.
  /// - Parameters:
  ///   - takesStopgaps: those below the levels that are wished for will do, as long as they teach anything.
  ///   - isEasy: asked where one of its kin stands too near: two of them would be no danger.
  static func reject(
    _ track: Track, _ situation: Situation, camp: Camp?, _ memory: BrainMemory, takesStopgaps: Bool,
    isEasy: @autoclosure () -> Bool
  ) -> RuleReason? {
    let policy = situation.lore.policy
    guard track.isLivingNPC else { return .targetInvalid }
    if track.owner != nil { return .targetInvalid }
    switch track.policy {
    case .never, .avoid, .vendor: return .avoided
    case .plain, .always: break
    }
    if let kit = situation.kit, kit.notHunted.contains(track.species) { return .avoided }
    if let camp, !camp.targets.isEmpty, track.policy != .always, !camp.targets.contains(track.species) {
      return .avoided
    }
    if memory.attempts.bars(track.id, at: situation.tick) { return .recentAttempt }
    let difference = Int(track.level) - situation.level
    if difference > policy.levelDifferenceMax { return .conTooHigh }
    let isPulled = memory.isAfter(track.id)
    if track.policy != .always {
      if !policy.conFought.contains(track.con) { return track.con > .white ? .conTooHigh : .scoreTooLow }
      if difference < policy.levelDifferenceMin,
        !(takesStopgaps || isPulled) || memory.experience.lessons.isVain(difference)
      {
        return .scoreTooLow
      }
    }
    // Who is after it already follows it a little further.
    let isChosen = memory.choice?.id == track.id
    let isTaken = isChosen && situation.state.target == track.id
    let patience = isPulled || isTaken ? 1.5 : isChosen ? 1.25 : 1
    if track.distance > policy.seekDistance * patience { return .targetTooFar }
    if let camp {
      let reach = min(policy.leash, camp.reach) * patience
      if camp.center.horizontalDistance(to: track.position) > reach { return .farFromCamp }
      if situation.isOnAnotherFloor(track.position, than: camp.center) { return .farFromCamp }
    }
    // Who is being pulled already may have company for a moment: the routine waits for it to go on.
    let most = max(1, policy.socialMax + memory.experience.tuning.social) + memory.drought(situation.tick)
    if !isPulled, Int(track.kin) >= most, Int(track.kin) > most || !isEasy() { return .socialGroup }
    if situation.lacksPet, track.con > .lightBlue { return .petMissing }
    if let target = track.target, target != situation.state.player.id, target != situation.state.pet,
      let health = track.health, health < 1
    {
      return .damagedNPCNear
    }
    if Party.hasStrangerNear(situation) { return .playerNear }
    if let camp, camp.dangers.contains(where: { $0.at.horizontalDistance(to: track.position) < $0.radius }) {
      return .avoided
    }
    for row in situation.model.dangerous
    where situation.model.tracks[row].id != track.id
      && situation.model.tracks[row].position.horizontalDistance(to: track.position) * patience < 90
      && !situation.model.tracks[row].isAbove(track.position)
    {
      return .threatNear
    }
    if situation.model.isPatrolled(track.position, within: 100, seconds: patrolSeconds) { return .threatNear }
    return nil
  }

  /// What experience forbids: the dangerous want good health, the deadly are left alone.
  static func rejectByExperience(_ belief: EncounterBelief?, _ situation: Situation) -> RuleReason? {
    guard let danger = belief?.danger.mean else { return nil }
    if danger > 0.8 { return .avoided }
    if danger > 0.5, (situation.health ?? 0) < 0.8 { return .healthLow }
    if danger > 0.7, (situation.mana ?? 1) < 0.4 { return .manaLow }
    return nil
  }

  /// Who fights alone begins nothing that is reckoned to bring him down to where he would run: something easier will do
  /// until he is fit. With a pet it is the pet that takes the blows.
  private static func rejectByHealth(_ guess: FightGuess, _ situation: Situation) -> RuleReason? {
    guard situation.loadout.pet == nil, let health = situation.health else { return nil }
    return health - guess.danger < situation.thresholds.fleeHealth ? .healthLow : nil
  }

  /// How good the place has been, as a factor in `0.5...1.5`.
  private static func heat(_ track: Track, _ situation: Situation, _ learned: LearnedState) -> Double {
    guard situation.configuration.learning.usesHeat, let zone = situation.zone else { return 1 }
    return learned.heat.factor(zone: zone, at: track.position, now: learned.seconds(at: situation.tick))
  }

  /// Keeps the first five that were rejected, and that somebody was only because of our health.
  private static func note(
    _ track: Track, _ reason: RuleReason, score: Double = 0, _ factors: TargetFactors, in memory: inout BrainMemory
  ) {
    if reason == .healthLow { memory.lacksHealthToHunt = true }
    guard memory.rejected.count < rejectedMax else { return }
    memory.rejected.append(
      DecisionReceipt.Candidate(id: track.id, name: track.name, score: score, reject: reason))
    memory.rejectedFactors.append(factors)
  }
}

extension BrainMemory {
  mutating func clearRejected() {
    rejected.removeAll(keepingCapacity: true)
    rejectedFactors.removeAll(keepingCapacity: true)
    lacksHealthToHunt = false
  }

  /// Where nobody stands alone, pairs are fought after a while, then threes: one more for each of these times that have
  /// passed without a fight.
  static let droughtTicks = 500

  /// We have set out for `target`.
  fileprivate func isAfter(_ target: EntityID) -> Bool {
    switch order {
    case .acquire(target), .pull(target, _): true
    default: false
    }
  }

  fileprivate func drought(_ tick: Tick) -> Int {
    min(2, max(0, tick - max(lastEngaged ?? .start, huntingSince)) / Self.droughtTicks)
  }
}
