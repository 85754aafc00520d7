import Core
import Perception

/// Waits to be brought to the bind point and lets go of everything; what comes after (pet, buffs, the way back to the
/// corpse) are orders of their own.
struct DeathRecovery: Routine {
  private var started: Tick = .start
  private var aliveSince: Tick?
  private var asked: Tick?

  /// Slots until release is asked for, and between two requests.
  static let askSlots = 60
  /// Slots of being alive until the new life is believed.
  static let aliveSlots = 10
  static let limitSlots = 1200

  init() {}

  var phase: UInt8 { aliveSince == nil ? 0 : 1 }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    guard context.tick - started < Self.limitSlots else { return .failed(.stillDead) }
    let player = context.state.player
    let isDead = player.stand == .dead || (player.health ?? 0) <= 0
    guard !isDead else {
      aliveSince = nil
      let last = asked ?? started
      if context.tick - last >= Self.askSlots, hands.type(ClientCommands.release) { asked = context.tick }
      return .running
    }
    let since = aliveSince ?? context.tick
    if aliveSince == nil { hands.progress() }
    aliveSince = since
    return context.tick - since >= Self.aliveSlots ? .succeeded : .running
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    context.state.player.stand != .dead && (context.state.player.health ?? 0) > 0
  }

  func combine(into hash: inout StableHash) {
    hash.combine(aliveSince?.slot ?? -1)
    hash.combine(asked?.slot ?? -1)
  }
}
