import Core

// Being dazed, and the skills that practice brings.
extension World {
  func isStunned(_ slot: Int) -> Bool { stepIndex < minds[slot].stunnedUntil }

  /// Neither moves, casts nor strikes for a while; what it was casting is lost.
  mutating func stun(_ slot: Int, seconds: Double) {
    guard seconds > 0, entities[slot].isPresent, entities[slot].kind != .corpse, entities[slot].posture != .dead,
      minds[slot].stunnedUntil == 0
        || stepIndex >= minds[slot].stunnedUntil + Self.steps(data.rules.stunPause)
    else { return }
    minds[slot].stunnedUntil = stepIndex + Self.steps(seconds)
    minds[slot].castEnd = 0
    if slot < players.count {
      interruptCast(slot)
      say(slot, .stunned)
    } else {
      for player in players.indices where players[player].target == entities[slot].id {
        say(player, .dazed(entities[slot].name))
      }
    }
  }

  /// What the chance to hit lacks for want of practice; every blow may teach.
  mutating func meleeLack(_ player: Int) -> Double {
    let missing = missingSkill(player, players[player].meleeSkill)
    guard missing > 0 else { return 0 }
    if players[player].random.chance(data.rules.skillGain) { players[player].meleeSkill += 1 }
    return Double(missing) * data.rules.skillHit
  }

  /// What is added to the chance to fizzle for want of practice; every cast may teach.
  mutating func castingLack(_ player: Int) -> Double {
    let missing = missingSkill(player, players[player].castingSkill)
    guard missing > 0 else { return 0 }
    if players[player].random.chance(data.rules.skillGain) { players[player].castingSkill += 1 }
    return Double(missing) * data.rules.skillFizzle
  }

  private func missingSkill(_ player: Int, _ skill: Int) -> Int {
    max(0, data.rules.skillPerLevel * entities[players[player].slot].level - skill)
  }
}
