import Core
import Nav
import Perception
import Telemetry

/// What a routine wants of the keyboard in one tick, and the little that must be remembered between ticks so that
/// two routines in a row do not undo each other's toggles.
public struct Hands: Sendable {
  /// Keys that shall be down now. A wish of one tick: what is not wished again goes up.
  public private(set) var held: KeySet = .none
  /// Taps, presses and typed lines of this tick, in order.
  public private(set) var strokes: [MotorCommand] = []
  /// Events for the session's record.
  public var events: [SessionEvent] = []
  /// The routine came nearer to its end in this tick.
  public private(set) var hasProgressed = false
  public private(set) var tick: Tick = .start

  /// Where the body got stuck lately.
  public var places = BadPlaces()

  private var postureToggled: Tick?
  private var autoAttackToggled: Tick?
  private var lineTyped: Tick?

  /// Slots to wait for a toggle to show in the snapshot before it is tried again.
  private static let toggleSlots = 6
  /// Slots that a typed line is given before the next one.
  private static let lineSlots = 25

  /// Chance for routines: where to roam, how long to look around.
  public var generator: SeededGenerator

  public init(seed: UInt64) {
    generator = SeededGenerator(seed: seed, stream: 7)
    strokes.reserveCapacity(16)
    events.reserveCapacity(16)
  }

  /// Forgets the wishes of the tick before.
  public mutating func begin(_ tick: Tick) {
    self.tick = tick
    held = .none
    strokes.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    hasProgressed = false
  }

  /// Takes back every wish for held keys; strokes stay.
  public mutating func letGo() {
    held = .none
  }

  public mutating func progress() {
    hasProgressed = true
  }

  public mutating func hold(_ key: KeyAction) {
    precondition(key.isHeld, "\(key.name) is not a key that is held")
    held.insert(key)
  }

  public mutating func tap(_ key: KeyAction) {
    strokes.append(.tap(key))
  }

  /// Presses for an exact time; brought into `1...500` milliseconds.
  public mutating func press(_ key: KeyAction, milliseconds: Int) {
    strokes.append(.press(key, milliseconds: min(500, max(1, milliseconds))))
  }

  /// Types a line into the chat, unless one was typed just before.
  /// - Returns: True when it will be typed.
  @discardableResult public mutating func type(_ line: FixedText) -> Bool {
    guard canType else { return false }
    lineTyped = tick
    strokes.append(.type(line))
    return true
  }

  /// The chat line is free.
  public var canType: Bool { lineTyped.map { tick - $0 >= Self.lineSlots } ?? true }

  /// Stands up or sits down where the snapshot shows otherwise; waits for an earlier toggle to show.
  /// - Returns: True when the snapshot shows the posture already.
  @discardableResult public mutating func take(posture: StandState, _ state: GameState) -> Bool {
    guard let stand = state.player.stand else { return false }
    let isAsWished = stand == posture || (posture == .standing && stand == .swimming)
    if isAsWished { return true }
    guard stand != .dead else { return false }
    if let postureToggled, tick - postureToggled < Self.toggleSlots { return false }
    postureToggled = tick
    tap(.sitStand)
    return false
  }

  /// Switches auto-attack where the snapshot shows otherwise.
  public mutating func autoAttack(_ isWanted: Bool, _ state: GameState) {
    guard let isOn = state.isAutoAttacking, isOn != isWanted else { return }
    if let autoAttackToggled, tick - autoAttackToggled < Self.toggleSlots { return }
    autoAttackToggled = tick
    tap(.autoAttack)
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(generator.state)
    hash.combine(postureToggled?.slot ?? -1)
    hash.combine(autoAttackToggled?.slot ?? -1)
    hash.combine(lineTyped?.slot ?? -1)
    hash.combine(places.places.count)
  }
}
