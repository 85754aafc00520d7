/// Scans along a row of a walk plane, up to 64 cells at a time.
///
/// A scan stops at the first cell that is blocked, or that is a jump point: where a cell beside the row is free and
/// the one behind that is not, so that the way turns there (Harabor & Grastien, "Improving jump point search", ICAPS
/// 2014; rules without corner cutting). Rows of the transposed orientation make columns of this.
enum RowScan {
  /// What stopped a scan: the bit's position, shifted by three, and flags.
  static let isJump = 1
  /// The way may turn to the side of the next row (north in rows, east in columns).
  static let opensAbove = 2
  /// The way may turn to the side of the row before (south in rows, west in columns).
  static let opensBelow = 4

  /// Scans towards higher bits from bit `start`, which is not looked at itself. `stride`: bytes to the next row.
  @inline(__always)
  static func forward(_ row: UnsafeRawPointer, _ stride: Int, _ start: Int) -> Int {
    var position = start
    while true {
      let byte = row + position &>> 3
      let shift = UInt64(truncatingIfNeeded: position & 7)
      let middle = byte.loadUnaligned(as: UInt64.self) &>> shift
      let above = (byte + stride).loadUnaligned(as: UInt64.self) &>> shift
      let below = (byte - stride).loadUnaligned(as: UInt64.self) &>> shift
      let turnsAbove = above & ~(above &<< 1)
      let turnsBelow = below & ~(below &<< 1)
      let stops = (turnsAbove | turnsBelow | ~middle) & ~1
      let count = UInt64(truncatingIfNeeded: stops.trailingZeroBitCount)
      if count < 64 &- shift {
        return flags(middle, turnsAbove, turnsBelow, count) | (position &+ Int(truncatingIfNeeded: count)) &<< 3
      }
      position &+= Int(truncatingIfNeeded: 63 &- shift)
    }
  }

  /// The same towards lower bits.
  @inline(__always)
  static func backward(_ row: UnsafeRawPointer, _ stride: Int, _ start: Int) -> Int {
    var position = start
    while true {
      let byte = row + (position &>> 3 &- 7)
      let shift = UInt64(truncatingIfNeeded: 7 &- position & 7)
      let middle = byte.loadUnaligned(as: UInt64.self) &<< shift
      let above = (byte + stride).loadUnaligned(as: UInt64.self) &<< shift
      let below = (byte - stride).loadUnaligned(as: UInt64.self) &<< shift
      let turnsAbove = above & ~(above &>> 1)
      let turnsBelow = below & ~(below &>> 1)
      let stops = (turnsAbove | turnsBelow | ~middle) & ~(1 &<< 63)
      let count = UInt64(truncatingIfNeeded: stops.leadingZeroBitCount)
      if count < 64 &- shift {
        return flags(middle, turnsAbove, turnsBelow, 63 &- count)
          | (position &- Int(truncatingIfNeeded: count)) &<< 3
      }
      position &-= Int(truncatingIfNeeded: 63 &- shift)
    }
  }

  @inline(__always)
  private static func flags(_ middle: UInt64, _ above: UInt64, _ below: UInt64, _ bit: UInt64) -> Int {
    let free = middle &>> bit & 1
    return Int(truncatingIfNeeded: free | (above &>> bit & free) &<< 1 | (below &>> bit & free) &<< 2)
  }
}

extension RowScan {
  /// As `forward`, stopping at the bits of `stops` too; `stops` is the same row of a stop plane.
  /// - Returns: the bit's position, shifted by one; the lowest bit says that the cell is free.
  @inline(__always)
  static func forward(_ row: UnsafeRawPointer, _ stride: Int, stops plane: UnsafeRawPointer, _ start: Int) -> Int {
    var position = start
    while true {
      let offset = position &>> 3
      let byte = row + offset
      let shift = UInt64(truncatingIfNeeded: position & 7)
      let middle = byte.loadUnaligned(as: UInt64.self) &>> shift
      let above = (byte + stride).loadUnaligned(as: UInt64.self) &>> shift
      let below = (byte - stride).loadUnaligned(as: UInt64.self) &>> shift
      let marks = (plane + offset).loadUnaligned(as: UInt64.self) &>> shift
      let stops = (above & ~(above &<< 1) | below & ~(below &<< 1) | marks | ~middle) & ~1
      let count = UInt64(truncatingIfNeeded: stops.trailingZeroBitCount)
      if count < 64 &- shift {
        return Int(truncatingIfNeeded: middle &>> count & 1) | (position &+ Int(truncatingIfNeeded: count)) &<< 1
      }
      position &+= Int(truncatingIfNeeded: 63 &- shift)
    }
  }

  /// The same towards lower bits.
  @inline(__always)
  static func backward(_ row: UnsafeRawPointer, _ stride: Int, stops plane: UnsafeRawPointer, _ start: Int) -> Int {
    var position = start
    while true {
      let offset = position &>> 3 &- 7
      let byte = row + offset
      let shift = UInt64(truncatingIfNeeded: 7 &- position & 7)
      let middle = byte.loadUnaligned(as: UInt64.self) &<< shift
      let above = (byte + stride).loadUnaligned(as: UInt64.self) &<< shift
      let below = (byte - stride).loadUnaligned(as: UInt64.self) &<< shift
      let marks = (plane + offset).loadUnaligned(as: UInt64.self) &<< shift
      let stops = (above & ~(above &>> 1) | below & ~(below &>> 1) | marks | ~middle) & ~(1 &<< 63)
      let count = UInt64(truncatingIfNeeded: stops.leadingZeroBitCount)
      if count < 64 &- shift {
        return Int(truncatingIfNeeded: middle &>> (63 &- count) & 1)
          | (position &- Int(truncatingIfNeeded: count)) &<< 1
      }
      position &-= Int(truncatingIfNeeded: 63 &- shift)
    }
  }
}
