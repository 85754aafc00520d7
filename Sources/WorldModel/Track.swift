import Core
import Lore
import Perception

/// What is known of one entity over time. Plain bytes: hundreds are copied each tick without an allocation.
public struct Track: Hashable, Sendable {
  public var id: EntityID
  public var name: FixedName
  public var species: FixedName
  public var kind: SpawnKind
  /// Range: `1...`; 0 when unknown.
  public var level: UInt8
  /// Range: `1...`; 0 for those without a class.
  public var classID: UInt8
  public var con: ConColour
  public var body: BodyState
  public var policy: Disposition
  public var position: Position
  /// Units per second, measured over the last ticks.
  public var velocity: Position
  public var heading: Heading
  /// Range: `0...1`; nil when unknown.
  public var health: Double?
  /// Fraction of its health that it loses per second, smoothed; 0 when it loses none.
  public var healthLoss: Double
  public var owner: EntityID?
  public var target: EntityID?
  /// To the player, on the map. Unit: world units; infinite when the player's place is unknown.
  public var distance: Double
  /// To our pet; infinite without one.
  public var petDistance: Double
  public var firstSeen: Tick
  public var firstPlace: Position
  /// The last tick at which it attacked us or our pet, and at which it lost health.
  public var lastHostile: Tick?
  public var lastHurt: Tick?
  /// The last tick at which we fought it: it attacked us or our pet, or our pet attacked it and it was hurt.
  public var lastFought: Tick?
  /// Living NPCs within `WorldModel.isolationRadius`, itself left out.
  public var neighbours: UInt16
  /// Those of its clan who stand near enough to come to its help; each within its own `helpReach`.
  public var kin: UInt16
  /// The species itself, or another that it holds together with; learned.
  public var clan = FixedName.empty
  /// Unit: world units; learned by species.
  public var helpReach = HelpReach.unknown
  /// Somebody has come to the help of its species before.
  public internal(set) var isHelped = false
  /// Ticks in a row that it stood beside us and did not attack.
  public var calmTicks: UInt16 = 0
  /// It attacks the player, or our pet, at this tick.
  public var isOnPlayer: Bool
  public var isOnPet: Bool

  /// It attacks us or our pet.
  @inlinable public var isAttacking: Bool { isOnPlayer || isOnPet }

  /// Seconds until it is dead if things go on like this; nil when it loses nothing.
  @inlinable public var secondsToDeath: Double? {
    guard let health, healthLoss > 0.001 else { return nil }
    return health / healthLoss
  }

  /// Too strong for us, or to be avoided by the operator's word. Merchants are neither.
  @inlinable public var isDangerous: Bool {
    policy != .vendor && policy != .never && (con == .red || policy == .avoid)
  }

  /// On another height than `place`, by more than a slope would give: perhaps another floor. Below counts as well.
  @inlinable public func isAbove(_ place: Position) -> Bool {
    abs(position.z - place.z) > max(15, 0.35 * position.horizontalDistance(to: place))
  }

  /// A living NPC: what can attack, and what can be hunted.
  @inlinable public var isLivingNPC: Bool {
    kind == .npc && body != .dead && (health ?? 1) > 0
  }
}

/// What the operator's data says of a species.
public enum Disposition: UInt8, CaseIterable, Sendable {
  case plain
  /// Never a target, but no danger by itself.
  case never
  /// To be hunted in any colour.
  case always
  /// The camp's file says to leave it alone.
  case avoid
  /// It stands where a merchant stands and bears its name.
  case vendor
}
