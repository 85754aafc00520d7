import Core
import Perception
import Telemetry
import WorldModel

/// Follows flights and deaths: what the ten seconds before looked like, and what came of it.
struct IncidentWatch: Sendable {
  private struct Moment: Sendable {
    var health: Double
    var attackers: Int
  }

  /// The last ten seconds, a ring.
  private var moments: [Moment] = []
  private var next = 0
  private var flight: IncidentReport?
  private var started = Tick.start
  /// Since when nobody attacks and no fight is on.
  private var quietSince: Tick?
  private var lastFightStart: Tick?
  private var lastHealth: Double?
  private var lastMana: Double?

  init() { moments.reserveCapacity(Self.momentsMax) }

  static let momentsMax = 100
  /// Slots after which a flight without an end is told of as it stands.
  static let flightSlotsMax = 1200
  /// Slots of peace after which a flight is over that did not end on foot (by feigning, or a pet's victory).
  static let quietSlots = 50

  mutating func update(
    _ state: GameState, _ model: WorldModel, fightStart: Tick?, events: inout [SessionEvent]
  ) {
    remember(state, model)
    follow(state, model)
    // What is told here is no cause of its own.
    let count = events.count
    for index in 0..<count {
      switch events[index] {
      case .fleeTrigger(let reason, let health, let threat, let at):
        // A flight that is renewed is one flight.
        guard flight == nil else { continue }
        flight = report(.escape, state, model, threat: threat, at: at, fightStart: fightStart ?? lastFightStart)
        flight?.reason = reason
        flight?.healthAtTrigger = health ?? lastHealth
        started = state.tick
        quietSince = nil
      case .fleeEnd:
        end(.escape, state, &events)
      case .playerDeath(let at, let attacker):
        if flight != nil {
          end(.failedEscape, state, &events)
        } else {
          var death = report(
            .death, state, model, threat: model.killer?.id, at: at,
            fightStart: fightStart ?? lastFightStart)
          if !attacker.isEmpty { death.name = attacker }
          events.append(.incident(death))
        }
        moments.removeAll(keepingCapacity: true)
        next = 0
      default: break
      }
    }
    if flight != nil {
      let isQuiet = model.attackers.isEmpty && state.player.isInCombat == false
      quietSince = isQuiet ? quietSince ?? state.tick : nil
      let isOver = quietSince.map { state.tick - $0 >= Self.quietSlots } ?? false
      if isOver || state.tick - started > Self.flightSlotsMax { end(.escape, state, &events) }
    }
    lastFightStart = fightStart
  }

  private mutating func remember(_ state: GameState, _ model: WorldModel) {
    guard let health = state.player.healthFraction else { return }
    lastHealth = health
    lastMana = state.player.manaFraction ?? lastMana
    let moment = Moment(health: health, attackers: model.attackers.count)
    if moments.count < Self.momentsMax {
      moments.append(moment)
    } else {
      moments[next] = moment
    }
    next = (next + 1) % Self.momentsMax
  }

  private mutating func follow(_ state: GameState, _ model: WorldModel) {
    guard var flight else { return }
    if let row = flight.threat.flatMap({ model.row($0) }), let health = model.tracks[row].health {
      flight.threatHealthAtEnd = health
    }
    if let health = state.player.healthFraction {
      flight.lowestHealth = min(flight.lowestHealth ?? health, health)
    }
    if let position = state.player.position { flight.distance = flight.at.horizontalDistance(to: position) }
    self.flight = flight
  }

  private func report(
    _ kind: IncidentReport.Kind, _ state: GameState, _ model: WorldModel, threat: EntityID?, at: Position,
    fightStart: Tick?
  ) -> IncidentReport {
    var report = IncidentReport(kind: kind, at: at)
    report.threat = threat
    if let row = threat.flatMap({ model.row($0) }) {
      report.name = model.tracks[row].name
      report.threatHealth = model.tracks[row].health
    }
    report.fightSeconds = fightStart.map { state.tick.seconds(since: $0) }
    report.hadPet = model.pet != nil
    report.healthAtTrigger = lastHealth
    report.manaAtTrigger = lastMana
    report.lowestHealth = lastHealth
    let isFull = moments.count == Self.momentsMax
    report.healthBefore = (isFull ? moments[next] : moments.first)?.health
    for moment in moments { report.attackers = max(report.attackers, moment.attackers) }
    if let before = report.healthBefore, let now = lastHealth, moments.count > 1 {
      report.drain = max(0, (before - now) / (Double(moments.count - 1) / 10))
    }
    return report
  }

  private mutating func end(_ kind: IncidentReport.Kind, _ state: GameState, _ events: inout [SessionEvent]) {
    guard var whole = flight else { return }
    flight = nil
    whole.kind = kind
    whole.seconds = (quietSince ?? state.tick).seconds(since: started)
    events.append(.incident(whole))
  }
}
