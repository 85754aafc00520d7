/// What queries are timed by: elapsed time, and where another process took the processor meanwhile, the thread's CPU
/// time, which is dearer to ask for.
public struct PathClock {
  /// Unit: nanoseconds.
  public var elapsed: () -> Int64
  /// Of this thread. Unit: nanoseconds.
  public var processor: () -> Int64

  public init(elapsed: @escaping () -> Int64, processor: @escaping () -> Int64) {
    self.elapsed = elapsed
    self.processor = processor
  }

  struct Instant {
    var elapsed: Int64
    var processor: Int64
  }

  func begin() -> Instant {
    let processor = processor()
    return Instant(elapsed: elapsed(), processor: processor)
  }

  /// The lesser of both times since then.
  func time(since began: Instant) -> Int64 {
    let elapsed = elapsed() - began.elapsed
    return min(elapsed, processor() - began.processor)
  }
}
