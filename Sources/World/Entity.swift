import Core

/// What kind of thing an entity is.
public enum EntityKind: UInt8, Sendable, Codable {
  case player, npc, pet, corpse
}

/// What a body does, as everybody can see.
public enum Posture: UInt8, CaseIterable, Sendable, Codable {
  case standing, sitting, feigned, swimming, dead, fleeing
}

/// A body in a zone: a player, NPC, pet or corpse. Plain bytes.
public struct Entity: Hashable, Sendable {
  /// Slot in the lower 12 bits, above them how often the slot was taken: unique for each appearance.
  public internal(set) var id = EntityID(0)
  public internal(set) var name = FixedName.empty
  public internal(set) var kind = EntityKind.npc
  public internal(set) var posture = Posture.standing
  public internal(set) var isPresent = false
  /// Index into `WorldData.zones`.
  public internal(set) var zone = 0
  /// The feet.
  public internal(set) var position = Position.origin
  /// Units per second.
  public internal(set) var velocity = Position.origin
  public internal(set) var heading = Heading.north
  public internal(set) var level = 1
  public internal(set) var race: UInt16 = 0
  public internal(set) var classID: UInt8 = 0
  /// Points. Range: `0...healthMax`.
  public internal(set) var health = 1
  public internal(set) var healthMax = 1
  /// The master of a pet; whose corpse it is.
  public internal(set) var owner: EntityID?
  /// Whom it fights or looks at.
  public internal(set) var target: EntityID?
  /// Index into `WorldData.npcs`; nil for players and their corpses.
  public internal(set) var type: Int?
  /// Height of the body. Unit: world units.
  public internal(set) var height = 6.0

  /// Range: `0...1`.
  public var healthFraction: Double { healthMax > 0 ? Double(health) / Double(healthMax) : 0 }
}

/// A spell that acts on somebody.
public struct Effect: Hashable, Sendable {
  public internal(set) var target: EntityID
  public internal(set) var caster: EntityID
  /// Index into `WorldData.spells`.
  public internal(set) var spell: Int
  /// Server ticks of 6 s left.
  public internal(set) var ticks: Int
  /// Level of the caster when it landed.
  var casterLevel: Int

  /// Seconds until it ends, at most.
  public var secondsLeft: Double { Double(ticks) * 6 }
}

/// Items in one place.
public struct ItemStack: Hashable, Sendable {
  public internal(set) var item: ItemID
  /// 0 when the place is empty.
  public internal(set) var count: Int

  public static let none = ItemStack(item: ItemID(0), count: 0)
}

/// Something for sale.
public struct Ware: Hashable, Sendable {
  public var item: ItemID
  /// For one. Unit: copper.
  public var price: Int
}

/// The state of a corpse beside its body.
struct Corpse: Hashable {
  static let capacity = 48
  var itemCount = 0
  var coins = 0
  var decayStep = 0
  var wasLooted = false
  /// Player index of the only one who may loot it; -1 for everybody.
  var player = -1
}

struct Hate: Hashable {
  static let capacity = 6
  /// 0 when the entry is free.
  var id: UInt32 = 0
  var amount: Int32 = 0
}
