import Core
import Telemetry

/// What bars a rule for a while whatever its verdict: cooldowns, breakers, locks. Changes once per tick, by outcomes.
struct RuleGates: Sendable {
  private(set) var cooldownUntil: [Tick]
  private(set) var breakers: [CircuitBreaker]
  /// A lock that lasted too long bars its rule until then.
  private(set) var lockBarUntil: [Tick]

  static let lockBarTicks = 30
  static let longTicks = 100

  init() {
    let count = RuleID.allCases.count
    cooldownUntil = [Tick](repeating: .start, count: count)
    breakers = [CircuitBreaker](repeating: CircuitBreaker(), count: count)
    lockBarUntil = [Tick](repeating: .start, count: count)
  }

  mutating func advance(to tick: Tick) {
    for row in breakers.indices { breakers[row].advance(to: tick) }
  }

  /// Takes in how a rule's routine ended.
  mutating func note(_ rule: RuleID, _ outcome: RoutineOutcome, at tick: Tick, events: inout [SessionEvent]) {
    let row = Int(rule.rawValue)
    switch outcome.result {
    case .succeeded:
      breakers[row].succeeded()
    case .interrupted:
      break
    case .failed(let failure):
      cooldownUntil[row] = tick + Tick.slots(seconds: RuleTable.rules[row].cooldownSeconds)
      guard RuleTable.rules[row].hasBreaker, failure.category == .execution else { return }
      if breakers[row].failed(at: tick) {
        events.append(.circuitOpen(rule: rule, failures: CircuitBreaker.failureMax))
      }
    }
  }

  mutating func lockTimedOut(_ rule: RuleID, at tick: Tick) {
    lockBarUntil[Int(rule.rawValue)] = tick + Self.lockBarTicks
  }

  mutating func setCooldown(_ rule: RuleID, until tick: Tick) { cooldownUntil[Int(rule.rawValue)] = tick }

  mutating func openBreaker(_ rule: RuleID, at tick: Tick) {
    for _ in 0..<CircuitBreaker.failureMax { _ = breakers[Int(rule.rawValue)].failed(at: tick) }
  }

  /// Barred for longer than a plan would wait.
  func isShutFor(long rule: RuleID, at tick: Tick) -> Bool {
    let row = Int(rule.rawValue)
    return breakers[row].isOpen || cooldownUntil[row] > tick + Self.longTicks
  }

  /// Why the rule is barred; nil when it is free.
  func bar(_ rule: RuleID, at tick: Tick) -> RuleVerdict? {
    let row = Int(rule.rawValue)
    if cooldownUntil[row] > tick { return .no(.cooldown, Double(cooldownUntil[row] - tick) / 10) }
    if lockBarUntil[row] > tick { return .no(.lockTimedOut, Double(lockBarUntil[row] - tick) / 10) }
    if breakers[row].isOpen { return .no(.breakerOpen) }
    return nil
  }
}
