/// A point in a zone. Unit: world units (a running player covers about 30 in a second). Frame: x east, y north, z up.
public struct Position: Hashable, Sendable, Codable {
  public var x: Double
  public var y: Double
  public var z: Double

  @inlinable public init(_ x: Double, _ y: Double, _ z: Double = 0) {
    self.x = x
    self.y = y
    self.z = z
  }

  public static let origin = Position(0, 0, 0)

  @inlinable public static func + (left: Position, right: Position) -> Position {
    Position(left.x + right.x, left.y + right.y, left.z + right.z)
  }

  @inlinable public static func - (left: Position, right: Position) -> Position {
    Position(left.x - right.x, left.y - right.y, left.z - right.z)
  }

  @inlinable public static func * (left: Position, factor: Double) -> Position {
    Position(left.x * factor, left.y * factor, left.z * factor)
  }

  /// Length, taken as a vector from the origin.
  @inlinable public var length: Double { (x * x + y * y + z * z).squareRoot() }

  /// Length of the horizontal part.
  @inlinable public var horizontalLength: Double { (x * x + y * y).squareRoot() }

  @inlinable public func distance(to other: Position) -> Double { (other - self).length }

  /// Distance on the map; height is left out.
  @inlinable public func horizontalDistance(to other: Position) -> Double { (other - self).horizontalLength }

  /// The heading that looks from here to `other`; north where the two coincide on the map.
  @inlinable public func heading(to other: Position) -> Heading { Heading(alongX: other.x - x, y: other.y - y) }

  /// The point `distance` units ahead in direction `heading`, at the same height.
  @inlinable public func moved(_ distance: Double, along heading: Heading) -> Position {
    let direction = heading.direction
    return Position(x + direction.x * distance, y + direction.y * distance, z)
  }

  @inlinable public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}

extension Position: CustomStringConvertible {
  public var description: String { "(\(x.tenths), \(y.tenths), \(z.tenths))" }
}

extension Double {
  /// Text with one decimal, the same on every machine; "?" for what is no finite number.
  public var tenths: String {
    guard isFinite, abs(self) < 1e15 else { return "?" }
    let scaled = Int((self * 10).rounded())
    let sign = scaled < 0 ? "-" : ""
    return "\(sign)\(abs(scaled) / 10).\(abs(scaled) % 10)"
  }
}
