import Core
import Perception
import Routines
import Telemetry
import WorldModel

/// Follows fights from the first blow to the end, and sums up each one.
///
/// One fight at a time: of the one the agent set out to fight, or of whoever attacks; others who join are its adds.
struct EncounterWatch: Sendable {
  /// A fight under way.
  private struct Fight: Sendable {
    var credit: CreditID
    var target: EntityID
    var name: FixedName
    var level: Int
    var started: Tick
    var lastEngaged: Tick
    var lastHealth: Double
    var manaSpent = 0.0
    var healthLost = 0.0
    var casts = 0
    var adds = 0
    var petDied = false
    var hasFled = false
    var at: Position
  }

  private(set) var defeats = 0
  private var fight: Fight?
  private var lastMana: Double?
  private var lastHealth: Double?
  private var wasCasting = false
  private var hadPet = false

  /// Slots without a blow after which a fight is over.
  static let coldSlots = 60

  /// A fight is under way.
  var isFighting: Bool { fight != nil }

  /// Since when.
  var fightStart: Tick? { fight?.started }

  /// Takes in one tick.
  /// - Parameter status: The routine as it stood when the tick began.
  mutating func update(
    _ state: GameState, _ model: WorldModel, status: RoutineStatus?, strategy: UInt8, events: inout [SessionEvent]
  ) {
    defer { remember(state, model) }
    // The dead are not fought, though what killed them stands over them for a while.
    if fight == nil, !state.player.isDead { begin(state, model, status) }
    guard fight != nil else { return }
    follow(state, model, status)
    guard let fight, let outcome = outcome(of: fight, state, model) else { return }
    self.fight = nil
    if outcome == .defeated { defeats += 1 }
    events.append(
      .encounterEnd(
        EncounterEnd(
          credit: fight.credit, target: fight.target, name: fight.name, level: fight.level, outcome: outcome,
          strategy: strategy, seconds: state.tick.seconds(since: fight.started), manaSpent: fight.manaSpent,
          healthLost: fight.healthLost, casts: fight.casts, adds: fight.adds, petDied: fight.petDied, at: fight.at)))
  }

  func combine(into hash: inout StableHash) {
    hash.combine(defeats)
    hash.combine(UInt64(fight?.target.raw ?? 0))
  }

  private mutating func begin(_ state: GameState, _ model: WorldModel, _ status: RoutineStatus?) {
    guard let row = opponent(model, status) else { return }
    let track = model.tracks[row]
    fight = Fight(
      credit: status?.credit ?? CreditID(0), target: track.id, name: track.name, level: Int(track.level),
      started: state.tick, lastEngaged: state.tick, lastHealth: track.health ?? 1, at: track.position)
  }

  /// Whom the routine fights, once blows fall; else the first who attacks.
  private func opponent(_ model: WorldModel, _ status: RoutineStatus?) -> Int? {
    switch status?.order {
    case .combat(let id), .engageAdd(let id), .pull(let id, _):
      if let row = model.row(id), model.engaged.contains(row) { return row }
    default: break
    }
    return model.attackers.first
  }

  private mutating func follow(_ state: GameState, _ model: WorldModel, _ status: RoutineStatus?) {
    guard var fight else { return }
    if let row = model.row(fight.target) {
      let track = model.tracks[row]
      if model.engaged.contains(row) { fight.lastEngaged = state.tick }
      if let health = track.health { fight.lastHealth = health }
      if track.kind == .npc { fight.at = track.position }
    }
    var others = 0
    for row in model.attackers where model.tracks[row].id != fight.target { others += 1 }
    fight.adds = max(fight.adds, others)
    if let before = lastMana, let now = state.player.manaFraction, now < before { fight.manaSpent += before - now }
    if let before = lastHealth, let now = state.player.healthFraction, now < before {
      fight.healthLost += before - now
    }
    if state.player.casting != nil, !wasCasting { fight.casts += 1 }
    if hadPet, model.pet == nil { fight.petDied = true }
    if status?.order.routine == .flee || status?.order.routine == .feignDeath { fight.hasFled = true }
    self.fight = fight
  }

  private func outcome(of fight: Fight, _ state: GameState, _ model: WorldModel) -> EncounterEnd.Outcome? {
    if state.player.isDead { return .died }
    guard let track = model.track(fight.target) else {
      return fight.lastHealth < 0.15 || model.hasCorpse(of: fight.target) ? .defeated : .lost
    }
    if !track.isLivingNPC { return .defeated }
    guard state.tick - fight.lastEngaged >= Self.coldSlots else { return nil }
    return fight.hasFled ? .fled : .lost
  }

  private mutating func remember(_ state: GameState, _ model: WorldModel) {
    lastMana = state.player.manaFraction
    lastHealth = state.player.healthFraction
    wasCasting = state.player.casting != nil
    hadPet = model.pet != nil
  }
}
