import Core
import Lore

/// An NPC that does not attack yet but could: where it goes, and how near it will come.
public struct Threat: Hashable, Sendable {
  public var id: EntityID
  public var con: ConColour
  /// Now. Unit: world units.
  public var distance: Double
  /// The closest approach within the next ten seconds if both keep their course, and when.
  public var closest: Double
  public var secondsToClosest: Double
  /// It will be upon us within seconds (`WorldModel.imminentSeconds`, `imminentDistance`).
  public var isImminent: Bool
}
