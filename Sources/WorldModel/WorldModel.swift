import Core
import Learning
import Lore
import Perception

/// What follows from the snapshots over time; updated once per tick, read by Brain and by Routines. Chooses nothing.
///
///     var model = WorldModel()
///     model.update(state, lore: lore)
///     if let attacker = model.attackers.first { … model.tracks[attacker] … }
///
/// Rows into `tracks` hold until the next update.
public struct WorldModel: Sendable {
  /// Everything in sight but the player, in the order of the snapshot.
  public private(set) var tracks: [Track] = []
  /// Rows of the living NPCs that attack us or our pet; those upon the player first, then nearest first.
  public private(set) var attackers: [Int] = []
  /// Rows of living NPCs that we have begun to hurt, or that attack: what the fight is about, nearest first.
  public private(set) var engaged: [Int] = []
  /// NPCs that come near without attacking yet, most urgent first; at most `threatMax`.
  public private(set) var threats: [Threat] = []
  /// Rows of the corpses of what we fought, nearest first.
  public private(set) var corpses: [Int] = []
  /// Rows of our own corpses, nearest first.
  public private(set) var ownCorpses: [Int] = []
  /// Rows of living NPCs within `threatRange` that are red or that the operator says to avoid.
  public private(set) var dangerous: [Int] = []
  /// Row of our pet, living.
  public private(set) var pet: Int?
  /// Row of the client's target.
  public private(set) var target: Int?
  /// The nearest other player. Unit: world units; infinite when none is in sight.
  public private(set) var nearestPlayer = Double.infinity
  /// The health that the player lost per second over the last three seconds, as a fraction of its maximum.
  public private(set) var damageRate = 0.0
  /// The last tick at which the player lost health.
  public private(set) var lastHurt: Tick?
  /// The last tick at which something attacked us or our pet.
  public private(set) var lastAttacked: Tick?
  /// Who attacked the player last, and when.
  private var lastAttacker: (id: EntityID, name: FixedName, tick: Tick)?
  /// Counts updates since the zone was entered; the first after a change of zone is 1.
  public private(set) var updatesInZone = 0
  /// We have not moved since the reading before.
  public private(set) var isStandingStill = false
  /// Our place at the last valid reading.
  public private(set) var position: Position?

  public static let isolationRadius = 40.0
  public static let imminentDistance = 40.0
  public static let imminentSeconds = 5.0
  public static let threatRange = 300.0
  public static let threatMax = 8
  /// A fight is remembered for so long after the last blow.
  static let foughtTicks = 100
  /// Whoever dies so long after the last attack died of it.
  static let killerTicks = 100

  private var previous: [Track] = []
  private var index = TrackIndex()
  private var grid = NeighbourGrid()
  private var health = HealthTrace()
  private var fallen = FallenList()
  private var calm = CalmSpecies()
  private var patrols = PatrolWatch()
  private var helpers = HelpReach()
  private var temper = Temper()
  /// Row of the camp whose word counts; nil lets those of every camp of the zone count.
  private var camp: Int?
  /// The client's target of the tick before.
  private var formerTarget: EntityID?
  private var zone: ZoneID?
  private var tick = Tick.start
  private var level = 1

  public init() {
    attackers.reserveCapacity(64)
    engaged.reserveCapacity(64)
    corpses.reserveCapacity(64)
    ownCorpses.reserveCapacity(64)
    dangerous.reserveCapacity(64)
  }

  /// The track of `id`; nil when it is not in sight.
  public func track(_ id: EntityID) -> Track? { index.row(id).map { tracks[$0] } }

  /// The row of `id` in `tracks`.
  public func row(_ id: EntityID) -> Int? { index.row(id) }

  /// The time of a round of one who walks the same way again and again; nil for others. Unit: seconds.
  public func patrolPeriod(of id: EntityID) -> Double? { patrols.period(of: id) }

  /// Whether somebody dangerous on patrol will pass `place` within `radius` during the next `seconds`.
  public func isPatrolled(_ place: Position, within radius: Double, seconds: Double) -> Bool {
    for row in dangerous where patrols.period(of: tracks[row].id) != nil {
      var ahead = 0.0
      while ahead <= seconds {
        if let there = patrols.place(of: tracks[row].id, in: ahead), there.horizontalDistance(to: place) < radius {
          return true
        }
        ahead += 4
      }
    }
    return false
  }

  public var petTrack: Track? { pet.map { tracks[$0] } }
  public var targetTrack: Track? { target.map { tracks[$0] } }

