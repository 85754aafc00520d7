import Core
import Lore

// The reference kit: a caster whose pet takes the blows.

extension StrategyID {
  /// The pet does the work; the caster saves mana and keeps itself alive.
  func petTankAct(_ context: CastContext) -> CombatAct {
    if let urgent = saveSelf(context) { return urgent }
    if let order = sendPet(context) ?? mendPet(context) { return order }
    if context.targetHealth > 0.3, context.targetHealth < 0.9 || context.isTargetOnPlayer, context.playerMana > 0.3,
      let dot = context.spells.dot
    {
      return .cast(dot)
    }
    return finish(context)
  }

  /// The pet holds the target while damage-over-time spells wear it down.
  func petAndDotAct(_ context: CastContext) -> CombatAct {
    if let urgent = saveSelf(context) { return urgent }
    if let order = sendPet(context) ?? mendPet(context) { return order }
    if context.hasPet, !context.isTargetOnPlayer, !isPetHolding(context) { return .wait(.petTakesHold) }
    if context.isTargetFleeing, context.targetHealth < 0.3, let snare = context.spells.snare { return .cast(snare) }
    if context.targetHealth > 0.2, context.playerMana > 0.12, let dot = context.spells.dot { return .cast(dot) }
    if context.playerHealth < 0.85, context.playerMana > 0.25, let tap = context.spells.lifetap { return .cast(tap) }
    let isPlenty = context.playerMana > 0.7 && context.targetHealth > 0.15
    // Two blasts cost less than another servant, and it is no help while it is raised.
    let isLosing = context.isPetLosing && context.playerMana > 0.12 && context.targetHealth > 0.05
    if isPlenty || isLosing || (context.isTargetOnPlayer && context.playerMana > 0.2), let nuke = context.spells.nuke
    {
      return .cast(nuke)
    }
    return finish(context)
  }

  /// All means at once: dots, nukes with plenty of mana, fear against what comes close.
  func endgameAct(_ context: CastContext) -> CombatAct {
    if let urgent = saveSelf(context) { return urgent }
    if let order = sendPet(context) ?? mendPet(context) { return order }
    if context.hasPet, !context.isTargetOnPlayer, !isPetHolding(context) { return .wait(.petTakesHold) }
    if context.targetHealth > 0.15, let dot = context.spells.dot { return .cast(dot) }
    if context.playerMana > 0.45, context.targetHealth > 0.05, let nuke = context.spells.nuke { return .cast(nuke) }
    if context.playerHealth < 0.9, let tap = context.spells.lifetap { return .cast(tap) }
    return finish(context)
  }

  /// What the caster's own life asks for first.
  private func saveSelf(_ context: CastContext) -> CombatAct? {
    if context.playerHealth < 0.55, let tap = context.spells.lifetap { return .cast(tap) }
    let isPressed = context.isTargetOnPlayer && context.playerHealth < 0.7
    let isCrowded = context.addCount > 0 && context.isTargetOnPlayer
    if isPressed || isCrowded, !context.isTargetFleeing, context.targetDistance < 30, let fear = context.spells.fear {
      return .cast(fear)
    }
    return nil
  }

  func sendPet(_ context: CastContext) -> CombatAct? {
    context.hasPet && !context.isPetOnTarget ? .petAttack : nil
  }

  /// The pet is healed while it takes blows, unless the fight is as good as won.
  private func mendPet(_ context: CastContext) -> CombatAct? {
    guard let pet = context.petHealth, pet < 0.6, context.isTargetOnPet || context.addCount > context.addsOnPlayer,
      context.targetHealth > 0.08 || context.addCount > 0, let mend = context.spells.mend
    else { return nil }
    return .cast(mend)
  }

  /// The target has turned to the pet, or the pet has been at it for a moment.
  private func isPetHolding(_ context: CastContext) -> Bool {
    context.isTargetOnPet || (context.isPetOnTarget && context.petDistance < 14 && context.targetHealth < 0.98)
  }

  /// Nothing to cast: hit what hits us, else let time work.
  func finish(_ context: CastContext) -> CombatAct {
    if context.isTargetOnPlayer, context.targetDistance < 25 { return .melee }
    if !context.hasPet { return context.isTargetFleeing ? .wait(.targetRuns) : .melee }
    if context.targetHealth < 0.2 { return .wait(.targetNearlyDown) }
    return .wait(context.playerMana < 0.12 ? .manaShort : .spellsRunning)
  }
}
