import Core

/// Keeps a rule that fails again and again from being tried: five failures within 300 s open it for 120 s, then one
/// probe decides.
struct CircuitBreaker: Hashable, Sendable {
  enum State: Hashable, Sendable {
    case closed
    case open(until: Tick)
    /// The next attempt decides: it closes, or opens again.
    case halfOpen
  }

  private(set) var state = State.closed
  /// The last failures, oldest first; only the newest `failureMax` matter.
  private var failures: (Int, Int, Int, Int, Int) = (-1_000_000, -1_000_000, -1_000_000, -1_000_000, -1_000_000)

  static let failureMax = 5
  static let windowTicks = 3000
  static let openTicks = 1200

  var isOpen: Bool { if case .open = state { true } else { false } }

  /// Once per tick: time alone opens the way for a probe.
  mutating func advance(to tick: Tick) {
    if case .open(let until) = state, tick >= until { state = .halfOpen }
  }

  mutating func succeeded() {
    state = .closed
    failures = (-1_000_000, -1_000_000, -1_000_000, -1_000_000, -1_000_000)
  }

  /// Returns true when this failure opened it.
  mutating func failed(at tick: Tick) -> Bool {
    failures = (failures.1, failures.2, failures.3, failures.4, tick.slot)
    switch state {
    case .open: return false
    case .halfOpen: break
    case .closed:
      guard tick.slot - failures.0 < Self.windowTicks else { return false }
    }
    state = .open(until: tick + Self.openTicks)
    return true
  }

  static func == (left: CircuitBreaker, right: CircuitBreaker) -> Bool {
    left.state == right.state && left.failures == right.failures
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(state)
    hasher.combine(failures.4)
  }
}
