import Core
import Perception
import Telemetry

/// Everything that an answer is made from: the newest frame, what its numbers mean, and where the player has been.
/// Used by the server's thread alone.
struct LiveReport {
  let names: LiveNames
  let frame: LiveFrame
  let track: LiveTrack
  /// Path of the session; empty without one.
  let session: String
  /// Seconds since the tick thread's last sign of life, and since the newest frame's tick.
  let beatAge: Double
  let frameAge: Double

  /// A tick thread that has not beaten for so long does not live. Unit: seconds.
  static let patience = 1.0

  var isLive: Bool { beatAge < Self.patience }

  /// Armed, or content to observe, with fresh and valid values: it does its work.
  var isReady: Bool {
    isLive && frameAge < Self.patience && frame.vitals.validity == .valid
      && (frame.stand == .armed ? frame.decision.layer != .hold : frame.stand == .observing)
  }

  var stand: String {
    switch frame.stand {
    case .waiting: "waiting"
    case .observing: "observing"
    case .disarmed: "disarmed"
    case .armed: frame.decision.layer == .hold ? "holding" : "armed"
    }
  }

  var sentence: String {
    isLive ? Intent.sentence(frame, names) : "The tick thread has not moved for \(beatAge.tenths) s: it hangs."
  }

  /// Spawns in the order of their distance from the player; in the target's order where that is unknown.
  var nearest: [(spawn: Spawn, distance: Double?)] {
    guard let place = frame.vitals.position else { return frame.spawns.map { ($0, nil) } }
    let measured = frame.spawns.map { (spawn: $0, distance: $0.position.distance(to: place)) }
    return measured.sorted { ($0.distance, $0.spawn.id.raw) < ($1.distance, $1.spawn.id.raw) }.map { ($0, $1) }
  }

  /// How far a step of the plan is.
  func state(ofStep index: Int, in plan: LivePlan) -> String {
    if index < plan.index { return "done" }
    if index > plan.index { return "then" }
    return plan.isRunning ? "runs" : "next"
  }

  /// Values and threshold of what a rule said, where it measured something.
  static func measure(_ verdict: DecisionReceipt.Verdict) -> String {
    guard verdict.value != 0 || verdict.threshold != 0 else { return "" }
    return "\(verdict.value.hundredths) against \(verdict.threshold.hundredths)"
  }

  /// Name and values of an event.
  static func text(_ event: SessionEvent) -> String {
    var words: [String] = []
    event.fields { name, value in words.append("\(name) \(value.text)") }
    return words.joined(separator: ", ")
  }
}

/// Where the player has been in its zone since the daemon's start; sampled by the server, thinned to a bound.
struct LiveTrack {
  private(set) var zone: ZoneID?
  /// Points in the order in which they were passed.
  private(set) var points: [Position] = []
  /// Number of the first point; what lies before was thinned out, or belongs to another zone.
  private(set) var first = 0

  static let pointsMax = 1500
  /// Unit: world units.
  static let step = 6.0

  mutating func note(_ vitals: LiveVitals) {
    guard vitals.validity == .valid, let place = vitals.position, let zone = vitals.zone else { return }
    if zone != self.zone {
      first += points.count
      points.removeAll(keepingCapacity: true)
      self.zone = zone
    }
    if let last = points.last, last.distance(to: place) < Self.step { return }
    if points.count == Self.pointsMax {
      points.removeFirst(Self.pointsMax / 4)
      first += Self.pointsMax / 4
    }
    points.append(place)
  }
}
