extension WeightedSearch {
  /// The 3 × 3 cells round a node as bits, row by row from the north-west: which may be walked, and their classes.
  struct Neighbourhood {
    /// Bit 4 is the node's own cell.
    var walk: UInt32
    /// Bit plane k of the classes, of the walkable cells only.
    var classes: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    var isUniform = true

    @inline(__always)
    init(_ view: View, _ x: Int, _ y: Int) {
      let offset = (y &+ 1) &* view.rowBytes &+ x &>> 3
      let shift = UInt16(truncatingIfNeeded: x & 7)
      @inline(__always) func nine(_ base: UnsafeRawPointer) -> UInt32 {
        let middle = base + offset
        let north = UInt32((middle + view.rowBytes).loadUnaligned(as: UInt16.self) &>> shift & 7)
        let south = UInt32((middle - view.rowBytes).loadUnaligned(as: UInt16.self) &>> shift & 7)
        return north | UInt32(middle.loadUnaligned(as: UInt16.self) &>> shift & 7) &<< 3 | south &<< 6
      }
      walk = nine(view.rows)
      guard let planes = view.classes else { return }
      if view.planeCount > 0 { classes.0 = nine(planes) & walk }
      if view.planeCount > 1 { classes.1 = nine(planes + view.classBytes) & walk }
      if view.planeCount > 2 { classes.2 = nine(planes + 2 &* view.classBytes) & walk }
      if view.planeCount > 3 { classes.3 = nine(planes + 3 &* view.classBytes) & walk }
      isUniform =
        (classes.0 == 0 || classes.0 == walk) && (classes.1 == 0 || classes.1 == walk)
        && (classes.2 == 0 || classes.2 == walk) && (classes.3 == 0 || classes.3 == walk)
    }

    /// All of it in one word, never 0.
    @inline(__always)
    var pattern: UInt64 {
      UInt64(walk) | UInt64(classes.0) &<< 9 | UInt64(classes.1) &<< 18 | UInt64(classes.2) &<< 27
        | UInt64(classes.3) &<< 36
    }

    @inline(__always)
    func classAt(_ bit: UInt32, _ planeCount: Int) -> Int {
      let low = classes.0 &>> bit & 1 | (classes.1 &>> bit & 1) &<< 1
      guard planeCount > 2 else { return Int(truncatingIfNeeded: low) }
      return Int(truncatingIfNeeded: low | (classes.2 &>> bit & 1) &<< 2 | (classes.3 &>> bit & 1) &<< 3)
    }

    @inline(__always)
    var centerClass: Int { classAt(4, 4) }

    /// Bit of ring cell `index` (0 north, clockwise): 1, 2, 5, 8, 7, 6, 3, 0.
    @inline(__always)
    static func bit(_ index: Int) -> UInt32 {
      UInt32(truncatingIfNeeded: 0x0367_8521 as UInt64 &>> UInt64(truncatingIfNeeded: index &* 4) & 15)
    }

    /// The steps that may be made, by ring cell.
    @inline(__always)
    var legal: UInt8 {
      let north = walk &>> 1 & 1
      let east = walk &>> 5 & 1
      let south = walk &>> 7 & 1
      let west = walk &>> 3 & 1
      let straight = north | east &<< 2 | south &<< 4 | west &<< 6
      let right = (north & east & walk &>> 2) &<< 1 | (south & east & walk &>> 8) &<< 3
      let left = (south & west & walk &>> 6) &<< 5 | (north & west & walk) &<< 7
      return UInt8(truncatingIfNeeded: straight | right | left)
    }
  }
}