  /// Whose doing it is when the player dies now: who attacks, else who did so last, a moment ago. By then it has turned
  /// away, or is gone.
  public var killer: (id: EntityID, name: FixedName)? {
    if let row = attackers.first { return (tracks[row].id, tracks[row].name) }
    guard let last = lastAttacker, tick - last.tick < Self.killerTicks else { return nil }
    return (last.id, last.name)
  }

  /// What was learned of the species' manners, to outlive the session.
  public var manners: Manners { Manners(tempers: temper.kept, helps: helpers.kept, bonds: helpers.keptBonds) }

  /// Takes up what an earlier session learned.
  public mutating func recall(_ manners: Manners) {
    temper.recall(manners.tempers)
    helpers.recall(manners.helps, manners.bonds)
  }

  /// Something attacks us or our pet.
  public var isAttacked: Bool { !attackers.isEmpty }

  /// Something attacks, or will be upon us within seconds.
  public var isThreatened: Bool { isAttacked || threats.contains(where: \.isImminent) }

  /// Seconds until the player is dead if things go on like this; nil when it loses nothing or its health is unknown.
  public func secondsToDeath(_ player: Player) -> Double? {
    guard let fraction = player.healthFraction, damageRate > 0.001 else { return nil }
    return fraction / damageRate
  }

  /// Takes in the snapshot of one tick. A snapshot that is loading or stale changes nothing.
  /// - Parameter camp: Row in `lore.camps` of the camp we hunt at: its file says whom to leave alone. Nil while none is
  ///   chosen: then every camp of the zone is heard.
  /// - Parameter sees: Whether one place is seen from another; asked for the few who come near on another height.
  /// - Complexity: O(n) over the spawns, no allocation in steady state.
  public mutating func update(
    _ state: GameState, lore: Lore, camp: Int? = nil, sees: (Position, Position) -> Bool = { _, _ in true }
  ) {
    guard state.validity == .valid || state.validity == .partial else { return }
    let isMoving = camp != self.camp
    self.camp = camp
    if let entered = state.zone, entered != zone {
      forget()
      zone = entered
    }
    updatesInZone += 1
    if let place = state.player.position {
      isStandingStill = position.map { $0.horizontalDistance(to: place) < 0.3 } ?? false
      position = place
    }
    let seconds = max(0.1, Double(state.tick - tick) / 10)
    tick = state.tick
    level = state.player.level ?? level
    let isSameList = follow(state, lore: lore, seconds: seconds)
    if isMoving { judge(lore, zone: state.zone) }
    if !isSameList {
      index.reset(count: tracks.count)
      for row in tracks.indices { index.insert(tracks[row].id, row: row) }
    }
    grid.count(&tracks)
    let wasQuiet = attackers.isEmpty
    find(state)
    learnHelpers(wasQuiet: wasQuiet)
    forecast(state, sees)
    formerTarget = state.target
    if let lost = health.add(state.player.healthFraction, tick: tick), lost > 0.002 { lastHurt = tick }
    damageRate = health.lossPerSecond(now: tick)
  }

  private mutating func forget() {
    tracks.removeAll(keepingCapacity: true)
    previous.removeAll(keepingCapacity: true)
    index.reset(count: 0)
    fallen.clear()
    patrols.clear()
    updatesInZone = 0
  }

  /// Another camp, another word on whom to leave alone.
  private mutating func judge(_ lore: Lore, zone: ZoneID?) {
    for row in tracks.indices {
      tracks[row].policy = Disposition(
        species: tracks[row].species, at: tracks[row].position, lore: lore, zone: zone, camp: camp)
    }
  }

  /// Carries every track on, or begins it. Returns whether everybody stands in the row of the tick before.
  private mutating func follow(_ state: GameState, lore: Lore, seconds: Double) -> Bool {
    let view = View(state, lore: lore, tick: tick)
    let known = tracks.count
    let isQuiet = attackers.isEmpty
    var row = 0
    while row < min(known, state.spawns.count), tracks[row].id == state.spawns[row].id,
      tracks[row].name == state.spawns[row].name
    {
      tracks[row].advance(to: state.spawns[row], seconds: seconds, tick: tick)
      tracks[row].see(view)
      Self.noteCalm(&tracks[row], &calm, &temper, level: level, isQuiet: isQuiet)
      row += 1
    }
    if row == known, row == state.spawns.count { return true }
    // From here on the list is another one.
    let same = row
    previous.removeAll(keepingCapacity: true)
    previous.append(contentsOf: tracks[same...])
    tracks.removeLast(known - same)
    for spawn in state.spawns[same...] {
      let former = index.row(spawn.id).flatMap { $0 >= same && $0 - same < previous.count ? $0 - same : nil }
      if let former, previous[former].name == spawn.name {
        tracks.append(previous[former])
        tracks[tracks.count - 1].advance(to: spawn, seconds: seconds, tick: tick)
      } else {
        tracks.append(Track(new: spawn, lore: lore, zone: state.zone, camp: camp, tick: tick))
        tracks[tracks.count - 1].clan = helpers.clan(of: tracks[tracks.count - 1].species)
        tracks[tracks.count - 1].helpReach = helpers[tracks[tracks.count - 1].species]
        tracks[tracks.count - 1].isHelped = helpers.hasHelped(tracks[tracks.count - 1].species)
        if let former { tracks[tracks.count - 1].inherit(previous[former]) }
      }
      tracks[tracks.count - 1].see(view)
      Self.noteCalm(&tracks[tracks.count - 1], &calm, &temper, level: level, isQuiet: isQuiet)
    }
    return false
  }

