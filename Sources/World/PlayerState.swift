import Core

/// What a player has and does beside its body (`World.body(ofPlayer:)`).
public struct PlayerState: Hashable, Sendable {
  /// Slot of the body in `World.entities`; it never changes.
  public internal(set) var slot: Int
  /// Index into `WorldData.classes`.
  public internal(set) var kit: Int
  public internal(set) var mana = 0
  public internal(set) var manaMax = 0
  /// Points gained in the current level, and points to the next one.
  public internal(set) var experience = 0
  public internal(set) var experienceNext = 1
  /// In copper.
  public internal(set) var money = 0
  /// In tenths of a stone.
  public internal(set) var weight = 0
  public internal(set) var weightMax = 0
  /// Eight gems.
  public internal(set) var gems: [GemState] = Array(repeating: GemState(), count: 8)
  public internal(set) var casting: CastState?
  public internal(set) var memorising: MemoriseState?
  /// Slots of all bags in their order; a stack of count 0 is an empty slot.
  public internal(set) var inventory: [ItemStack] = []
  public internal(set) var bank: [ItemStack] = []
  /// The weapon in the hand and the armour on the body; they weigh, but take no room in the bags.
  public internal(set) var weapon = ItemStack.none
  public internal(set) var armor = ItemStack.none
  public internal(set) var target: EntityID?
  public internal(set) var pet: EntityID?
  public internal(set) var isAutoAttacking = false
  /// The corpse whose loot window is open.
  public internal(set) var loot: EntityID?
  /// The merchant whose window is open.
  public internal(set) var merchant: EntityID?
  public internal(set) var isInventoryOpen = false
  public internal(set) var isBankOpen = false
  /// Steps until the zone is loaded; memory reads as nonsense while above 0.
  public internal(set) var loadingSteps = 0
  /// Somebody has it or its pet on a hate list, or it fights.
  public internal(set) var isInCombat = false
  public internal(set) var bindZone = 0
  public internal(set) var bindPosition = Position.origin
  /// How the kin of `WorldData.kins` think of it: falls with every one of them that it slays, rises with time.
  public internal(set) var standing: [Int] = []
  public internal(set) var statistics = PlayerStatistics()

  var random: SeededGenerator
  var held: UInt8 = 0
  var isAutorunning = false
  var verticalSpeed = 0.0
  var fallStart = 0.0
  var isAirborne = false
  var releaseStep = 0
  var nextSwing = 0
  /// Practice in striking and in casting; no client shows it. Range: `0...` cap of the level.
  var meleeSkill = 0
  var castingSkill = 0
  var combatUntil = 0
  var lavaStep = 0

  public var isLoading: Bool { loadingSteps > 0 }
  /// Part of the current level. Range: `0...1`.
  public var experienceFraction: Double { experienceNext > 0 ? Double(experience) / Double(experienceNext) : 0 }

  init(slot: Int, kit: Int, random: SeededGenerator) {
    self.slot = slot
    self.kit = kit
    self.random = random
  }
}

/// One of the eight gems.
public struct GemState: Hashable, Sendable {
  /// Index into `WorldData.spells`; nil when empty.
  public internal(set) var spell: Int?
  /// The step at which it can be cast again.
  public internal(set) var readyStep = 0
}

/// A cast under way.
public struct CastState: Hashable, Sendable {
  /// Index into `WorldData.spells`.
  public internal(set) var spell: Int
  public internal(set) var gem: Int
  public internal(set) var target: EntityID
  public internal(set) var startStep: Int
  public internal(set) var endStep: Int
  var startPosition: Position
}

/// A spell is being put into a gem.
public struct MemoriseState: Hashable, Sendable {
  public internal(set) var spell: Int
  public internal(set) var gem: Int
  public internal(set) var endStep: Int
}

/// What a player did since the start; for measuring, not for playing.
public struct PlayerStatistics: Hashable, Sendable {
  /// NPCs defeated by the player or its pet.
  public internal(set) var defeats = 0
  public internal(set) var deaths = 0
  public internal(set) var experienceGained = 0
  public internal(set) var experienceLost = 0
  /// Corpses of which something was taken (coins or items).
  public internal(set) var corpsesLooted = 0
  public internal(set) var copperLooted = 0
  public internal(set) var copperEarned = 0
  public internal(set) var casts = 0
  public internal(set) var fizzles = 0
  public internal(set) var interrupts = 0
  public internal(set) var resists = 0
  public internal(set) var damageDealt = 0
  public internal(set) var damageTaken = 0
  public internal(set) var petDeaths = 0
  public internal(set) var levelsGained = 0
}
