/// The time of deciding code: a slot of 100 ms, counted from the start of the session.
///
/// A slot that the loop skipped leaves a gap; ticks are never queued. Nothing that decides knows another clock.
public struct Tick: Comparable, Hashable, Sendable, Codable {
  /// Slots since the session's start.
  public let slot: Int

  public static let start = Tick(0)
  public static let perSecond = 10
  public static let milliseconds = 100

  @inlinable public init(_ slot: Int) {
    self.slot = slot
  }

  @inlinable public static func < (left: Tick, right: Tick) -> Bool { left.slot < right.slot }

  @inlinable public static func + (left: Tick, slots: Int) -> Tick { Tick(left.slot + slots) }

  @inlinable public static func - (left: Tick, slots: Int) -> Tick { Tick(left.slot - slots) }

  /// Slots from `right` to `left`.
  @inlinable public static func - (left: Tick, right: Tick) -> Int { left.slot - right.slot }

  /// Seconds from `earlier` to this tick.
  @inlinable public func seconds(since earlier: Tick) -> Double { Double(slot - earlier.slot) / 10 }

  /// Whole slots that cover `seconds`, rounded up; 0 for what is negative or not a number.
  @inlinable public static func slots(seconds: Double) -> Int {
    guard seconds > 0 else { return 0 }
    return Int(min(seconds * 10, 1e12).rounded(.up))
  }
}

extension Tick: CustomStringConvertible {
  public var description: String { "#\(slot)" }
}
