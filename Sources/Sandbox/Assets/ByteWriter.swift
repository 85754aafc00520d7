/// Little-endian bytes, appended one after the other.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count }

  mutating func append(_ more: some Sequence<UInt8>) {
    bytes.append(contentsOf: more)
  }

  mutating func u8(_ value: UInt8) { bytes.append(value) }
  mutating func u16(_ value: UInt16) { word(value) }
  mutating func u32(_ value: UInt32) { word(value) }
  mutating func i16(_ value: Int16) { word(UInt16(bitPattern: value)) }
  mutating func i32(_ value: Int32) { word(UInt32(bitPattern: value)) }
  mutating func f32(_ value: Float) { word(value.bitPattern) }

  mutating func f32(_ values: Float...) {
    for value in values { f32(value) }
  }

  mutating func point(_ point: AssetPoint) { f32(point.x, point.y, point.z) }

  private mutating func word<Word: FixedWidthInteger>(_ value: Word) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Adds zeros up to the next multiple of four.
  mutating func padToWord() {
    while bytes.count % 4 != 0 { bytes.append(0) }
  }
}
