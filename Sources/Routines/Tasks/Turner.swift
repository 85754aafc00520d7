import Core

/// Turns the body with timed key presses.
///
/// The snapshot shows a turn a little late, so a short press is followed by one tick of waiting before the next
/// correction; a long turn holds the key and ends with a measured press.
public struct Turner: Hashable, Sendable {
  /// What was pressed in the tick `at`.
  private enum Last: Hashable {
    case nothing
    case short(at: Tick)
    case long(at: Tick)
  }

  private var last: Last = .nothing

  /// Errors below this are left alone. Unit: 512ths (2 are 1.4 degrees).
  static let deadband = 2.0
  /// A turn that needs more than this is held rather than pressed. Unit: milliseconds.
  static let holdMilliseconds = 140.0
  /// How far the snapshot lags behind a key that is down. Unit: milliseconds.
  static let lagMilliseconds = 35.0

  public init() {}

  /// Wishes what brings `error` towards zero.
  /// - Parameters:
  ///   - error: 512ths, positive to the right.
  ///   - rate: The body's turn rate in 512ths per second.
  public mutating func turn(_ error: Double, rate: Double, _ hands: inout Hands) {
    guard error.isFinite, rate > 1 else { return }
    let key: KeyAction = error > 0 ? .turnRight : .turnLeft
    var milliseconds = abs(error) / rate * 1000
    switch last {
    case .short(let at) where hands.tick - at <= 1 && milliseconds <= 200: return
    case .long(let at) where hands.tick - at <= 1: milliseconds -= Self.lagMilliseconds
    case .nothing, .short, .long: break
    }
    if milliseconds > Self.holdMilliseconds {
      last = .long(at: hands.tick)
      hands.hold(key)
      return
    }
    guard abs(error) > Self.deadband, milliseconds >= 4 else { return }
    last = .short(at: hands.tick)
    hands.press(key, milliseconds: Int(min(milliseconds, 95)))
  }

  public func combine(into hash: inout StableHash) {
    switch last {
    case .nothing: hash.combine(UInt64(0))
    case .short(let at): hash.combine(at.slot << 1)
    case .long(let at): hash.combine(at.slot << 1 | 1)
    }
  }
}
