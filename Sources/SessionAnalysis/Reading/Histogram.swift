/// Counts of values in buckets that grow with them: quantiles are right to about 3 %. Range: `0...`.
struct Histogram: Sendable {
  private var buckets = [Int](repeating: 0, count: 64 * 32)
  private(set) var count = 0
  private(set) var max = 0.0
  private(set) var sum = 0.0

  mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    let value = Swift.max(0, value)
    buckets[Self.bucket(value)] += 1
    count += 1
    sum += value
    max = Swift.max(max, value)
  }

  private static func bucket(_ value: Double) -> Int {
    let whole = UInt64(min(value, 1e18))
    guard whole >= 32 else { return Int(whole) }
    let exponent = 63 - whole.leadingZeroBitCount
    return (exponent - 4) * 32 + Int(whole >> UInt64(exponent - 5)) & 31
  }

  private static func value(_ bucket: Int) -> Double {
    guard bucket >= 32 else { return Double(bucket) }
    let exponent = bucket / 32 + 4
    return Double(UInt64(32 + bucket % 32) << UInt64(exponent - 5))
  }

  /// The value below which `part` of all lie; nil without any.
  func quantile(_ part: Double) -> Double? {
    guard count > 0 else { return nil }
    let wanted = Int((Double(count) * part).rounded(.up))
    var seen = 0
    for (index, number) in buckets.enumerated() where number > 0 {
      seen += number
      if seen >= wanted { return Swift.min(Self.value(index), max) }
    }
    return max
  }

  /// Counts for a chart: equal steps from 0 to the p99.9, the rest in the last one.
  func bars(_ bars: Int) -> (step: Double, counts: [Int]) {
    let step = Swift.max(1, quantile(0.999) ?? 1) / Double(bars)
    var counts = [Int](repeating: 0, count: bars + 1)
    for (index, number) in buckets.enumerated() where number > 0 {
      counts[Swift.min(bars, Int(Self.value(index) / step))] += number
    }
    return (step, counts)
  }
}
