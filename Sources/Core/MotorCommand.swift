/// What the agent asks of the keyboard in one tick. Commands of one tick are carried out in order.
public enum MotorCommand: Hashable, Sendable {
  /// Key down until it is released, at most until the motor's longest hold (500 ms after the last renewal):
  /// whoever wants a key down for longer says so every tick.
  case hold(KeyAction)
  /// Key up.
  case release(KeyAction)
  /// Down and up at once, as a person taps it (about 40 ms).
  case tap(KeyAction)
  /// Down, and up again after an exact time. Unit: milliseconds. Range: `1...500`.
  case press(KeyAction, milliseconds: Int)
  /// The chat line: `command`, the characters, `submit`. ASCII only; at most 60 bytes.
  case type(FixedText)
  /// Every key up at once.
  case releaseAll
}

/// Why the motor did not do what it was told.
public enum MotorRefusal: UInt8, CaseIterable, Sendable, Codable {
  case notArmed, noFocus, noBinding, noKeycode, displayGone, guardGone, tooMany, held
}

/// What the motor tells of itself at the start of a tick.
public struct MotorReport: Hashable, Sendable {
  /// The target's window holds the keyboard focus; keys are sent only then.
  public var hasFocus: Bool
  /// The display answers and a guard process stands by.
  public var isReady: Bool
  /// Keys that are down on the server by our doing.
  public var held: KeySet
  /// Commands of the tick before that were refused.
  public var refusedCount: Int
  public var refusal: MotorRefusal?

  public init(
    hasFocus: Bool = true, isReady: Bool = true, held: KeySet = .none, refusedCount: Int = 0,
    refusal: MotorRefusal? = nil
  ) {
    self.hasFocus = hasFocus
    self.isReady = isReady
    self.held = held
    self.refusedCount = refusedCount
    self.refusal = refusal
  }
}
