import Core

/// All that the world is made of, frozen: rules, classes, spells, items, NPC types, zones with their meshes.
///
/// Made once and shared by all worlds; `hash` names it in every table of results.
public final class WorldData: Sendable {
  public let rules: RulesData
  public let classes: [ClassData]
  public let spells: [SpellData]
  public let items: [ItemData]
  public let npcs: [NPCData]
  public let zones: [ZoneData]
  /// Names of the kins that NPCs belong to.
  public let kins: [String]
  /// The cases on which agents are judged.
  public let benchmarks: [BenchmarkCase]
  /// X keysym name → the client's command.
  public let keys: [(keysym: String, key: ClientKey)]
  /// `StableHash` over names and bytes of the data files, in the order of their names.
  public let hash: UInt64

  let itemIndex: [ItemID: Int]

  init(
    rules: RulesData, classes: [ClassData], spells: [SpellData], items: [ItemData], npcs: [NPCData],
    zones: [ZoneData], kins: [String], benchmarks: [BenchmarkCase], keys: [(keysym: String, key: ClientKey)],
    hash: UInt64
  ) {
    self.kins = kins
    self.benchmarks = benchmarks
    self.rules = rules
    self.classes = classes
    self.spells = spells
    self.items = items
    self.npcs = npcs
    self.zones = zones
    self.keys = keys
    self.hash = hash
    itemIndex = Dictionary(items.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  public func item(_ id: ItemID) -> ItemData? { itemIndex[id].map { items[$0] } }
  public func spell(_ id: SpellID) -> SpellData? { spells.first { $0.id == id } }
  public func zone(named name: String) -> Int? { zones.firstIndex { $0.name == name } }
}

/// A place, class and level at which agents are judged, so that figures of different days compare.
public struct BenchmarkCase: Hashable, Sendable {
  public let name: String
  public let kit: String
  public let level: Int
  public let zone: String
  public let position: Position
  public let minutes: Int
  public let seeds: Int

  /// How a player of this case begins.
  public var setup: PlayerSetup { PlayerSetup(kit: kit, level: level, zone: zone, position: position) }
}

/// What a spell does.
public enum SpellKind: String, CaseIterable, Sendable, Codable {
  case nuke, dot, lifetap, fear, snare, root, heal, buff, pet, feign, gate, mez
}

/// On whom a spell may be cast.
public enum SpellTarget: String, CaseIterable, Sendable, Codable {
  case single
  case selfOnly = "self"
  case pet
}

public struct SpellData: Sendable {
  public let id: SpellID
  public let name: FixedName
  public let kind: SpellKind
  public let target: SpellTarget
  public let mana: Int
  /// Seconds.
  public let cast: Double
  public let recast: Double
  /// World units; 0 for spells on oneself.
  public let range: Double
  /// Server ticks of 6 s; 0 for what happens at once.
  public let duration: Int
  /// Damage or healing at once, or per server tick; percent of slowing for snare; armour for buffs.
  public let amount: ClosedRange<Int>
  /// Added to `amount` per level of the caster above the first that has the spell.
  public let perLevel: Double
  /// What a buff adds.
  public let healthBonus: Int
  public let manaRegeneration: Int
  public let healthRegeneration: Int
  public let armorBonus: Int
  public let speedBonus: Double
  /// Added to the chance to resist. Range: `-1...1`.
  public let resistBonus: Double
  /// How long damage stuns. Unit: seconds; 0 for not at all.
  public let stun: Double
  /// Type of the NPC that a pet spell summons.
  public let pet: Int?
  /// Class number → level at which it is known; in the order of the classes.
  public let levels: [(classID: Int, level: Int)]
  public let reagent: ItemID?

  public func level(forClass id: Int) -> Int? { levels.first { $0.classID == id }?.level }
}

public struct ItemData: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable, Codable {
    case trash, gem, food, reagent, weapon, armor, quest
  }

  public let id: ItemID
  public let name: FixedName
  public let kind: Kind
  /// Copper that a merchant gives for one; what he asks stands with his wares.
  public let value: Int
  /// Tenths of a stone.
  public let weight: Int
  /// How many fit into one slot.
  public let stack: Int
  public let isNoDrop: Bool
  /// A spell that using one casts on the user; index into `WorldData.spells`.
  public let effect: Int?
  /// What it adds when worn: to the damage of a blow, to armour.
  public let damage: Double
  public let armor: Int

  /// It can be worn.
  public var isEquipment: Bool { kind == .weapon || kind == .armor }
}

/// A class of players: the growth of its numbers, its spells and what it starts with.
public struct ClassData: Hashable, Sendable {
  public let id: Int
  public let name: String
  public let healthBase: Double
  public let healthPerLevel: Double
  public let manaBase: Double
  public let manaPerLevel: Double
  public let armor: Double
  public let armorPerLevel: Double
  /// Seconds between swings, and damage.
  public let meleeDelay: Double
  public let damageBase: Double
  public let damagePerLevel: Double
  public let hitChance: Double
  /// Health per server tick: standing, sitting; plus a part of the maximum.
  public let regenerationStanding: Double
  public let regenerationSitting: Double
  public let manaStanding: Double
  public let manaSitting: Double
  /// Indices into `WorldData.spells`, per gem; nil for an empty gem.
  public let gems: [Int?]
  public let items: [ItemStack]
  public let money: Int
  /// Index into `WorldData.zones`.
  public let startZone: Int
}

/// A type of NPC, as only a server knows it.
public struct NPCData: Sendable {
  public enum Role: String, CaseIterable, Sendable, Codable {
    case monster, merchant, banker
    case guardian = "guard"
    case citizen, pet
  }

