import Core

extension World {
  /// Over all that can change what happens next; equal worlds have equal hashes.
  /// - Complexity: O(entities).
  public var stateHash: UInt64 {
    var hash = StableHash()
    hash.combine(stepIndex)
    hash.combine(data.hash)
    for slot in entities.indices {
      var words = WordMix()
      words.add(UInt64(entities[slot].id.raw) << 1 | (entities[slot].isPresent ? 1 : 0))
      minds[slot].add(to: &words)
      if entities[slot].isPresent {
        entities[slot].add(to: &words)
        words.add(wake[slot])
      }
      hash.combine(words.sum)
    }
    var words = WordMix()
    for entry in hate { words.add(UInt64(entry.id) | UInt64(UInt32(bitPattern: entry.amount)) << 32) }
    for effect in effects {
      words.add(UInt64(effect.target.raw) | UInt64(effect.caster.raw) << 32)
      words.add(effect.spell << 32 | effect.ticks << 8 | effect.casterLevel)
    }
    for index in corpses.indices where entities[firstCorpseSlot + index].isPresent {
      words.add(corpses[index].coins << 1 | (corpses[index].wasLooted ? 1 : 0))
      words.add(corpses[index].decayStep << 8 | corpses[index].player + 1)
      for item in 0..<corpses[index].itemCount { words.add(corpseItems[index * Corpse.capacity + item]) }
    }
    for zone in doorsOpen { for isOpen in zone { words.add(isOpen ? 1 : UInt64(2)) } }
    for index in players.indices { players[index].add(to: &words) }
    hash.combine(words.sum)
    return hash.value
  }
}

/// Mixes many words into one: every word is folded and multiplied by a key of its place. The products do not wait
/// for each other, which makes it several times faster than hashing word by word.
struct WordMix {
  private(set) var sum: UInt64 = 0
  private var key: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func add(_ word: UInt64) {
    sum &+= (word ^ word >> 31 ^ 0xA5A5) &* key
    key &+= 0xBF58_476D_1CE4_E5BA
  }

  mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }
  mutating func add(_ number: Double) { add(number.bitPattern) }
  mutating func add(_ stack: ItemStack) {
    add(UInt64(stack.item.raw) << 32 | UInt64(truncatingIfNeeded: stack.count))
  }

  mutating func add(_ position: Position) {
    add(position.x)
    add(position.y)
    add(position.z)
  }
}

extension Entity {
  func add(to words: inout WordMix) {
    words.add(position)
    words.add(heading.units)
    words.add(
      UInt64(posture.rawValue) | UInt64(level & 0xFF) << 8 | UInt64(zone & 0xFF) << 16
        | UInt64(truncatingIfNeeded: health) << 32)
    words.add(UInt64(target?.raw ?? 0) | UInt64(truncatingIfNeeded: healthMax) << 32)
  }
}

extension Mind {
  func add(to words: inout WordMix) {
    words.add(random.state)
    words.add(
      UInt64(mood.rawValue) | UInt64(command.rawValue) << 8 | (hasFled ? 1 << 16 : 0) | UInt64(castTarget) << 32)
    words.add(goal)
    words.add(until)
    words.add(lastStep)
    words.add(nextThink)
    words.add(nextSwing)
    words.add(nextSpell)
    words.add(castEnd)
    words.add(respawnStep)
    words.add(patrolIndex << 40 | (claimant + 1) << 32 | claimedDamage)
    words.add(otherDamage)
    words.add(stunnedUntil)
    words.add(
      Int(detour.side + 1) << 56 | Int(detour.lastSide + 1) << 52 | Int(detour.turned) << 44 | detour.until)
    words.add(detour.recall)
    if detour.side != 0 {
      words.add(Position(detour.x, detour.y, detour.from))
      words.add(Position(detour.goalX, detour.goalY, 0))
    }
    words.add(status.speedFactor)
    words.add(
      (status.isRooted ? 1 : 0) | (status.isFeared ? 2 : 0) | (status.isMesmerised ? 4 : 0) | status.armor << 8)
    words.add(status.health << 32 | status.manaRegeneration << 16 | status.healthRegeneration)
  }
}

extension PlayerState {
  func add(to words: inout WordMix) {
    words.add(kit << 32 | mana)
    words.add(manaMax << 32 | weight)
    words.add(experience)
    words.add(experienceNext)
    words.add(money)
    words.add(loadingSteps << 32 | bindZone << 8 | Int(held))
    words.add(releaseStep)
    words.add(nextSwing)
    words.add(combatUntil)
    for points in standing { words.add(points) }
    words.add(lavaStep)
    for gem in gems {
      words.add(gem.spell ?? -1)
      words.add(gem.readyStep)
    }
    words.add(casting.map { $0.spell << 32 | $0.gem } ?? -1)
    words.add(casting?.endStep ?? 0)
    words.add(UInt64(casting?.target.raw ?? 0))
    words.add(casting?.startPosition ?? .origin)
    words.add(memorising.map { $0.spell << 8 | $0.gem } ?? -1)
    words.add(memorising?.endStep ?? 0)
    for stack in inventory { words.add(stack) }
    for stack in bank { words.add(stack) }
    words.add(weapon)
    words.add(armor)
    words.add(meleeSkill << 32 | castingSkill)
    words.add(UInt64(target?.raw ?? 0) | UInt64(pet?.raw ?? 0) << 32)
    words.add(UInt64(loot?.raw ?? 0) | UInt64(merchant?.raw ?? 0) << 32)
    words.add(
      (isAutoAttacking ? 1 : 0) | (isInventoryOpen ? 2 : 0) | (isBankOpen ? 4 : 0) | (isInCombat ? 8 : 0)
        | (isAutorunning ? 16 : 0) | (isAirborne ? 32 : 0))
    words.add(bindPosition)
    words.add(verticalSpeed)
    words.add(fallStart)
    words.add(random.state)
    words.add(statistics.defeats << 32 | statistics.experienceGained)
    words.add(statistics.deaths)
  }
}
