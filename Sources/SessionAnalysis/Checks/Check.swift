/// What a check found.
public struct CheckResult: Sendable {
  public enum Verdict: String, Sendable, CaseIterable {
    case good, warn, fail
    /// The log does not say.
    case unknown
    /// There was nothing to check.
    case notApplicable = "n/a"
  }

  public var verdict: Verdict
  /// What was measured, and what it was held against.
  public var value: Double?
  public var threshold: Double?
  /// One sentence.
  public var sentence: String
  /// Where in the session.
  public var ticks: ClosedRange<Int>?
  /// What to do about it; empty when there is nothing.
  public var advice: String

  public init(
    _ verdict: Verdict, _ sentence: String, value: Double? = nil, threshold: Double? = nil,
    ticks: ClosedRange<Int>? = nil, advice: String = ""
  ) {
    self.verdict = verdict
    self.sentence = sentence
    self.value = value
    self.threshold = threshold
    self.ticks = ticks
    self.advice = advice
  }
}

/// One thing that can be wrong with a session. One per file.
public protocol SessionCheck: Sendable {
  /// Stable text.
  var name: String { get }
  func check(_ session: SessionDigest) -> CheckResult
}

/// All checks, in the order of a report.
public enum SessionChecks {
  public static let all: [any SessionCheck] = [
    CompletenessCheck(), GapCheck(), OrderCheck(), DropoutCheck(), NumbersCheck(),
    OverrunCheck(), LatenessCheck(), InvariantCheck(), FaultCheck(), ValidityCheck(), HoldCheck(), KeyCheck(),
    DeathCheck(), HealthCheck(), StuckCheck(), OscillationCheck(), BreakerCheck(), PullCheck(), IdleCheck(),
    ProgressCheck(),
  ]

  public static func run(_ session: SessionDigest) -> [(name: String, result: CheckResult)] {
    all.map { ($0.name, $0.check(session)) }
  }
}

/// A verdict by two limits: at or below `warn` good, at or below `fail` warn, else fail.
func verdict(_ value: Double, warn: Double, fail: Double) -> CheckResult.Verdict {
  value > fail ? .fail : value > warn ? .warn : .good
}

/// From the first to the last tick of `events`.
func span(_ events: [SessionDigest.Event]) -> ClosedRange<Int>? {
  guard let first = events.map(\.tick).min(), let last = events.map(\.tick).max() else { return nil }
  return first...last
}
