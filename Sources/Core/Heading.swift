import Foundation

/// A direction on the map. Unit: 512ths of a turn, `0..<512`; 0 looks north (+y), 128 east (+x), growing clockwise.
public struct Heading: Hashable, Sendable, Codable {
  /// Range: `0..<512`.
  public let units: Double

  public static let north = Heading(0)
  public static let turn = 512.0

  /// Wraps `units` into range; what is no finite number becomes north.
  @inlinable public init(_ units: Double) {
    guard units.isFinite else {
      self.units = 0
      return
    }
    let wrapped = units.truncatingRemainder(dividingBy: 512)
    let positive = wrapped < 0 ? wrapped + 512 : wrapped
    self.units = positive >= 512 ? 0 : positive
  }

  /// The heading of the vector (x, y); north for the zero vector.
  public init(alongX x: Double, y: Double) {
    self.init(x == 0 && y == 0 ? 0 : atan2(x, y) * (256 / .pi))
  }

  public init(degrees: Double) {
    self.init(degrees * (512 / 360))
  }

  public var degrees: Double { units * (360 / 512) }

  /// Unit vector on the map.
  public var direction: (x: Double, y: Double) {
    let radians = units * (.pi / 256)
    return (sin(radians), cos(radians))
  }

  /// The shortest turn from here to `other`, in 512ths: positive is clockwise (right). Range: `-256..<256`.
  @inlinable public func turn(to other: Heading) -> Double {
    let difference = Heading(other.units - units).units
    return difference >= 256 ? difference - 512 : difference
  }

  @inlinable public static func + (left: Heading, units: Double) -> Heading { Heading(left.units + units) }
}
