import Core
import Lore
import Perception

/// What the reference players make of a snapshot.
extension GameState {
  /// Living NPCs that have the player or its pet as target, nearest first.
  func attackers(within distance: Double) -> [Spawn] {
    let own = player.id
    return living(within: distance) { spawn in
      spawn.target != nil && (spawn.target == own || (pet != nil && spawn.target == pet))
    }
  }

  /// Living NPCs that `isWanted`, nearest first; equal distances in the order of their ids.
  func living(within distance: Double, where isWanted: (Spawn) -> Bool = { _ in true }) -> [Spawn] {
    guard let place = player.position else { return [] }
    return
      spawns
      .filter { spawn in
        spawn.kind == .npc && spawn.body != .dead && (spawn.healthFraction ?? 1) > 0
          && spawn.position.distance(to: place) <= distance && isWanted(spawn)
      }
      .sorted {
        ($0.position.distance(to: place), $0.id.raw) < ($1.position.distance(to: place), $1.id.raw)
      }
  }

  func distance(to spawn: Spawn) -> Double { player.position?.distance(to: spawn.position) ?? .infinity }

  /// The key of the first gem with a spell of `kind` that can be cast now.
  func readyGem(_ kind: SpellKind, _ lore: Lore) -> (key: KeyAction, spell: Spell)? {
    for (index, gem) in gems.prefix(8).enumerated() where gem.recast <= 0 {
      guard let spell = gem.spell.flatMap(lore.spell), spell.kind == kind, spell.mana <= player.mana ?? 0 else {
        continue
      }
      if let reagent = spell.reagent, !inventory.items.contains(where: { $0.item == reagent }) { continue }
      return (.gem(index), spell)
    }
    return nil
  }

  func hasGem(_ kind: SpellKind, _ lore: Lore) -> Bool {
    gems.contains { $0.spell.flatMap(lore.spell)?.kind == kind }
  }
}

/// Makes somebody the client's target, by walking through the near ones with the target keys.
struct Aim: Sendable {
  private var wanted: EntityID?
  private var tries = 0

  enum Result { case taken, trying, hopeless }

  mutating func take(_ spawn: Spawn, _ state: GameState, hands: inout ReferenceHands) -> Result {
    if wanted != spawn.id {
      wanted = spawn.id
      tries = 0
    }
    if state.target == spawn.id {
      tries = 0
      return .taken
    }
    // A tapped key is up again only in the tick after.
    guard state.tick.slot % 2 == 0 else { return .trying }
    tries += 1
    if tries > 30 {
      wanted = nil
      return .hopeless
    }
    if spawn.kind == .corpse {
      hands.tap(.targetNextCorpse)
    } else if let current = state.targetSpawn, current.kind == .npc,
      state.distance(to: current) > state.distance(to: spawn)
    {
      hands.tap(.targetPreviousNPC)
    } else {
      hands.tap(.targetNextNPC)
    }
    return .trying
  }
}
