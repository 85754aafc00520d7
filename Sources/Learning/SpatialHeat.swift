import Core
import Glibc

/// Where things went well or badly, on a grid of 50-unit cells per zone; evidence halves every four hours.
///
/// Values decay when they are read; nothing has to sweep the map.
public struct SpatialHeat: Hashable, Sendable {
  public struct Cell: Hashable, Sendable {
    public var zone: ZoneID
    public var column: Int16
    public var row: Int16
    /// At `stamp`. Range: `-40...40`.
    public var value: Double
    /// Unit: seconds.
    public var stamp: Double
  }

  public enum Evidence: Sendable {
    case defeat, sighting, empty, danger

    var weight: Double {
      switch self {
      case .defeat: 3
      case .sighting: 1
      case .empty: -0.5
      case .danger: -5
      }
    }
  }

  public static let cellSize = 50.0
  public static let halfLife = 4 * 3600.0
  public static let valueMax = 40.0
  public static let capacity = 4096

  public private(set) var cells: [Cell] = []
  /// Row by zone, column and row; only looked up, never walked.
  private var rows: [UInt64: Int] = [:]

  public init() {
    // A night of hunting: what is more grows.
    cells.reserveCapacity(512)
    rows.reserveCapacity(512)
  }

  private static func key(_ zone: ZoneID, _ column: Int16, _ row: Int16) -> UInt64 {
    UInt64(zone.raw) << 32 | UInt64(UInt16(bitPattern: column)) << 16 | UInt64(UInt16(bitPattern: row))
  }

  static func index(_ value: Double) -> Int16? {
    guard value.isFinite, abs(value) < 1_000_000 else { return nil }
    return Int16(exactly: (value / cellSize).rounded(.down))
  }

  /// Takes in `evidence` at a place. Unit of `now`: seconds, on the same clock as ever before.
  public mutating func note(_ evidence: Evidence, zone: ZoneID, at place: Position, now: Double) {
    guard now.isFinite, let column = Self.index(place.x), let row = Self.index(place.y) else { return }
    if let found = find(zone, column, row) {
      let value = Self.decayed(cells[found], now: now) + evidence.weight
      cells[found].value = min(Self.valueMax, max(-Self.valueMax, value))
      cells[found].stamp = max(now, cells[found].stamp)
      return
    }
    let cell = Cell(zone: zone, column: column, row: row, value: evidence.weight, stamp: now)
    if cells.count == Self.capacity, let least = cells.indices.min(by: { weaker(cells[$0], cells[$1], now) }) {
      rows[Self.key(cells[least].zone, cells[least].column, cells[least].row)] = nil
      cells[least] = cell
      rows[Self.key(zone, column, row)] = least
    } else {
      rows[Self.key(zone, column, row)] = cells.count
      cells.append(cell)
    }
  }

  private func weaker(_ left: Cell, _ right: Cell, _ now: Double) -> Bool {
    abs(Self.decayed(left, now: now)) < abs(Self.decayed(right, now: now))
  }

  /// The evidence at a place, decayed to `now`. Range: `-40...40`.
  public func value(zone: ZoneID, at place: Position, now: Double) -> Double {
    guard let column = Self.index(place.x), let row = Self.index(place.y), let found = find(zone, column, row) else {
      return 0
    }
    return Self.decayed(cells[found], now: now)
  }

  /// What a score is multiplied with there: it never changes a score's sign. Range: `0.5...1.5`.
  public func factor(zone: ZoneID, at place: Position, now: Double) -> Double {
    1 + 0.5 * tanh(value(zone: zone, at: place, now: now) / 10)
  }

  private func find(_ zone: ZoneID, _ column: Int16, _ row: Int16) -> Int? { rows[Self.key(zone, column, row)] }

  static func decayed(_ cell: Cell, now: Double) -> Double {
    cell.value * exp2(-max(0, now - cell.stamp) / halfLife)
  }

  mutating func restore(_ cell: Cell) {
    guard cells.count < Self.capacity, cell.value.isFinite, cell.stamp.isFinite,
      find(cell.zone, cell.column, cell.row) == nil
    else { return }
    var cell = cell
    cell.value = min(Self.valueMax, max(-Self.valueMax, cell.value))
    rows[Self.key(cell.zone, cell.column, cell.row)] = cells.count
    cells.append(cell)
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(cells.count)
    for cell in cells {
      hash.combine(
        Int(cell.zone.raw) << 32 | Int(UInt16(bitPattern: cell.column)) << 16 | Int(UInt16(bitPattern: cell.row)))
      hash.combine(cell.value)
      hash.combine(cell.stamp)
    }
  }
}
