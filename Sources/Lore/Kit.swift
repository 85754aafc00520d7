import Core

/// How fights are fought; the strategies are the routines' own.
public enum StrategyID: UInt8, CaseIterable, Sendable {
  case petTank, petAndDot, fearKite, endgame, melee, nuke, heal

  public var name: String { String(describing: self) }

  public init?(name: String) {
    guard let strategy = StrategyID.allCases.first(where: { $0.name == name }) else { return nil }
    self = strategy
  }
}

/// How a class is played: operator's data, `kits/NAME.json`.
public struct Kit: Hashable, Sendable {
  public var name: String
  public var classID: Int
  public var pullMode: PullMode
  /// The distance at which a pull begins. Unit: world units.
  public var pullDistance: Double
  public var thresholds: KitThresholds
  /// Species that are left alone, though their level would do: what this kit can neither beat nor run from.
  public var notHunted: [FixedName]
  /// What is played at each level, in the order of levels without gaps between 1 and `levelMax`.
  public var bands: [KitBand]
  /// The spells of every level: index is the level, 0 is not used.
  public var loadouts: [Loadout]

  public static let levelMax = 60

  public init(
    name: String, classID: Int, pullMode: PullMode = .pet, pullDistance: Double = 100,
    thresholds: KitThresholds = KitThresholds(), notHunted: [FixedName] = [], bands: [KitBand] = [],
    loadouts: [Loadout] = []
  ) {
    self.name = name
    self.classID = classID
    self.pullMode = pullMode
    self.pullDistance = pullDistance
    self.thresholds = thresholds
    self.notHunted = notHunted
    self.bands = bands
    self.loadouts = loadouts
  }

  /// The spells of `level`; those of the nearest level where the kit knows none for it.
  @inlinable public func loadout(level: Int) -> Loadout {
    guard !loadouts.isEmpty else { return .none }
    return loadouts[min(max(level, 0), loadouts.count - 1)]
  }

  /// A pet belongs to this kit at `level`.
  @inlinable public func hasPet(level: Int) -> Bool { loadout(level: level).pet != nil }
}

/// What one band of levels asks for, as the file says it.
public struct KitBand: Hashable, Sendable {
  /// What a gem is to hold.
  public enum GemWish: Hashable, Sendable {
    /// The strongest spell of the kind that the class knows at the level; the `rank`-th strongest counts from 0.
    case kind(SpellKind, rank: Int)
    case spell(SpellID)
    case empty
  }

  public var levels: ClosedRange<Int>
  public var strategy: StrategyID
  /// Gem by gem; at most eight.
  public var gems: [GemWish]
  /// Kept up on ourselves out of combat; every wish must be in a gem.
  public var buffs: [GemWish]

  public init(levels: ClosedRange<Int>, strategy: StrategyID, gems: [GemWish], buffs: [GemWish] = []) {
    self.levels = levels
    self.strategy = strategy
    self.gems = gems
    self.buffs = buffs
  }
}

/// The spells of a kit at one level.
public struct Loadout: Hashable, Sendable {
  public var strategy: StrategyID
  /// Spell by gem; nil for a gem that the kit leaves alone.
  public var gems: [SpellID?]
  public var pet: SpellID?
  public var feign: SpellID?
  public var gate: SpellID?
  public var buffs: [SpellID]

  public static let none = Loadout(strategy: .melee)

  public init(
    strategy: StrategyID, gems: [SpellID?] = [], pet: SpellID? = nil, feign: SpellID? = nil, gate: SpellID? = nil,
    buffs: [SpellID] = []
  ) {
    self.strategy = strategy
    self.gems = gems
    self.pet = pet
    self.feign = feign
    self.gate = gate
    self.buffs = buffs
  }
}

/// The fractions and limits by which a kit is played. Fractions are of the maximum, in `0...1`.
public struct KitThresholds: Hashable, Sendable {
  /// Rest begins below these and ends above those.
  public var restHealthEnter = 0.85
  public var restManaEnter = 0.40
  public var restPetEnter = 0.60
  public var restHealthExit = 0.92
  public var restManaExit = 0.60
  public var restPetExit = 0.90
  /// Below this health, with a threat present, we flee whatever else is true.
  public var fleeHealth = 0.40
  /// Urgency at which flight begins and ends.
  public var fleeUrgencyEnter = 0.65
  public var fleeUrgencyExit = 0.35
  /// A new fight needs so much.
  public var acquireHealth = 0.70
  public var acquireMana = 0.50
  public var acquirePet = 0.50
  /// A pet's health that will do for who needs no rest itself: enough to hunt with, and some more. Range: `0...1`.
  public var petFit: Double { min(restPetExit, acquirePet + 0.1) }

  public init() {}
}
