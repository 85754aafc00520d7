import CLinux
import Glibc
import Synchronization

/// The ten-hertz loop: absolute deadlines, slots that were missed are skipped and counted, never queued.
public struct DeadlineLoop: Sendable {
  public static let periodNanoseconds: Int64 = 100_000_000

  /// When slot 0 began. CLOCK_MONOTONIC, nanoseconds.
  public let start: Int64
  /// The slot that the next `wait` wakes for.
  public private(set) var slot = 0
  /// How late each wake-up was.
  public private(set) var lateness = LatencyHistogram()
  /// Slots that were skipped because the one before took too long.
  public private(set) var skipped = 0

  public init(start: Int64 = linux_monotonic_nanoseconds()) {
    self.start = start
  }

  /// Sleeps until the next slot that lies ahead and returns its index.
  public mutating func wait() -> Int {
    let now = linux_monotonic_nanoseconds()
    let current = Int((now - start) / Self.periodNanoseconds)
    if current > slot {
      skipped += current - slot
      slot = current
    }
    let deadline = start + Int64(slot) * Self.periodNanoseconds
    var time = timespec(
      tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
    lateness.add(nanoseconds: max(0, linux_monotonic_nanoseconds() - deadline))
    defer { slot += 1 }
    return slot
  }
}

/// Times in logarithmic buckets (1/16 octave): constant memory, no allocation, quantiles within 5 %.
public struct LatencyHistogram: Sendable {
  private var buckets = [UInt32](repeating: 0, count: 1024)
  public private(set) var count = 0
  public private(set) var maximumNanoseconds: Int64 = 0

  public init() {}

  private static func bucket(_ nanoseconds: Int64) -> Int {
    guard nanoseconds >= 16 else { return Int(nanoseconds) }
    let octave = 63 - nanoseconds.leadingZeroBitCount
    return octave * 16 + Int(nanoseconds >> Int64(octave - 4)) & 15
  }

  private static func value(_ bucket: Int) -> Double {
    guard bucket >= 64 else { return Double(bucket) }
    let octave = Double(bucket / 16)
    return exp2(octave) * (1 + (Double(bucket % 16) + 0.5) / 16)
  }

  public mutating func add(nanoseconds: Int64) {
    buckets[min(1023, Self.bucket(max(0, nanoseconds)))] += 1
    count += 1
    maximumNanoseconds = max(maximumNanoseconds, nanoseconds)
  }

  /// The time below which `part` of all lie. Unit: microseconds; 0 without any.
  public func microseconds(quantile part: Double) -> Double {
    var rest = Int(Double(count) * part)
    for (bucket, number) in buckets.enumerated() where number > 0 {
      if rest < Int(number) { return min(Self.value(bucket), Double(maximumNanoseconds)) / 1000 }
      rest -= Int(number)
    }
    return Double(maximumNanoseconds) / 1000
  }
}
