import Core
import Lore
import Nav
import Perception
import Telemetry

/// A walk under way, for whoever watches whether walks get anywhere.
public struct WayLeft: Hashable, Sendable {
  public var goal: Position
  /// Along the route. Unit: world units.
  public var left: Double

  public init(goal: Position, left: Double) {
    self.goal = goal
    self.left = left
  }
}

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
  /// What is left of the way that was walked in this tick; nil when none was.
  public internal(set) var way: WayLeft?

  /// Where the body got stuck lately.
  public var places = BadPlaces()
  /// Our lasting spells on others.
  public var dots = DotLedger()
  /// What ways are written into.
  var ways = KeptWays()
  /// How the last fight was fought.
  public var strategy: StrategyID = .melee

  /// A toggle key that was tapped, and what the snapshot showed then.
  private struct Toggle<Shown: Equatable & Sendable>: Sendable {
    var at: Tick
    var before: Shown

    /// The tap may still show: nothing has changed yet, and it was not long ago.
    func isPending(_ now: Shown, _ tick: Tick) -> Bool { now == before && tick - at < Hands.toggleSlots }
  }

  private var postureToggle: Toggle<StandState>?
  private var attackToggle: Toggle<Bool>?
  private var lineFreeAt: Tick = .start
  private var isAttackWished = false
  private var isLowPostureWished = false
  private var attackWishedAt: Tick = .start
  private var lowPostureWishedAt: Tick = .start

  /// What a tick may ask of the keyboard at most, so that a tick's strokes are done before the next.
  static let strokesMax = 4

  /// Slots to wait for a toggle to show in the snapshot before it is tried again.
  private static let toggleSlots = 6
  /// Slots after which auto-attack that nobody wishes goes off, and a body that nobody wants on the ground stands up.
  private static let lapseSlots = 3

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
    way = nil
    isAttackWished = false
    isLowPostureWished = false
  }

  /// Takes back every wish for held keys and lasting states; strokes stay.
  public mutating func letGo() {
    held = .none
    isAttackWished = false
    isLowPostureWished = false
  }

  /// Puts right what nobody wishes any more: auto-attack, sitting, lying. To be called at the end of an acting tick.
  public mutating func settle(_ state: GameState) {
    if isAttackWished {
      attackWishedAt = tick
    } else if state.isAutoAttacking == true, tick - attackWishedAt >= Self.lapseSlots {
      switchAttack(to: false, state)
    }
    if isLowPostureWished {
      lowPostureWishedAt = tick
    } else if let stand = state.player.stand, stand == .sitting || stand == .feigned,
      tick - lowPostureWishedAt >= Self.lapseSlots
    {
      take(posture: .standing, state)
    }
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
    lineFreeAt = tick + 4 + line.count / 8
    strokes.append(.type(line))
    return true
  }

  /// The chat line is free.
  public var canType: Bool { tick >= lineFreeAt }

  /// Stands up or sits down where the snapshot shows otherwise; waits for an earlier toggle to show. Sitting is a
  /// wish of one tick.
  /// - Returns: True when the snapshot shows the posture already.
  @discardableResult public mutating func take(posture: StandState, _ state: GameState) -> Bool {
    isLowPostureWished = posture == .sitting
    guard let stand = state.player.stand else { return false }
    if stand == posture || (posture == .standing && stand == .swimming) { return true }
    guard stand != .dead, !(postureToggle?.isPending(stand, tick) ?? false) else { return false }
    postureToggle = Toggle(at: tick, before: stand)
    tap(.sitStand)
    return false
  }

  /// Stays on the ground for this tick, playing dead.
  public mutating func stayDown() {
    isLowPostureWished = true
  }

  /// Attacks by itself in this tick; without the wish it goes off.
  public mutating func autoAttack(_ state: GameState) {
    isAttackWished = true
    switchAttack(to: true, state)
  }

  private mutating func switchAttack(to isWanted: Bool, _ state: GameState) {
    guard let isOn = state.isAutoAttacking, isOn != isWanted else { return }
    guard !(attackToggle?.isPending(isOn, tick) ?? false) else { return }
    attackToggle = Toggle(at: tick, before: isOn)
    tap(.autoAttack)
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(generator.state)
    hash.combine(postureToggle?.at.slot ?? -1)
    hash.combine(attackToggle?.at.slot ?? -1)
    hash.combine(attackWishedAt.slot)
    hash.combine(lowPostureWishedAt.slot)
    hash.combine(lineFreeAt.slot)
    hash.combine(places.places.count)
    dots.combine(into: &hash)
  }
}
