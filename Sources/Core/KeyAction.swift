/// What a key of the observed program does. Which key that is, the environment's key-binding file says.
public enum KeyAction: UInt8, CaseIterable, Sendable, Codable {
  // Held keys: they act as long as they are down.
  case forward, back, turnLeft, turnRight, strafeLeft, strafeRight
  // Tapped keys.
  case jump, sitStand, autorun
  case targetNextNPC, targetPreviousNPC, targetSelf, targetNextCorpse
  case petAttack, petBack, petFollow, petGuard
  case gem1, gem2, gem3, gem4, gem5, gem6, gem7, gem8
  case autoAttack, consider, openLoot, inventory, hail, closeWindow
  /// Opens the chat line; text typed after it ends with `submit`.
  case command, submit

  /// True for the keys that act while they are down.
  @inlinable public var isHeld: Bool { rawValue <= KeyAction.strafeRight.rawValue }

  /// The key of gem `index`. Range: `0..<8`.
  public static func gem(_ index: Int) -> KeyAction {
    precondition((0..<8).contains(index), "there is no gem \(index)")
    return allCases[allCases.firstIndex(of: .gem1).map { $0 + index } ?? 0]
  }

  /// Stable text, as in key-binding files and logs.
  public var name: String { String(describing: self) }

  public init?(name: String) {
    guard let action = KeyAction.allCases.first(where: { $0.name == name }) else { return nil }
    self = action
  }
}

/// A set of key actions in one word.
public struct KeySet: Hashable, Sendable, Sequence {
  public var bits: UInt64

  @inlinable public init(bits: UInt64 = 0) { self.bits = bits }

  @inlinable public init(_ keys: some Sequence<KeyAction>) {
    bits = keys.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
  }

  public static let none = KeySet()

  @inlinable public func contains(_ key: KeyAction) -> Bool { bits >> UInt64(key.rawValue) & 1 == 1 }
  @inlinable public mutating func insert(_ key: KeyAction) { bits |= 1 << UInt64(key.rawValue) }
  @inlinable public mutating func remove(_ key: KeyAction) { bits &= ~(1 << UInt64(key.rawValue)) }
  @inlinable public var isEmpty: Bool { bits == 0 }
  @inlinable public var count: Int { bits.nonzeroBitCount }

  /// The keys in the order of their raw values; allocates nothing.
  @inlinable public func makeIterator() -> Iterator { Iterator(rest: bits) }

  public struct Iterator: IteratorProtocol, Sendable {
    @usableFromInline var rest: UInt64

    @inlinable init(rest: UInt64) { self.rest = rest }

    @inlinable public mutating func next() -> KeyAction? {
      guard rest != 0 else { return nil }
      let raw = UInt8(rest.trailingZeroBitCount)
      rest &= rest - 1
      return KeyAction(rawValue: raw)
    }
  }
}
