import Core

/// An order with the same few fields whatever it is, so that it is written without asking which.
struct FlatOrder {
  var routine: UInt8
  /// A pull's mode; 1 where an entity that may be missing is there.
  var mode: UInt8 = 0
  /// A spell or a zone.
  var short: UInt16 = 0
  var id: UInt32 = 0
  /// A place; health and mana to rest until.
  var at = Position.origin
  /// A radius.
  var number = 0.0

  init(routine: UInt8, mode: UInt8, short: UInt16, id: UInt32, at: Position, number: Double) {
    self.routine = routine
    self.mode = mode
    self.short = short
    self.id = id
    self.at = at
    self.number = number
  }

  @inline(__always) init(_ order: RoutineOrder) {
    routine = order.routine.rawValue
    switch order {
    case .deathRecovery, .memorizeSpells, .unstick:
      break
    case .feignDeath(let spell), .summonPet(let spell), .buff(let spell):
      short = spell.raw
    case .flee(let point, let threat), .vendor(let threat, let point):
      (at, id, mode) = (point, threat?.raw ?? 0, threat == nil ? 0 : 1)
    case .evade(let point, let threat):
      (at, id) = (point, threat.raw)
    case .combat(let target), .engageAdd(let target), .loot(let target), .acquire(let target):
      id = target.raw
    case .rest(let health, let mana):
      at = Position(health, mana)
    case .pull(let target, let pull):
      (id, mode) = (target.raw, pull.rawValue)
    case .recoverCorpse(let place):
      at = place
    case .travel(let point, let zone):
      (at, short) = (point, zone.raw)
    case .wander(let place, let radius):
      (at, number) = (place, radius)
    }
  }

  private var entity: EntityID { EntityID(id) }
  private var entityIfAny: EntityID? { mode == 1 ? entity : nil }

  /// Nil when the numbers name no routine or no way to pull.
  var order: RoutineOrder? {
    guard let routine = RoutineID(rawValue: routine) else { return nil }
    return switch routine {
    case .deathRecovery: .deathRecovery
    case .memorizeSpells: .memorizeSpells
    case .unstick: .unstick
    case .feignDeath: .feignDeath(spell: SpellID(short))
    case .summonPet: .summonPet(spell: SpellID(short))
    case .buff: .buff(spell: SpellID(short))
    case .flee: .flee(to: at, from: entityIfAny)
    case .vendor: .vendor(merchant: entityIfAny, at: at)
    case .evade: .evade(to: at, from: entity)
    case .combat: .combat(target: entity)
    case .engageAdd: .engageAdd(target: entity)
    case .loot: .loot(corpse: entity)
    case .acquire: .acquire(target: entity)
    case .rest: .rest(untilHealth: at.x, untilMana: at.y)
    case .pull: PullMode(rawValue: mode).map { .pull(target: entity, mode: $0) }
    case .recoverCorpse: .recoverCorpse(at: at)
    case .travel: .travel(to: at, zone: ZoneID(short))
    case .wander: .wander(around: at, radius: number)
    }
  }
}
