/// What travel costs by surface class, as whole numbers. Open ground is `base`; a rate of 0 blocks.
public struct SurfaceRates: Hashable, Sendable {
  /// Rate of open ground; the others are in the same unit.
  public static let base = 16.0

  /// Rate per class. Range of a rate: `0...4000`.
  public private(set) var rates: [UInt32]

  /// Multiples of open ground's cost, by class: 0 as on open ground, 1 in water, 2 on ice, 3 under water.
  public init(_ multiples: [Double] = [1, 2.5, 1.25, 3]) {
    rates = (0..<16).map { index in
      guard index < multiples.count, multiples[index].isFinite, multiples[index] > 0 else {
        return index < multiples.count ? 0 : UInt32(Self.base)
      }
      return UInt32(min((multiples[index] * Self.base).rounded(), 4000))
    }
  }
}

/// What counts against a node budget beside nodes.
enum SearchWork {
  /// So many cells looked at one by one (2 to this power) are as much work as a node.
  static let cellBits = 4
}

/// Cost units: whole numbers in which a search counts. One cell at rate 1 is 2 × `RingCost.straight`.
enum CostUnit {
  static let cell = 2.0 * Double(RingCost.straight)

  /// Costs above this are treated as no way at all, so that sums stay within 32 bits.
  static let most: UInt32 = 1 << 31
}
