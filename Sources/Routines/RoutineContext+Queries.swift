import Core
import Lore
import Nav
import Perception
import WorldModel

extension RoutineContext {
  /// The entity with this id, the player left out; nil when it is not in sight.
  func spawn(_ id: EntityID) -> Spawn? { state.spawn(id) }

  /// The gem that holds the spell; nil when it is not memorised.
  func gem(of spell: SpellID) -> Int? {
    state.gems.firstIndex { $0.spell == spell }
  }

  /// Memorised, affordable and its gem ready.
  func isReady(_ spell: Spell) -> Bool {
    guard let gem = gem(of: spell.id), state.gems[gem].recast <= 0 else { return false }
    return (state.player.mana ?? 0) >= spell.mana
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
    let isDangerous = model.tracks.contains {
      $0.isLivingNPC && $0.policy != .vendor && $0.con >= .yellow && $0.position.horizontalDistance(to: point) < 60
    }
    return isDangerous ? nil : point
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
