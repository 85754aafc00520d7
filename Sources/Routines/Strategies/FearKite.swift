import Core
import Lore

// The target is slowed, frightened away and worn down while it runs. What runs strikes nobody, and the pet keeps up with
// it; between two fears the pet takes the blows, or we keep away from what is slower than we are.

/// Distances and times of a fight against one that runs. Units: world units, seconds.
enum Kite {
  /// One that runs from us is followed to here, so that the next spell reaches it.
  static let follow = 60.0
  /// Slowed and nearer than this it would strike before a spell of three seconds is cast.
  static let elbow = 48.0
  /// Ground is given until it is so far behind: room for a spell and a half.
  static let lead = 78.0
  /// A fear is renewed when it may end before another one is cast.
  static let renewal = 3.2
  /// Driven off this far from where the fight began, it is let come back: beyond its leash it would go home and heal.
  static let farOut = 160.0
  /// With more health than this the pet holds the target until the first spells are set. Range: `0...1`.
  static let petEnough = 0.65
  /// With less than this it is relieved, whatever it costs. Range: `0...1`.
  static let petShort = 0.5
  /// Above this part of our mana, fears and blasts are free; below, they are for need.
  static let plenty = 0.6
  /// It is not left unhurt for longer than this, so that the defence is seen to get somewhere.
  static let patience = 7.0
  /// With less health than this left it only has to be finished. Range: `0...1`.
  static let last = 0.1
}

extension StrategyID {
  func fearKiteAct(_ context: CastContext) -> CombatAct {
    if context.playerHealth < 0.45, let tap = context.spells.lifetap { return .cast(tap) }
    if let order = sendPet(context) { return order }
    if context.targetHealth <= Kite.last { return finishOff(context) }
    if context.isTargetFleeing { return chase(context) }
    return context.isTargetOnPlayer ? evadeBlows(context) : helpPet(context)
  }

  /// It runs: its wounds are seen to, and the next fear comes before this one ends.
  private func chase(_ context: CastContext) -> CombatAct {
    if !context.isTargetSlowed, context.targetHealth > 0.2, let snare = context.spells.snare { return .cast(snare) }
    // Alone, or far out, we let it come back: it has as far to go as it ran.
    if context.hasPet, context.fearSeconds > 0, context.fearSeconds < Kite.renewal, context.playerMana > Kite.plenty,
      context.targetStrayed < Kite.farOut, let fear = context.spells.fear
    {
      return .cast(fear)
    }
    return wearDown(context) ?? .wait(.spellsRunning)
  }

  /// It comes for us: whoever is slower never gets here; whoever is not is driven off.
  private func evadeBlows(_ context: CastContext) -> CombatAct {
    if context.isTargetSlowed {
      let reach = context.isGivingGround ? Kite.lead : Kite.elbow
      let mayFear = context.playerMana > Kite.plenty && context.targetDistance > Kite.elbow - 10
      if context.targetDistance < reach, mayFear, let fear = context.spells.fear { return .cast(fear) }
      if context.targetDistance < reach { return .giveGround }
      return wearDown(context) ?? .wait(.spellsRunning)
    }
    if let fear = context.spells.fear { return .cast(fear) }
    if context.targetHealth > 0.2, let snare = context.spells.snare { return .cast(snare) }
    return wearDown(context) ?? finish(context)
  }

  /// The pet holds it: it is slowed and the first wound is set; then it may run, and always before the pet falls.
  private func helpPet(_ context: CastContext) -> CombatAct {
    let pet = context.petHealth ?? 0
    if !context.isTargetSlowed, context.targetHealth > 0.2, let snare = context.spells.snare { return .cast(snare) }
    if pet > Kite.petEnough, context.targetHealth > 0.2, let dot = context.spells.dot { return .cast(dot) }
    let isDue = context.playerMana > Kite.plenty || pet < Kite.petShort
    if isDue, let fear = context.spells.fear { return .cast(fear) }
    if let act = wearDown(context) { return act }
    return finish(context)
  }

  /// Spells that hurt or heal from afar, as far as mana is not better kept for the next fear; nil for none.
  private func wearDown(_ context: CastContext) -> CombatAct? {
    if context.targetHealth > 0.12, let dot = context.spells.dot { return .cast(dot) }
    // Whoever is not hurt for long is not being fought.
    guard context.playerMana > Kite.plenty || context.targetHaleSeconds > Kite.patience else { return nil }
    if let pet = context.petHealth, pet < 0.7, let mend = context.spells.mend { return .cast(mend) }
    if context.playerHealth < 0.8, let tap = context.spells.lifetap { return .cast(tap) }
    return context.spells.nuke.map { .cast($0) }
  }

  /// Who runs with its last breath gets it back if nobody finishes it.
  private func finishOff(_ context: CastContext) -> CombatAct {
    if let last = context.spells.nuke ?? context.spells.lifetap ?? context.spells.dot { return .cast(last) }
    return finish(context)
  }
}
