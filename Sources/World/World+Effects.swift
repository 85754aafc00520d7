import Core

// Spells that last.
extension World {
  /// The most effects in one world; further ones find no hold.
  static let effectCapacity = 512

  mutating func addEffect(_ spell: Int, from slot: Int, on target: Int) {
    let (id, caster) = (entities[target].id, entities[slot].id)
    let ticks = max(1, data.spells[spell].duration)
    // A new cast of the same kind of thing takes the old one's place.
    if let index = effects.firstIndex(where: { $0.target == id && $0.spell == spell && $0.caster == caster }) {
      effects[index].ticks = ticks
      effects[index].casterLevel = entities[slot].level
    } else if effects.count < Self.effectCapacity {
      effects.append(
        Effect(target: id, caster: caster, spell: spell, ticks: ticks, casterLevel: entities[slot].level))
    }
    refreshStatus(target)
  }

  mutating func removeEffects(on id: EntityID, kind: SpellKind? = nil) {
    let count = effects.count
    effects.removeAll { effect in
      effect.target == id && (kind == nil || data.spells[effect.spell].kind == kind)
    }
    if effects.count != count, let slot = slot(of: id) { refreshStatus(slot) }
  }

  /// One server tick for all effects: damage, then wearing off.
  mutating func tickEffects() {
    var index = 0
    while index < effects.count {
      let effect = effects[index]
      guard let target = slot(of: effect.target) else {
        effects.remove(at: index)
        continue
      }
      if data.spells[effect.spell].kind == .dot {
        hurtOverTime(effect, target)
        // The blow may have ended the body and taken this or other effects along.
        guard index < effects.count, effects[index].target == effect.target, effects[index].spell == effect.spell
        else { continue }
      }
      effects[index].ticks -= 1
      if effects[index].ticks <= 0 {
        effects.remove(at: index)
        if let caster = slot(of: effect.caster), caster < players.count {
          say(caster, .worn(spell: data.spells[effect.spell].name))
        }
        refreshStatus(target)
        continue
      }
      index += 1
    }
  }

  private mutating func hurtOverTime(_ effect: Effect, _ target: Int) {
    let spell = effect.spell
    let first = data.spells[spell].levels.first?.level ?? 1
    let points =
      minds[target].random.integer(data.spells[spell].amount)
      + Int(data.spells[spell].perLevel * Double(max(0, effect.casterLevel - first)))
    let caster = slot(of: effect.caster)
    if let caster, caster < players.count { say(caster, .dotHits(entities[target].name, damage: points)) }
    if target < players.count { say(target, .feelsSick(points)) }
    hurt(target, points, by: caster)
  }

  /// What the effects on a body come to now.
  mutating func refreshStatus(_ slot: Int) {
    var status = Status()
    let id = entities[slot].id
    var slowest = 0
    for effect in effects where effect.target == id {
      switch data.spells[effect.spell].kind {
      case .snare: slowest = max(slowest, data.spells[effect.spell].amount.upperBound)
      case .root: status.isRooted = true
      case .fear: status.isFeared = true
      case .mez: status.isMesmerised = true
      case .buff:
        status.armor += data.spells[effect.spell].armorBonus
        status.health += data.spells[effect.spell].healthBonus
        status.manaRegeneration += data.spells[effect.spell].manaRegeneration
        status.healthRegeneration += data.spells[effect.spell].healthRegeneration
        status.speedFactor += data.spells[effect.spell].speedBonus
      case .nuke, .dot, .lifetap, .heal, .pet, .feign, .gate: break
      }
    }
    status.speedFactor *= 1 - Double(min(90, slowest)) / 100
    if minds[slot].status.isFeared, !status.isFeared { entities[slot].posture = .standing }
    minds[slot].status = status
    if slot >= firstNPCSlot, wake[slot] != .max { wake[slot] = min(wake[slot], stepIndex + 1) }
    if slot < players.count { refreshMaxima(slot) }
  }
}
