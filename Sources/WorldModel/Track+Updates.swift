import Core
import Lore
import Perception

extension Track {
  /// Begins a track; the operator's data are looked up once, here.
  init(new spawn: Spawn, lore: Lore, zone: ZoneID?, camp: Int?, tick: Tick) {
    let species = spawn.name.species
    self.init(
      id: spawn.id, name: spawn.name, species: species, kind: spawn.kind, level: spawn.level,
      classID: spawn.classID, con: .red, body: spawn.body, policy: .plain, position: spawn.position,
      velocity: spawn.velocity, heading: spawn.heading,
      health: spawn.healthFraction, healthLoss: 0, owner: spawn.owner, target: spawn.target, distance: .infinity,
      petDistance: .infinity, firstSeen: tick, firstPlace: spawn.position, lastHostile: nil, lastHurt: nil,
      lastFought: nil, neighbours: 0,
      kin: 0, isOnPlayer: false, isOnPet: false)
    policy = Disposition(species: species, at: spawn.position, lore: lore, zone: zone, camp: camp)
    if spawn.kind == .npc, let health, health < 1 { lastHurt = tick }
  }

  /// An entity became another under the same id: a body became a corpse. What was fought stays so.
  mutating func inherit(_ former: Track) {
    guard kind == .corpse, former.kind == .npc else { return }
    lastFought = former.lastFought
  }

  /// Takes in what one tick shows.
  mutating func advance(to spawn: Spawn, seconds: Double, tick: Tick) {
    let moved = (spawn.position - position) * (1 / seconds)
    // Further than anything runs: it was placed there, not moved.
    velocity = moved.horizontalLength > 200 ? .origin : velocity * 0.6 + moved * 0.4
    if kind != spawn.kind { firstSeen = tick }
    if let before = health, let now = spawn.healthFraction {
      let lost = max(0, before - now) / seconds
      let share = min(1, seconds / 4)
      healthLoss += (lost - healthLoss) * share
      if now < before - 0.0005 { lastHurt = tick }
    }
    kind = spawn.kind
    level = spawn.level
    body = spawn.body
    position = spawn.position
    heading = spawn.heading
    health = spawn.healthFraction
    owner = spawn.owner
    target = spawn.target
  }

  /// Takes in how it stands to us at this tick.
  mutating func see(_ view: View) {
    con = view.con.colour(level: Int(level), player: view.level)
    distance = view.place?.horizontalDistance(to: position) ?? .infinity
    petDistance = view.petPlace?.horizontalDistance(to: position) ?? .infinity
    let attacks = target != nil && isLivingNPC && policy != .vendor
    isOnPlayer = attacks && target == view.player
    isOnPet = attacks && view.pet != nil && target == view.pet
    guard isAttacking else { return }
    lastHostile = view.tick
    lastFought = view.tick
  }

  /// The corpse of `player`: owned by it, or named for it.
  func isOwnCorpse(of player: Player) -> Bool {
    if let id = player.id, owner == id { return true }
    return !player.name.isEmpty && species == player.name.species
  }
}

/// Ourselves at one tick, as far as every track is seen in the light of it.
struct View {
  var player: EntityID?
  var level: Int
  var place: Position?
  var pet: EntityID?
  var petPlace: Position?
  var con: ConTable
  var tick: Tick

  init(_ state: GameState, lore: Lore, tick: Tick) {
    player = state.player.id
    level = state.player.level ?? 0
    place = state.player.position
    pet = state.pet
    petPlace = state.pet.flatMap(state.spawn)?.position
    con = lore.policy.con
    self.tick = tick
  }
}

extension Disposition {
  /// - Parameter camp: Row of the camp that we hunt at; nil hears all of the zone.
  init(species: FixedName, at place: Position, lore: Lore, zone: ZoneID?, camp: Int? = nil) {
    let zoneLore = zone.flatMap(lore.zone)
    if zoneLore?.vendors.contains(where: { $0.name.species == species && $0.at.horizontalDistance(to: place) < 60 })
      ?? false
    {
      self = .vendor
    } else if lore.policy.neverFight.contains(species) {
      self = .never
    } else if Self.isAvoided(species, lore, zone, camp) {
      self = .avoid
    } else {
      self = lore.policy.alwaysFight.contains(species) ? .always : .plain
    }
  }

  private static func isAvoided(_ species: FixedName, _ lore: Lore, _ zone: ZoneID?, _ camp: Int?) -> Bool {
    if let camp, lore.camps.indices.contains(camp), lore.camps[camp].zone == zone {
      return lore.camps[camp].avoid.contains(species)
    }
    return lore.camps.contains { $0.zone == zone && $0.avoid.contains(species) }
  }
}

extension Threat {
  /// Both go straight on: where and when are they nearest within ten seconds?
  init(approaching place: Position, by track: Track) {
    let (dx, dy) = (track.position.x - place.x, track.position.y - place.y)
    let (vx, vy) = (track.velocity.x, track.velocity.y)
    let speedSquared = vx * vx + vy * vy
    let seconds = speedSquared > 1 ? min(10, max(0, -(dx * vx + dy * vy) / speedSquared)) : 0
    let (x, y) = (dx + vx * seconds, dy + vy * seconds)
    self.init(
      id: track.id, con: track.con, distance: track.distance, closest: (x * x + y * y).squareRoot(),
      secondsToClosest: seconds, isImminent: false)
  }

  func isMoreUrgent(than other: Threat) -> Bool {
    if isImminent != other.isImminent { return isImminent }
    if con != other.con { return con > other.con }
    return closest == other.closest ? id < other.id : closest < other.closest
  }
}
