import Core

/// What a spell does. The same closed list stands in every environment's spell file.
public enum SpellKind: String, CaseIterable, Sendable {
  case nuke, dot, lifetap, fear, snare, root, heal, buff, pet, feign, gate, mez

  /// It is cast at an enemy.
  public var isHostile: Bool {
    switch self {
    case .nuke, .dot, .lifetap, .fear, .snare, .root, .mez: true
    case .heal, .buff, .pet, .feign, .gate: false
    }
  }

  /// It takes health from an enemy.
  public var doesDamage: Bool {
    switch self {
    case .nuke, .dot, .lifetap: true
    default: false
    }
  }
}

/// Whom a spell is cast at.
public enum SpellTarget: String, CaseIterable, Sendable {
  /// The client's current target.
  case single
  case caster = "self"
  case pet
}

/// A spell as the client's own list describes it.
public struct Spell: Hashable, Sendable {
  public var id: SpellID
  public var name: FixedName
  public var kind: SpellKind
  public var target: SpellTarget
  /// Points. Range: `0...`.
  public var mana: Int
  /// Seconds to cast, and seconds until it can be cast again.
  public var castSeconds: Double
  public var recastSeconds: Double
  /// World units; 0 for what needs no range.
  public var range: Double
  /// Seconds; 0 for what acts at once.
  public var durationSeconds: Double
  /// An item that each cast uses up.
  public var reagent: ItemID?
  /// The level at which each class learns it, by class number.
  public var levels: [Int: Int]

  public init(
    id: SpellID, name: FixedName, kind: SpellKind, target: SpellTarget, mana: Int, castSeconds: Double,
    recastSeconds: Double = 0, range: Double = 0, durationSeconds: Double = 0, reagent: ItemID? = nil,
    levels: [Int: Int] = [:]
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.target = target
    self.mana = mana
    self.castSeconds = castSeconds
    self.recastSeconds = recastSeconds
    self.range = range
    self.durationSeconds = durationSeconds
    self.reagent = reagent
    self.levels = levels
  }
}
