import Core

/// The rounds of a session: how long they took, and which part of them.
public struct CycleSummary: Sendable {
  /// One round, as its event tells.
  public struct Cycle: Sendable {
    public var tick: Int
    public var time: Double
    public var name: String
    public var seconds: Double
    /// In the order of `parts`.
    public var split: [Double]
  }

  public static let parts = ["acquire", "pull", "fight", "loot", "rest", "other"]

  public let cycles: [Cycle]

  public init(_ session: SessionDigest) {
    cycles = session.all("cycle.complete").map { event in
      Cycle(
        tick: event.tick, time: event.time, name: event.field("name") ?? "", seconds: event.number("seconds") ?? 0,
        split: Self.parts.map { event.number($0) ?? 0 })
    }
  }

  /// Seconds in the middle of all, of an even number between the two in the middle; nil without a round.
  public var median: Double? {
    let sorted = cycles.map(\.seconds).sorted()
    let middle = sorted.count / 2
    guard !sorted.isEmpty else { return nil }
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// Mean seconds of every part.
  public var means: [(name: String, seconds: Double)] {
    guard !cycles.isEmpty else { return [] }
    return Self.parts.enumerated().map { index, name in
      (name, cycles.reduce(0) { $0 + $1.split[index] } / Double(cycles.count))
    }
  }

  /// One line for a reader; nil without a round.
  public var text: String? {
    guard let median, let longest = cycles.max(by: { $0.seconds < $1.seconds }) else { return nil }
    let split = means.filter { $0.seconds >= 0.05 }.map { "\($0.name) \($0.seconds.tenths)" }.joined(separator: ", ")
    return
      "\(cycles.count) rounds, median \(median.tenths) s (\(split)); longest \(longest.seconds.tenths) s at tick "
      + "\(longest.tick)"
  }
}
