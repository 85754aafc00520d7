import Core

/// How long each kind of step takes, learned from those that succeeded; replaces the default after three of them.
///
/// Rows are those of the planner's actions. Mean and spread by Welford's method.
public struct CostModel: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public var count = 0
    /// Unit: seconds.
    public var mean = 0.0
    var squares = 0.0

    public init() {}

    /// Standard deviation; 0 before the second observation.
    public var deviation: Double { count > 1 ? (squares / Double(count - 1)).squareRoot() : 0 }
  }

  public private(set) var entries: [Entry]
  /// What the planner reckons with: 0 the mean, above it as many standard errors towards caution.
  public var caution = 0.0

  public static let observationsMin = 3

  public init(rows: Int = 0) {
    entries = [Entry](repeating: Entry(), count: rows)
  }

  /// The same with exactly so many rows: a store of another version may know fewer or more actions.
  public func resized(rows: Int) -> CostModel {
    var result = CostModel(rows: rows)
    result.caution = caution
    for row in 0..<min(rows, entries.count) { result.entries[row] = entries[row] }
    return result
  }

  /// A step of kind `row` took `seconds`. What is no sensible duration is not taken.
  public mutating func observe(_ row: Int, seconds: Double) {
    guard entries.indices.contains(row), seconds.isFinite, seconds >= 0, seconds < 86_400 else { return }
    entries[row].count += 1
    let delta = seconds - entries[row].mean
    entries[row].mean += delta / Double(entries[row].count)
    entries[row].squares += delta * (seconds - entries[row].mean)
  }

  /// The cost to plan with. Unit: seconds, at least a tenth of the default.
  public func cost(_ row: Int, default fallback: Double) -> Double {
    guard entries.indices.contains(row), entries[row].count >= Self.observationsMin else { return fallback }
    let entry = entries[row]
    let error = entry.deviation / Double(entry.count).squareRoot()
    return max(fallback / 10, entry.mean + caution * error)
  }

  mutating func restore(_ row: Int, count: Int, mean: Double, squares: Double) {
    guard entries.indices.contains(row), count > 0, mean.isFinite, mean >= 0, squares.isFinite, squares >= 0 else {
      return
    }
    entries[row].count = count
    entries[row].mean = mean
    entries[row].squares = squares
  }

  public func combine(into hash: inout StableHash) {
    for entry in entries {
      hash.combine(entry.count)
      hash.combine(entry.mean)
    }
  }
}
