import Core
import Lore
import Perception

/// All that a strategy knows when it chooses the next act of a fight.
public struct CastContext: Sendable {
  public var tick: Tick
  /// Units to the target.
  public var targetDistance: Double
  /// Range: `0...1`; unknown counts as 1.
  public var targetHealth: Double
  public var targetLevel: Int
  /// The target runs away, from fear or of its own.
  public var isTargetFleeing: Bool
  /// The target fights the player and not the pet.
  public var isTargetOnPlayer: Bool
  /// The target fights the pet.
  public var isTargetOnPet: Bool
  public var isTargetVisible: Bool
  /// A snare of ours works on it.
  public var isTargetSlowed = false
  /// It goes on running at least so long; 0 when it does not run from a fear of ours. Unit: seconds.
  public var fearSeconds = 0.0
  /// Since it last lost health. Unit: seconds.
  public var targetHaleSeconds = 0.0
  /// We are running from it.
  public var isGivingGround = false
  /// Units from where it was when the fight began.
  public var targetStrayed = 0.0
  /// Seconds since this fight began.
  public var seconds: Double
  /// NPCs beside the target that fight us or our pet.
  public var addCount: Int
  /// Those of them that fight the player.
  public var addsOnPlayer: Int
  /// Range: `0...1`; unknown counts as 0: danger.
  public var playerHealth: Double
  /// Range: `0...1`; 0 for a class without.
  public var playerMana: Double
  public var manaPoints: Int
  public var level: Int
  /// Nil without a pet. Range: `0...1`.
  public var petHealth: Double?
  /// Seconds until the pet, and until the target, is dead if things go on like this; nil when it loses nothing.
  public var petSeconds: Double?
  public var targetSeconds: Double?
  /// The pet has the target as its own.
  public var isPetOnTarget: Bool
  /// Units from the pet to the target; infinite without a pet.
  public var petDistance: Double
  /// Casts of this fight that were finished.
  public var castCount: Int
  public var spells: SpellChoices

  public init(
    tick: Tick, targetDistance: Double, targetHealth: Double, targetLevel: Int = 1, isTargetFleeing: Bool = false,
    isTargetOnPlayer: Bool = false, isTargetOnPet: Bool = false, isTargetVisible: Bool = true,
    seconds: Double = 0, addCount: Int = 0, addsOnPlayer: Int = 0, playerHealth: Double, playerMana: Double,
    manaPoints: Int, level: Int = 1, petHealth: Double? = nil, petSeconds: Double? = nil,
    targetSeconds: Double? = nil, isPetOnTarget: Bool = false,
    petDistance: Double = .infinity, castCount: Int = 0, spells: SpellChoices
  ) {
    self.tick = tick
    self.targetDistance = targetDistance
    self.targetHealth = targetHealth
    self.targetLevel = targetLevel
    self.isTargetFleeing = isTargetFleeing
    self.isTargetOnPlayer = isTargetOnPlayer
    self.isTargetOnPet = isTargetOnPet
    self.isTargetVisible = isTargetVisible
    self.seconds = seconds
    self.addCount = addCount
    self.addsOnPlayer = addsOnPlayer
    self.playerHealth = playerHealth
    self.playerMana = playerMana
    self.manaPoints = manaPoints
    self.level = level
    self.petHealth = petHealth
    self.petSeconds = petSeconds
    self.targetSeconds = targetSeconds
    self.isPetOnTarget = isPetOnTarget
    self.petDistance = petDistance
    self.castCount = castCount
    self.spells = spells
  }

  public var hasPet: Bool { petHealth != nil }

  /// The pet has the target to itself, out of our reach, and nobody else fights: time to sit down and gather strength.
  var isAtEase: Bool {
    isTargetOnPet && !isTargetOnPlayer && addCount == 0 && targetDistance > Self.easeReach
      && (playerMana < 0.97 || playerHealth < 0.97)
  }

  /// From here on there is time to stand up before blows can land. Unit: world units.
  static let easeReach = 30.0

  /// If things go on like this the pet falls before the target does.
  var isPetLosing: Bool {
    guard let petSeconds, petSeconds < 40 else { return false }
    return petSeconds < (targetSeconds ?? .infinity) + 3
  }
}

/// The spells that could be cast in this tick: the best one of each use, nil where there is none ready.
///
/// "Ready" is memorised, affordable, gem recovered, and not lately failed.
public struct SpellChoices: Hashable, Sendable {
  /// A damage-over-time spell that does not work on the target already; the one of most worth.
  public var dot: SpellID?
  public var lifetap: SpellID?
  public var fear: SpellID?
  public var snare: SpellID?
  public var root: SpellID?
  public var nuke: SpellID?
  public var heal: SpellID?
  /// Heals the pet.
  public var mend: SpellID?

  public init(
    dot: SpellID? = nil, lifetap: SpellID? = nil, fear: SpellID? = nil, snare: SpellID? = nil,
    root: SpellID? = nil, nuke: SpellID? = nil, heal: SpellID? = nil, mend: SpellID? = nil
  ) {
    self.dot = dot
    self.lifetap = lifetap
    self.fear = fear
    self.snare = snare
    self.root = root
    self.nuke = nuke
    self.heal = heal
    self.mend = mend
  }
}

/// What to do in a fight now.
public enum CombatAct: Hashable, Sendable {
  case cast(SpellID)
  case petAttack
  /// Close in and hit.
  case melee
  /// Away from the target, which is slower than we are.
  case giveGround
  case wait(CombatWait)
}

extension CombatAct {
  var isCast: Bool {
    if case .cast = self { true } else { false }
  }
}

/// Why a fighter does nothing.
public enum CombatWait: UInt8, CaseIterable, Sendable, Codable {
  case petTakesHold, spellsRunning, manaShort, recastRunning, targetNearlyDown, targetRuns

  public var name: String { String(describing: self) }
}
