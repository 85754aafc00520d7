import Core

/// A keyboard without a display: turns motor commands into key edges on a virtual clock, with a fixed latency.
public struct SimulatedKeyboard: Sendable {
  private var schedule = KeySchedule()
  /// From command to key event. Unit: microseconds.
  public let latency: Int
  private var hasFocus = true
  /// Commands of the last tick that came without the focus.
  private var refusedCount = 0

  public init(latencyMicroseconds: Int = 0) {
    latency = max(0, latencyMicroseconds)
  }

  /// The window's focus as it is from `now` on (microseconds): when it goes, every key comes up.
  public mutating func focus(_ has: Bool, now: Int) {
    if hasFocus, !has { schedule.accept(.releaseAll, now: now) }
    hasFocus = has
  }

  /// Takes the commands of one tick, given at time `now` (microseconds); without the focus it refuses them.
  public mutating func carryOut(_ commands: [MotorCommand], now: Int) {
    refusedCount = 0
    for command in commands {
      guard hasFocus || command == .releaseAll else {
        refusedCount += 1
        continue
      }
      schedule.accept(command, now: now + latency)
    }
  }

  /// Appends the edges before `end` (microseconds) to `edges`.
  public mutating func take(before end: Int, into edges: inout [KeySchedule.Edge]) {
    schedule.take(before: end, into: &edges)
  }

  public var report: MotorReport {
    MotorReport(
      hasFocus: hasFocus, held: schedule.down, refusedCount: refusedCount,
      refusal: refusedCount > 0 ? .noFocus : nil)
  }
}