  /// Learns who leaves us alone, and who does not.
  /// - Parameter isQuiet: nobody attacked us in the tick before.
  private static func noteCalm(
    _ track: inout Track, _ calm: inout CalmSpecies, _ temper: inout Temper, level: Int, isQuiet: Bool
  ) {
    if track.isLivingNPC, track.distance < Temper.distance {
      if !track.isAttacking {
        if track.con > .green { temper.notePeace(track.species) }
      } else if track.isOnPlayer, track.lastHurt == nil, isQuiet {
        temper.noteAttack(track.species, difference: Int(track.level) - level)
      }
    }
    guard track.isLivingNPC, !track.isAttacking, track.distance < CalmSpecies.distance else {
      track.calmTicks = 0
      // Untouched and upon us: it came of its own.
      if track.isOnPlayer, track.lastHurt == nil { calm.remove(track.species) }
      return
    }
    guard track.calmTicks < .max else { return }
    track.calmTicks += 1
    if track.calmTicks == CalmSpecies.ticks { calm.insert(track.species) }
  }

  /// Fills the lists of rows.
  private mutating func find(_ state: GameState) {
    attackers.removeAll(keepingCapacity: true)
    engaged.removeAll(keepingCapacity: true)
    corpses.removeAll(keepingCapacity: true)
    ownCorpses.removeAll(keepingCapacity: true)
    dangerous.removeAll(keepingCapacity: true)
    pet = nil
    target = nil
    if let id = state.target { target = index.row(id) }
    nearestPlayer = .infinity
    if let id = state.pet, let row = index.row(id), tracks[row].body != .dead, (tracks[row].health ?? 1) > 0 {
      pet = row
    }
    let petTarget = pet.flatMap { tracks[$0].target }
    for row in tracks.indices {
      switch tracks[row].kind {
      case .npc where tracks[row].isLivingNPC:
        let isOurs =
          tracks[row].id == petTarget && tracks[row].lastHurt.map { tick - $0 < Self.foughtTicks } ?? false
        if isOurs { tracks[row].lastFought = tick }
        if tracks[row].isAttacking { attackers.append(row) }
        if tracks[row].isDangerous, !isCalm(tracks[row]), tracks[row].distance < Self.threatRange {
          dangerous.append(row)
          patrols.note(tracks[row].id, at: tracks[row].position, tick: tick)
        }
        if tracks[row].isAttacking || isOurs { engaged.append(row) }
        if let fought = tracks[row].lastFought, tick - fought < Self.foughtTicks {
          fallen.note(tracks[row].id, tick: tick)
        }
      case .corpse:
        if tracks[row].isOwnCorpse(of: state.player) {
          ownCorpses.append(row)
        } else if isOurKill(tracks[row], state) {
          corpses.append(row)
        }
      case .player:
        nearestPlayer = min(nearestPlayer, tracks[row].distance)
      default:
        break
      }
    }
    if !attackers.isEmpty { lastAttacked = tick }
    Self.sort(&attackers, of: tracks, playerFirst: true)
    if let row = attackers.first, tracks[row].isOnPlayer { lastAttacker = (tracks[row].id, tracks[row].name, tick) }
    Self.sort(&engaged, of: tracks, playerFirst: false)
    Self.sort(&corpses, of: tracks, playerFirst: false)
    Self.sort(&ownCorpses, of: tracks, playerFirst: false)
  }

  /// A corpse is ours when what lies there was fought within the last seconds before it fell.
  private mutating func isOurKill(_ corpse: Track, _ state: GameState) -> Bool {
    if fallen.isKill(corpse.id) { return true }
    // What falls at the first blow was never seen fighting; but the client's target goes over to the corpse.
    let fellAsTarget = corpse.id == state.target && corpse.owner != nil && corpse.owner == formerTarget
    if fellAsTarget || fallen.wasFought(corpse.owner ?? corpse.id, since: corpse.firstSeen - Self.foughtTicks)
      || (corpse.lastFought.map { corpse.firstSeen - $0 < Self.foughtTicks } ?? false)
    {
      fallen.noteKill(corpse.id)
      return true
    }
    return false
  }

