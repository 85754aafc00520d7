import Core
import Nav

/// How far candidates are on foot: asked of the navigator now and then, remembered in between.
struct WalkTimes: Sendable {
  private struct Entry: Sendable {
    var id: EntityID
    /// Unit: world units of running.
    var units: Double
    /// What the straight line measured when it was asked.
    var straight: Double
    var asked: Tick
  }

  private var entries: [Entry] = []
  private var goals: [Position] = []
  private var ids: [EntityID] = []
  private var lastAsked = Tick.start

  /// Candidates per search, slots between searches, slots that an answer holds.
  static let goalMax = 4
  static let pauseTicks = 20
  static let validTicks = 100
  static let nodeBudget = 300

  init() {
    entries.reserveCapacity(2 * Self.goalMax)
    goals.reserveCapacity(Self.goalMax)
    ids.reserveCapacity(Self.goalMax)
  }

  mutating func clear() { entries.removeAll(keepingCapacity: true) }

  /// The way to `id` that was found not long ago, corrected for what both moved since. Nil when nothing is known.
  func units(to id: EntityID, straight: Double, at tick: Tick) -> Double? {
    for entry in entries where entry.id == id && tick - entry.asked < Self.validTicks {
      return max(straight, entry.units + straight - entry.straight)
    }
    return nil
  }

  /// Asks for the best of `pool` of whom nothing is known, when it is time.
  mutating func refresh(_ pool: CandidatePool, from place: Position, navigator: Navigator, at tick: Tick) {
    guard tick - lastAsked >= Self.pauseTicks || entries.isEmpty else { return }
    entries.removeAll { tick - $0.asked >= Self.validTicks }
    goals.removeAll(keepingCapacity: true)
    ids.removeAll(keepingCapacity: true)
    for entry in pool.entries.prefix(Self.goalMax)
    where units(to: entry.id, straight: entry.distance, at: tick) == nil {
      goals.append(entry.place)
      ids.append(entry.id)
    }
    guard !goals.isEmpty else { return }
    lastAsked = tick
    let seconds = navigator.distances(from: place, to: goals, nodeBudget: Self.nodeBudget)
    for (row, id) in ids.enumerated() {
      let straight = place.horizontalDistance(to: goals[row])
      // Not found within the bound: a long way round at best.
      let units = seconds[row].map { max(straight, $0 * navigator.speed) } ?? 2 * straight + 150
      entries.append(Entry(id: id, units: units, straight: straight, asked: tick))
    }
  }
}
