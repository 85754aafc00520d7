import Core

/// What the operator wants done with targets and goods: `policy.json`.
public struct Policy: Hashable, Sendable {
  public var con = ConTable()
  /// Species that are never fought, whatever they are worth, and species that are fought in any colour.
  public var neverFight: [FixedName] = []
  public var alwaysFight: [FixedName] = []
  /// Enemies further above our level are no targets; those further below are hunted only while nobody else is in
  /// reach, and as long as that gives experience. Range: `-60...60`.
  public var levelDifferenceMax = 2
  public var levelDifferenceMin = -6
  /// Colours that are hunted.
  public var conFought: Set<ConColour> = [.lightBlue, .blue, .white, .yellow]
  /// A target further than this from the camp's center is left alone. Unit: world units.
  public var leash = 400.0
  /// Targets are sought within this distance of us. Unit: world units.
  public var seekDistance = 300.0
  /// Corpses are looted within this distance. Unit: world units.
  public var lootDistance = 100.0
  /// No fight near other players. Unit: world units.
  public var playerDistance = 30.0
  /// So many of one kind close together are too many. Range: `1...`.
  public var socialMax = 3
  public var items: [ItemID: ItemPolicy] = [:]
  /// Items without a policy of their own.
  public var otherItems = ItemPolicy.sell
  /// So many of a reagent are bought back up to. Range: `0...`.
  public var reagentStock = 10
  /// Classes of enemies that cast; they are less welcome as targets.
  public var casterClasses: Set<Int> = []
  /// So many of these (food, say) are bought back up to.
  public var stock: [ItemID: Int] = [:]
  /// A merchant of the zone is worth the way once the bags hold so much to sell, one of another zone once they hold
  /// several times as much. Unit: copper.
  public var tradeValue = Int.max
  /// The camp to hunt at; nil lets level and distance decide.
  public var camp: String?

  public init() {}
}

/// What becomes of an item.
public enum ItemPolicy: String, CaseIterable, Sendable {
  case keep, sell, destroy, leave
  /// Brought to a bank when one is on the way.
  case bank
}
