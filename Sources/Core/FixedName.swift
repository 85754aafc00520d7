/// A name of at most 31 bytes of UTF-8, stored in place: copying one allocates nothing.
///
/// Control characters, invalid UTF-8 and what follows the first NUL never get in.
public struct FixedName: Hashable, Sendable {
  @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64)

  public static let capacityBytes = 31
  public static let empty = FixedName()

  @inlinable public init() {
    words = (0, 0, 0, 0)
  }

  /// Takes what is printable of `bytes` up to the first NUL, cut at 31 bytes; invalid or control bytes become "?".
  @inlinable public init(sanitising bytes: some Sequence<UInt8>) {
    self.init()
    withUnsafeMutableBytes(of: &words) { storage in
      var count = 0
      for byte in bytes {
        if byte == 0 || count == Self.capacityBytes { break }
        storage[count] = (0x20..<0x7F).contains(byte) ? byte : 0x3F
        count += 1
      }
    }
  }

  public init(_ text: String) {
    self.init(sanitising: text.utf8)
  }

  /// All its bytes are in use. Bytes lie in memory in their order, so that the last of a word is its highest.
  @inlinable public var isFull: Bool { UInt64(littleEndian: words.3) >> 48 & 0xFF != 0 }

  @inlinable public var isEmpty: Bool { words.0 == 0 }

  /// Calls `body` with the bytes of the name, without the NUL.
  @inlinable public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(of: words) { storage in
      let count = storage.firstIndex(of: 0) ?? Self.capacityBytes
      return body(UnsafeRawBufferPointer(rebasing: storage[..<count]))
    }
  }

  @inlinable public static func == (left: FixedName, right: FixedName) -> Bool {
    left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2
      && left.words.3 == right.words.3
  }

  @inlinable public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

extension FixedName: CustomStringConvertible, ExpressibleByStringLiteral {
  public var description: String { withBytes { String(decoding: $0, as: UTF8.self) } }

  public init(stringLiteral value: String) {
    self.init(value)
  }
}
