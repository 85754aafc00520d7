import Core
import Learning
import Lore
import Nav
import WorldModel

/// The candidates of one tick that are worth a closer look: bounded, best first, in arrays that are reused.
struct CandidatePool: Sendable {
  struct Entry: Sendable {
    var id: EntityID
    var name: FixedName
    var place: Position
    var distance: Double
    var factors: TargetFactors
    /// What a fight of this kind is reckoned to take; of experience where there is some, else by rules of thumb.
    var guess: FightGuess
    var score: Double
  }

  private(set) var entries: [Entry] = []

  static let capacity = 16

  init() { entries.reserveCapacity(Self.capacity) }

  mutating func clear() { entries.removeAll(keepingCapacity: true) }

  /// Keeps `entry` when it is among the best; equal scores keep the order of the ids.
  mutating func add(_ entry: Entry) {
    var slot = entries.count
    while slot > 0, precedes(entry, entries[slot - 1]) { slot -= 1 }
    guard slot < Self.capacity else { return }
    if entries.count == Self.capacity { entries.removeLast() }
    entries.insert(entry, at: slot)
  }

  private func precedes(_ left: Entry, _ right: Entry) -> Bool {
    left.score == right.score ? left.id < right.id : left.score > right.score
  }

  /// The way on foot instead of the straight line, where it is known.
  mutating func walk(_ row: Int, units: Double) {
    entries[row].distance = units
    entries[row].factors.setDistance(units)
  }

  /// Weighs every entry against the others on four axes, and sets the final scores.
  ///
  /// Each axis gives the entry's place between the worst (0) and the best (1) of the pool, in points; who is beaten by
  /// another on every axis keeps half.
  /// - Complexity: O(n²) over at most `capacity` entries.
  mutating func compare(_ weights: SIMD16<Double>) {
    guard !entries.isEmpty else { return }
    var least = axes(entries[0])
    var most = least
    for entry in entries {
      let axes = axes(entry)
      least = pointwiseMin(least, axes)
      most = pointwiseMax(most, axes)
    }
    let span = most - least
    for row in entries.indices {
      let own = axes(entries[row])
      var share = SIMD4<Double>(repeating: 1)
      for axis in 0..<4 where span[axis] > 1e-9 { share[axis] = (own[axis] - least[axis]) / span[axis] }
      let part = isBeaten(row, own) ? 0.5 : 1.0
      let points = Self.paretoPoints * Self.paretoShares * share * part
      entries[row].factors[.paretoEfficiency] = points[0]
      entries[row].factors[.paretoSafety] = points[1]
      entries[row].factors[.paretoResource] = points[2]
      entries[row].factors[.paretoAccessibility] = points[3]
      entries[row].score = entries[row].factors.score(weights)
    }
    sort()
  }

  /// Shares of efficiency, safety, resources and accessibility.
  static let paretoShares = SIMD4(0.35, 0.25, 0.20, 0.20)
  static let paretoPoints = 40.0

  /// Efficiency, safety, resources, accessibility: more is better.
  private func axes(_ entry: Entry) -> SIMD4<Double> {
    SIMD4(-entry.guess.seconds, -entry.guess.danger, -entry.guess.mana, -entry.distance)
  }

  /// Another is at least as good on every axis and better on one.
  private func isBeaten(_ row: Int, _ own: SIMD4<Double>) -> Bool {
    for other in entries.indices where other != row {
      let axes = axes(entries[other])
      if all(axes .>= own), any(axes .> own) { return true }
    }
    return false
  }

  private mutating func sort() {
    guard entries.count > 1 else { return }
    for end in 1..<entries.count {
      var slot = end
      while slot > 0, precedes(entries[slot], entries[slot - 1]) {
        entries.swapAt(slot, slot - 1)
        slot -= 1
      }
    }
  }

  mutating func remove(_ row: Int) { entries.remove(at: row) }
}

/// What a fight is reckoned to take before it is fought.
struct FightGuess: Hashable, Sendable {
  /// Unit: seconds.
  var seconds: Double
  /// Range: `0...1`.
  var danger: Double
  /// Fraction of the maximum. Range: `0...`.
  var mana: Double

  /// Of experience; without, by colour and level (fight lengths of the reference's table).
  init(_ track: Track, belief: EncounterBelief?) {
    if let belief {
      self.init(seconds: belief.seconds.mean, danger: belief.danger.mean, mana: belief.mana.mean)
      return
    }
    let level = Double(track.level)
    let (seconds, danger): (Double, Double) =
      switch track.con {
      case .green: (10 + level, 0.05)
      case .lightBlue: (15 + 1.5 * level, 0.1)
      case .blue: (20 + 2 * level, 0.2)
      case .white: (25 + 2 * level, 0.3)
      case .yellow: (35 + 2.5 * level, 0.45)
      case .red: (60 + 3 * level, 0.8)
      }
    self.init(seconds: seconds, danger: danger, mana: seconds / 200)
  }

  init(seconds: Double, danger: Double, mana: Double) {
    self.seconds = seconds
    self.danger = danger
    self.mana = mana
  }
}
