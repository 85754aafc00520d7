/// How the running routine stands, as Brain sees it at the start of the next tick.
public struct RoutineStatus: Hashable, Sendable {
  public var order: RoutineOrder
  public var credit: CreditID
  /// Name of the state it is in, as an index into the routine's own list (for logs and hashes).
  public var phase: UInt8
  /// Only defence and emergency rules may interrupt it; bounded by the rule's longest lock.
  public var isLocked: Bool
  public var started: Tick
  /// The last tick at which it came nearer to its end.
  public var progressed: Tick

  public init(
    order: RoutineOrder, credit: CreditID, phase: UInt8 = 0, isLocked: Bool = false, started: Tick,
    progressed: Tick
  ) {
    self.order = order
    self.credit = credit
    self.phase = phase
    self.isLocked = isLocked
    self.started = started
    self.progressed = progressed
  }
}

/// How a routine ended. Sent up exactly once per routine that was entered.
public struct RoutineOutcome: Hashable, Sendable {
  public enum Result: Hashable, Sendable {
    case succeeded
    case failed(RoutineFailure)
    /// Another decision took its place; not a failure.
    case interrupted
  }

  public var order: RoutineOrder
  public var credit: CreditID
  public var result: Result
  public var started: Tick
  public var ended: Tick

  public init(order: RoutineOrder, credit: CreditID, result: Result, started: Tick, ended: Tick) {
    self.order = order
    self.credit = credit
    self.result = result
    self.started = started
    self.ended = ended
  }
}

/// Why a routine gave up. Stable text: `routine.exit.` + name.
public enum RoutineFailure: UInt8, CaseIterable, Sendable, Codable {
  case stuck, noRoute, noTerrain, unreachable, timedOut
  case targetGone, targetNotTaken, targetLost, outOfRange, notVisible
  case castFailed, interrupted, fizzled, resisted, outOfMana, spellMissing, reagentMissing
  case petMissing, petRefused
  case windowDidNotOpen, bagsFull, corpseGone, nothingGained
  case died, stillDead, threatened, stateUnknown, commandRefused

  public var name: String { String(describing: self) }

  /// Failures of the first kind count for the rule's circuit breaker; the others are facts of the world.
  public var category: RoutineFailureCategory {
    switch self {
    case .stuck, .noRoute, .noTerrain, .unreachable, .timedOut, .targetNotTaken, .notVisible, .castFailed,
      .windowDidNotOpen, .petRefused, .nothingGained, .commandRefused, .stillDead:
      .execution
    case .outOfMana, .spellMissing, .reagentMissing, .petMissing, .bagsFull, .stateUnknown, .outOfRange:
      .precondition
    case .targetGone, .targetLost, .interrupted, .fizzled, .resisted, .corpseGone, .died, .threatened:
      .external
    }
  }
}

/// Who is to blame for a failure.
public enum RoutineFailureCategory: UInt8, CaseIterable, Sendable, Codable {
  case execution, precondition, external
}
