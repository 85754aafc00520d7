import Core

/// Gets a number of things done by typed lines, one line after the other, each shown by the snapshot before the next.
struct Deal: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    /// A line is on its way.
    case wait
    /// Type the next line, then say so by `typed`.
    case act
    /// Nothing is left.
    case finished
    /// Lines were typed and nothing came of them.
    case gaveUp
  }

  private var at: Tick?
  private var tries = 0
  private var left: Int?
  /// How many were done so far.
  private(set) var done = 0

  /// Slots that a line is given to show.
  static let lineSlots = 40
  static let triesMax = 3

  /// - Parameter now: How many are left, as the snapshot shows.
  mutating func next(left now: Int, tick: Tick) -> Step {
    if let left, now < left {
      done += left - now
      at = nil
      tries = 0
    }
    left = now
    guard now > 0 else { return .finished }
    if let at, tick - at < Self.lineSlots { return .wait }
    return tries < Self.triesMax ? .act : .gaveUp
  }

  mutating func typed(_ tick: Tick) {
    at = tick
    tries += 1
  }

  func combine(into hash: inout StableHash) {
    hash.combine(at?.slot ?? -1)
    hash.combine(tries << 16 | done << 8 | (left ?? 0))
  }
}
