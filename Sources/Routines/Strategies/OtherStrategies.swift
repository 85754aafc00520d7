import Core
import Lore

// The other kits: a fighter, a caster of direct damage, a healer.

extension StrategyID {
  /// Close in, face, hit; heals itself if it knows how.
  func meleeAct(_ context: CastContext) -> CombatAct {
    if context.playerHealth < 0.4, let heal = context.spells.heal { return .cast(heal) }
    if context.isTargetFleeing, context.targetDistance > 20, let snare = context.spells.snare { return .cast(snare) }
    return .melee
  }

  /// Burns the target from afar, holds it in place when it comes close.
  func nukeAct(_ context: CastContext) -> CombatAct {
    if context.playerHealth < 0.4, let heal = context.spells.heal { return .cast(heal) }
    let isComing = context.isTargetOnPlayer && context.targetDistance < 30
    if isComing, context.targetHealth > 0.25, let root = context.spells.root { return .cast(root) }
    if context.targetHealth > 0.5, let dot = context.spells.dot { return .cast(dot) }
    if let nuke = context.spells.nuke { return .cast(nuke) }
    if context.playerMana < 0.1 { return .melee }
    if context.targetDistance < 20 { return .melee }
    return .wait(.recastRunning)
  }

  /// Keeps itself up and hits in between; nukes only what is nearly down or while mana is plenty.
  func healAct(_ context: CastContext) -> CombatAct {
    if context.playerHealth < 0.6, let heal = context.spells.heal { return .cast(heal) }
    if context.playerMana > 0.6, let nuke = context.spells.nuke { return .cast(nuke) }
    if context.playerMana > 0.5, let dot = context.spells.dot { return .cast(dot) }
    return .melee
  }
}
