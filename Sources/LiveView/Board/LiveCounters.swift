import Core
import Telemetry

/// What is counted since the daemon's start; plain words, so that a copy per tick is one move of memory.
public struct LiveCounters: Sendable {
  public var ticks = 0
  public var skipped = 0
  public var attachments = 0
  public var defeats = 0
  public var deaths = 0
  /// Enemies' corpses from which something was taken.
  public var loots = 0
  private var lastLooted: EntityID?
  public var flees = 0
  public var rests = 0
  public var pulls = 0
  public var pullsFailed = 0
  public var routinesDone = 0
  public var routinesFailed = 0
  public var plansMade = 0
  public var plansCompleted = 0
  public var plansInvalidated = 0
  public var levelUps = 0
  public var zoneChanges = 0
  public var stuck = 0
  public var breaches = 0
  public var anomalies = 0
  public var refusals = 0
  public var decisionChanges = 0
  /// Ticks that the session could not keep whole.
  public var dropped = 0
  /// By `Fault.rawValue`.
  public var faults: InlineArray<32, Int> = InlineArray(repeating: 0)
  /// The whole tick, and how late it began.
  public var busy = LiveHistogram()
  public var lateness = LiveHistogram()

  public init() {}

  /// Takes in an event of a tick, or of the edge.
  public mutating func note(_ event: SessionEvent) {
    switch event {
    case .encounterEnd(let end): if end.outcome == .defeated { defeats += 1 }
    case .pullResult(_, _, _, let failure, _): if failure == nil { pulls += 1 } else { pullsFailed += 1 }
    case .loot:
      // A corpse to which one comes back is the same one.
      guard let corpse = event.lootedCorpse, corpse != lastLooted else { break }
      lastLooted = corpse
      loots += 1
    case .restEnd: rests += 1
    case .fleeTrigger: flees += 1
    case .playerDeath: deaths += 1
    case .levelUp: levelUps += 1
    case .zoneChange: zoneChanges += 1
    case .routineEnd(_, _, let failure, let interrupted, _):
      if failure != nil { routinesFailed += 1 } else if !interrupted { routinesDone += 1 }
    case .planMade: plansMade += 1
    case .planCompleted: plansCompleted += 1
    case .planInvalidated: plansInvalidated += 1
    case .stuck: stuck += 1
    case .invariantBreach: breaches += 1
    case .anomaly: anomalies += 1
    case .fault(let fault): if fault.rawValue < 32 { faults[Int(fault.rawValue)] += 1 }
    default: break
    }
  }
}

/// Times in a few fixed buckets, as Prometheus wants them.
public struct LiveHistogram: Sendable {
  /// Upper ends of the buckets but the last, which has none. Unit: nanoseconds.
  static let bounds: InlineArray<8, Int64> = [
    100_000, 250_000, 500_000, 1_000_000, 2_000_000, 10_000_000, 50_000_000, 100_000_000,
  ]

  /// How many fell into each bucket alone.
  private(set) var counts: InlineArray<9, Int> = InlineArray(repeating: 0)
  private(set) var count = 0
  private(set) var sum: Int64 = 0
  public private(set) var maximum: Int64 = 0

  public init() {}

  public mutating func add(nanoseconds: Int64) {
    let time = max(0, nanoseconds)
    var bucket = 0
    while bucket < 8, time > Self.bounds[bucket] { bucket += 1 }
    counts[bucket] += 1
    count += 1
    sum &+= time
    maximum = max(maximum, time)
  }
}
