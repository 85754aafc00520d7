/// Reads little-endian values out of bytes, never outside them.
struct ByteReader {
  let bytes: ArraySlice<UInt8>
  let file: String
  /// Index into `bytes`.
  private var at: Int

  init(_ bytes: [UInt8], file: String) { self.init(bytes[...], file: file) }

  init(_ bytes: ArraySlice<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    at = bytes.startIndex
  }

  /// Bytes from the start.
  var offset: Int { at - bytes.startIndex }
  var remaining: Int { bytes.endIndex - at }

  func error(_ cause: String, kind: AssetError.Kind = .damaged, at offset: Int? = nil) -> AssetError {
    AssetError(kind, file: file, offset: offset ?? self.offset, cause: cause)
  }

  func need(_ count: Int, _ what: String) throws(AssetError) {
    guard count >= 0, count <= remaining else { throw error("\(what): needs \(count) bytes, \(remaining) are left") }
  }

  /// Refuses a count of `what` whose items, `size` bytes each at least, cannot be there.
  func checkCount(_ count: Int, of size: Int, _ what: String) throws(AssetError) {
    guard count >= 0, count <= remaining / max(size, 1) else {
      throw error("\(count) \(what) do not fit into \(remaining) bytes")
    }
  }

  mutating func seek(_ offset: Int, _ what: String) throws(AssetError) {
    guard offset >= 0, offset <= bytes.count else { throw error("\(what): offset \(offset) lies outside the file") }
    at = bytes.startIndex + offset
  }

  mutating func skip(_ count: Int, _ what: String) throws(AssetError) {
    try need(count, what)
    at += count
  }

  mutating func take(_ count: Int, _ what: String) throws(AssetError) -> ArraySlice<UInt8> {
    try need(count, what)
    defer { at += count }
    return bytes[at..<at + count]
  }

  private mutating func word(_ count: Int, _ what: String) throws(AssetError) -> UInt64 {
    try need(count, what)
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[at + index]) << UInt64(8 * index) }
    at += count
    return value
  }

  mutating func u8(_ what: String) throws(AssetError) -> UInt8 { UInt8(truncatingIfNeeded: try word(1, what)) }
  mutating func u16(_ what: String) throws(AssetError) -> UInt16 { UInt16(truncatingIfNeeded: try word(2, what)) }
  mutating func u32(_ what: String) throws(AssetError) -> UInt32 { UInt32(truncatingIfNeeded: try word(4, what)) }
  mutating func i16(_ what: String) throws(AssetError) -> Int16 { Int16(bitPattern: try u16(what)) }
  mutating func i32(_ what: String) throws(AssetError) -> Int { Int(Int32(bitPattern: try u32(what))) }
  mutating func count(_ what: String) throws(AssetError) -> Int { Int(try u32(what)) }

  /// A finite number.
  mutating func f32(_ what: String) throws(AssetError) -> Float {
    let place = offset
    let value = Float(bitPattern: try u32(what))
    guard value.isFinite else { throw error("\(what) is not a finite number", at: place) }
    return value
  }

  mutating func point(_ what: String) throws(AssetError) -> SIMD3<Float> {
    SIMD3(try f32(what), try f32(what), try f32(what))
  }
}
