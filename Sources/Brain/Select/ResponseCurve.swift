/// Turns an input into a desire in `0...1`.
public enum ResponseCurve: Hashable, Sendable {
  /// Rises from 0 at `from` to 1 at `to`.
  case linear(from: Double, to: Double)
  /// Falls from 1 at `from` to 0 at `to`.
  case inverse(from: Double, to: Double)
  /// S-shaped, one half at `mid`; a negative steepness falls.
  case logistic(mid: Double, steepness: Double)
  /// (input / `full`)^`exponent`.
  case polynomial(full: Double, exponent: Double)
  /// 1 at `mid`, falling to about 0.6 at one `width` to either side.
  case bell(mid: Double, width: Double)
  /// Straight lines between (input, desire) pairs of growing input; constant beyond the ends.
  case piecewise([Point])

  public struct Point: Hashable, Sendable {
    public var input: Double
    public var desire: Double

    public init(_ input: Double, _ desire: Double) {
      self.input = input
      self.desire = desire
    }
  }

  /// Range: `0...1`; 0 for what is no number.
  public func desire(_ input: Double) -> Double {
    guard input.isFinite else { return 0 }
    let raw: Double
    switch self {
    case .linear(let from, let to):
      raw = to == from ? (input >= to ? 1 : 0) : (input - from) / (to - from)
    case .inverse(let from, let to):
      raw = to == from ? (input <= from ? 1 : 0) : 1 - (input - from) / (to - from)
    case .logistic(let mid, let steepness):
      raw = 1 / (1 + exponential(-steepness * (input - mid)))
    case .polynomial(let full, let exponent):
      raw = full > 0 && input > 0 ? power(input / full, exponent) : 0
    case .bell(let mid, let width):
      let offset = width > 0 ? (input - mid) / width : (input == mid ? 0 : 1e3)
      raw = exponential(-offset * offset / 2)
    case .piecewise(let points):
      raw = Self.interpolate(points, input)
    }
    return raw.isFinite ? min(1, max(0, raw)) : (raw > 0 ? 1 : 0)
  }

  private static func interpolate(_ points: [Point], _ input: Double) -> Double {
    guard let first = points.first, let last = points.last else { return 0 }
    if input <= first.input { return first.desire }
    if input >= last.input { return last.desire }
    for index in 1..<points.count where input <= points[index].input {
      let (a, b) = (points[index - 1], points[index])
      guard b.input > a.input else { return b.desire }
      return a.desire + (b.desire - a.desire) * (input - a.input) / (b.input - a.input)
    }
    return last.desire
  }
}
