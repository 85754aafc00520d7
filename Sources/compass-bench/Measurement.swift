import CAllocations
import CLinux
import Command
import Core

/// What one benchmark case gave; one line of output.
struct Measurement {
  var name: String
  var label: String
  /// In `unit`s, sorted.
  var samples: [Double]
  var unit = "us"
  /// Heap allocations per repetition, averaged.
  var allocations: Double
  var extras: [(key: String, value: Double)] = []

  /// The sample below which `part` of all lie.
  func quantile(_ part: Double) -> Double {
    guard !samples.isEmpty else { return .nan }
    return samples[min(samples.count - 1, Int(Double(samples.count) * part))]
  }

  var mean: Double { samples.reduce(0, +) / Double(max(1, samples.count)) }

  func report(asJSON: Bool) {
    if asJSON {
      var json = JSONText()
      json.object {
        $0.member("name", name)
        $0.member("case", label)
        $0.member("unit", unit)
        $0.member("mean", mean)
        $0.member("p50", quantile(0.5))
        $0.member("p99", quantile(0.99))
        $0.member("p999", quantile(0.999))
        $0.member("max", samples.last ?? .nan)
        $0.member("allocations", allocations)
        for extra in extras { $0.member(extra.key, extra.value) }
      }
      emit(json.text)
    } else {
      let rest = extras.map { "  \($0.key) \(rounded($0.value))" }.joined()
      emit(
        "\(name), \(label): mean \(rounded(mean))  p50 \(rounded(quantile(0.5))) \(unit)  p99 \(rounded(quantile(0.99)))  p99.9 "
          + "\(rounded(quantile(0.999)))  max \(rounded(samples.last ?? .nan))  allocations \(rounded(allocations))\(rest)"
      )
    }
  }

  private func rounded(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return "?" }
    return abs(number) >= 100 ? String(Int(number.rounded())) : String((number * 100).rounded() / 100)
  }
}

/// The clock of a measurement.
enum BenchClock {
  /// CPU time of the calling thread: other work on the machine does not count.
  case threadCPU
  /// Elapsed time, for what waits in the kernel.
  case monotonic

  var now: Int64 {
    switch self {
    case .threadCPU: linux_thread_cpu_nanoseconds()
    case .monotonic: linux_monotonic_nanoseconds()
    }
  }
}

/// Runs `body` `count` times after `warmUp` unmeasured rounds; `prepare` runs before each and is not measured.
func measure(
  _ name: String, _ label: String, count: Int, warmUp: Int = 10, clock: BenchClock = .threadCPU,
  prepare: () throws -> Void = {}, _ body: () throws -> Void
) rethrows -> Measurement {
  for _ in 0..<warmUp {
    try prepare()
    try body()
  }
  var samples: [Double] = []
  samples.reserveCapacity(count)
  var allocations: UInt64 = 0
  for _ in 0..<count {
    try prepare()
    let allocatedBefore = allocations_of_thread()
    let start = clock.now
    try body()
    let end = clock.now
    allocations += allocations_of_thread() - allocatedBefore
    samples.append(Double(end - start) / 1000)
  }
  return Measurement(
    name: name, label: label, samples: samples.sorted(), allocations: Double(allocations) / Double(max(1, count)))
}
