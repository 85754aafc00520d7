import Core
import Lore
import Nav
import Perception
import WorldModel

extension RoutineContext {
  /// The entity with this id, the player left out; nil when it is not in sight.
  func spawn(_ id: EntityID) -> Spawn? {
    if let row = model.row(id), row < state.spawns.count, state.spawns[row].id == id { return state.spawns[row] }
    return state.spawn(id)
  }

  /// The gem that holds the spell; nil when it is not memorised.
  func gem(of spell: SpellID) -> Int? {
    state.gems.firstIndex { $0.spell == spell }
  }

  /// The kit of the player's class; nil when the environment has none for it.
  var kit: Kit? { state.player.classID.flatMap { lore.kit(classID: $0) } }

  /// How this encounter is fought at first: as was asked for, else as the kit does at the player's level.
  var standardStrategy: StrategyID {
    advice.strategy ?? kit?.loadout(level: state.player.level ?? 1).strategy ?? .melee
  }

  /// The first gem's spell of this kind that could be cast now.
  func readySpell(_ kind: SpellKind) -> Spell? {
    for gem in state.gems where gem.recast <= 0 {
      guard let id = gem.spell, let spell = lore.spell(id), spell.kind == kind else { continue }
      if (state.player.mana ?? 0) >= spell.mana { return spell }
    }
    return nil
  }

  /// The spell that heals the pet, if it could be cast now.
  var mendSpell: Spell? {
    for gem in state.gems where gem.recast <= 0 {
      guard let spell = gem.spell.flatMap(lore.spell), spell.kind == .heal, spell.target == .pet else { continue }
      if (state.player.mana ?? 0) >= spell.mana { return spell }
    }
    return nil
  }

  /// A spell of this kind is memorised, ready or not.
  func hasGem(_ kind: SpellKind) -> Bool {
    state.gems.contains { $0.spell.flatMap(lore.spell)?.kind == kind }
  }

  /// Memorised, affordable and its gem ready.
  func isReady(_ spell: Spell) -> Bool {
    guard let gem = gem(of: spell.id), state.gems[gem].recast <= 0 else { return false }
    return (state.player.mana ?? 0) >= spell.mana
  }

  /// The bags hold the item; true where the bags are unknown.
  func has(_ item: ItemID) -> Bool {
    guard state.inventory.slotsTotal != nil else { return true }
    return state.inventory.items.contains { $0.item == item }
  }

  /// The bag slot, from 0, of something to eat or drink that has the effect `spell`; nil where there is none.
  func meal(giving spell: SpellID) -> Int? {
    state.inventory.items.first { lore.item($0.item)?.effect == spell }?.slot
  }

  /// Something fights the player.
  var isAttackedDirectly: Bool {
    guard let first = model.attackers.first else { return false }
    return model.tracks[first].isOnPlayer
  }

  /// Units from the player to the entity on the map; infinite when the player's place is unknown.
  func distance(to spawn: Spawn) -> Double {
    state.player.position?.horizontalDistance(to: spawn.position) ?? .infinity
  }

  /// A place near `wish` to stand on, away from what would attack; nil where there is none.
  func standable(near wish: Position) -> Position? {
    let point: Position
    if let navigator {
      guard let found = navigator.nearestWalkable(to: wish, within: 12) else { return nil }
      point = found
    } else {
      point = wish
    }
    return clearance(at: point) < Elbow.least ? nil : point
  }
}

extension WorldModel {
  /// One of the corpses of our fights is what is left of `id`.
  public func hasCorpse(of id: EntityID) -> Bool {
    for row in corpses where tracks[row].owner == id { return true }
    return false
  }
}

extension Spawn {
  /// Dead, or a corpse.
  var isDown: Bool { kind == .corpse || body == .dead || healthFraction == 0 }
}

extension RoutineEnding {
  var failure: RoutineFailure? {
    if case .failed(let reason) = self { reason } else { nil }
  }
}
