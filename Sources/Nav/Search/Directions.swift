/// The eight directions as bits of a byte, and what the searches know of them. North is +y, east is +x.
enum Directions {
  static let north: UInt8 = 1
  static let east: UInt8 = 2
  static let south: UInt8 = 4
  static let west: UInt8 = 8
  static let northEast: UInt8 = 16
  static let southEast: UInt8 = 32
  static let southWest: UInt8 = 64
  static let northWest: UInt8 = 128
  static let all: UInt8 = 255
}

/// Octile costs in whole numbers. Unit: `StepCost.straight` to the cell.
///
/// 8119 / 5741 is √2 to within 1.1e-8, so a path that is optimal here is optimal by √2 to within that share.
enum StepCost {
  static let straight: UInt32 = 5741
  static let diagonal: UInt32 = 8119

  @inline(__always)
  static func octile(_ dx: Int, _ dy: Int) -> UInt32 {
    let x = UInt32(truncatingIfNeeded: magnitude(dx))
    let y = UInt32(truncatingIfNeeded: magnitude(dy))
    let low = min(x, y)
    return low &* diagonal &+ (max(x, y) &- low) &* straight
  }

  /// `abs` without a branch, which nobody could foretell.
  @inline(__always)
  static func magnitude(_ value: Int) -> Int {
    let sign = value &>> (Int.bitWidth - 1)
    return (value ^ sign) &- sign
  }
}
