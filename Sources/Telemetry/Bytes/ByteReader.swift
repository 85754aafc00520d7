import Core

/// Bytes that do not say what they should.
public enum ByteFault: Error, Hashable, Sendable {
  /// They end in the middle of a value.
  case truncated
  /// A number or a case that cannot be.
  case invalid
}

/// Reads what `ByteWriter` wrote, from memory that somebody else owns. Never trusts a length.
public struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  public private(set) var offset = 0

  public init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  public var rest: Int { bytes.count - offset }
  public var isAtEnd: Bool { rest <= 0 }

  public mutating func raw(_ count: Int) throws(ByteFault) -> UnsafeRawBufferPointer {
    guard count >= 0, rest >= count else { throw .truncated }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  public mutating func byte() throws(ByteFault) -> UInt8 {
    guard rest >= 1 else { throw .truncated }
    defer { offset += 1 }
    return bytes[offset]
  }

  public mutating func fixed32() throws(ByteFault) -> UInt32 {
    guard rest >= 4 else { throw .truncated }
    defer { offset += 4 }
    return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  public mutating func fixed64() throws(ByteFault) -> UInt64 {
    guard rest >= 8 else { throw .truncated }
    defer { offset += 8 }
    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  public mutating func word() throws(ByteFault) -> UInt64 {
    var word: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw .invalid }
      word |= UInt64(next & 0x7F) << shift
      if next & 0x80 == 0 { return word }
    }
    throw .invalid
  }

  public mutating func integer() throws(ByteFault) -> Int {
    let word = try word()
    return Int(bitPattern: UInt(word >> 1)) ^ -Int(word & 1)
  }

  /// A count of things that take at least `size` bytes each, so that no forged count can make anybody allocate much.
  public mutating func count(ofSize size: Int = 1) throws(ByteFault) -> Int {
    let word = try word()
    guard let count = Int(exactly: word), count <= rest / max(1, size) else { throw .truncated }
    return count
  }

  public mutating func double() throws(ByteFault) -> Double { Double(bitPattern: try fixed64()) }

  public mutating func flag() throws(ByteFault) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    default: throw .invalid
    }
  }

  public mutating func value<Case: RawRepresentable<UInt8>>(_: Case.Type) throws(ByteFault) -> Case {
    guard let value = Case(rawValue: try byte()) else { throw .invalid }
    return value
  }

  public mutating func optional<Value>(
    _ read: (inout ByteReader) throws(ByteFault) -> Value
  ) throws(ByteFault) -> Value? {
    try flag() ? try read(&self) : nil
  }

  public mutating func position() throws(ByteFault) -> Position {
    Position(try double(), try double(), try double())
  }

  public mutating func entity() throws(ByteFault) -> EntityID {
    guard let raw = UInt32(exactly: try word()) else { throw .invalid }
    return EntityID(raw)
  }

  public mutating func entityIfAny() throws(ByteFault) -> EntityID? {
    let word = try word()
    guard word > 0 else { return nil }
    guard let raw = UInt32(exactly: word - 1) else { throw .invalid }
    return EntityID(raw)
  }

  public mutating func zoneIfAny() throws(ByteFault) -> ZoneID? {
    let word = try word()
    guard word > 0 else { return nil }
    guard let raw = UInt16(exactly: word - 1) else { throw .invalid }
    return ZoneID(raw)
  }

  public mutating func name() throws(ByteFault) -> FixedName {
    FixedName(sanitising: try raw(Int(try byte())))
  }

  public mutating func text() throws(ByteFault) -> String {
    String(decoding: try raw(Int(try byte())), as: UTF8.self)
  }
}
