import Core
import Lore
import Nav
import Perception
import Routines

/// Fights whatever is nearest with all it has, never rests, never flees, never looks back: what no agent may be.
struct RecklessPlayer: ReferenceRules {
  private let lore: Lore
  private var walker: Walker
  private var aim = Aim()
  private var random: SeededGenerator
  private var wish: Position?
  private var barred: [(id: EntityID, until: Tick)] = []
  private var foe: (id: EntityID, since: Tick)?

  init(lore: Lore, body: BodyProfile, seed: UInt64) {
    self.lore = lore
    walker = Walker(body: body)
    random = SeededGenerator(seed: seed)
  }

  mutating func act(_ state: GameState, navigator: Navigator?, hands: inout ReferenceHands) {
    if state.player.stand == .dead {
      if state.tick.slot % 20 == 0 { hands.type("/release") }
      return
    }
    guard state.player.casting == nil else { return }
    barred.removeAll { $0.until <= state.tick }
    let foe =
      state.attackers(within: 60).first
      ?? state.living(within: 200) { spawn in
        !lore.policy.neverFight.contains(spawn.name.species) && !barred.contains { $0.id == spawn.id }
          && spawn.level + 2 >= state.player.level ?? 1
      }.first
    guard let foe else {
      roam(state, navigator: navigator, hands: &hands)
      return
    }
    if self.foe?.id != foe.id { self.foe = (foe.id, state.tick) }
    // Even it sees that some cannot be reached or hurt.
    if let since = self.foe?.since, state.tick - since > 300, (foe.healthFraction ?? 1) > 0.99 {
      barred.append((foe.id, state.tick + 3000))
    }
    attack(foe, state, navigator: navigator, hands: &hands)
  }

  private mutating func attack(_ foe: Spawn, _ state: GameState, navigator: Navigator?, hands: inout ReferenceHands) {
    switch aim.take(foe, state, hands: &hands) {
    case .hopeless: barred.append((foe.id, state.tick + 100))
    case .trying: break
    case .taken:
      if let pet = state.petSpawn, pet.target != foe.id, state.tick.slot % 10 == 0 { hands.tap(.petAttack) }
      if state.isAutoAttacking == false, state.tick.slot % 5 == 0 { hands.tap(.autoAttack) }
      for kind in [SpellKind.dot, .nuke, .lifetap] {
        guard let (key, spell) = state.readyGem(kind, lore), state.distance(to: foe) <= spell.range * 0.9 else {
          continue
        }
        walker.stop(&hands)
        if state.tick.slot % 3 == 0 { hands.tap(key) }
        return
      }
    }
    if walker.walk(to: foe.position, within: 6, state, navigator: navigator, hands: &hands) {
      _ = walker.face(foe.position, state, hands: &hands)
    }
  }

  /// Nobody near: somewhere else, anywhere.
  private mutating func roam(_ state: GameState, navigator: Navigator?, hands: inout ReferenceHands) {
    guard let place = state.player.position else { return }
    if let goal = wish, place.horizontalDistance(to: goal) > 20, state.tick.slot % 300 != 0 {
      if walker.walk(to: goal, within: 15, state, navigator: navigator, hands: &hands) { wish = nil }
      return
    }
    guard let zone = state.zone.flatMap(lore.zone) else { return }
    let point = Position(
      random.uniform(zone.southWest.x + 100...zone.northEast.x - 100),
      random.uniform(zone.southWest.y + 100...zone.northEast.y - 100), place.z)
    wish = navigator?.nearestWalkable(to: point, within: 60) ?? point
  }
}
