import Core

/// Appends little-endian values to memory that somebody else owns. What does not fit is left out and sets `isFull`.
///
/// Allocates nothing; valid only as long as the memory is.
public struct ByteWriter {
  @usableFromInline let base: UnsafeMutableRawPointer
  @usableFromInline let capacity: Int
  public private(set) var count = 0
  /// Something did not fit; the content ends before it.
  public private(set) var isFull = false

  public init(_ memory: UnsafeMutableRawBufferPointer) {
    guard let base = memory.baseAddress else { preconditionFailure("a byte writer needs memory") }
    self.base = base
    capacity = memory.count
  }

  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Room for `size` bytes; nil when there is none any more.
  @inline(__always) private mutating func take(_ size: Int) -> UnsafeMutableRawPointer? {
    guard !isFull, capacity - count >= size else {
      isFull = true
      return nil
    }
    defer { count += size }
    return base + count
  }

  public mutating func put(_ byte: UInt8) {
    take(1)?.storeBytes(of: byte, as: UInt8.self)
  }

  public mutating func put(fixed word: UInt32) {
    take(4)?.storeBytes(of: word.littleEndian, as: UInt32.self)
  }

  public mutating func put(fixed word: UInt64) {
    take(8)?.storeBytes(of: word.littleEndian, as: UInt64.self)
  }

  /// LEB128: seven bits a byte, lowest first.
  public mutating func put(_ word: UInt64) {
    guard !isFull, capacity - count >= Self.wordSizeMax else { return putAtEnd(word) }
    var target = base + count
    var rest = word
    while rest >= 0x80 {
      target.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
      target += 1
      rest >>= 7
    }
    target.storeBytes(of: UInt8(truncatingIfNeeded: rest), as: UInt8.self)
    count = target + 1 - base
  }

  /// Bytes that 64 bits need, seven in each.
  private static let wordSizeMax = 10

  /// The same where the memory ends soon.
  private mutating func putAtEnd(_ word: UInt64) {
    var rest = word
    while rest >= 0x80 {
      put(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    put(UInt8(truncatingIfNeeded: rest))
  }

  /// Small numbers of either sign take few bytes.
  public mutating func put(_ number: Int) {
    put(UInt64(bitPattern: Int64((number << 1) ^ (number >> 63))))
  }

  /// The bit pattern, so that every value comes back as it was.
  public mutating func put(_ number: Double) { put(fixed: number.bitPattern) }
  public mutating func put(_ flag: Bool) { put(UInt8(flag ? 1 : 0)) }

  @inlinable public mutating func put<Case: RawRepresentable<UInt8>>(_ value: Case) { put(value.rawValue) }

  @inlinable public mutating func put<Case: RawRepresentable<UInt8>>(_ value: Case?) {
    put(value != nil)
    if let value { put(value) }
  }

  public mutating func put(_ number: Double?) {
    put(number != nil)
    if let number { put(number) }
  }

  public mutating func put(_ number: Int?) {
    put(number != nil)
    if let number { put(number) }
  }

  public mutating func put(_ position: Position) {
    put(position.x)
    put(position.y)
    put(position.z)
  }

  public mutating func put(_ position: Position?) {
    put(position != nil)
    if let position { put(position) }
  }

  public mutating func put(_ id: EntityID) { put(UInt64(id.raw)) }

  public mutating func put(_ id: EntityID?) {
    put(id.map { UInt64($0.raw) + 1 } ?? 0)
  }

  public mutating func put(_ id: ZoneID?) {
    put(id.map { UInt64($0.raw) + 1 } ?? 0)
  }

  /// Length and bytes; at most 255 are kept.
  public mutating func put(_ text: StaticString) {
    let count = min(255, text.utf8CodeUnitCount)
    put(UInt8(count))
    take(count)?.copyMemory(from: text.utf8Start, byteCount: count)
  }

  public mutating func put(_ name: FixedName) {
    name.withBytes { bytes in
      put(UInt8(bytes.count))
      put(raw: bytes)
    }
  }

  /// Length and bytes; at most 255 are kept.
  public mutating func put(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      let kept = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes).prefix(255))
      put(UInt8(kept.count))
      put(raw: kept)
    }
  }

  public mutating func put(raw bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    take(bytes.count)?.copyMemory(from: source, byteCount: bytes.count)
  }

  /// Leaves four bytes free, to be filled in by `patch`.
  public mutating func placeholder() -> Int {
    let offset = count
    put(fixed: UInt32(0))
    return offset
  }

  public mutating func patch(_ offset: Int, _ word: UInt32) {
    guard offset + 4 <= count else { return }
    (base + offset).storeBytes(of: word.littleEndian, as: UInt32.self)
  }
}
