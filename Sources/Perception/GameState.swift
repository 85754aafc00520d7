import Core

/// How far a snapshot may be trusted.
public enum SnapshotValidity: UInt8, CaseIterable, Sendable, Codable {
  case valid
  /// Some part could not be read or was implausible: emergency and defence rules only.
  case partial
  /// Nothing moved in the target although it should have: hold.
  case stale
  /// The target is loading a zone; its memory means nothing now: hold.
  case loading
}

/// All that was read of the target at one tick; frozen. Unknown is nil, never 0 and never NaN.
public struct GameState: Hashable, Sendable {
  public var tick: Tick
  public var validity: SnapshotValidity
  /// The target's own frame counter.
  public var frame: UInt32?
  public var zone: ZoneID?
  public var player: Player
  /// The client's current target.
  public var target: EntityID?
  public var pet: EntityID?
  /// Spell gems in their order; up to eight.
  public var gems: [Gem]
  public var isAutoAttacking: Bool?
  public var loot: LootWindow?
  public var merchant: MerchantWindow?
  public var inventory: Inventory
  public var doors: [Door]
  /// Every entity in sight of the client but the player, in the order of the target's list; corpses included.
  public var spawns: [Spawn]

  public init(
    tick: Tick = .start, validity: SnapshotValidity = .valid, frame: UInt32? = nil, zone: ZoneID? = nil,
    player: Player = Player(), target: EntityID? = nil, pet: EntityID? = nil, gems: [Gem] = [],
    isAutoAttacking: Bool? = nil, loot: LootWindow? = nil, merchant: MerchantWindow? = nil,
    inventory: Inventory = Inventory(), doors: [Door] = [], spawns: [Spawn] = []
  ) {
    self.tick = tick
    self.validity = validity
    self.frame = frame
    self.zone = zone
    self.player = player
    self.target = target
    self.pet = pet
    self.gems = gems
    self.isAutoAttacking = isAutoAttacking
    self.loot = loot
    self.merchant = merchant
    self.inventory = inventory
    self.doors = doors
    self.spawns = spawns
  }

  /// The entity with this id; nil when it is not in sight.
  /// - Complexity: O(n) over the spawns.
  public func spawn(_ id: EntityID) -> Spawn? {
    spawns.first { $0.id == id }
  }

  public var targetSpawn: Spawn? { target.flatMap(spawn) }
  public var petSpawn: Spawn? { pet.flatMap(spawn) }
}

/// Posture, as the client knows it.
public enum StandState: UInt8, CaseIterable, Sendable, Codable {
  case standing, sitting, feigned, swimming, dead
}

/// The player's own character.
public struct Player: Hashable, Sendable {
  public var id: EntityID?
  public var name: FixedName
  public var position: Position?
  public var heading: Heading?
  /// Units per second over ground.
  public var speed: Double?
  /// Points; `0...`.
  public var health: Int?
  public var healthMax: Int?
  public var mana: Int?
  public var manaMax: Int?
  /// Range: `1...`.
  public var level: Int?
  /// Class number, as in the environment's kit files.
  public var classID: Int?
  public var stand: StandState?
  public var casting: Casting?
  public var buffs: [Buff]
  /// In copper.
  public var money: Int?
  /// In tenths of a stone.
  public var weight: Int?
  public var weightMax: Int?
  /// Part of the current level. Range: `0...1`.
  public var experience: Double?
  public var isInCombat: Bool?

  public init(
    id: EntityID? = nil, name: FixedName = .empty, position: Position? = nil, heading: Heading? = nil,
    speed: Double? = nil, health: Int? = nil, healthMax: Int? = nil, mana: Int? = nil, manaMax: Int? = nil,
    level: Int? = nil, classID: Int? = nil, stand: StandState? = nil, casting: Casting? = nil, buffs: [Buff] = [],
    money: Int? = nil, weight: Int? = nil, weightMax: Int? = nil, experience: Double? = nil,
    isInCombat: Bool? = nil
  ) {
    self.id = id
    self.name = name
    self.position = position
    self.heading = heading
    self.speed = speed
    self.health = health
    self.healthMax = healthMax
    self.mana = mana
    self.manaMax = manaMax
    self.level = level
    self.classID = classID
    self.stand = stand
    self.casting = casting
    self.buffs = buffs
    self.money = money
    self.weight = weight
    self.weightMax = weightMax
    self.experience = experience
    self.isInCombat = isInCombat
  }

  /// Range: `0...1`; nil when either number is unknown or the maximum is not positive.
  public var healthFraction: Double? { fraction(health, of: healthMax) }

