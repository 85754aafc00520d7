import Core

extension World {
  /// Over all that can change what happens next; equal worlds have equal hashes.
  /// - Complexity: O(entities).
  public var stateHash: UInt64 {
    var hash = StableHash()
    hash.combine(stepIndex)
    hash.combine(data.hash)
    for slot in entities.indices {
      let entity = entities[slot]
      hash.combine(UInt64(entity.id.raw) << 1 | (entity.isPresent ? 1 : 0))
      minds[slot].combine(into: &hash)
      guard entity.isPresent else { continue }
      hash.combine(entity.position)
      hash.combine(entity.heading.units)
      hash.combine(
        UInt64(entity.posture.rawValue) | UInt64(entity.level & 0xFF) << 8 | UInt64(entity.zone & 0xFF) << 16
          | UInt64(truncatingIfNeeded: entity.health) << 32)
      hash.combine(UInt64(entity.target?.raw ?? 0) | UInt64(truncatingIfNeeded: entity.healthMax) << 32)
      hash.combine(UInt64(truncatingIfNeeded: wake[slot]))
    }
    for entry in hate where entry.id != 0 {
      hash.combine(UInt64(entry.id) | UInt64(UInt32(bitPattern: entry.amount)) << 32)
    }
    for effect in effects {
      hash.combine(UInt64(effect.target.raw) | UInt64(effect.caster.raw) << 32)
      hash.combine(effect.spell << 32 | effect.ticks << 8 | effect.casterLevel)
    }
    for index in corpses.indices where entities[firstCorpseSlot + index].isPresent {
      hash.combine(corpses[index].coins)
      hash.combine(corpses[index].decayStep << 8 | corpses[index].player + 1)
      hash.combine(corpses[index].wasLooted)
      for item in 0..<corpses[index].itemCount {
        let stack = corpseItems[index * Corpse.capacity + item]
        hash.combine(UInt64(stack.item.raw) << 32 | UInt64(truncatingIfNeeded: stack.count))
      }
    }
    for zone in doorsOpen { for isOpen in zone { hash.combine(isOpen) } }
    for player in players { player.combine(into: &hash) }
    return hash.value
  }
}

extension Mind {
  func combine(into hash: inout StableHash) {
    hash.combine(random.state)
    hash.combine(
      UInt64(mood.rawValue) | UInt64(command.rawValue) << 8 | (hasFled ? 1 << 16 : 0)
        | UInt64(castTarget) << 32)
    hash.combine(goal)
    for number in [until, lastStep, nextThink, nextSwing, nextSpell, castEnd, respawnStep] { hash.combine(number) }
    hash.combine(patrolIndex << 40 | (claimant + 1) << 32 | claimedDamage)
    hash.combine(otherDamage)
    hash.combine(status.speedFactor)
    hash.combine(
      (status.isRooted ? 1 : 0) | (status.isFeared ? 2 : 0) | (status.isMesmerised ? 4 : 0) | status.armor << 8)
    hash.combine(status.health << 32 | status.manaRegeneration << 16 | status.healthRegeneration)
  }
}

extension PlayerState {
  func combine(into hash: inout StableHash) {
    for number in [
      kit, mana, manaMax, experience, experienceNext, money, weight, loadingSteps, bindZone, Int(held), feignUntil,
      releaseStep, nextSwing, combatUntil, stunnedUntil, lavaStep,
    ] { hash.combine(number) }
    for gem in gems {
      hash.combine(gem.spell ?? -1)
      hash.combine(gem.readyStep)
    }
    hash.combine(casting.map { $0.spell << 32 | $0.gem } ?? -1)
    hash.combine(casting?.endStep ?? 0)
    hash.combine(UInt64(casting?.target.raw ?? 0))
    hash.combine(casting?.startPosition ?? .origin)
    hash.combine(memorising.map { $0.spell << 8 | $0.gem } ?? -1)
    hash.combine(memorising?.endStep ?? 0)
    for stack in inventory { hash.combine(UInt64(stack.item.raw) << 32 | UInt64(truncatingIfNeeded: stack.count)) }
    for stack in bank { hash.combine(UInt64(stack.item.raw) << 32 | UInt64(truncatingIfNeeded: stack.count)) }
    hash.combine(UInt64(target?.raw ?? 0) | UInt64(pet?.raw ?? 0) << 32)
    hash.combine(UInt64(loot?.raw ?? 0) | UInt64(merchant?.raw ?? 0) << 32)
    hash.combine(
      (isAutoAttacking ? 1 : 0) | (isInventoryOpen ? 2 : 0) | (isBankOpen ? 4 : 0) | (isInCombat ? 8 : 0)
        | (isAutorunning ? 16 : 0) | (isAirborne ? 32 : 0))
    hash.combine(bindPosition)
    hash.combine(verticalSpeed)
    hash.combine(fallStart)
    hash.combine(random.state)
    hash.combine(statistics.defeats << 32 | statistics.experienceGained)
    hash.combine(statistics.deaths)
  }
}
