/// Lets through so many lines of a kind in a second; the rest is counted and told of when the second is over.
struct RateLimit {
  private struct Window {
    var second: Int64
    var count: Int
    var suppressed: Int
  }

  private var windows: [String: Window] = [:]
  let linesPerSecond: Int

  init(linesPerSecond: Int) {
    self.linesPerSecond = linesPerSecond
  }

  /// Whether a line of `key` passes now, and how many were held back before it.
  mutating func admit(_ key: String, at nanoseconds: Int64) -> (passes: Bool, suppressed: Int) {
    let second = nanoseconds / 1_000_000_000
    var window = windows[key] ?? Window(second: second, count: 0, suppressed: 0)
    var suppressed = 0
    if window.second != second {
      suppressed = window.suppressed
      window = Window(second: second, count: 0, suppressed: 0)
    }
    window.count += 1
    let passes = window.count <= linesPerSecond
    if !passes { window.suppressed += 1 }
    windows[key] = window
    return (passes, suppressed)
  }

  /// What is still held back, by key in order; called at the end.
  mutating func rest() -> [(key: String, suppressed: Int)] {
    defer { windows = [:] }
    return windows.filter { $0.value.suppressed > 0 }.map { ($0.key, $0.value.suppressed) }.sorted { $0.0 < $1.0 }
  }
}
