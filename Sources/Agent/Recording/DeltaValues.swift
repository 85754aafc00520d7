import Core
import Telemetry

// Numbers as differences. Coordinates come from 32-bit floats in the target's memory, so most doubles here are exactly
// a float; the difference of two float patterns is short when a thing moves a little.

extension ByteWriter {
  /// A number near `last`, bit for bit.
  mutating func put(_ number: Double, after last: Double) {
    let float = Float(number)
    if Double(float).bitPattern == number.bitPattern {
      let difference = Int(Int32(bitPattern: float.bitPattern)) - Int(Int32(bitPattern: Float(last).bitPattern))
      put(difference << 1)
    } else {
      put(1)
      put(fixed: number.bitPattern ^ last.bitPattern)
    }
  }

  mutating func put(_ position: Position, after last: Position) {
    put(position.x, after: last.x)
    put(position.y, after: last.y)
    put(position.z, after: last.z)
  }

  mutating func put(_ number: Double?, after last: Double?) {
    put(number != nil)
    if let number { put(number, after: last ?? 0) }
  }
}

extension ByteReader {
  mutating func double(after last: Double) throws(ByteFault) -> Double {
    let number = try integer()
    if number & 1 == 1 {
      guard number == 1 else { throw .invalid }
      return Double(bitPattern: try fixed64() ^ last.bitPattern)
    }
    let base = Int(Int32(bitPattern: Float(last).bitPattern))
    let (sum, overflow) = base.addingReportingOverflow(number >> 1)
    guard !overflow, let pattern = Int32(exactly: sum) else { throw .invalid }
    return Double(Float(bitPattern: UInt32(bitPattern: pattern)))
  }

  mutating func position(after last: Position) throws(ByteFault) -> Position {
    Position(try double(after: last.x), try double(after: last.y), try double(after: last.z))
  }

  mutating func doubleIfAny(after last: Double?) throws(ByteFault) -> Double? {
    try flag() ? try double(after: last ?? 0) : nil
  }
}
