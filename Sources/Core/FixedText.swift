/// ASCII text of at most 63 bytes, stored in place.
public struct FixedText: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  private var head: FixedName
  private var tail: FixedName

  public static let capacityBytes = 2 * FixedName.capacityBytes

  /// Cuts at the capacity; what is not printable ASCII becomes "?".
  public init(_ text: String) {
    head = FixedName(sanitising: text.utf8)
    tail = FixedName(sanitising: text.utf8.dropFirst(FixedName.capacityBytes))
  }

  /// The same of bytes; the text ends at the first NUL.
  public init(sanitising bytes: UnsafeRawBufferPointer) {
    head = FixedName(sanitising: bytes)
    // What follows a NUL is not text.
    tail = head.isFull ? FixedName(sanitising: bytes.dropFirst(FixedName.capacityBytes)) : .empty
  }

  public init(stringLiteral value: String) {
    self.init(value)
  }

  /// The text begins so. Only the first 31 bytes of `prefix` are looked at.
  public func begins(with prefix: StaticString) -> Bool {
    let count = min(prefix.utf8CodeUnitCount, FixedName.capacityBytes)
    return head.withBytes { text in
      text.count >= count && (0..<count).allSatisfy { text[$0] == prefix.utf8Start[$0] }
    }
  }

  public var description: String { head.description + tail.description }

  public func combine(into hash: inout StableHash) {
    hash.combine(head)
    hash.combine(tail)
  }
}
