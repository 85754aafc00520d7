/// What one agent of a party tells the others: one line on the board they share, written anew every tick.
///
/// Received notes are part of a tick's input, so that a recorded session replays with them.
public struct PeerNote: Hashable, Sendable {
  /// How far it is with its target; a further claim goes before a lesser one.
  public enum Claim: UInt8, CaseIterable, Comparable, Sendable, Codable {
    case none, wanted, pulling, fighting

    public static func < (left: Claim, right: Claim) -> Bool { left.rawValue < right.rawValue }
  }

  /// Its character.
  public var id: EntityID
  public var name: FixedName
  public var zone: ZoneID
  public var position: Position
  public var pet: EntityID?
  /// The target that it goes for, and how far it is with it.
  public var target: EntityID?
  public var claim: Claim
  /// It is attacked and its health is low: whoever is free may help.
  public var needsHelp: Bool

  public init(
    id: EntityID, name: FixedName = .empty, zone: ZoneID, position: Position, pet: EntityID? = nil,
    target: EntityID? = nil, claim: Claim = .none, needsHelp: Bool = false
  ) {
    self.id = id
    self.name = name
    self.zone = zone
    self.position = position
    self.pet = pet
    self.target = target
    self.claim = claim
    self.needsHelp = needsHelp
  }
}
