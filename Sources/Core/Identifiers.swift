/// An entity of the observed program, as the program numbers it. Ids are reused over time.
public struct EntityID: Hashable, Comparable, Sendable, Codable {
  public let raw: UInt32

  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static func < (left: EntityID, right: EntityID) -> Bool { left.raw < right.raw }
}

/// A zone, as the observed program numbers it.
public struct ZoneID: Hashable, Comparable, Sendable, Codable {
  public let raw: UInt16

  @inlinable public init(_ raw: UInt16) { self.raw = raw }
  @inlinable public static func < (left: ZoneID, right: ZoneID) -> Bool { left.raw < right.raw }
}

/// A spell, as the client's spell list numbers it.
public struct SpellID: Hashable, Comparable, Sendable, Codable {
  public let raw: UInt16

  @inlinable public init(_ raw: UInt16) { self.raw = raw }
  @inlinable public static func < (left: SpellID, right: SpellID) -> Bool { left.raw < right.raw }
}

/// A kind of item, as the client's item list numbers it.
public struct ItemID: Hashable, Comparable, Sendable, Codable {
  public let raw: UInt32

  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static func < (left: ItemID, right: ItemID) -> Bool { left.raw < right.raw }
}

/// Joins an outcome to the decision that caused it: the tick of the decision that started the routine.
public struct CreditID: Hashable, Comparable, Sendable, Codable {
  public let raw: UInt32

  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static func < (left: CreditID, right: CreditID) -> Bool { left.raw < right.raw }
}
