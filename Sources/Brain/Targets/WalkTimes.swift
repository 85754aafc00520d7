import Core
import Nav

/// How far candidates are on foot, remembered for some seconds.
///
/// Nearly always nothing stands in the straight way, which costs next to nothing to see. A search is made for one
/// candidate at a time, now and then, and only for those who may be chosen.
struct WalkTimes: Sendable {
  private struct Entry: Sendable {
    var id: EntityID
    /// Unit: world units of running; infinite for one whom no way leads to.
    var units: Double
    /// What the straight line measured when it was asked.
    var straight: Double
    var asked: Tick
  }

  private var entries: [Entry] = []
  private var path = Path()
  private var lastSearch = Tick.start

  /// So many of the best are measured.
  static let goalMax = 4
  /// Slots between searches, slots that an answer holds.
  static let pauseTicks = 5
  static let validTicks = 100
  /// Nodes of one search: about 150 microseconds.
  static let nodeBudget = 150

  init() { entries.reserveCapacity(32) }

  mutating func clear() { entries.removeAll(keepingCapacity: true) }

  /// The way to `id` that was found not long ago, corrected for what both moved since. Nil when nothing is known.
  func units(to id: EntityID, straight: Double, at tick: Tick) -> Double? {
    for entry in entries where entry.id == id && tick - entry.asked < Self.validTicks {
      return max(straight, entry.units + straight - entry.straight)
    }
    return nil
  }

  /// Measures the way to the best of `pool` of whom nothing is known.
  mutating func refresh(_ pool: CandidatePool, from place: Position, navigator: Navigator, at tick: Tick) {
    var mayMeasure = true
    for row in 0..<min(Self.goalMax, pool.entries.count) where mayMeasure {
      let (id, straight) = (pool.entries[row].id, pool.entries[row].distance)
      guard units(to: id, straight: straight, at: tick) == nil else { continue }
      let goal = pool.entries[row].place
      if navigator.isWalkable(from: place, to: goal) {
        note(Entry(id: id, units: straight, straight: straight, asked: tick))
      } else if tick - lastSearch >= Self.pauseTicks {
        lastSearch = tick
        let units = search(place, goal, straight: straight, navigator)
        note(Entry(id: id, units: units, straight: straight, asked: tick))
        mayMeasure = false
      }
    }
  }

  /// - Returns: the length of the way; a long way round at best where the bound ends the search, infinity where there
  ///   is none.
  private mutating func search(
    _ place: Position, _ goal: Position, straight: Double, _ navigator: Navigator
  ) -> Double {
    switch navigator.find(from: place, to: goal, nodeBudget: Self.nodeBudget, into: &path) {
    case .complete: max(straight, path.seconds * navigator.speed)
    case .partial(.noRoute), .none(.noRoute): .infinity
    // To another floor it is a long way.
    case .partial, .none: 2 * straight + 150 + 15 * max(0, abs(goal.z - place.z) - 10)
    }
  }

  private mutating func note(_ entry: Entry) {
    entries.removeAll { $0.id == entry.id || entry.asked - $0.asked >= Self.validTicks }
    entries.append(entry)
  }
}