  /// Known to be dead.
  public var isDead: Bool {
    if stand == .dead { return true }
    if let health, health <= 0, healthMax ?? 0 > 0 { return true }
    return false
  }

  /// Range: `0...1`; nil when unknown or when the class has no mana.
  public var manaFraction: Double? { fraction(mana, of: manaMax) }

  private func fraction(_ part: Int?, of whole: Int?) -> Double? {
    guard let part, let whole, whole > 0 else { return nil }
    return min(1, max(0, Double(part) / Double(whole)))
  }
}

/// A cast under way.
public struct Casting: Hashable, Sendable {
  public var spell: SpellID
  /// Seconds until it is done. Range: `0...`.
  public var remaining: Double

  public init(spell: SpellID, remaining: Double) {
    self.spell = spell
    self.remaining = remaining
  }
}

/// A buff or debuff on the player.
public struct Buff: Hashable, Sendable {
  public var spell: SpellID
  /// Seconds; 0 when it does not end by itself.
  public var remaining: Double

  public init(spell: SpellID, remaining: Double) {
    self.spell = spell
    self.remaining = remaining
  }
}

/// A spell gem.
public struct Gem: Hashable, Sendable {
  /// Nil when the gem is empty.
  public var spell: SpellID?
  /// Seconds until it can be cast again; 0 when ready.
  public var recast: Double

  public init(spell: SpellID?, recast: Double = 0) {
    self.spell = spell
    self.recast = recast
  }
}

/// What a body does.
public enum BodyState: UInt8, CaseIterable, Sendable, Codable {
  case standing, sitting, feigned, fleeing, dead
}

public enum SpawnKind: UInt8, CaseIterable, Sendable, Codable {
  case player, npc, pet, corpse
}

/// Another entity; plain bytes, so that copying hundreds costs nothing.
public struct Spawn: Hashable, Sendable {
  public var id: EntityID
  public var name: FixedName
  public var kind: SpawnKind
  public var position: Position
  /// Units per second; zero when unknown.
  public var velocity: Position
  public var heading: Heading
  /// Range: `1...`; 0 when unknown.
  public var level: UInt8
  public var race: UInt16
  public var classID: UInt8
  public var body: BodyState
  /// Range: `0...1`; nil when unknown.
  public var healthFraction: Double?
  /// The master of a pet, the dead of a corpse.
  public var owner: EntityID?
  /// Whom it fights or looks at.
  public var target: EntityID?

  public init(
    id: EntityID, name: FixedName = .empty, kind: SpawnKind = .npc, position: Position = .origin,
    velocity: Position = .origin, heading: Heading = .north, level: UInt8 = 1, race: UInt16 = 0,
    classID: UInt8 = 0, body: BodyState = .standing, healthFraction: Double? = 1, owner: EntityID? = nil,
    target: EntityID? = nil
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.position = position
    self.velocity = velocity
    self.heading = heading
    self.level = level
    self.race = race
    self.classID = classID
    self.body = body
    self.healthFraction = healthFraction
    self.owner = owner
    self.target = target
  }
}

/// An item in a bag or window.
public struct ItemStack: Hashable, Sendable {
  public var item: ItemID
  /// Range: `1...`.
  public var count: Int
  /// Where it lies; bag slots count through all bags from 0.
  public var slot: Int

  public init(item: ItemID, count: Int, slot: Int) {
    self.item = item
    self.count = count
    self.slot = slot
  }
}

public struct Inventory: Hashable, Sendable {
  public var items: [ItemStack]
  public var slotsFree: Int?
  public var slotsTotal: Int?

  public init(items: [ItemStack] = [], slotsFree: Int? = nil, slotsTotal: Int? = nil) {
    self.items = items
    self.slotsFree = slotsFree
    self.slotsTotal = slotsTotal
  }
}

/// The loot window is open.
public struct LootWindow: Hashable, Sendable {
  public var corpse: EntityID
  public var items: [ItemStack]

  public init(corpse: EntityID, items: [ItemStack] = []) {
    self.corpse = corpse
    self.items = items
  }
}

/// The merchant window is open.
public struct MerchantWindow: Hashable, Sendable {
  public var merchant: EntityID
  public var wares: [ItemStack]

  public init(merchant: EntityID, wares: [ItemStack] = []) {
    self.merchant = merchant
    self.wares = wares
  }
}

public struct Door: Hashable, Sendable {
  public var id: UInt16
  public var position: Position
  public var isOpen: Bool

  public init(id: UInt16, position: Position, isOpen: Bool) {
    self.id = id
    self.position = position
    self.isOpen = isOpen
  }
}
