import Core

/// A keyboard without a display: turns motor commands into key edges on a virtual clock, with a fixed latency.
public struct SimulatedKeyboard: Sendable {
  private var schedule = KeySchedule()
  /// From command to key event. Unit: microseconds.
  public let latency: Int

  public init(latencyMicroseconds: Int = 0) {
    latency = max(0, latencyMicroseconds)
  }

  /// Takes the commands of one tick, given at time `now` (microseconds).
  public mutating func carryOut(_ commands: [MotorCommand], now: Int) {
    for command in commands { schedule.accept(command, now: now + latency) }
  }

  /// Appends the edges before `end` (microseconds) to `edges`.
  public mutating func take(before end: Int, into edges: inout [KeySchedule.Edge]) {
    schedule.take(before: end, into: &edges)
  }

  public var report: MotorReport { MotorReport(held: schedule.down) }
}
