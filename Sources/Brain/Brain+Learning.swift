import Core
import Learning
import Telemetry

extension Brain {
  /// Takes in what the tick's events teach: fights that ended, and where we died. Called once per tick, after the
  /// routines ran.
  public mutating func learn(from events: [SessionEvent], at tick: Tick) {
    for event in events {
      switch event {
      case .encounterEnd(let encounter): learn(encounter, at: tick)
      case .playerDeath(let place, _): note(.danger, at: place, tick)
      default: break
      }
    }
  }

  private mutating func learn(_ encounter: EncounterEnd, at tick: Tick) {
    let end: EncounterOutcome.End =
      switch encounter.outcome {
      case .defeated: .defeated
      case .fled: .fled
      case .died: .died
      case .lost: .lost
      }
    let key = EncounterKey(
      species: encounter.name.species, difference: encounter.level - (memory.level ?? encounter.level),
      strategy: encounter.strategy)
    learned.encounters.observe(
      key,
      EncounterOutcome(
        end: end, seconds: encounter.seconds, manaSpent: encounter.manaSpent, healthLost: encounter.healthLost,
        adds: encounter.adds, petDied: encounter.petDied))
    switch end {
    case .defeated: note(.defeat, at: encounter.at, tick)
    case .fled: note(.danger, at: encounter.at, tick)
    case .died, .lost: break
    }
  }

  private mutating func note(_ evidence: SpatialHeat.Evidence, at place: Position, _ tick: Tick) {
    guard let zone = memory.zone else { return }
    learned.heat.note(evidence, zone: zone, at: place, now: learned.seconds(at: tick))
  }
}
