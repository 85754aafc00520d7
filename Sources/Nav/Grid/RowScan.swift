/// Scans along a row of a walk plane, up to 64 cells at a time.
///
/// A scan stops at the first cell that is blocked, or that is a jump point: where a cell beside the row is free and
/// the one behind that is not, so that the way turns there (Harabor & Grastien, "Improving jump point search", ICAPS
/// 2014; rules without corner cutting). Rows of the transposed orientation make columns of this.
enum RowScan {
  /// Scans towards higher bits from bit `start`, which is not looked at itself. `stride`: bytes to the next row;
  /// `marks`: the same row of a stop plane, at whose bits the scan stops too.
  /// - Returns: the position of the bit it stopped at, shifted by one; the lowest bit says that the cell is free.
  @inline(__always)
  static func forward(
    _ row: UnsafeRawPointer, _ stride: Int, stops marks: UnsafeRawPointer? = nil, _ start: Int
  ) -> Int {
    var position = start
    while true {
      let offset = position &>> 3
      let byte = row + offset
      let shift = UInt64(truncatingIfNeeded: position & 7)
      let middle = byte.loadUnaligned(as: UInt64.self) &>> shift
      let above = (byte + stride).loadUnaligned(as: UInt64.self) &>> shift
      let below = (byte + (0 &- stride)).loadUnaligned(as: UInt64.self) &>> shift
      var stops = above & ~(above &<< 1) | below & ~(below &<< 1) | ~middle
      if let marks { stops |= (marks + offset).loadUnaligned(as: UInt64.self) &>> shift }
      let count = UInt64(truncatingIfNeeded: (stops & ~1).trailingZeroBitCount)
      if count < 64 &- shift {
        return Int(truncatingIfNeeded: middle &>> count & 1) | (position &+ Int(truncatingIfNeeded: count)) &<< 1
      }
      position &+= Int(truncatingIfNeeded: 63 &- shift)
    }
  }

  /// The same towards lower bits.
  @inline(__always)
  static func backward(
    _ row: UnsafeRawPointer, _ stride: Int, stops marks: UnsafeRawPointer? = nil, _ start: Int
  ) -> Int {
    var position = start
    while true {
      let offset = position &>> 3 &- 7
      let byte = row + offset
      let shift = UInt64(truncatingIfNeeded: 7 &- position & 7)
      let middle = byte.loadUnaligned(as: UInt64.self) &<< shift
      let above = (byte + stride).loadUnaligned(as: UInt64.self) &<< shift
      let below = (byte + (0 &- stride)).loadUnaligned(as: UInt64.self) &<< shift
      var stops = above & ~(above &>> 1) | below & ~(below &>> 1) | ~middle
      if let marks { stops |= (marks + offset).loadUnaligned(as: UInt64.self) &<< shift }
      let count = UInt64(truncatingIfNeeded: (stops & ~(1 &<< 63)).leadingZeroBitCount)
      if count < 64 &- shift {
        return Int(truncatingIfNeeded: middle &>> (63 &- count) & 1)
          | (position &- Int(truncatingIfNeeded: count)) &<< 1
      }
      position &-= Int(truncatingIfNeeded: 63 &- shift)
    }
  }

  /// True where the way opens to the side of a row: its bit is free and the one `behind` is not.
  @inline(__always)
  static func opens(_ row: UnsafeRawPointer, _ position: Int, behind: Int) -> Bool {
    (row.load(fromByteOffset: position &>> 3, as: UInt8.self) &>> UInt8(truncatingIfNeeded: position & 7)
      & ~(row.load(fromByteOffset: behind &>> 3, as: UInt8.self) &>> UInt8(truncatingIfNeeded: behind & 7))) & 1 == 1
  }
}
