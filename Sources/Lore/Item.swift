import Core

/// A kind of item as the client's own list describes it.
public struct Item: Hashable, Sendable {
  public var id: ItemID
  public var name: FixedName
  /// What it is worth. Unit: copper.
  public var value: Int
  /// Unit: tenths of a stone.
  public var weight: Int
  /// The largest stack; 1 for what does not stack.
  public var stackMax: Int
  /// It can neither be sold nor given away.
  public var isNoDrop: Bool
  /// The client's own word for what it is ("reagent", "food", …).
  public var kind: String
  /// What it does to whoever eats or drinks it; nil for what is not eaten.
  public var effect: SpellID?

  public init(
    id: ItemID, name: FixedName, value: Int, weight: Int, stackMax: Int = 1, isNoDrop: Bool = false,
    kind: String = "", effect: SpellID? = nil
  ) {
    self.id = id
    self.name = name
    self.value = value
    self.weight = weight
    self.stackMax = stackMax
    self.isNoDrop = isNoDrop
    self.kind = kind
    self.effect = effect
  }
}
