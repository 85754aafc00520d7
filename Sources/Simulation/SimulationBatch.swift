import Command
import Core
import Foundation
import Synchronization

/// Many seeds on several threads; results come in the order of the seeds, whatever the number of threads.
public struct SimulationBatch: Sendable {
  public let data: SimulationData
  public let options: SimulationOptions

  public init(data: SimulationData, options: SimulationOptions) {
    self.data = data
    self.options = options
  }

  /// Runs `seeds` on `jobs` threads and calls `report` with each result as soon as all seeds before it are done.
  public func run(
    seeds: Range<Int>, jobs: Int, report: @Sendable (SimulationResult) -> Void
  ) throws -> [SimulationResult] {
    struct State {
      var next: Int
      var results: [SimulationResult?]
      var reported = 0
      var failure: (any Error)?
    }
    let state = Mutex(State(next: seeds.lowerBound, results: Array(repeating: nil, count: seeds.count)))
    DispatchQueue.concurrentPerform(iterations: max(1, min(jobs, seeds.count))) { _ in
      while true {
        let seed = state.withLock { state -> Int? in
          guard state.next < seeds.upperBound, state.failure == nil else { return nil }
          defer { state.next += 1 }
          return state.next
        }
        guard let seed else { return }
        do {
          let result = try SimulationRun(data: data, options: options, seed: UInt64(seed)).run()
          state.withLock { state in
            state.results[seed - seeds.lowerBound] = result
            while state.reported < state.results.count, let ready = state.results[state.reported] {
              report(ready)
              state.reported += 1
            }
          }
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.results.compactMap { $0 }
    }
  }
}

/// Mean of a figure over seeds, with 95 % intervals of the mean and of one further run (Student's t).
public struct Estimate: Sendable {
  public let mean: Double
  /// Half the width of the interval; 0 for fewer than two values.
  public let margin: Double
  /// Half the width of the interval in which one further run lies.
  public let predictionMargin: Double

  public init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.isEmpty ? 0 : values.reduce(0, +) / count
    self.mean = mean
    guard values.count > 1 else {
      margin = 0
      predictionMargin = 0
      return
    }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let quantile = Self.quantile(degrees: values.count - 1)
    margin = quantile * (variance / count).squareRoot()
    predictionMargin = quantile * (variance * (1 + 1 / count)).squareRoot()
  }

  /// The 97.5 % quantile of Student's t; between the rows of the table the smaller degrees count.
  static func quantile(degrees: Int) -> Double {
    let table: [(degrees: Int, value: Double)] = [
      (1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (6, 2.447), (7, 2.365), (8, 2.306), (10, 2.228),
      (12, 2.179), (15, 2.131), (20, 2.086), (25, 2.060), (31, 2.040), (40, 2.021), (60, 2.000), (120, 1.980),
    ]
    if degrees > 120 { return 1.960 }
    return table.last { $0.degrees <= degrees }?.value ?? 12.706
  }
}