  /// It may attack us of its own: alive and nobody's, neither a merchant nor one to spare, worth a thought by its
  /// colour or because one as weak has attacked before, and of no species that has stood beside us and done nothing.
  public func mayAttack(_ track: Track) -> Bool {
    guard track.isLivingNPC, !track.isAttacking, track.owner == nil else { return false }
    guard track.con > .green || temper.hasAttacked(track.species, difference: Int(track.level) - level) else {
      return false
    }
    guard track.policy != .vendor, track.policy != .never else { return false }
    if track.policy == .avoid || temper.isAggressive(track.species) { return true }
    return !(calm.contains(track.species) || temper.isHarmless(track.species))
  }

  /// Somebody who may attack us of its own stands within `reach` of `place`, or will in three seconds if it goes on as
  /// it goes.
  /// - Complexity: O(n) over the tracks.
  public func isWatched(_ place: Position, within reach: Double) -> Bool {
    for track in tracks where abs(track.position.z - place.z) < 60 && mayAttack(track) {
      let next = track.position + track.velocity * 3
      if min(track.position.horizontalDistance(to: place), next.horizontalDistance(to: place)) < reach { return true }
    }
    return false
  }

  /// A fight that begins shows who helps whom, and from how far.
  private mutating func learnHelpers(wasQuiet: Bool) {
    if wasQuiet, let first = attackers.first {
      // Whom the fight is about: the pet's prey, else our own, else who is nearest.
      let prey = pet.flatMap { tracks[$0].target } ?? target.map { tracks[$0].id }
      let row = attackers.first { tracks[$0].id == prey } ?? first
      helpers.begin(tracks[row], among: tracks, tick: tick)
    }
    let hasLearned = helpers.settle(tick: tick) { id in index.row(id).map { tracks[$0].isAttacking } }
    guard hasLearned else { return }
    for row in tracks.indices where tracks[row].kind == .npc {
      tracks[row].clan = helpers.clan(of: tracks[row].species)
      tracks[row].helpReach = helpers[tracks[row].species]
      tracks[row].isHelped = helpers.hasHelped(tracks[row].species)
    }
  }

  private func isCalm(_ track: Track) -> Bool { track.policy != .avoid && calm.contains(track.species) }

  /// Insertion sort: the lists are short, and sorting must not allocate. Static, because a method would be handed a copy
  /// of the whole model, and with it a second owner of the very list that it sorts.
  private static func sort(_ rows: inout [Int], of tracks: [Track], playerFirst: Bool) {
    guard rows.count > 1 else { return }
    func precedes(_ left: Track, _ right: Track) -> Bool {
      if playerFirst, left.isOnPlayer != right.isOnPlayer { return left.isOnPlayer }
      return left.distance == right.distance ? left.id < right.id : left.distance < right.distance
    }
    for end in 1..<rows.count {
      var slot = end
      while slot > 0, precedes(tracks[rows[slot]], tracks[rows[slot - 1]]) {
        rows.swapAt(slot, slot - 1)
        slot -= 1
      }
    }
  }

  /// Looks ten seconds ahead for what could come upon us.
  private mutating func forecast(_ state: GameState, _ sees: (Position, Position) -> Bool) {
    threats.removeAll(keepingCapacity: true)
    guard let place = state.player.position else { return }
    for row in tracks.indices
    where tracks[row].distance < Self.threatRange && tracks[row].isLivingNPC && !tracks[row].isAttacking {
      let track = tracks[row]
      guard track.policy != .vendor, track.policy != .never, track.con >= .yellow || track.policy == .avoid,
        !isCalm(track)
      else {
        continue
      }
      var threat = Threat(approaching: place, by: track)
      // Only what would be the death of us is worth dropping everything for.
      threat.isImminent =
        track.isDangerous && threat.closest < Self.imminentDistance && threat.secondsToClosest < Self.imminentSeconds
      // Who goes about on the floor above does not know of us.
      if threat.isImminent, track.isAbove(place), !sees(track.position, place) { continue }
      guard threat.isImminent || threat.closest < 2 * Self.imminentDistance else { continue }
      var slot = threats.count
      while slot > 0, threat.isMoreUrgent(than: threats[slot - 1]) { slot -= 1 }
      if slot < Self.threatMax {
        if threats.count == Self.threatMax { threats.removeLast() }
        threats.insert(threat, at: slot)
      }
    }
  }
}
