import Core

/// Makes the routines that carry out orders.
///
/// What has ended is kept, one of a kind, and becomes the next of its kind: a routine is larger than what a value of
/// `any Routine` holds in place, and would be allocated anew each time.
struct RoutineStore: Sendable {
  private var ended: [any Routine] = []

  /// The routine that carries out `order`, as new.
  mutating func make(_ order: RoutineOrder) -> any Routine {
    switch order {
    case .deathRecovery: renewed(DeathRecovery())
    case .feignDeath(let spell): renewed(FeignDeath(spell))
    case .flee(let point, let threat): renewed(Flee(to: point, from: threat, isEvasion: false))
    case .evade(let point, let threat): renewed(Flee(to: point, from: threat, isEvasion: true))
    case .combat(let target), .engageAdd(let target): renewed(Combat(target: target))
    case .rest(let health, let mana): renewed(Rest(untilHealth: health, untilMana: mana))
    case .loot(let corpse): renewed(Loot(corpse))
    case .acquire(let target): renewed(Acquire(target))
    case .pull(let target, let mode): renewed(Pull(target: target, mode: mode))
    case .memorizeSpells: renewed(MemorizeSpells())
    case .summonPet(let spell): renewed(SelfCast(spell, .pet))
    case .buff(let spell): renewed(SelfCast(spell, .buff))
    case .vendor(let merchant, let place): renewed(VisitVendor(merchant: merchant, at: place))
    case .recoverCorpse(let place): renewed(RecoverCorpse(at: place))
    case .unstick: renewed(Unstick())
    case .travel(let point, let zone): renewed(Travel(to: point, zone: zone))
    case .wander(let place, let radius): renewed(Wander(around: place, radius: radius))
    }
  }

  /// Takes back a routine that has been left.
  mutating func keep(_ routine: any Routine) { ended.append(routine) }

  private mutating func renewed<Kind: Routine>(_ new: Kind) -> any Routine {
    guard let row = ended.firstIndex(where: { type(of: $0) == Kind.self }) else { return new }
    var routine = ended.remove(at: row)
    routine.become(new)
    return routine
  }
}

extension Routine {
  /// Begins anew, in the memory it has.
  fileprivate mutating func become(_ new: some Routine) {
    if let new = new as? Self { self = new }
  }
}
