import Core

/// The routine that carries out an order.
func makeRoutine(_ order: RoutineOrder) -> any Routine {
  switch order {
  case .deathRecovery: DeathRecovery()
  case .feignDeath(let spell): FeignDeath(spell)
  case .flee(let point, let threat): Flee(to: point, from: threat, isEvasion: false)
  case .evade(let point, let threat): Flee(to: point, from: threat, isEvasion: true)
  case .combat(let target), .engageAdd(let target): Combat(target: target)
  case .rest(let health, let mana): Rest(untilHealth: health, untilMana: mana)
  case .loot(let corpse): Loot(corpse)
  case .acquire(let target): Acquire(target)
  case .pull(let target, let mode): Pull(target: target, mode: mode)
  case .memorizeSpells: MemorizeSpells()
  case .summonPet(let spell): SelfCast(spell, .pet)
  case .buff(let spell): SelfCast(spell, .buff)
  case .vendor(let merchant, let place): VisitVendor(merchant: merchant, at: place)
  case .recoverCorpse(let place): RecoverCorpse(at: place)
  case .unstick: Unstick()
  case .travel(let point, let zone): Travel(to: point, zone: zone)
  case .wander(let place, let radius): Wander(around: place, radius: radius)
  }
}
