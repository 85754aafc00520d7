import Core

/// Puts values of fixed size one behind the other into memory that has room for them all.
///
/// For the tick thread, whose caches are cold at every tick: little code, no lengths to work out, nothing that is
/// looked at twice. `ByteReader` reads it back, with every check. Little-endian machines only.
public struct FlatWriter {
  /// Where the next value goes.
  public var next: UnsafeMutableRawPointer

  @inlinable public init(_ start: UnsafeMutableRawPointer) {
    next = start
  }

  @inlinable @inline(__always) mutating func store<Value: BitwiseCopyable>(_ value: Value) {
    next.storeBytes(of: value, as: Value.self)
    next += MemoryLayout<Value>.size
  }

  @inlinable @inline(__always) public mutating func put(_ value: UInt8) { store(value) }
  @inlinable @inline(__always) public mutating func put(_ value: UInt16) { store(value) }
  @inlinable @inline(__always) public mutating func put(_ value: UInt32) { store(value) }
  @inlinable @inline(__always) public mutating func put(_ value: UInt64) { store(value) }
  @inlinable @inline(__always) public mutating func put(_ value: Int) { store(Int64(value)) }
  @inlinable @inline(__always) public mutating func put(_ value: Int64) { store(value) }
  /// The bit pattern, so that every value comes back as it was.
  @inlinable @inline(__always) public mutating func put(_ value: Double) { store(value.bitPattern) }

  @inlinable @inline(__always) public mutating func put(_ position: Position) {
    put(position.x)
    put(position.y)
    put(position.z)
  }

  /// All 32 bytes; the unused ones are 0.
  @inlinable @inline(__always) public mutating func put(_ name: FixedName) {
    withUnsafeBytes(of: name) { bytes in
      guard let source = bytes.baseAddress else { return }
      next.copyMemory(from: source, byteCount: MemoryLayout<FixedName>.size)
    }
    next += MemoryLayout<FixedName>.size
  }

  /// All 64 bytes: two names, of which the second goes on where the first is full.
  @inlinable @inline(__always) public mutating func put(_ text: FixedText) {
    withUnsafeBytes(of: text) { bytes in
      guard let source = bytes.baseAddress else { return }
      next.copyMemory(from: source, byteCount: MemoryLayout<FixedText>.size)
    }
    next += MemoryLayout<FixedText>.size
  }

  @inlinable @inline(__always) public mutating func put(raw bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    next.copyMemory(from: source, byteCount: bytes.count)
    next += bytes.count
  }

  /// What `write` puts into at most `limit` bytes.
  /// - Returns: false when that was too much; nothing is added then.
  @inline(never) public mutating func put(upTo limit: Int, _ write: (inout ByteWriter) -> Void) -> Bool {
    var writer = ByteWriter(UnsafeMutableRawBufferPointer(start: next, count: limit))
    write(&writer)
    guard !writer.isFull else { return false }
    next += writer.count
    return true
  }
}

extension ByteReader {
  mutating func number<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) throws(ByteFault) -> Value {
    let bytes = try raw(MemoryLayout<Value>.size)
    return Value(littleEndian: bytes.loadUnaligned(as: Value.self))
  }

  public mutating func flat16() throws(ByteFault) -> UInt16 { try number(UInt16.self) }
  public mutating func flat32() throws(ByteFault) -> UInt32 { try number(UInt32.self) }
  public mutating func flatInteger() throws(ByteFault) -> Int { Int(try number(Int64.self)) }

  public mutating func flatName() throws(ByteFault) -> FixedName {
    FixedName(sanitising: try raw(MemoryLayout<FixedName>.size))
  }

  public mutating func flatText() throws(ByteFault) -> FixedText {
    FixedText(try flatName().description + flatName().description)
  }

  /// A count of things of `size` bytes each.
  public mutating func flatCount(ofSize size: Int) throws(ByteFault) -> Int {
    let count = Int(try flat32())
    guard count <= rest / max(1, size) else { throw .truncated }
    return count
  }
}
