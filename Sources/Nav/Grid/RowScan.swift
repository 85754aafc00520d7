/// Scans along a row of a walk plane, up to 64 cells at a time.
///
/// A scan stops at the first cell that is blocked, or that is a jump point: where a cell beside the row is free and
/// the one behind that is not, so that the way turns there (Harabor & Grastien, "Improving jump point search", ICAPS
/// 2014; rules without corner cutting). Rows of the transposed orientation make columns of this.
enum RowScan {
  /// Scans towards higher bits from bit `start`, which is not looked at itself, to bit `last` at least. `stride`: bytes
  /// to the next row; `marks`: the same row of a stop plane, at whose bits the scan stops too.
  /// - Returns: the position of the bit it stopped at, shifted by one; the lowest bit says that the cell is free. Where
  ///   it met nothing up to `last`: a blocked bit beyond that.
  @inline(__always)
  static func forward(
    _ row: UnsafeRawPointer, _ stride: Int, stops marks: UnsafeRawPointer? = nil, _ start: Int, last: Int = .max
  ) -> Int {
    var offset = start &>> 3
    var mask = ~1 &<< UInt64(truncatingIfNeeded: start & 7)
    while true {
      let byte = row + offset
      let middle = byte.loadUnaligned(as: UInt64.self)
      let above = (byte + stride).loadUnaligned(as: UInt64.self)
      let below = (byte + (0 &- stride)).loadUnaligned(as: UInt64.self)
      var stops = above & ~(above &<< 1) | below & ~(below &<< 1) | ~middle
      if let marks { stops |= (marks + offset).loadUnaligned(as: UInt64.self) }
      stops &= mask
      if stops != 0 {
        let at = stops.trailingZeroBitCount
        return Int(truncatingIfNeeded: middle &>> UInt64(truncatingIfNeeded: at) & 1) | (offset &* 8 &+ at) &<< 1
      }
      // The last eight bits are known, and the last of them is needed.
      offset &+= 7
      if offset &* 8 &+ 7 > last { return (offset &* 8 &+ 8) &<< 1 }
      mask = ~0xFF
    }
  }

  /// The same towards lower bits.
  @inline(__always)
  static func backward(
    _ row: UnsafeRawPointer, _ stride: Int, stops marks: UnsafeRawPointer? = nil, _ start: Int, last: Int = .min
  ) -> Int {
    var offset = start &>> 3 &- 7
    var mask = (1 &<< (UInt64(truncatingIfNeeded: start & 7) &+ 56)) &- 1
    while true {
      let byte = row + offset
      let middle = byte.loadUnaligned(as: UInt64.self)
      let above = (byte + stride).loadUnaligned(as: UInt64.self)
      let below = (byte + (0 &- stride)).loadUnaligned(as: UInt64.self)
      var stops = above & ~(above &>> 1) | below & ~(below &>> 1) | ~middle
      if let marks { stops |= (marks + offset).loadUnaligned(as: UInt64.self) }
      stops &= mask
      if stops != 0 {
        let at = 63 &- stops.leadingZeroBitCount
        return Int(truncatingIfNeeded: middle &>> UInt64(truncatingIfNeeded: at) & 1) | (offset &* 8 &+ at) &<< 1
      }
      if offset &* 8 < last { return (offset &* 8 &- 1) &<< 1 }
      offset &-= 7
      mask = 1 &<< 56 &- 1
    }
  }

  /// 1 where the way opens to the side of a row: its bit is free and the one `behind` is not; else 0.
  @inline(__always)
  static func opens(_ row: UnsafeRawPointer, _ position: Int, behind: Int) -> UInt8 {
    (row.load(fromByteOffset: position &>> 3, as: UInt8.self) &>> UInt8(truncatingIfNeeded: position & 7)
      & ~(row.load(fromByteOffset: behind &>> 3, as: UInt8.self) &>> UInt8(truncatingIfNeeded: behind & 7))) & 1
  }
}
