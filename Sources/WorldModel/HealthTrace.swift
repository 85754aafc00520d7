import Core

/// The player's health over the last seconds, in a ring that is laid out once.
struct HealthTrace: Sendable {
  private var losses: [Double]
  private var ticks: [Int]
  private var next = 0
  private var last: Double?

  static let windowTicks = 30

  init() {
    losses = [Double](repeating: 0, count: Self.windowTicks)
    ticks = [Int](repeating: -1_000_000, count: Self.windowTicks)
  }

  /// Takes the health of one tick. Returns what was lost since the last known one; nil when either is unknown.
  mutating func add(_ fraction: Double?, tick: Tick) -> Double? {
    defer { last = fraction }
    guard let last, let fraction else { return nil }
    let lost = max(0, last - fraction)
    losses[next] = lost
    ticks[next] = tick.slot
    next = (next + 1) % Self.windowTicks
    return lost
  }

  /// Fraction per second over the window.
  func lossPerSecond(now: Tick) -> Double {
    var sum = 0.0
    for slot in losses.indices where now.slot - ticks[slot] < Self.windowTicks { sum += losses[slot] }
    return sum / (Double(Self.windowTicks) / 10)
  }
}
