import Core

/// Selectors that run beside the active one: how often each would have chosen otherwise, swung back and forth, or
/// stuck to one choice.
struct SelectorShadows: Sendable {
  /// One entry per phase.
  private(set) var counts = [ShadowCounts](repeating: ShadowCounts(), count: 5)
  private var meters = [OscillationMeter](repeating: OscillationMeter(), count: 5)

  static let staleTicks = 600

  init() {}

  mutating func compare(
    _ ballot: Ballot, _ configuration: BrainConfiguration, required: RuleClass, current: RuleID?, at tick: Tick
  ) {
    let active = Selector.choose(ballot, phase: configuration.phase, ruleClass: required, current: current)
    for phase in UInt8(0)..<5 where configuration.shadowed >> phase & 1 == 1 && phase != configuration.phase {
      let row = Int(phase)
      let choice = Selector.choose(ballot, phase: phase, ruleClass: required, current: current)
      counts[row].decisions += 1
      if choice?.row != active?.row { counts[row].disagreements += 1 }
      if meters[row].note(choice.map { RuleTable.rules[$0.row].id }, at: tick) { counts[row].oscillations += 1 }
      if tick - meters[row].since > Self.staleTicks { counts[row].staleTicks += 1 }
    }
  }
}

/// What became of one shadow selector.
public struct ShadowCounts: Hashable, Sendable {
  public var decisions = 0
  /// Chose another rule than the active selector.
  public var disagreements = 0
  /// A, then B, then A again within five seconds.
  public var oscillations = 0
  /// Ticks at which the same rule had been its choice for more than a minute.
  public var staleTicks = 0

  public init() {}
}

/// Sees a choice swing from A to B and back within five seconds.
struct OscillationMeter: Hashable, Sendable {
  private(set) var current: RuleID?
  private var former: RuleID?
  private var left = Tick.start
  /// Since when the current choice stands.
  private(set) var since = Tick.start

  static let windowTicks = 50

  /// Something else came between; what was chosen before it does not count.
  mutating func restart() {
    current = nil
    former = nil
  }

  /// Returns true when this choice completes a swing.
  mutating func note(_ choice: RuleID?, at tick: Tick) -> Bool {
    guard choice != current else { return false }
    let isSwing = choice != nil && choice == former && tick - left <= Self.windowTicks
    former = current
    left = tick
    current = choice
    since = tick
    return isSwing
  }
}
