import Core
import Learning

/// Who comes to the help of whom, and from how far: learned from the beginnings of fights, from who came along and who
/// did not. A species helps its own; whoever is seen to help another is reckoned to its clan. Bounded, oldest first out.
struct HelpReach: Sendable {
  private struct Entry: Sendable {
    var species: FixedName
    /// The furthest who came. Unit: world units.
    var helped = 0.0
    /// The two nearest who did not come: one may have had its reasons.
    var nearest = HelpReach.unknown
    var second = HelpReach.unknown

    var reach: Double {
      let guess = second < HelpReach.unknown ? max(second * HelpReach.probe, min(second, HelpReach.close)) : second
      return max(helped > 0 ? helped + HelpReach.margin : 0, guess)
    }
  }

  /// Somebody who stood near when a fight began.
  private struct Bystander: Sendable {
    var id: EntityID
    var species: FixedName
    var distance: Double
    /// It cannot have seen us itself.
    var isFar: Bool
  }

  /// Two species that hold together, by their clans' names; or may, as long as it was seen once only.
  private struct Bond: Sendable {
    var one: FixedName
    var other: FixedName
    var isSure: Bool
  }

  private var entries: [Entry] = []
  private var bonds: [Bond] = []
  private var attacked = FixedName.empty
  private var bystanders: [Bystander] = []
  private var began: Tick?

  static let capacity = 32
  /// Of who is not known. No social kind that we have met reaches much further. Unit: world units.
  static let unknown = 52.0
  /// Whoever leaves others alone would never learn that they do not help: where two did not, one a little nearer is
  /// believed not to either, until somebody comes. It costs a species one fight with company, and shows how near is near.
  static let probe = 0.8
  /// Nearer nobody is tried: few stand so near, and many kinds help from there. Unit: world units.
  static let close = 20.0
  /// Whoever comes is seen to within so many ticks.
  static let answerTicks = 3
  static let margin = 3.0
  /// Nobody notices us from so far. Unit: world units.
  static let unseen = 75.0

  init() {
    bonds.reserveCapacity(Self.capacity)
    entries.reserveCapacity(Self.capacity)
    bystanders.reserveCapacity(16)
  }

  subscript(_ species: FixedName) -> Double {
    for entry in entries where entry.species == species { return entry.reach }
    return Self.unknown
  }

  /// Somebody has come to the help of one of this species.
  func hasHelped(_ species: FixedName) -> Bool { entries.contains { $0.species == species && $0.helped > 0 } }

  /// All that was learned.
  var kept: [Manners.Help] {
    entries.map { Manners.Help(species: $0.species, helped: $0.helped, nearest: $0.nearest, second: $0.second) }
  }

  var keptBonds: [Manners.Bond] { bonds.map { Manners.Bond(one: $0.one, other: $0.other, isSure: $0.isSure) } }

  /// Begins with what was learned before.
  mutating func recall(_ helps: [Manners.Help], _ bonds: [Manners.Bond]) {
    entries.removeAll(keepingCapacity: true)
    for help in helps.suffix(Self.capacity) {
      entries.append(
        Entry(species: help.species, helped: help.helped, nearest: help.nearest, second: help.second))
    }
    self.bonds.removeAll(keepingCapacity: true)
    for bond in bonds.suffix(Self.capacity) {
      self.bonds.append(Bond(one: bond.one, other: bond.other, isSure: bond.isSure))
    }
  }

  /// The clan of a species: its own name, or the name of the one that it was first seen to help, and so on.
  func clan(of species: FixedName) -> FixedName {
    var name = species
    for _ in 0..<Self.capacity {
      guard let bond = bonds.first(where: { $0.isSure && $0.one == name }) else { return name }
      name = bond.other
    }
    return name
  }

  /// A fight has begun where none was: who stood how near?
  mutating func begin(_ attacked: Track, among tracks: [Track], tick: Tick) {
    began = tick
    self.attacked = attacked.species
    bystanders.removeAll(keepingCapacity: true)
    for track in tracks where track.id != attacked.id && track.isLivingNPC {
      let distance = track.position.horizontalDistance(to: attacked.position)
      guard distance <= Self.unknown, bystanders.count < 16 else { continue }
      bystanders.append(
        Bystander(
          id: track.id, species: track.species, distance: distance, isFar: track.distance > Self.unseen))
    }
  }

  /// Looks who came. Returns true when something was learned.
  mutating func settle(tick: Tick, attacks: (EntityID) -> Bool?) -> Bool {
    guard let began, tick - began >= Self.answerTicks else { return false }
    self.began = nil
    for one in bystanders {
      guard let came = attacks(one.id) else { continue }
      let isKin = clan(of: one.species) == clan(of: attacked)
      if came, !isKin { noteHelp(of: one.species, isFar: one.isFar) }
      if came || isKin { learn(one.species, distance: one.distance, came: came) }
    }
    return !bystanders.isEmpty
  }

  /// One of another clan came along. It may have seen us itself: who is near must be seen to do so twice.
  private mutating func noteHelp(of species: FixedName, isFar: Bool) {
    let (one, other) = (clan(of: species), clan(of: attacked))
    if let row = bonds.firstIndex(where: { ($0.one, $0.other) == (one, other) || ($0.one, $0.other) == (other, one) })
    {
      bonds[row].isSure = true
    } else {
      if bonds.count == Self.capacity { bonds.removeFirst() }
      bonds.append(Bond(one: one, other: other, isSure: isFar))
    }
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
