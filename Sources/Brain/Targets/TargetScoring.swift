import Core
import Learning
import Lore
import Perception
import Telemetry
import WorldModel

/// Chooses whom to hunt: every living NPC in reach is scored, or rejected for a reason.
enum TargetScoring {
  /// A candidate below this score is left alone.
  static let scoreMin = 40.0
  /// The chosen target stays until another is better by so much.
  static let loyalty = 1.25

  /// Fills the memory's choice and the lists for the receipt.
  /// - Complexity: O(n) over the tracks.
  static func choose(_ situation: Situation, learned: LearnedState, memory: inout BrainMemory) {
    memory.candidates.removeAll(keepingCapacity: true)
    memory.rejected.removeAll(keepingCapacity: true)
    guard situation.position != nil else {
      memory.choice = nil
      return
    }
    let camp = memory.camp.map { situation.lore.camps[$0] }
    var best: TargetChoice?
    var kept: TargetChoice?
    for track in situation.model.tracks where track.kind == .npc {
      guard track.distance <= situation.lore.policy.seekDistance * 1.5 else { continue }
      if let reason = reject(track, situation, camp: camp, attempts: memory.attempts) {
        note(track, reason, in: &memory.rejected)
        continue
      }
      let belief =
        situation.configuration.learning.usesEncounters
        ? learned.encounters.belief(species: track.species, difference: Int(track.level) - situation.level) : nil
      if let reason = rejectByExperience(belief, situation) {
        note(track, reason, score: belief?.danger.mean ?? 0, in: &memory.rejected)
        continue
      }
      let heat = heat(track, situation, learned)
      let factors = TargetFactors(track, situation, camp: camp, belief: belief, heat: heat)
      let score = factors.score(TargetFactors.defaultWeights)
      guard score >= scoreMin else {
        note(track, .scoreTooLow, score: score, in: &memory.rejected)
        continue
      }
      rank(track, score, in: &memory.candidates)
      let choice = TargetChoice(id: track.id, score: score, distance: track.distance)
      if track.id == memory.choice?.id { kept = choice }
      if score > best?.score ?? 0 || (score == best?.score && track.id < best?.id ?? track.id) { best = choice }
    }
    // A pull under way decides: changing one's mind in its middle helps nobody.
    if case .pull(let target, _) = memory.order, let kept, kept.id == target {
      memory.choice = kept
    } else if let kept, let best, best.score < kept.score * loyalty {
      memory.choice = kept
    } else {
      memory.choice = best
    }
  }

  /// Why `track` is no target at all; nil when it may be scored.
  static func reject(
    _ track: Track, _ situation: Situation, camp: Camp?, attempts: AttemptList
  ) -> RuleReason? {
    let policy = situation.lore.policy
    guard track.isLivingNPC else { return .targetInvalid }
    if track.owner != nil { return .targetInvalid }
    switch track.policy {
    case .never, .avoid, .vendor: return .avoided
    case .plain, .always: break
    }
    if let camp, !camp.targets.isEmpty, track.policy != .always, !camp.targets.contains(track.species) {
      return .avoided
    }
    if attempts.bars(track.id, at: situation.tick) { return .recentAttempt }
    let difference = Int(track.level) - situation.level
    if difference > policy.levelDifferenceMax { return .conTooHigh }
    if track.policy != .always, !policy.conFought.contains(track.con) || difference < policy.levelDifferenceMin {
      return track.con > .white ? .conTooHigh : .scoreTooLow
    }
    if track.distance > policy.seekDistance { return .targetTooFar }
    if let camp, camp.center.horizontalDistance(to: track.position) > policy.leash { return .farFromCamp }
    if Int(track.kin) >= policy.socialMax { return .socialGroup }
    if let target = track.target, target != situation.state.player.id, target != situation.state.pet,
      let health = track.health, health < 1
    {
      return .damagedNPCNear
    }
    if situation.model.nearestPlayer < policy.playerDistance { return .playerNear }
    if let camp, camp.dangers.contains(where: { $0.at.horizontalDistance(to: track.position) < $0.radius }) {
      return .avoided
    }
    for row in situation.model.dangerous
    where situation.model.tracks[row].id != track.id
      && situation.model.tracks[row].position.horizontalDistance(to: track.position) < 90
    {
      return .threatNear
    }
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

  /// How good the place has been, as a factor in `0.5...1.5`.
  private static func heat(_ track: Track, _ situation: Situation, _ learned: LearnedState) -> Double {
    guard situation.configuration.learning.usesHeat, let zone = situation.zone else { return 1 }
    return learned.heat.factor(zone: zone, at: track.position, now: learned.seconds(at: situation.tick))
  }

  /// Keeps the five best, best first.
  private static func rank(_ track: Track, _ score: Double, in list: inout [DecisionReceipt.Candidate]) {
    var slot = list.count
    while slot > 0, list[slot - 1].score < score { slot -= 1 }
    guard slot < 5 else { return }
    if list.count == 5 { list.removeLast() }
    list.insert(DecisionReceipt.Candidate(id: track.id, name: track.name, score: score), at: slot)
  }

  /// Keeps the first five that were rejected.
  private static func note(
    _ track: Track, _ reason: RuleReason, score: Double = 0, in list: inout [DecisionReceipt.Candidate]
  ) {
    guard list.count < 5 else { return }
    list.append(DecisionReceipt.Candidate(id: track.id, name: track.name, score: score, reject: reason))
  }
}
