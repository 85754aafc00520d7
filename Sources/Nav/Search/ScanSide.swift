/// A straight direction, as a type, so that code for each is made where it is named.
protocol ScanSide {
  /// Along rows of the plane, not columns.
  static var isAlongRow: Bool { get }
  /// Towards higher numbers.
  static var isForward: Bool { get }
  /// Number of the direction among `JumpPlanes`.
  static var plane: Int { get }
  /// Where the way goes on from a jump point: ahead, and where it opens to the side of higher and of lower numbers.
  static var directions: (ahead: UInt8, above: UInt8, below: UInt8) { get }
}

enum East: ScanSide {
  static var isAlongRow: Bool { true }
  static var isForward: Bool { true }
  static var plane: Int { 0 }
  static var directions: (ahead: UInt8, above: UInt8, below: UInt8) {
    (Directions.east, Directions.north | Directions.northEast, Directions.south | Directions.southEast)
  }
}

enum West: ScanSide {
  static var isAlongRow: Bool { true }
  static var isForward: Bool { false }
  static var plane: Int { 1 }
  static var directions: (ahead: UInt8, above: UInt8, below: UInt8) {
    (Directions.west, Directions.north | Directions.northWest, Directions.south | Directions.southWest)
  }
}

enum North: ScanSide {
  static var isAlongRow: Bool { false }
  static var isForward: Bool { true }
  static var plane: Int { 2 }
  static var directions: (ahead: UInt8, above: UInt8, below: UInt8) {
    (Directions.north, Directions.east | Directions.northEast, Directions.west | Directions.northWest)
  }
}

enum South: ScanSide {
  static var isAlongRow: Bool { false }
  static var isForward: Bool { false }
  static var plane: Int { 3 }
  static var directions: (ahead: UInt8, above: UInt8, below: UInt8) {
    (Directions.south, Directions.east | Directions.southEast, Directions.west | Directions.southWest)
  }
}
