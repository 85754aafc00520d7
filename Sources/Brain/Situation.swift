import Core
import Learning
import Lore
import Nav
import Perception
import WorldModel

/// What the rules look at: the snapshot, the world model, and the figures that several rules need, computed once.
struct Situation: Sendable {
  let state: GameState
  let model: WorldModel
  let lore: Lore
  let navigator: Navigator?
  let configuration: BrainConfiguration
  let tick: Tick
  let peers: [PeerNote]
  /// A blow of ours was struck since the decision before, whether or not it hit, as the chat tells.
  let hasStruck: Bool

  let isDead: Bool
  /// Fractions, in `0...1`; nil when unknown.
  let health: Double?
  let mana: Double?
  let petHealth: Double?
  let level: Int
  let kit: Kit?
  let loadout: Loadout
  let thresholds: KitThresholds
  /// The kit has a pet at this level, and there is one or could be one.
  let wantsPet: Bool
  let hasPet: Bool
  /// One whose kit fights with a pet has none, whether or not there could be one.
  let lacksPet: Bool
  let isAttacked: Bool
  /// Attacked, or something dangerous is upon us within seconds.
  let isThreatened: Bool
  /// The most urgent imminent threat of red colour or of a species to be avoided.
  let deadlyThreat: Threat?

  init(_ input: BrainInput, lore: Lore, configuration: BrainConfiguration) {
    state = input.state
    model = input.model
    self.lore = lore
    navigator = input.navigator
    peers = input.peers
    hasStruck = input.chat.contains { $0.begins(with: "You hit ") || $0.begins(with: "You try to hit ") }
    self.configuration = configuration
    let player = input.state.player
    tick = input.state.tick
    isDead = player.isDead
    health = player.healthFraction
    mana = player.manaFraction
    petHealth = input.model.petTrack?.health
    level = player.level ?? 1
    kit = player.classID.flatMap { lore.kit(classID: $0) }
    loadout = kit?.loadout(level: player.level ?? 1) ?? .none
    thresholds = kit?.thresholds ?? KitThresholds()
    hasPet = input.model.pet != nil
    wantsPet = loadout.pet != nil && (input.model.pet != nil || Self.canHavePet(input.state, loadout, lore))
    lacksPet = loadout.pet != nil && input.model.pet == nil
    isAttacked = input.model.isAttacked
    isThreatened = input.model.isThreatened
    deadlyThreat = input.model.threats.first { threat in
      threat.isImminent && (threat.con == .red || input.model.track(threat.id)?.policy == .avoid)
    }
  }

  /// The summoning spell needs nothing that is used up.
  private static func canHavePet(_ state: GameState, _ loadout: Loadout, _ lore: Lore) -> Bool {
    guard let reagent = loadout.pet.flatMap(lore.spell)?.reagent else { return true }
    guard state.inventory.slotsTotal != nil || !state.inventory.items.isEmpty else { return true }
    return state.inventory.items.contains { $0.item == reagent && $0.count > 0 }
  }

  var position: Position? { state.player.position }
  /// Whom we set out for is followed a little further than whom we would begin with. Unit: world units.
  var lootReach: Double { 1.4 * lore.policy.lootDistance }
  var zone: ZoneID? { state.zone }

  /// The mana does not suffice for the pet or the protection that is missing; after a rest it would.
  func lacksMeans(_ memory: BrainMemory) -> Bool {
    guard let points = state.player.mana, let most = state.player.manaMax else { return false }
    func isShort(_ spell: SpellID) -> Bool {
      guard gem(spell) != nil, let cost = lore.spell(spell)?.mana else { return false }
      return cost > points && Double(cost) <= thresholds.restManaExit * Double(most)
    }
    if wantsPet, !hasPet, configuration.features.summons, loadout.pet.map(isShort) ?? false { return true }
    guard configuration.features.buffs else { return false }
    return loadout.buffs.contains { spell in
      if state.player.buffs.contains(where: { $0.spell == spell && ($0.remaining == 0 || $0.remaining > 20) }) {
        return false
      }
      if let last = memory.lastBuff, last.spell == spell, tick - last.tick < 300 { return false }
      return isShort(spell)
    }
  }

  /// Who is hurt more than this eats. Unit: fraction of the health.
  static let mealHealth = 0.9

  /// The effect of something in the bags that would do us good now and does not yet: whoever has eaten recovers while
  /// walking and fighting, and need not sit for it. Nil while hardly anything is lacking: food is not wasted.
  var meal: SpellID? {
    guard let health, health <= Self.mealHealth else { return nil }
    for stack in state.inventory.items {
      guard let effect = lore.item(stack.item)?.effect, lore.spell(effect) != nil,
        !state.player.buffs.contains(where: { $0.spell == effect })
      else { continue }
      return effect
    }
    return nil
  }

  /// One of the two places is on a floor above the other's.
  func isOnAnotherFloor(_ place: Position, than other: Position) -> Bool {
    guard abs(place.z - other.z) > 15, let navigator, let floor = navigator.floor(at: other) else { return false }
    return navigator.floor(at: place) != floor
  }

  /// Whoever is nearer to it makes a place perilous. Unit: world units.
  static let perilReach = 110.0

  /// `track` would be the death of us, and goes about near `place` at about its height.
  func isPeril(_ track: Track, near place: Position, within reach: Double = perilReach) -> Bool {
    track.isLivingNPC && track.isDangerous && abs(track.position.z - place.z) < 20
      && track.position.horizontalDistance(to: place) < reach
  }

  /// Somebody who would be the death of us goes about near `place`.
  func isPerilous(_ place: Position) -> Bool { model.tracks.contains { isPeril($0, near: place) } }

  /// A country where nobody of our level hunts, and no town: no place to go to without need.
  func isWorse(_ zone: ZoneID) -> Bool {
    var hasCamp = false
    for camp in lore.camps where camp.zone == zone {
      if camp.levels.lowerBound <= level { return false }
      hasCamp = true
    }
    return hasCamp || lore.zone(zone)?.vendors.isEmpty ?? true
  }

  /// The gem that holds `spell`.
  func gem(_ spell: SpellID) -> Int? { state.gems.firstIndex { $0.spell == spell } }

  /// How many of `item` the bags hold; nil when the bags are unknown.
  func count(_ item: ItemID) -> Int? {
    guard state.inventory.slotsTotal != nil || !state.inventory.items.isEmpty else { return nil }
    return state.inventory.items.reduce(0) { $1.item == item ? $0 + $1.count : $0 }
  }

  /// Why `spell` cannot be cast now; nil when it can, as far as gems, mana and reagents tell.
  /// - Parameter patience: a gem that is ready within so many seconds is no obstacle.
  func obstacle(casting spell: SpellID, patience: Double = 0) -> RuleVerdict? {
    guard let lore = lore.spell(spell) else { return .no(.spellUnknown, Double(spell.raw)) }
    guard let gem = gem(spell) else { return .no(.spellNotMemorised, Double(spell.raw)) }
    guard let points = state.player.mana, points >= lore.mana else {
      return .no(.manaLow, Double(state.player.mana ?? 0), under: Double(lore.mana))
    }
    if let reagent = lore.reagent, let count = count(reagent), count < 1 {
      return .no(.noReagent, 0, under: 1)
    }
    let recast = state.gems[gem].recast
    return recast > patience ? .no(.spellNotReady, recast, under: patience) : nil
  }
}
