import Core
import Glibc

/// Tries one target with damaged copies of sound files, for a while.
///
/// Case n of a seed is always the same bytes, so a case that trapped is found again by its number.
public struct FuzzRun: Sendable {
  public struct Result: Sendable {
    public var executions = 0
    public var accepted = 0
    /// Processor time of this thread.
    public var seconds = 0.0
  }

  public let target: FuzzTarget
  /// Sound files.
  public let corpus: [[UInt8]]
  public let seed: UInt64

  /// - Parameter corpus: at least one file.
  public init(_ target: FuzzTarget, corpus: [[UInt8]], seed: UInt64 = 1) {
    precondition(!corpus.isEmpty, "there is something to damage")
    self.target = target
    self.corpus = corpus
    self.seed = seed
  }

  /// The bytes of a case.
  public func bytes(of number: Int) -> [UInt8] {
    var mutator = FuzzMutator(seed: seed, number: UInt64(number))
    return mutator.mutated(corpus[number % corpus.count], with: corpus)
  }

  /// Runs cases from `first` on until `count` are done or `seconds` of processor time are gone.
  ///
  /// - Parameter announce: told the number of each case before it is tried.
  /// - Throws: What a reader threw that is no error of its format.
  public func run(
    from first: Int = 0, count: Int = .max, seconds: Double = .infinity, announce: (Int) -> Void = { _ in }
  ) throws -> Result {
    var result = Result()
    let start = Self.threadSeconds
    var number = first
    while result.executions < count {
      announce(number)
      if try target.run(bytes(of: number)) { result.accepted += 1 }
      result.executions += 1
      number += 1
      if result.executions & 15 == 0 {
        result.seconds = Self.threadSeconds - start
        if result.seconds >= seconds { return result }
      }
    }
    result.seconds = Self.threadSeconds - start
    return result
  }

  /// Tries the files cut off: at every byte those below 64 KB, the others at `places` places.
  public func cuts(places: Int = 2000, announce: (Int) -> Void = { _ in }) throws -> Result {
    var result = Result()
    let start = Self.threadSeconds
    var random = SeededGenerator(seed: seed)
    for file in corpus {
      let isSmall = file.count < 1 << 16
      for index in 0..<(isSmall ? file.count : places) {
        let count = isSmall ? index : random.integer(0...max(file.count - 1, 0))
        announce(count)
        if try target.run(Array(file[..<count])) { result.accepted += 1 }
        result.executions += 1
      }
    }
    result.seconds = Self.threadSeconds - start
    return result
  }

  private static var threadSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
