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

  /// One after the other.
  public init(_ first: FixedName, _ second: FixedName) {
    self = first.withBytes { first in
      second.withBytes { second in
        let count = first.count + second.count
        return withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { joined in
          joined.copyBytes(from: first)
          UnsafeMutableRawBufferPointer(rebasing: joined[first.count...]).copyBytes(from: second)
          return FixedText(sanitising: UnsafeRawBufferPointer(joined))
        }
      }
    }
  }

  public init(stringLiteral value: String) {
    self.init(value)
  }

  /// Bytes.
  public var count: Int { head.withBytes { $0.count } + tail.withBytes { $0.count } }

  /// The text begins so. Only the first 31 bytes of `prefix` are looked at.
  public func begins(with prefix: StaticString) -> Bool {
    let count = min(prefix.utf8CodeUnitCount, FixedName.capacityBytes)
    return head.withBytes { text in
      text.count >= count && (0..<count).allSatisfy { text[$0] == prefix.utf8Start[$0] }
    }
  }

  /// The bytes of `part` stand somewhere in the text; allocates nothing.
  public func contains(_ part: FixedName) -> Bool {
    head.withBytes { first in
      tail.withBytes { second in
        part.withBytes { wanted in
          let count = first.count + second.count
          guard wanted.count <= count else { return false }
          for start in 0...(count - wanted.count) {
            var length = 0
            while length < wanted.count {
              let place = start + length
              guard wanted[length] == (place < first.count ? first[place] : second[place - first.count]) else {
                break
              }
              length += 1
            }
            if length == wanted.count { return true }
          }
          return false
        }
      }
    }
  }

  public var description: String { head.description + tail.description }

  public func combine(into hash: inout StableHash) {
    hash.combine(head)
    hash.combine(tail)
  }
}
