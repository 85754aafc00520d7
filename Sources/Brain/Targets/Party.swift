import Core
import Learning
import WorldModel

/// What the notes of others mean for our own choice: we leave them their targets, and help them.
enum Party {
  /// Nobody who needs help is helped from further away. Unit: world units.
  static let helpDistance = 200.0

  /// Another's claim on the target goes before ours: it is further with it, or as far and of the lower id.
  static func isTaken(_ target: EntityID, _ situation: Situation, _ memory: BrainMemory) -> Bool {
    guard !situation.peers.isEmpty else { return false }
    let own = claim(on: target, memory)
    for peer in situation.peers where peer.target == target && peer.claim != .none {
      if peer.claim > own { return true }
      if peer.claim == own, let id = situation.state.player.id, peer.id < id { return true }
    }
    return false
  }

  /// How far we are with `target`.
  static func claim(on target: EntityID, _ memory: BrainMemory) -> PeerNote.Claim {
    switch memory.order {
    case .combat(target), .engageAdd(target): .fighting
    case .pull(target, _): .pulling
    default: memory.choice?.id == target ? .wanted : .none
    }
  }

  /// The enemy of one who needs help, or of the one whom we follow; nil when there is nothing to help with.
  static func enemy(_ situation: Situation, _ memory: BrainMemory) -> Track? {
    guard let zone = situation.zone else { return nil }
    let follows = situation.configuration.follows
    for peer in situation.peers where peer.zone == zone && peer.claim == .fighting {
      guard peer.needsHelp || (!follows.isEmpty && peer.name == follows) else { continue }
      guard let track = peer.target.flatMap(situation.model.track), track.isLivingNPC, track.policy != .vendor,
        track.distance <= helpDistance, !memory.attempts.bars(track.id, at: situation.tick)
      else { continue }
      let difference = Int(track.level) - situation.level
      guard difference <= situation.lore.policy.levelDifferenceMax + 1 else { continue }
      return track
    }
    return nil
  }

  /// A character of the party is no stranger in whose presence we do not hunt.
  static func hasStrangerNear(_ situation: Situation) -> Bool {
    let reach = situation.lore.policy.playerDistance
    guard situation.model.nearestPlayer < reach else { return false }
    guard !situation.peers.isEmpty else { return true }
    return situation.model.tracks.contains { track in
      track.kind == .player && track.distance < reach && !situation.peers.contains { $0.id == track.id }
    }
  }
}

extension BrainMemory {
  /// Keeps the place of the one whom we follow; it moves on in strides, so that an order lasts.
  mutating func updateLeader(_ situation: Situation) {
    let follows = situation.configuration.follows
    guard !follows.isEmpty else {
      leader = nil
      return
    }
    guard let peer = situation.peers.first(where: { $0.name == follows }) else {
      if let known = leader, situation.tick - known.tick > Leader.patienceTicks { leader = nil }
      return
    }
    if leader?.zone != peer.zone || (leader?.at.horizontalDistance(to: peer.position) ?? .infinity) > Leader.stride {
      leader = Leader(zone: peer.zone, at: peer.position, tick: situation.tick)
    }
    leader?.tick = situation.tick
  }

  /// Where our life goes on when nothing else is to do: at the side of whom we follow, or at the camp.
  func home(_ situation: Situation) -> (zone: ZoneID, at: Position, radius: Double)? {
    if let leader { return (leader.zone, leader.at, Leader.leash * 0.5) }
    return camp.map { row in
      let camp = situation.lore.camps[row]
      return (camp.zone, camp.center, camp.radius)
    }
  }
}

extension Brain {
  /// What the agent tells its party after a tick; nil while its own place is unknown.
  public func note(_ input: BrainInput) -> PeerNote? {
    let player = input.state.player
    guard let id = player.id, let zone = input.state.zone, let position = player.position else { return nil }
    var note = PeerNote(id: id, name: player.name, zone: zone, position: position, pet: input.state.pet)
    if let primary = memory.primary {
      note.target = primary
      note.claim = .fighting
    } else if case .pull(let target, _) = memory.order {
      note.target = target
      note.claim = .pulling
    } else if let choice = memory.choice {
      note.target = choice.id
      note.claim = .wanted
    }
    note.needsHelp = input.model.isAttacked && (player.healthFraction ?? 0) < 0.5
    return note
  }

  /// How long fights like the one with `target` have taken; nil without experience. Unit: seconds.
  public func usualSeconds(of target: EntityID, model: WorldModel) -> Double? {
    guard configuration.learning.usesEncounters, let track = model.track(target), let level = memory.level else {
      return nil
    }
    return learned.encounters.belief(species: track.species, difference: Int(track.level) - level)?.seconds.mean
  }
}
