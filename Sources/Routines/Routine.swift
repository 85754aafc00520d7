// Routines: behaviours with enter, tick and exit, and the tasks and strategies they are made of.
//
// A routine is told what to do by a `RoutineOrder`, sees frozen values, and writes its wishes into `Hands`; keys are
// the agent's business. Nothing here blocks: waiting is a state, a cast bar is a state. Held keys are wishes of one
// tick, so a routine that ends leaves nothing held; sitting and auto-attack are wishes of one tick too, and lapse.
// What else outlives a tick (an open window) is put right in `exit`, which runs exactly once however it ends.
//
// Absent on purpose: choosing what to do (Brain), pressing keys (Motor), clocks.
import Core

/// What a routine has to say after one tick.
public enum RoutineStep: Hashable, Sendable {
  case running
  case succeeded
  case failed(RoutineFailure)
}

/// How a routine comes to its end.
public enum RoutineEnding: Hashable, Sendable {
  case succeeded
  case failed(RoutineFailure)
  /// Another decision took its place, or the agent must hold still.
  case interrupted
}

/// A behaviour: entered once, ticked until it ends or is interrupted, left exactly once.
///
/// Enter and the first tick fall into the same slot; exit falls into the slot of the last tick, or into the slot in
/// which something else took over.
public protocol Routine: Sendable {
  /// Name of the state it is in, as an index into the routine's own list.
  var phase: UInt8 { get }

  /// Only defence and emergency rules may interrupt it now.
  var isLocked: Bool { get }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands)
  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep
  mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding)

  /// The snapshot shows what the routine was sent for.
  ///
  /// Asked when another decision takes its place: brains see success in the same tick, and what is achieved was not
  /// interrupted.
  func isAchieved(_ context: RoutineContext) -> Bool

  /// Adds what its next tick depends on.
  func combine(into hash: inout StableHash)
}

extension Routine {
  public var isLocked: Bool { false }

  public mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {}

  public func isAchieved(_ context: RoutineContext) -> Bool { false }

  public mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding) {}

  public func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
  }
}