  public let key: String
  public let name: FixedName
  public let corpseName: FixedName
  public let role: Role
  public let race: UInt16
  public let classID: UInt8
  public let height: Double
  public let levels: ClosedRange<Int>
  public let healthBase: Double
  public let healthPerLevel: Double
  public let armor: Double
  public let meleeDelay: Double
  /// Damage of a hit at level L: `damage.lowerBound + perLevel × L` … times.
  public let damageMin: Double
  public let damageMax: Double
  public let damagePerLevel: Double
  public let hitChance: Double
  public let walkSpeed: Double
  public let runSpeed: Double
  /// 0: never begins a fight.
  public let aggroRadius: Double
  public let assistRadius: Double
  /// Index of the kin that helps each other; -1 for none.
  public let kin: Int
  /// How far it follows from its spawn point.
  public let leash: Double
  /// Flees below this part of its health; 0: never.
  public let fleeBelow: Double
  public let seesThroughFeign: Double
  public let experience: Double
  public let coins: ClosedRange<Int>
  public let loot: [LootEntry]
  public let wares: [Ware]
  /// Index into spells; nil when it casts none.
  public let spell: Int?
  public let spellChance: Double
  /// Chance that a blow stuns, and for how long. Unit: seconds.
  public let stunChance: Double
  public let stunSeconds: Double
}

public struct LootEntry: Hashable, Sendable {
  public let item: ItemID
  public let chance: Double
  public let count: ClosedRange<Int>
}

public struct ZoneData: Sendable {
  public let id: ZoneID
  /// Lower case; names files.
  public let name: String
  /// As players see it.
  public let title: FixedName
  public let mesh: ZoneMesh
  public let lines: [ZoneLine]
  public let doors: [DoorData]
  /// Where one starts, or arrives by force.
  public let arrival: Position
  public let arrivalHeading: Heading
  /// Where the dead wake up; nil in zones without.
  public let bind: Position?
  public let spawns: [SpawnPoint]
  let collision: CollisionMesh

  /// Height of the ground under a body whose feet are at most `step` units below it; nil where there is none.
  public func ground(x: Double, y: Double, below z: Double = 1e9) -> Double? { collision.ground(x, y, below: z)?.z }
}

public struct DoorData: Hashable, Sendable {
  public let id: UInt16
  public let position: Position
  public let heading: Heading
  /// Half the width of what it blocks when closed.
  public let halfWidth: Double
  /// How it stands when the world begins.
  public let isOpen: Bool
}

/// A place where NPCs come into the world.
public struct SpawnPoint: Sendable {
  public let position: Position
  public let heading: Heading
  /// Indices into `WorldData.npcs` with their weights: the usual one, placeholders, rares.
  public let types: [(npc: Int, weight: Double)]
  /// Seconds.
  public let respawnMean: Double
  public let respawnSpread: Double
  /// It walks about within this radius; 0 stands still.
  public let roamRadius: Double
  /// Walked in turn, there and back; empty without a patrol.
  public let patrol: [Position]
}
