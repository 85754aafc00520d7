import Core

/// Everything the agent knows before it looks: spells, items, classes, zones, kits, camps and the operator's policy.
///
/// Frozen once loaded; a class only so that handing it around copies nothing.
public final class Lore: Sendable {
  /// The environment's name.
  public let name: String
  /// In the order of their ids.
  public let spells: [Spell]
  public let items: [Item]
  public let classes: [Int: String]
  public let zones: [Zone]
  public let kits: [Kit]
  public let camps: [Camp]
  public let policy: Policy
  /// Over the bytes of every file that was read.
  public let hash: UInt64

  private let spellRow: [Int32]
  private let itemRow: [UInt32: Int]
  /// The index of the line to take from zone row to zone row; -1 where there is no way.
  private let nextLine: [[Int]]

  /// Kits get their loadouts here; everything else is taken as it is.
  public init(
    name: String = "", spells: [Spell] = [], items: [Item] = [], classes: [Int: String] = [:], zones: [Zone] = [],
    kits: [Kit] = [], camps: [Camp] = [], policy: Policy = Policy(), hash: UInt64 = 0
  ) {
    self.name = name
    self.spells = spells.sorted { $0.id < $1.id }
    self.items = items.sorted { $0.id < $1.id }
    self.classes = classes
    self.zones = zones
    self.camps = camps
    self.policy = policy
    self.hash = hash
    var spellRow = [Int32](repeating: -1, count: Int(self.spells.last?.id.raw ?? 0) + 1)
    for (row, spell) in self.spells.enumerated() { spellRow[Int(spell.id.raw)] = Int32(row) }
    self.spellRow = spellRow
    itemRow = Dictionary(self.items.enumerated().map { ($1.id.raw, $0) }, uniquingKeysWith: { first, _ in first })
    nextLine = ZoneRouting.table(zones)
    let sorted = self.spells
    self.kits = kits.map { kit in
      var kit = kit
      if kit.loadouts.isEmpty { kit.loadouts = Loadout.table(for: kit, spells: sorted) }
      return kit
    }
  }

  public func spell(_ id: SpellID) -> Spell? {
    let index = Int(id.raw)
    guard index < spellRow.count, spellRow[index] >= 0 else { return nil }
    return spells[Int(spellRow[index])]
  }

  public func item(_ id: ItemID) -> Item? { itemRow[id.raw].map { items[$0] } }

  public func zone(_ id: ZoneID) -> Zone? { zones.first { $0.id == id } }

  public func kit(classID: Int) -> Kit? { kits.first { $0.classID == classID } }

  /// Enemies of this class cast spells, by the operator's word.
  public func isCaster(classID: Int) -> Bool { policy.casterClasses.contains(classID) }

  /// What becomes of `item` when it is looted or sold.
  public func policy(for item: ItemID) -> ItemPolicy { policy.items[item] ?? policy.otherItems }

  /// The line to take in `zone` to come to `goal` over the fewest zones; nil when there is no way or none is needed.
  public func line(from zone: ZoneID, to goal: ZoneID) -> ZoneLine? {
    guard let from = zones.firstIndex(where: { $0.id == zone }),
      let to = zones.firstIndex(where: { $0.id == goal }), nextLine[from][to] >= 0
    else { return nil }
    return zones[from].lines[nextLine[from][to]]
  }

  /// How many lines lie between two zones; 0 for the same one, nil where there is no way.
  public func lineCount(from zone: ZoneID, to goal: ZoneID) -> Int? {
    var (here, count) = (zone, 0)
    while here != goal {
      guard count < zones.count, let line = line(from: here, to: goal) else { return nil }
      here = line.to
      count += 1
    }
    return count
  }
}

/// The fewest zones from each zone to each other.
enum ZoneRouting {
  /// Shape: `[from][to]`, rows as in `zones`; the index of the first line, -1 for none.
  /// - Complexity: O(zones · lines).
  static func table(_ zones: [Zone]) -> [[Int]] {
    zones.indices.map { start in
      var first = [Int](repeating: -1, count: zones.count)
      var queue = [start]
      var next = 0
      while next < queue.count {
        let zone = queue[next]
        next += 1
        for (index, line) in zones[zone].lines.enumerated() {
          guard let to = zones.firstIndex(where: { $0.id == line.to }), to != start, first[to] < 0 else { continue }
          first[to] = zone == start ? index : first[zone]
          queue.append(to)
        }
      }
      return first
    }
  }
}
