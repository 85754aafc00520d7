import Core
import Lore

/// What a fight has shown so far, beside what one look at it shows.
struct FightCourse: Sendable {
  /// Strategies that were given up in this fight, as bits: none is taken up again.
  var left: UInt8 = 0
  var fearsResisted = 0
  /// What such fights have taken before; nil without experience.
  var expectedSeconds: Double?
  /// What a spell that heals the pet asks for; nil where none is memorised.
  var mendMana: Int?
  /// Spells of these kinds are memorised.
  var knowsFear = false
  var knowsNuke = false
  /// The least mana that any memorised hostile spell asks for; nil where there is none.
  var leastMana: Int?
}

extension StrategyID {
  /// A change comes no earlier than this: the first seconds of a fight say little. Unit: seconds.
  static let changeAfterSeconds = 10.0

  /// To what the fight goes over, and why; nil lets it go on as it is.
  func change(_ view: CastContext, _ course: FightCourse) -> (to: StrategyID, reason: StrategySwitch)? {
    guard view.seconds > Self.changeAfterSeconds, let wish = wish(view, course) else { return nil }
    guard wish.to != self, course.left >> wish.to.rawValue & 1 == 0 else { return nil }
    return wish
  }

  private func wish(_ view: CastContext, _ course: FightCourse) -> (to: StrategyID, reason: StrategySwitch)? {
    if self == .fearKite, course.fearsResisted >= 2 {
      if view.hasPet { return (.petAndDot, .fearResisted) }
      return (course.knowsNuke ? .nuke : .melee, .fearResisted)
    }
    if self != .melee, !view.hasPet, view.isTargetOnPlayer, let least = course.leastMana, view.manaPoints < least {
      return (.melee, .manaGone)
    }
    if usesPet, self != .fearKite, view.targetHealth > 0.3, course.knowsFear {
      guard let pet = view.petHealth else { return (.fearKite, .petLost) }
      let canMend = course.mendMana.map { view.manaPoints >= $0 } ?? false
      if pet < (canMend ? 0.15 : 0.35) { return (.fearKite, .petNearlyDown) }
    }
    if self == .petAndDot || self == .endgame, view.hasPet, view.addsOnPlayer >= 2 {
      // The pet keeps the target; mana and the lifetap are for those that came along.
      return (.petTank, .tooManyAdds)
    }
    if self == .petTank, view.addCount == 0, let usual = course.expectedSeconds, view.seconds > max(20, 2 * usual) {
      return (.petAndDot, .takesTooLong)
    }
    return nil
  }
}

extension FightCourse {
  /// Looks at the gems: which means there are.
  mutating func learn(_ context: RoutineContext) {
    knowsFear = false
    knowsNuke = false
    leastMana = nil
    mendMana = nil
    for gem in context.state.gems {
      guard let spell = gem.spell.flatMap(context.lore.spell) else { continue }
      if spell.kind == .heal, spell.target == .pet { mendMana = mendMana ?? spell.mana }
      guard spell.kind.isHostile else { continue }
      if spell.kind == .fear { knowsFear = true }
      if spell.kind == .nuke { knowsNuke = true }
      leastMana = min(leastMana ?? spell.mana, spell.mana)
    }
  }
}
