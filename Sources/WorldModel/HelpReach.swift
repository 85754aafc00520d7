import Core

/// How near its kin must stand to one that is attacked to come to its help, by species: learned from the beginnings of
/// fights, from who came along and who did not. Bounded, oldest first out.
struct HelpReach: Sendable {
  private struct Entry: Sendable {
    var species: FixedName
    /// The furthest who came. Unit: world units.
    var helped = 0.0
    /// The two nearest who did not come: one may have had its reasons.
    var nearest = HelpReach.unknown
    var second = HelpReach.unknown

    var reach: Double { max(helped > 0 ? helped + HelpReach.margin : 0, second) }
  }

  /// Somebody who stood near when a fight began.
  private struct Bystander: Sendable {
    var id: EntityID
    var species: FixedName
    var distance: Double
  }

  private var entries: [Entry] = []
  private var bystanders: [Bystander] = []
  private var began: Tick?

  static let capacity = 32
  /// Of who is not known. No social kind that we have met reaches much further. Unit: world units.
  static let unknown = 52.0
  /// Whoever comes is seen to within so many ticks.
  static let answerTicks = 3
  static let margin = 3.0

  init() {
    entries.reserveCapacity(Self.capacity)
    bystanders.reserveCapacity(16)
  }

  subscript(_ species: FixedName) -> Double {
    for entry in entries where entry.species == species { return entry.reach }
    return Self.unknown
  }

  /// A fight has begun where none was: who of its kin stood how near?
  mutating func begin(_ attacked: Track, among tracks: [Track], tick: Tick) {
    began = tick
    bystanders.removeAll(keepingCapacity: true)
    for track in tracks where track.id != attacked.id && track.isLivingNPC && track.species == attacked.species {
      let distance = track.position.horizontalDistance(to: attacked.position)
      guard distance <= Self.unknown, bystanders.count < 16 else { continue }
      bystanders.append(Bystander(id: track.id, species: track.species, distance: distance))
    }
  }

  /// Looks who came. Returns true when something was learned.
  mutating func settle(tick: Tick, attacks: (EntityID) -> Bool?) -> Bool {
    guard let began, tick - began >= Self.answerTicks else { return false }
    self.began = nil
    for one in bystanders {
      guard let came = attacks(one.id) else { continue }
      learn(one.species, distance: one.distance, came: came)
    }
    return !bystanders.isEmpty
  }

  private mutating func learn(_ species: FixedName, distance: Double, came: Bool) {
    let row: Int
    if let known = entries.firstIndex(where: { $0.species == species }) {
      row = known
    } else {
      if entries.count == Self.capacity { entries.removeFirst() }
      entries.append(Entry(species: species))
      row = entries.count - 1
    }
    if came {
      entries[row].helped = max(entries[row].helped, distance)
    } else if distance < entries[row].nearest {
      entries[row].second = entries[row].nearest
      entries[row].nearest = distance
    } else {
      entries[row].second = min(entries[row].second, distance)
    }
  }
}
