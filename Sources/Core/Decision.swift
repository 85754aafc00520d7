/// What the agent does now: the rule that won, and the order for its routine.
public struct Decision: Hashable, Sendable {
  public var tick: Tick
  public var layer: DecisionLayer
  /// Nil when nothing was chosen (layers `hold` and `idle`).
  public var rule: RuleID?
  public var order: RoutineOrder?
  /// Why the layer is `hold`; `none` otherwise.
  public var hold: HoldReason
  /// Score of the rule under the active selector. Range: `0...`.
  public var score: Double
  /// The tick of the decision that started the current order.
  public var credit: CreditID

  public init(
    tick: Tick, layer: DecisionLayer, rule: RuleID? = nil, order: RoutineOrder? = nil, hold: HoldReason = .none,
    score: Double = 0, credit: CreditID = CreditID(0)
  ) {
    self.tick = tick
    self.layer = layer
    self.rule = rule
    self.order = order
    self.hold = hold
    self.score = score
    self.credit = credit
  }
}

/// How a pull begins.
public enum PullMode: UInt8, CaseIterable, Sendable, Codable {
  case pet, spell, fear, body
}

/// An order with all that its routine must know. Equal orders are the same undertaking; a routine goes on with it.
public enum RoutineOrder: Hashable, Sendable {
  /// Release, wait for the bind point, get ready.
  case deathRecovery
  case feignDeath(spell: SpellID)
  /// Run to `point`, away from `threat`.
  case flee(to: Position, from: EntityID?)
  /// Step out of the way of something dangerous that comes close.
  case evade(to: Position, from: EntityID)
  case combat(target: EntityID)
  case engageAdd(target: EntityID)
  /// Sit until health and mana reach these fractions.
  case rest(untilHealth: Double, untilMana: Double)
  case loot(corpse: EntityID)
  /// Take `target` as the client's target.
  case acquire(target: EntityID)
  case pull(target: EntityID, mode: PullMode)
  case memorizeSpells
  case summonPet(spell: SpellID)
  case buff(spell: SpellID)
  case vendor(merchant: EntityID?, at: Position)
  case recoverCorpse(at: Position)
  case unstick
  case travel(to: Position, zone: ZoneID)
  case wander(around: Position, radius: Double)

  public var routine: RoutineID {
    switch self {
    case .deathRecovery: .deathRecovery
    case .feignDeath: .feignDeath
    case .flee: .flee
    case .evade: .evade
    case .combat: .combat
    case .engageAdd: .engageAdd
    case .rest: .rest
    case .loot: .loot
    case .acquire: .acquire
    case .pull: .pull
    case .memorizeSpells: .memorizeSpells
    case .summonPet: .summonPet
    case .buff: .buff
    case .vendor: .vendor
    case .recoverCorpse: .recoverCorpse
    case .unstick: .unstick
    case .travel: .travel
    case .wander: .wander
    }
  }
}

/// A routine: a behaviour with enter, tick and exit.
public enum RoutineID: UInt8, CaseIterable, Sendable, Codable {
  case deathRecovery, feignDeath, flee, evade, combat, engageAdd, rest, loot, acquire, pull, memorizeSpells
  case summonPet, buff, vendor, recoverCorpse, unstick, travel, wander

  public var name: String { String(describing: self) }
}
