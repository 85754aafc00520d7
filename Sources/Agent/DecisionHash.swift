import Core

// What the decision hash of a tick takes of the values that pass between the layers.

extension Decision {
  func combine(into hash: inout StableHash) {
    hash.combine(tick.slot)
    hash.combine(UInt64(layer.rawValue) << 16 | UInt64(rule?.rawValue ?? 0xFF) << 8 | UInt64(hold.rawValue))
    hash.combine(score)
    hash.combine(UInt64(credit.raw))
    order?.combine(into: &hash)
  }
}

extension RoutineOrder {
  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(routine.rawValue))
    switch self {
    case .deathRecovery, .memorizeSpells, .unstick: break
    case .feignDeath(let spell), .summonPet(let spell), .buff(let spell): hash.combine(UInt64(spell.raw))
    case .flee(let point, let threat):
      hash.combine(point)
      hash.combine(UInt64(threat?.raw ?? 0))
    case .evade(let point, let threat):
      hash.combine(point)
      hash.combine(UInt64(threat.raw))
    case .combat(let id), .engageAdd(let id), .acquire(let id), .loot(let id): hash.combine(UInt64(id.raw))
    case .rest(let health, let mana):
      hash.combine(health)
      hash.combine(mana)
    case .pull(let id, let mode): hash.combine(UInt64(id.raw) << 8 | UInt64(mode.rawValue))
    case .vendor(let id, let place):
      hash.combine(UInt64(id?.raw ?? 0))
      hash.combine(place)
    case .recoverCorpse(let place): hash.combine(place)
    case .travel(let point, let zone):
      hash.combine(point)
      hash.combine(UInt64(zone.raw))
    case .wander(let place, let radius):
      hash.combine(place)
      hash.combine(radius)
    }
  }
}

extension MotorCommand {
  public func combine(into hash: inout StableHash) {
    switch self {
    case .hold(let key): hash.combine(UInt64(1) << 8 | UInt64(key.rawValue))
    case .release(let key): hash.combine(UInt64(2) << 8 | UInt64(key.rawValue))
    case .tap(let key): hash.combine(UInt64(3) << 8 | UInt64(key.rawValue))
    case .press(let key, let milliseconds):
      hash.combine(UInt64(4) << 8 | UInt64(key.rawValue))
      hash.combine(milliseconds)
    case .type(let text):
      hash.combine(UInt64(5) << 8)
      text.combine(into: &hash)
    case .releaseAll: hash.combine(UInt64(6) << 8)
    }
  }
}
