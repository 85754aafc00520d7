import Core
import Lore

// A strategy is a way to fight. Stateless: everything it may depend on is in the `CastContext`.

extension StrategyID {
  /// The next act of the fight.
  public func choose(_ context: CastContext) -> CombatAct {
    switch self {
    case .petTank: petTankAct(context)
    case .petAndDot: petAndDotAct(context)
    case .fearKite: fearKiteAct(context)
    case .endgame: endgameAct(context)
    case .melee: meleeAct(context)
    case .nuke: nukeAct(context)
    case .heal: healAct(context)
    }
  }

  /// Whether the strategy sends the pet.
  public var usesPet: Bool {
    switch self {
    case .petTank, .petAndDot, .fearKite, .endgame: true
    case .melee, .nuke, .heal: false
    }
  }
}
