import Core

/// Sees which dangerous beings walk the same way again and again, and foretells where they will be.
///
/// A trace per being: a place every two seconds, for eight minutes at most. Who left a place by sixty units and comes
/// back to it after about the same time twice over is on patrol. Bounded, in arrays that are laid out once.
struct PatrolWatch: Sendable {
  private struct Trace: Sendable {
    var id: EntityID
    var lastSeen: Tick
    /// How many of its places are known, and which of them is the newest; a ring.
    var count = 0
    var head = 0
    /// Where the present round began, when, and how far it has led.
    var anchor: Position
    var anchored: Tick
    var farthest = 0.0
    var rounds = 0
    /// Mean time of a round. Unit: seconds.
    var period = 0.0

    init(_ id: EntityID, at place: Position, tick: Tick) {
      self.id = id
      lastSeen = tick
      anchor = place
      anchored = tick
    }
  }

  private var traces: [Trace] = []
  /// Of every trace `samples`, one trace after the other.
  private var places = [Position](repeating: .origin, count: PatrolWatch.capacity * PatrolWatch.samples)

  static let capacity = 12
  static let samples = 240
  static let sampleTicks = 20
  static let awayMin = 60.0
  static let backMax = 50.0
  /// Rounds may differ by this part of the mean.
  static let tolerance = 0.25
  static let forgetTicks = 3000

  init() { traces.reserveCapacity(Self.capacity) }

  mutating func clear() { traces.removeAll(keepingCapacity: true) }

  /// Takes in where a being is; looks every two seconds only.
  mutating func note(_ id: EntityID, at place: Position, tick: Tick) {
    guard tick.slot % Self.sampleTicks == 0, place.isFinite else { return }
    guard let row = row(id, place, tick) else { return }
    traces[row].lastSeen = tick
    traces[row].head = (traces[row].head + 1) % Self.samples
    places[row * Self.samples + traces[row].head] = place
    traces[row].count = min(Self.samples, traces[row].count + 1)
    let away = traces[row].anchor.horizontalDistance(to: place)
    traces[row].farthest = max(traces[row].farthest, away)
    guard traces[row].farthest >= Self.awayMin, away < Self.backMax else { return }
    let seconds = tick.seconds(since: traces[row].anchored)
    let isAlike =
      traces[row].rounds > 0 && abs(seconds - traces[row].period) <= Self.tolerance * traces[row].period
    traces[row].rounds = isAlike ? traces[row].rounds + 1 : 1
    traces[row].period =
      isAlike ? traces[row].period + (seconds - traces[row].period) / Double(traces[row].rounds) : seconds
    traces[row].anchored = tick
    traces[row].farthest = 0
  }

  private mutating func row(_ id: EntityID, _ place: Position, _ tick: Tick) -> Int? {
    if let row = traces.firstIndex(where: { $0.id == id }) { return row }
    if traces.count < Self.capacity {
      traces.append(Trace(id, at: place, tick: tick))
      return traces.count - 1
    }
    guard let oldest = traces.indices.min(by: { traces[$0].lastSeen < traces[$1].lastSeen }),
      tick - traces[oldest].lastSeen > Self.forgetTicks
    else { return nil }
    traces[oldest] = Trace(id, at: place, tick: tick)
    return oldest
  }

  /// The time of a round; nil for who is on no patrol. Unit: seconds.
  func period(of id: EntityID) -> Double? {
    for trace in traces where trace.id == id && trace.rounds >= 2 { return trace.period }
    return nil
  }

  /// Where `id` was one round before the time that lies `seconds` ahead; nil for who is on no patrol, or when the trace
  /// does not reach back so far.
  func place(of id: EntityID, in seconds: Double) -> Position? {
    for (row, trace) in traces.enumerated() where trace.id == id && trace.rounds >= 2 {
      let back = Int(((trace.period - seconds) * 10 / Double(Self.sampleTicks)).rounded())
      guard back >= 0, back < trace.count else { return nil }
      return places[row * Self.samples + (trace.head - back + Self.samples) % Self.samples]
    }
    return nil
  }
}
